"""A run of which every picture has something to show, and whose names mean harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from burstsim.report.folder import RunFolder, read_folder
from burstsim.report.write import write_report
from burstsim.results.store import save
from burstsim.studies.replicate import run
from tests.scenarios import scenario_of, small

SCRIPT = "</script><script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
FORMULA = "=cmd|' /C calc'!A0"
LINES = "two lines & <b>bold</b>"
JAVASCRIPT = '<a href="javascript:alert(3)">{{ 7 * 7 }} %{x}</a>'


def harmful(**changes: Any) -> dict[str, Any]:
    """400 orders within minutes: stock and gifts run out, two crews fall behind."""
    stages = {
        LINES: {"workers": 2, "work": {"per_task": "20s"}, "transfer": "30s"},
        "pack": {"workers": 3, "work": {"per_task": "10s"}},
    }
    return small(
        **{
            "name": f"双十一 {SCRIPT}",
            "catalog": {"skus": {IMAGE: {"price": 10}, FORMULA: {"price": 5}, "B": {"price": 1}}},
            "demand": {
                SCRIPT: {
                    **{"channel": IMAGE, "shape": "drop", "at": "60s", "orders": 400},
                    **{"rise": "30s", "half_life": "3m"},
                    "basket": {"weights": {IMAGE: 3, "B": 1}},
                },
                "late": {
                    **{"channel": JAVASCRIPT, "shape": "steady", "rate": "60/h"},
                    "basket": {"weights": {"B": 1}},
                },
            },
            "gifts": {
                JAVASCRIPT: {"trigger": {"items": [IMAGE]}, "reward": {"gift": {FORMULA: 1}}}
            },
            "oms": {"cycle": "60s", "when_short": "backorder"},
            "warehouses": {
                SCRIPT: {"stock": {IMAGE: 250, FORMULA: 90, "B": 900}, "stages": stages}
            },
            "promises": {"all": {"within": "25m"}},
            "thresholds": {
                IMAGE: "on_time >= 0.98",
                "nights": "nights(on_time >= 0.1) >= 0.1",
                "clear": "backlog_clear_at <= 23:00",
            },
            **changes,
        }
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "run"
    save(run(scenario_of(harmful()), replications=3), path, finish=write_report)
    return path


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run, told in Chinese."""
    path = tmp_path_factory.mktemp("chinese") / "run"
    save(run(scenario_of(harmful(language="zh")), replications=3), path, finish=write_report)
    return path


@pytest.fixture(scope="session")
def run_folder(folder: Path) -> RunFolder:
    return read_folder(folder)
