"""Scenario files for the commands, and the commands as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.scenarios import small

COMMAND = [sys.executable, "-m", "burstsim"]


def quick(**changes: Any) -> dict[str, Any]:
    """A sale of which every replication is the same: sixty orders, 60 % of them in time."""
    return small(
        **{
            "demand": {
                "s": {"shape": "instant", "at": "0s", "orders": 60, "basket": {"weights": {"A": 1}}}
            },
            "oms": {"cycle": "0s"},
            "warehouses": {
                "hub": {"stages": {"pick": {"workers": 1, "work": {"per_task": "10s"}}}}
            },
            "promises": {"all": {"within": "6m"}},
            **changes,
        }
    )


def write(path: Path, data: dict[str, Any]) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def environment(**changes: str) -> dict[str, str]:
    plain = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")
    }
    # the child imports the same burstsim as the test
    return {**plain, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **changes}


def process(*arguments: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(**env),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
