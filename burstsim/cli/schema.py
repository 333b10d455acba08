"""``burstsim schema``: the scenario file's JSON Schema, for editors."""

from __future__ import annotations

import json
import sys

from burstsim.cli.common import OK
from burstsim.scenario.scenario import Scenario

__all__ = ["command"]


def command() -> int:
    """Print the JSON Schema of the scenario file, so that an editor completes and checks it.

    \b
    Example:
      burstsim schema > burstsim.schema.json
    """
    json.dump(Scenario.model_json_schema(by_alias=True), sys.stdout, indent=2)
    print()
    return OK
