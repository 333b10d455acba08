"""``burstsim schema``: the scenario file's JSON Schema, for editors."""

from __future__ import annotations

from burstsim.cli.common import OK, print_json
from burstsim.scenario.scenario import Scenario

__all__ = ["command"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def command() -> int:
    """Print the JSON Schema of the scenario file, for editors.

    With it an editor completes keys and marks what is wrong while you type.

    \b
    Example:
      burstsim schema > burstsim.schema.json
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    print_json({"$schema": _DIALECT, **Scenario.model_json_schema(by_alias=True)})
    return OK
