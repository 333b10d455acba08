"""Pages of studies, from their summaries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burstsim.errors import OutputError
from burstsim.report.blocks import Figure, Page, Table
from burstsim.report.comparepage import compare_page
from burstsim.report.page import render
from burstsim.report.studypages import size_page, stress_page, study_page
from burstsim.report.studyparts import Study
from burstsim.report.sweeppage import sweep_page
from burstsim.report.write import write_report
from tests.report.conftest import SCRIPT
from tests.report.html import Parsed
from tests.report.summaries import compare, made, size, stress, sweep

#: Summaries of all kinds, by what each is.
STUDIES = {
    "stress": stress(),
    "size": size(),
    "line": sweep({"demand_scale": [1, 2]}),
    "map": sweep({"demand_scale": [1, 2], "oms.cycle": ["30s", "60s"]}),
    "compare": compare(),
}


def study_of(found: dict[str, Any], *names: str) -> Study:
    return Study(found=found, made=made(*names) if names else {})


def figures_of(page: Page, section: int = 0) -> list[Figure]:
    return [block for block in page.sections[section].blocks if isinstance(block, Figure)]


def tables_of(page: Page, title: str) -> list[Table]:
    (section,) = [section for section in page.sections if section.title == title]
    return [block for block in section.blocks if isinstance(block, Table)]


def test_a_curve_for_each_threshold_with_the_breaking_point() -> None:
    page = stress_page(study_of(stress()))
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
    page = stress_page(study_of(stress(limit={"low": 20, "high": None}, broke_first=None)))
    figure = page.sections[0].blocks[0]
    assert isinstance(figure, Figure)
    assert len(figure.layout["shapes"]) == 1
    assert stress_page(study_of(stress(curve=[]))).sections[0].blocks == []


def test_sizing_shows_what_was_chosen_and_what_money_buys() -> None:
    page = size_page(study_of(size()))
    assert page.verdict == "PASS"
    (chosen,) = page.top
    assert isinstance(chosen, Table)
    assert chosen.rows == [["pick", "40"]]
    figure = page.sections[0].blocks[0]
    assert isinstance(figure, Figure)
    assert figure.data[-1]["x"] == [120]
    nothing = size_page(study_of(size(best=None, confirmed=None, frontier=[])))
    assert nothing.verdict == "NONE"
    assert len(Parsed(render(nothing)).data) == 0


def plan_of_hours(count: int) -> pd.DataFrame:
    hours = pd.date_range("2026-11-10T20:00", periods=count, freq="h")
    numbers = {"orders_in": 90.0, "work_hours": 1.25, "needed": 2, "rostered": 1.5, "gap": -0.5}
    table = pd.DataFrame({"hour": hours, "warehouse": "h", "station": "pick"})
    return table.assign(**numbers, backlog_orders=30.0, backlog_hours=0.4)


def test_sizing_shows_the_plan_and_what_was_planned(tmp_path: Path) -> None:
    (tmp_path / "size.json").write_text(json.dumps(size()), encoding="utf-8")
    (tmp_path / "study.json").write_text(json.dumps(made("Sale")), encoding="utf-8")
    crew = {"name": ["h.pick"], "number": [40], "planned": ["35"], "hours": [320.0]}
    pd.DataFrame(crew).to_parquet(tmp_path / "crew.parquet")
    idle = {"orders_in": [90.0, 0], "backlog_orders": [30.0, 0]}
    plan_of_hours(2).assign(**idle).to_parquet(tmp_path / "plan.parquet")
    page = study_page(tmp_path)
    assert page is not None
    (chosen,) = page.top
    assert isinstance(chosen, Table)
    assert chosen.headers == ["what", "number", "as planned", "hours on the roster"]
    assert chosen.rows == [["h.pick", "40", "35", "320.0 h"]]
    (plan,) = tables_of(page, "The plan hour by hour")
    assert plan.rows == [["20:00", "h.pick", "90", "1.2", "2", "1.5", "-0.5", "30", "0.4"]]
    plan_of_hours(61).to_parquet(tmp_path / "plan.parquet")
    page = study_page(tmp_path)
    assert page is not None
    assert tables_of(page, "The plan hour by hour") == []
    assert "All 61 rows" in render(page)
    (tmp_path / "plan.parquet").write_bytes(b"PAR1")
    with pytest.raises(OutputError, match=r"cannot read .*plan\.parquet"):
        study_page(tmp_path)


@pytest.mark.parametrize("found", STUDIES.values(), ids=STUDIES)
def test_a_folder_of_a_study_is_known_by_its_file(tmp_path: Path, found: dict[str, Any]) -> None:
    (tmp_path / f"{found['study']}.json").write_text(json.dumps(found), encoding="utf-8")
    write_report(tmp_path)
    page = Parsed((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert found["sentence"] in " ".join(page.text)
    assert found.get("scenario", SCRIPT) in " ".join(page.text)
    assert len(page.scripts) == 2
    assert "An earlier version wrote this folder" in " ".join(page.text)


@pytest.mark.parametrize("found", STUDIES.values(), ids=STUDIES)
def test_scenario_and_manifest_are_shown(tmp_path: Path, found: dict[str, Any]) -> None:
    names = ("before", SCRIPT) if found["study"] == "compare" else (found["scenario"],)
    (tmp_path / f"{found['study']}.json").write_text(json.dumps(found), encoding="utf-8")
    (tmp_path / "study.json").write_text(json.dumps(made(*names)), encoding="utf-8")
    write_report(tmp_path)
    text = " ".join(Parsed((tmp_path / "report.html").read_text(encoding="utf-8")).text)
    for number in range(30, 30 + len(names)):
        assert f"{number} people pick" in text
        assert f"SHA-256 {number:064x}" in text
    assert "7, streams 1" in text


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


def test_a_moment_has_its_threshold_where_the_start_is_known() -> None:
    page = stress_page(study_of(stress(), SCRIPT))
    figure = figures_of(page)[1]
    assert figure.layout["shapes"][0]["y0"] == 12  # 08:00 is twelve hours after 20:00
    assert figure.layout["yaxis"]["title"]["text"] == "backlog_clear_at, hours after 20:00"
    assert tables_of(page, "Every level")[0].rows[1][3] == "21:00"


def test_designs_are_told_in_their_units() -> None:
    found = size()
    found["confirmed"]["thresholds"]["on-time"] |= {"expr": "on_time >= 0.98", "metric": "on_time"}
    page = size_page(study_of(found))
    (table,) = tables_of(page, "Designs worth their cost")
    assert table.headers == ["pick", "cost", "verdict", "replications", "on_time >= 0.98"]
    assert [row[-1] for row in table.rows] == ["90.0 %", "98.5 %"]
    (figure,) = figures_of(page)
    assert figure.title == "on_time >= 0.98"
    assert figure.layout["shapes"][0]["y0"] == 0.98
    alone = size(frontier=size()["frontier"][1:])
    assert figures_of(size_page(study_of(alone))) == []


def test_one_is_one() -> None:
    once = sweep({"demand_scale": [1]})
    once["points"][0]["replications"] = 1
    assert sweep_page(study_of(once)).subtitle == (
        "demand_scale varied · 1 point · 1 replication each · seed 7"
    )
    compared = compare_page(study_of(compare(replications=1)))
    assert compared.subtitle == "held against before · 1 replication each · seed 7"
    sized = size_page(study_of(size(designs=1)))
    assert sized.subtitle == "1 design · 45 replications · seed 7"


def test_one_axis_is_a_line_with_its_threshold() -> None:
    page = sweep_page(study_of(sweep({"demand_scale": [2, 1]}), SCRIPT))
    share, clear = figures_of(page)
    assert share.data[0]["x"] == [1, 2]
    assert share.data[0]["y"] == pytest.approx([1.0, 0.9])
    assert share.data[0]["error_y"]["array"] == pytest.approx([0.01, 0.01])
    assert share.layout["shapes"][0]["y0"] == 0.98
    assert clear.data[0]["y"] == [10, 20]  # hours
    assert "shapes" not in clear.layout
    (table,) = tables_of(page, "Every point")
    assert table.headers == ["verdict", "demand_scale", "on_time", "backlog_clear_at"]
    assert table.rows[0] == ["FAIL", "2", "90.0 % (89.0 to 91.0 %)", "16:00 next day"]


def test_nights_are_judged_by_the_line_of_their_metric() -> None:
    nights = {"most": "nights(on_time >= 0.95) >= 0.6"}
    share, clear = figures_of(sweep_page(study_of(sweep({"a": [1, 2]}, thresholds=nights))))
    assert share.layout["shapes"][0]["y0"] == 0.95
    assert "shapes" not in clear.layout
    found = stress()
    for row in found["curve"]:
        row |= {"expr": nights["most"], "metric": "nights(on_time >= 0.95)"}
    assert figures_of(stress_page(study_of(found)))[0].layout["shapes"][0]["y0"] == 0.6


def test_words_stand_side_by_side_along_an_axis() -> None:
    found = sweep({"demand_scale": [1]})
    found["points"] = [
        {**found["points"][0], "values": {"oms.cycle": cycle}} for cycle in ("30s", "<b>5s</b>")
    ]
    (figure, _) = figures_of(sweep_page(study_of({**found, "vary": ["oms.cycle"]})))
    assert figure.layout["xaxis"]["type"] == "category"
    assert figure.data[0]["x"] == ["30s", "&lt;b&gt;5s&lt;/b&gt;"]


def test_two_axes_are_a_heat_map_with_verdicts() -> None:
    axes = {"demand_scale": [2, 1], "warehouses.hub.stages.pick.workers": [5, 9, 30]}
    page = sweep_page(study_of(sweep(axes), SCRIPT))
    share, clear = figures_of(page)
    (heat,) = share.data
    assert (heat["x"], heat["y"]) == (["1", "2"], ["5", "9", "30"])
    assert heat["z"] == [pytest.approx([1.0, 0.9])] * 3
    assert heat["text"] == [["✓ 100 %", "✗ 90.0 %"]] * 3
    assert share.title == "on_time over demand_scale and pick.workers"
    assert clear.data[0]["text"][0] == ["✓ 06:00 next day", "✗ 16:00 next day"]
    assert page.verdict == "NONE"  # points differ
    assert "warehouses.hub.stages.pick.workers varied" in page.subtitle


def test_a_third_axis_is_a_map_for_each_of_its_values_in_one_scale() -> None:
    found = sweep({"demand_scale": [1, 2], "a": [1, 2], "b.c": ["x", "y"]})
    figures = [f for f in figures_of(sweep_page(study_of(found))) if f.title.startswith("on_time")]
    assert [figure.title.partition(", where ")[2] for figure in figures] == ["b.c = x", "b.c = y"]
    for figure in figures:
        assert (figure.data[0]["zmin"], figure.data[0]["zmax"]) == pytest.approx((0.9, 1.0))


def test_what_is_no_grid_is_scattered_along_each_axis() -> None:
    found = sweep({"demand_scale": [1, 2], "a": [1, 2]})
    found["points"] = [found["points"][0], found["points"][3]]
    titles = [figure.title for figure in figures_of(sweep_page(study_of(found)))]
    assert titles[:2] == ["on_time along demand_scale", "on_time along a"]
    figure = figures_of(sweep_page(study_of(found)))[0]
    assert [(trace["name"], trace["x"]) for trace in figure.data] == [("PASS", [1]), ("FAIL", [2])]


def test_without_thresholds_no_verdicts_are_shown() -> None:
    found = sweep({"demand_scale": [1, 2]}, thresholds={})
    for point in found["points"]:
        point["verdict"] = "NONE"
    page = sweep_page(study_of(found))
    (table,) = tables_of(page, "Every point")
    assert table.headers[0] == "demand_scale"
    assert table.verdict == -1
    assert "shapes" not in figures_of(page)[0].layout


def test_many_points_are_folded_away() -> None:
    page = sweep_page(study_of(sweep({"demand_scale": list(range(1, 99))})))
    assert tables_of(page, "Every point") == []
    assert "All 98 points" in " ".join(Parsed(render(page)).text)


def test_a_comparison_is_a_forest_of_what_differs() -> None:
    page = compare_page(study_of(compare(), "before", SCRIPT))
    (rules,) = page.top
    assert isinstance(rules, Table)
    verdict, expr, _, found, interval = rules.rows[0]
    assert (verdict, expr, found) == ("PASS", "on_time < -0.005", "+5.0 points")
    assert interval == "+4.0 to +6.0 points"
    (figure,) = figures_of(page)
    # in the order in which they are told; of nothing there is no share
    assert figure.data[0]["y"] == ["on_time", "backlog_clear_at", "worker_hours"]
    assert figure.data[0]["x"] == pytest.approx([100 / 18, 20, -10])
    assert figure.layout["yaxis"]["ticktext"][1] == "backlog_clear_at<br>+2 h"
    (table,) = tables_of(page, "Numbers")
    rows = {row[0]: list(row[1:4]) for row in table.rows}
    assert list(rows) == ["on_time", "unfinished", "backlog_clear_at", "worker_hours"]
    assert rows["backlog_clear_at"] == ["06:00 next day", "08:00 next day", "+2 h"]
    assert rows["unfinished"] == ["0", "12", "+12.0"]  # as the ends of its interval are
    text = " ".join(Parsed(render(page)).text)
    assert "All 5 metrics" in text
    assert "since they are 0 with before: unfinished." in text


def test_what_differs_between_scenarios_is_listed() -> None:
    page = compare_page(study_of(compare(), "before", SCRIPT))
    (table,) = tables_of(page, "The scenarios in words")
    assert table.rows == [["workers", "30", "31"]]


def test_sides_that_are_alike_have_no_picture() -> None:
    same = {"orders_placed": compare()["differences"]["orders_placed"]}
    side = {"differences": same, "fail_on": [], "paired": False}
    page = compare_page(study_of(compare(sides={"after": side}, verdict="NONE")))
    assert figures_of(page) == []
    text = " ".join(Parsed(render(page)).text)
    assert "any different" in text
    assert "share no random numbers" in text
