"""Pages of studies, from their summaries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from burstsim.errors import OutputError
from burstsim.report.blocks import Figure, Table
from burstsim.report.page import render
from burstsim.report.studypages import size_page, stress_page, study_page
from burstsim.report.write import write_report
from tests.report.conftest import SCRIPT
from tests.report.html import Parsed


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


def test_a_curve_for_each_threshold_with_the_breaking_point() -> None:
    page = stress_page(stress())
    first, second = page.sections[0].blocks
    assert isinstance(first, Figure)
    assert isinstance(second, Figure)
    line, span = first.layout["shapes"]
    assert line["y0"] == 0.98
    assert (span["x0"], span["x1"]) == (1.5, 1.6)
    assert len(second.layout["shapes"]) == 1  # 08:00 is not a number without the sale's start
    table = page.sections[1].blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][:5] == ["PASS", "1", "on_time >= 0.98", "99.5 %", "98.5 to 100.5 %"]


def test_a_warehouse_that_never_breaks_has_no_breaking_point() -> None:
    page = stress_page(stress(limit={"low": 20, "high": None}, broke_first=None))
    figure = page.sections[0].blocks[0]
    assert isinstance(figure, Figure)
    assert len(figure.layout["shapes"]) == 1
    assert stress_page(stress(curve=[])).sections[0].blocks == []


def test_sizing_shows_what_was_chosen_and_what_money_buys() -> None:
    page = size_page(size())
    assert page.verdict == "PASS"
    (chosen,) = page.top
    assert isinstance(chosen, Table)
    assert chosen.rows == [["pick", "40"]]
    figure = page.sections[0].blocks[0]
    assert isinstance(figure, Figure)
    assert figure.data[-1]["x"] == [120]
    nothing = size_page(size(best=None, confirmed=None, frontier=[]))
    assert nothing.verdict == "NONE"
    assert len(Parsed(render(nothing)).data) == 0


@pytest.mark.parametrize("found", [stress(), size()])
def test_a_folder_of_a_study_is_known_by_its_file(tmp_path: Path, found: dict[str, Any]) -> None:
    (tmp_path / f"{found['study']}.json").write_text(json.dumps(found), encoding="utf-8")
    write_report(tmp_path)
    page = Parsed((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert found["sentence"] in " ".join(page.text)
    assert found["scenario"] in " ".join(page.text)
    assert len(page.scripts) == 2


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert study_page(tmp_path) is None
    file = tmp_path / "stress.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot read"):
        study_page(tmp_path)
    file.write_text(json.dumps(stress(schema=2)), encoding="utf-8")
    with pytest.raises(OutputError, match="schema 2, of a newer burstsim"):
        study_page(tmp_path)
    file.write_text('{"schema": 1}', encoding="utf-8")
    with pytest.raises(OutputError, match="is not what a study writes"):
        study_page(tmp_path)
