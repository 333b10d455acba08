"""``burstsim check``: is the file right, and what does it say?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import OK, USAGE, Overrides, overrides_of, say_problems
from burstsim.engine.explain import explain
from burstsim.errors import ScenarioError
from burstsim.scenario.reader import load

__all__ = ["command"]


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
    set_: Overrides = None,
) -> int:
    """Validate scenario files and say back in plain words what they describe.

    \b
    Example:
      burstsim check configs/double11.yaml
    """
    code = OK
    for file in files:
        try:
            scenario = load(file, set=overrides_of(set_))
        except ScenarioError as error:
            say_problems(error.problems)
            code = USAGE
            continue
        print(f"{file}: a valid scenario")
        for line in explain(scenario):
            print(f"  {line}")
    return code
