"""``burstsim schema``: the scenario file's JSON Schema, for editors."""

from __future__ import annotations

import json
from typing import Any

from burstsim.cli.common import OK, print_json
from burstsim.scenario.scenario import Scenario

__all__ = ["command", "schema_text"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def command() -> int:
    """Print the JSON Schema of the scenario file, for editors.

    With it an editor completes keys and marks what is wrong while you type.

    \b
    Example:
      burstsim schema > burstsim.schema.json
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    print_json(_schema())
    return OK


def schema_text() -> str:
    """Write the JSON Schema as a file has it."""
    return json.dumps(_schema(), indent=2, ensure_ascii=False) + "\n"


def _schema() -> dict[str, Any]:
    return {"$schema": _DIALECT, **Scenario.model_json_schema(by_alias=True)}
