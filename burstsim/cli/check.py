"""``burstsim check``: whether a file is right, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import OK, USAGE, Overrides, overrides_of, say_problems
from burstsim.cli.options import LanguageOption
from burstsim.engine.capacity import capacity_sketch, one_play
from burstsim.engine.compile import compile_scenario
from burstsim.engine.outline import outline
from burstsim.errors import ScenarioError, printable
from burstsim.languages import words_of
from burstsim.scenario.reader import load
from burstsim.studies.limits import takes

__all__ = ["command"]


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Scenario files.")],
    set_: Overrides = None,
    language: LanguageOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 2 where there is a warning.")
    ] = False,
) -> int:
    """Validate scenario files and say back what they describe.

    \b
    Example:
      burstsim check configs/double11.yaml
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    changes = overrides_of(set_)
    if language is not None:
        changes["language"] = language.value
    code = OK
    for file in files:
        try:
            scenario = load(file, set=changes)
        except ScenarioError as error:
            say_problems(error.problems)
            code = USAGE
            continue
        words = words_of(scenario.language)
        print(words.say("{file}: a valid scenario", file=printable(str(file))))
        model = compile_scenario(scenario)
        orders = one_play(model)
        for line in outline(scenario, orders):
            print(f"  {printable(line)}")
        print(f"  {takes(scenario)}")
        for line in capacity_sketch(model, orders) if orders is not None else ():
            print(f"  {printable(line)}")
        for warning in scenario.warnings:
            print(f"  warning: {warning}")
        if strict and scenario.warnings:
            code = USAGE
    return code
