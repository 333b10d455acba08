"""``burstsim check``: whether a file is right, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import OK, USAGE, Overrides, overrides_of, say_problems
from burstsim.engine.outline import outline
from burstsim.errors import ScenarioError
from burstsim.scenario.reader import load

__all__ = ["command"]


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Scenario files.")],
    set_: Overrides = None,
) -> int:
    """Validate scenario files and say back what they describe.

    \b
    Example:
      burstsim check configs/double11.yaml
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    changes = overrides_of(set_)
    code = OK
    for file in files:
        try:
            scenario = load(file, set=changes)
        except ScenarioError as error:
            say_problems(error.problems)
            code = USAGE
            continue
        print(f"{file}: a valid scenario")
        for line in outline(scenario):
            print(f"  {line}")
    return code
