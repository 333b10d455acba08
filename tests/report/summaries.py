"""Summaries of studies, as these write them into their folders."""

from __future__ import annotations

from itertools import product
from typing import Any

from tests.report.conftest import SCRIPT

__all__ = ["compare", "made", "size", "stress", "sweep"]


def level(at: float, share: float, status: str) -> list[dict[str, Any]]:
    common = {"level": at, "status": status, "n": 5, "verdict": status}
    ends = {"low": share - 0.01, "high": share + 0.01}
    on_time = {"threshold": "on-time", "expr": "on_time >= 0.98", "metric": "on_time"}
    clear = {"threshold": "clear", "expr": "backlog_clear_at <= 08:00"}
    moment = {"metric": "backlog_clear_at", "estimate": 3600, "low": None, "high": None}
    return [{**common, **on_time, "estimate": share, **ends}, {**common, **clear, **moment}]


def stress(**changes: Any) -> dict[str, Any]:
    broke = {"threshold": "on-time", "expr": "on_time >= 0.98", "warehouse": "h", "stage": "pick"}
    return {
        **{"schema": 1, "study": "stress", "scenario": SCRIPT, "seed": 7, "path": "demand_scale"},
        **{"limit": {"low": 1.5, "high": 1.6}, "monotone": True, "broke_first": broke},
        "curve": [*level(1, 0.995, "PASS"), *level(2, 0.8, "FAIL")],
        **{"replications": 20, "sentence": "It holds up to 1.5 times the demand."},
        **changes,
    }


def size(**changes: Any) -> dict[str, Any]:
    on_time = {"estimate": 0.985, "low": 0.982, "high": 0.988}
    confirmed = {"status": "PASS", "replications": 20, "thresholds": {"on-time": on_time}}
    frontier = [
        {"pick": 30, "cost": 100.5, "verdict": "FAIL", "n": 5, "on-time": 0.9},
        {"pick": 40, "cost": 120, "verdict": "PASS", "n": 5, "on-time": 0.985},
    ]
    return {
        **{"schema": 1, "study": "size", "scenario": "Sale", "seed": 7, "best": {"pick": 40}},
        **{"cost": 120, "unit": "money", "confirmed": confirmed, "frontier": frontier},
        **{"designs": 9, "replications": 45, "sentence": "The cheapest design is pick 40."},
        **changes,
    }


def sweep(axes: dict[str, list[Any]], **changes: Any) -> dict[str, Any]:
    """A grid: the more demand the fewer in time, the rest changes nothing."""
    points = []
    for values in product(*axes.values()):
        share = 1.1 - values[0] / 10
        on_time = {"estimate": share, "low": share - 0.01, "high": share + 0.01}
        clear = {"estimate": 36000 * values[0], "low": None, "high": None}
        points.append(
            {
                "values": dict(zip(axes, values, strict=True)),
                "verdict": "PASS" if share >= 0.98 else "FAIL",
                "replications": 3,
                "metrics": {"on_time": on_time, "backlog_clear_at": clear},
            }
        )
    return {
        **{"schema": 1, "study": "sweep", "scenario": SCRIPT, "seed": 7, "vary": list(axes)},
        **{"thresholds": {"on-time": "on_time >= 0.98"}, "points": points},
        **{"sentence": "1 of 2 points keeps every threshold."},
        **changes,
    }


def difference(unit: str, first: float, second: float) -> dict[str, Any]:
    change = second - first
    ends = {"estimate": change, "low": change - 0.01, "high": change + 0.01}
    return {**ends, "n": 4, "unit": unit, "first": first, "second": second}


def compare(**changes: Any) -> dict[str, Any]:
    differences = {
        "orders_placed": difference("orders", 500, 500),
        "on_time": difference("share", 0.9, 0.95),
        "unfinished": difference("orders", 0, 12),
        "backlog_clear_at": difference("seconds", 36000, 43200),
        "worker_hours": difference("hours", 200, 180),
    }
    rule = {"expr": "on_time < -0.005", "metric": "on_time", "status": "PASS", "estimate": 0.05}
    side = {"differences": differences, "fail_on": [rule], "paired": True}
    return {
        **{"schema": 1, "study": "compare", "first": "before", "seed": 7, "replications": 4},
        **{"differences": differences, "sides": {SCRIPT: side}, "verdict": "PASS"},
        **{"sentence": "It is on time more often."},
        **changes,
    }


def made(*names: str, **scenario: Any) -> dict[str, Any]:
    """A manifest of scenarios that differ by the number of people."""
    return {
        **{"schema": 1, "stream_scheme": 1, "machine": "Linux", "versions": {"numpy": "2"}},
        "scenarios": {
            name: {
                "scenario_sha256": f"{number:064x}",
                "scenario": {"start": "2026-11-10T20:00:00", "workers": number, **scenario},
                "description": [f"{number} people pick"],
            }
            for number, name in enumerate(names, 30)
        },
    }
