"""Shifts laid over the clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from burstsim.engine import vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.errors import ScenarioError
from burstsim.results.metrics import measure
from burstsim.results.pictures import Pictures
from burstsim.scenario.reader import loads
from tests.scenarios import scenario_of, small


def crew(shifts: dict[str, Any], workers: int = 0, **changes: Any) -> list[tuple[float, int]]:
    """(hour, workers) of every change of the pick stage; the clock begins at 20:00."""
    data = small(horizon="24h", drain="24h", **changes)
    data["warehouses"]["hub"]["stages"]["pick"]["workers"] = workers
    data["warehouses"]["hub"]["shifts"] = {"pick": shifts}
    roster = draw_orders(compile_scenario(scenario_of(data)), 0).rosters[0]
    return list(zip((roster.times / 3.6e9).tolist(), roster.workers.tolist(), strict=True))


def test_a_shift_is_daily_and_in_force_at_the_start() -> None:
    """18:00 to 02:00 began before 20:00; then 18:00 again is hour 22, 02:00 hour 30."""
    late = {"late": {"from": "18:00", "to": "02:00", "workers": 3}}
    assert crew(late, 1) == [(0, 3), (6, 1), (22, 3), (30, 1), (46, 3)]


def test_breaks_recur_and_end_with_their_shift() -> None:
    night = {"from": "20:00", "to": "04:00", "workers": 4, "breaks": [["00:00", "00:30"]]}
    changes = [(0, 4), (4, 0), (4.5, 4), (8, 1), (24, 4), (28, 0), (28.5, 4), (32, 1)]
    assert crew({"night": night}, 1) == changes


def test_a_break_may_begin_with_its_shift_and_end_with_it() -> None:
    day = {"from": "08:00", "to": "12:00", "workers": 2}
    day["breaks"] = [["08:00", "08:30"], ["11:30", "12:00"]]
    changes = [(0, 1), (12, 0), (12.5, 2), (15.5, 0), (16, 1), (36, 0), (36.5, 2), (39.5, 0)]
    assert crew({"day": day}, 1) == [*changes, (40, 1)]


def test_ten_years_of_shifts_are_laid_out_at_once() -> None:
    day = {"from": "08:00", "to": "20:00", "workers": 2, "breaks": [["12:00", "12:30"]]}
    night = {"from": "20:00", "to": "08:00", "workers": 1}
    data = small(horizon="3600d", drain="50d")
    data["warehouses"]["hub"]["shifts"] = {"pick": {"day": day, "night": night}}
    data["demand"] = {"one": {"shape": "instant", "at": "3599d", "orders": 3}}
    data["demand"]["one"]["basket"] = {"weights": {"A": 1}}
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    assert len(orders.rosters[0].times) == 3650 * 4
    trace = vector.simulate(model, orders)
    # the few minutes in which something happened, not the five million of the run
    assert len(Pictures.of(trace).timeline) < 50
    assert measure(trace)["orders_shipped"].number == 3


def test_a_dated_shift_and_its_breaks_happen_once() -> None:
    once = {"from": "2026-11-11 08:00", "to": "2026-11-11 12:00", "workers": 2}
    once["breaks"] = [["2026-11-11 09:00", "10:00"]]
    assert crew({"once": once}) == [(0, 0), (12, 2), (13, 0), (14, 2), (16, 0)]


def test_a_dated_break_of_a_daily_shift_is_refused() -> None:
    day = {"from": "08:00", "to": "12:00", "workers": 2}
    day["breaks"] = [["2026-11-11 09:00", "2026-11-11 10:00"]]
    with pytest.raises(ScenarioError, match="because its shift is daily"):
        crew({"day": day})


def test_shifts_that_overlap_add_up_with_their_mean_productivity() -> None:
    data = small()
    data["warehouses"]["hub"]["shifts"] = {
        "pick": {
            "a": {"from": "0s", "to": "10m", "workers": 3},
            "b": {"from": "5m", "to": "15m", "workers": 1, "productivity": 0.5},
        }
    }
    found = draw_orders(compile_scenario(scenario_of(data)), 0).rosters[0]
    assert found.workers.tolist() == [3, 4, 1, 5]
    assert found.productivity.tolist() == [1, (3 + 0.5) / 4, 0.5, 1]


def test_a_full_day_shift_never_changes() -> None:
    assert crew({"all": {"from": "06:00", "to": "06:00", "workers": 7}}) == [(0, 7)]


def test_the_start_may_be_any_moment() -> None:
    text = """
burstsim: 1
start: "2026-11-10 20:17:30"
horizon: 1h
catalog: {skus: {A: {}}}
demand: {s: {shape: steady, rate: 1/m, basket: {weights: {A: 1}}}}
warehouses:
  hub:
    stages: {pick: {workers: 1, work: {per_task: 1s}}}
    shifts: {pick: {late: {from: "20:20", to: "20:30", workers: 5}}}
"""
    scenario = loads(text)
    assert scenario.start == datetime(2026, 11, 10, 20, 17, 30)
    found = draw_orders(compile_scenario(scenario), 0).rosters[0]
    assert (found.times[:3] / 1e6).tolist() == [0, 150, 750]
