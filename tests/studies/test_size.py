"""Sizing against an exhaustive search, with costs, by shift, and with stock."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from burstsim.errors import ScenarioError
from burstsim.report.planbook import plan_sheets
from burstsim.report.workbook import workbook_bytes
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import changed
from burstsim.studies.plan import plan_of
from burstsim.studies.replicate import run
from burstsim.studies.size import size
from burstsim.studies.sized import Price
from tests.scenarios import scenario_of, small

PICK, PACK = (f"warehouses.hub.stages.{stage}.workers" for stage in ("pick", "pack"))


def floor(**changes: Any) -> Scenario:
    """Three hundred orders at once, two stations, all of it within twenty minutes."""
    return scenario_of(
        small(
            **{
                "horizon": "2h",
                "drain": "10h",
                "demand": {
                    "s": {
                        "shape": "instant",
                        "at": "0s",
                        "orders": 300,
                        "basket": {"weights": {"A": 1}},
                    }
                },
                "warehouses": {
                    "hub": {
                        "stages": {
                            "pick": {"workers": 3, "work": {"per_task": "20s", "cv": 0.3}},
                            "pack": {"workers": 2, "work": {"per_task": "15s"}},
                        }
                    }
                },
                "promises": {"all": {"within": "20m"}},
                "thresholds": {"on-time": "on_time >= 0.95"},
                **changes,
            }
        )
    )


def exhaustive(scenario: Scenario, vary: dict[str, range], replications: int) -> float:
    """Least cost (hours of two) of all designs that PASS."""
    costs = []
    for values in product(*vary.values()):
        found = run(
            changed(scenario, dict(zip(vary, values, strict=True))), replications=replications
        )
        if found.verdict == "PASS":
            costs.append(2.0 * sum(values))
    return min(costs)


@pytest.mark.parametrize("share", [0.6, 0.95])
def test_it_equals_an_exhaustive_search(share: float) -> None:
    scenario = floor(thresholds={"on-time": f"on_time >= {share}"})
    vary = {PICK: range(3, 10), PACK: range(2, 9)}
    found = size(scenario, vary=vary, most=4, precision=0)
    assert found.cost == exhaustive(scenario, vary, 4) == found.bound
    assert found.confirmed is not None
    assert found.confirmed.status == "PASS"


def test_without_vary_every_crew_is_sized() -> None:
    scenario = floor(costs={"worker_hour": 30})
    found = size(scenario, most=4, precision=0)
    # 95 % of 300 orders of 20 s and 15 s within 20 minutes: 4.75 and 3.56 people at least
    assert found.design == {"hub.pick": 5, "hub.pack": 4}
    assert found.cost == (5 + 4) * 2 * 30 == found.bound
    assert run(changed(scenario, found.settings), replications=4).verdict == "PASS"
    one_less = changed(scenario, {PICK: 4, PACK: 4})
    assert run(one_less, replications=4).verdict == "FAIL"


def test_by_shift_people_come_when_they_are_cheapest() -> None:
    """Orders may wait until the second shift, which is shorter: nobody is needed in the first."""
    house = {
        "stages": {"pick": {"work": {"per_task": "20s"}}},
        "shifts": {
            "pick": {
                "early": {"from": "20:00", "to": "21:30", "workers": 3},
                "late": {"from": "21:30", "to": "22:00", "workers": 3},
            }
        },
    }
    scenario = floor(warehouses={"hub": house}, promises={"all": {"within": "2h"}})
    found = size(scenario, by="shift", most=4, precision=0)
    assert found.design["hub.pick.early"] == 0
    # 300 orders of 20 s in half an hour: 3.2 people on average; 95 % of them need as many
    assert found.design["hub.pick.late"] == 4
    assert found.cost == 4 * 0.5


def test_the_least_stock_is_found() -> None:
    house = {**floor().model_dump(mode="json", by_alias=True)["warehouses"]["hub"]}
    house["stock"] = {"A": 100}
    scenario = floor(
        warehouses={"hub": house}, thresholds={"short": "orders_rejected <= 10"}, promises={}
    )
    found = size(scenario, vary={"warehouses.hub.stock.A": range(0, 400, 10)}, most=4, precision=0)
    assert found.design == {"warehouses.hub.stock.A": 290}
    assert found.price.unit == "worker hours"


def test_an_hour_is_one() -> None:
    written = [Price(hour=None, base=0).written(cost) for cost in (0.2, 0.8, 1.2, 1800)]
    assert written == ["0 worker hours", "1 worker hour", "1 worker hour", "1,800 worker hours"]


def test_nothing_is_enough() -> None:
    found = size(floor(), vary={PICK: range(1, 3)}, most=4)
    assert (found.best, found.cost, found.confirmed) == (None, None, None)
    assert found.notes == []
    assert "Not even the largest" in found.sentence


def test_the_frontier_costs_more_for_more() -> None:
    found = size(floor(), vary={PICK: range(3, 10), PACK: range(2, 9)}, most=4)
    assert found.frontier["cost"].is_monotonic_increasing
    assert found.frontier["on-time"].is_monotonic_increasing
    assert not found.frontier["cost"].duplicated().any()
    assert set(found.frontier["cost"]) <= set(found.frame["cost"])


def test_the_plan_adds_up() -> None:
    plan = plan_of(floor(), range(2))
    pick = plan[plan["station"] == "pick"]
    assert pick["orders_in"].sum() == 300
    assert pick["work_hours"].sum() == pytest.approx(300 * 20 / 3600, rel=0.1)
    first = pick.iloc[0]
    assert (first["rostered"], first["gap"]) == (3, 3 - first["needed"])
    assert first["needed"] == 2  # 1.67 hours of work within the hour
    assert first["backlog_orders"] == 0
    assert plan["backlog_hours"].min() >= 0


def test_the_plan_shows_a_backlog_in_orders_and_hours() -> None:
    """One picker does 180 of 300 orders in the first hour."""
    one = floor(
        warehouses={"hub": {"stages": {"pick": {"workers": 1, "work": {"per_task": "20s"}}}}}
    )
    first = plan_of(one, range(1)).iloc[0]
    assert first["backlog_orders"] == 300 - 180
    assert first["backlog_hours"] == pytest.approx(120 * 20 / 3600, abs=0.05)


def test_the_book_of_the_shift_leader(tmp_path: Path) -> None:
    found = size(floor(), vary={PICK: range(3, 10), PACK: "2:8"}, most=4)
    (tmp_path / "plan.xlsx").write_bytes(workbook_bytes(plan_sheets(found)))
    book = CalamineWorkbook.from_path(tmp_path / "plan.xlsx")
    assert book.sheet_names == ["Plan", "Crew", "Frontier", "Answer"]
    rows = book.get_sheet_by_name("Plan").to_python()
    assert rows[0][:4] == ["hour", "warehouse", "station", "orders in"]
    assert rows[1][:4] == ["2026-11-10 20:00", "hub", "pick", 300]
    assert len(rows) == 1 + len(found.plan)
    answer = book.get_sheet_by_name("Answer").to_python()
    assert answer == [["answer"], [found.sentence], *([note] for note in found.notes)]


def test_saved_and_said(tmp_path: Path) -> None:
    found = size(floor(), vary={PICK: range(3, 10), PACK: "2:8"}, most=4)
    found.save(tmp_path)
    data = json.loads((tmp_path / "size.json").read_text())
    assert data["best"] == {PICK: 5, PACK: 4}
    assert data["cost"] == 18
    # from 20:00 for two hours; that the drain of ten hours costs nothing must be said
    until = "Rosters are counted up to the horizon (22:00): people who work after it cost nothing"
    assert data["notes"] == [f"{until} here."]
    assert [row["cost"] for row in data["frontier"]] == found.frontier["cost"].tolist()
    assert {p.name for p in tmp_path.iterdir()} >= {"plan.parquet", "crew.parquet"}


def test_what_cannot_be_sized() -> None:
    with pytest.raises(ScenarioError, match="plain numbers"):
        size(floor(), vary={"oms.cycle": "30s,60s"})
    with pytest.raises(ScenarioError, match="needs a step"):
        size(floor(), vary={"demand_scale": "1:2"})
    with pytest.raises(ValueError, match="zone or shift"):
        size(floor(), by="hour")  # type: ignore[arg-type]
