"""Metrics against hand-worked sales and against plain loops over random ones."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings

from burstsim.engine import event, vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.results.metrics import Value, measure
from burstsim.scenario.metrics import METRICS, metric_names
from tests.results.naive import Naive
from tests.scenarios import scenario_of, scenarios, small


def measured(data: dict[str, Any]) -> dict[str, Value]:
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    found = measure(event.simulate(model, orders))
    assert repr(found) == repr(measure(vector.simulate(model, orders)))  # NaN equals NaN in text
    return found


def at_once(orders: int, at: str, item: str = "A") -> dict[str, Any]:
    return {"shape": "instant", "at": at, "orders": orders, "basket": {"weights": {item: 1}}}


def sale(stages: dict[str, Any], orders: dict[str, Any], **changes: Any) -> dict[str, Any]:
    hub: dict[str, Any] = {"stages": stages}
    if "shifts" in changes:
        hub["shifts"] = changes.pop("shifts")
    return small(demand=orders, warehouses={"hub": hub}, **{"oms": {"cycle": "0s"}, **changes})


def test_names_are_those_of_the_language() -> None:
    rule = {"trigger": {"items": ["A"]}, "reward": {"gift": {"A": 1}}}
    data = small(promises={"all": {"within": "1h"}}, gifts={"one": rule})
    for house in data["warehouses"].values():
        house["stock"] = {"A": 5}
        house["carriers"] = {"sf": {"share": 1, "pickups": ["22:00"]}}
        zones = {"left": {"workers": 1}, "right": {"workers": 2}}
        house["stages"]["sort"] = {"zones": zones, "work": {"per_task": "1s"}}
    scenario = scenario_of(data)
    assert set(measured(data)) == set(metric_names(scenario))
    assert set(metric_names(scenario).values()) == set(METRICS)


def test_two_stages_all_shipped() -> None:
    """Three orders at once; one picker of 10 s each, one packer of 4 s each.

    Picked at 10, 20, 30; packed at 14, 24, 34, which is the last work done. Until 20 s somebody
    waits for the picker; nobody ever waits for the packer.
    """
    stages = {
        "pick": {"workers": 1, "work": {"per_task": "10s"}},
        "pack": {"workers": 1, "work": {"per_task": "4s"}},
    }
    found = measured(
        sale(
            stages,
            {"s": at_once(3, "0s", "KIT")},
            catalog={
                "skus": {"A": {"price": 1}, "B": {"price": 1}},
                "kits": {"KIT": {"needs": {"A": 1, "B": 2}}},
            },
            promises={"all": {"within": "30s"}},
        )
    )
    expected = {
        "orders_placed": 3,
        "orders_paid": 3,
        "orders_shipped": 3,
        "unfinished": 0,
        "units_shipped": 9,  # a kit is one A and two B
        "parcels": 3,
        "on_time": 2 / 3,  # 14 and 24 are within 30, 34 is not
        "mean(order_to_ship)": (14 + 24 + 34) / 3,
        "p50(order_to_ship)": 24,  # at least half of three: the second
        "p90(order_to_ship)": 34,
        "max(order_to_ship)": 34,
        "mean(time_in.pick)": 20,
        "p50(time_in.pick)": 20,
        "max(time_in.pack)": 4,
        "mean(wait.hub.pick)": 10,  # 0, 10, 20
        "p95(wait.hub.pick)": 20,
        "max(wait.hub.pack)": 0,
        "backlog_peak": 3,
        "backlog_peak_at": 0,
        "backlog_clear_at": 20,
        "work_left_peak.hub.pick": 0,  # nothing is left at the first full minute
        "utilisation.hub.pick": 30 / 34,
        "utilisation.hub.pack": 12 / 34,
        "throughput_peak": 3,
        "worker_hours": 2 * 34 / 3600,
    }
    for name, number in expected.items():
        assert found[name] == (pytest.approx(number), False), name


def cut_short(within: str) -> dict[str, Value]:
    """Four orders at 30 s, one worker of 40 s each, the end at 120 s.

    Started at 30, 70, 110; done at 70 and 110; the third is being worked on, the fourth waits.
    """
    return measured(
        sale(
            {"pick": {"workers": 1, "work": {"per_task": "40s"}}},
            {"s": at_once(4, "30s")},
            horizon="60s",
            drain="60s",
            promises={"all": {"within": within}},
        )
    )


def test_unfinished_orders_are_censored() -> None:
    found = cut_short("60s")
    assert found["unfinished"].number == 2
    assert found["mean(order_to_ship)"] == (75, True)  # 40, 80 and twice 90 so far
    assert found["p50(order_to_ship)"] == (80, False)  # both open ones are above
    assert found["p90(order_to_ship)"] == (90, True)
    assert found["max(order_to_ship)"] == (90, True)
    assert found["mean(wait.hub.pick)"] == (52.5, True)  # 0, 40, 80 and 90 so far
    assert found["p50(wait.hub.pick)"] == (40, False)
    assert found["p99(wait.hub.pick)"] == (90, True)
    assert found["backlog_clear_at"] == (120, True)
    assert found["backlog_peak_at"] == (30, False)
    assert found["utilisation.hub.pick"].number == 90 / 120
    assert found["work_left_peak.hub.pick"].number == 3 * 40 / 3600  # at the turn at 60 s
    assert found["worker_hours"].number == 120 / 3600


@pytest.mark.parametrize(
    ("within", "share"),
    [
        ("60s", 1 / 4),  # due at 90: met at 70, missed by the rest
        ("80s", 2 / 4),  # due at 110: the second is done at that very tick
        ("90s", 2 / 2),  # due at the end or later: only the two that were shipped are known
        ("1h", 2 / 2),
    ],
)
def test_on_time_counts_what_can_be_known(within: str, share: float) -> None:
    assert cut_short(within)["on_time"].number == share


def test_on_time_without_a_promise_is_undefined() -> None:
    data = sale({"pick": {"workers": 1, "work": {"per_task": "1s"}}}, {"s": at_once(1, "0s")})
    assert math.isnan(measured(data)["on_time"].number)


def test_packed_counts_the_packing_stage() -> None:
    stages = {
        "pack": {"workers": 1, "work": {"per_task": "4s"}},
        "sort": {"workers": 1, "work": {"per_task": "10s"}},
    }
    promises = {"all": {"within": "5s", "met_at": "packed"}}
    assert measured(sale(stages, {"s": at_once(1, "0s")}, promises=promises))["on_time"].number == 1


def test_overtime_is_staffed() -> None:
    """Two people until 15 s; three tasks of 10 s; the third is finished five seconds late."""
    found = measured(
        sale(
            {"pick": {"work": {"per_task": "10s"}}},
            {"s": at_once(3, "0s")},
            shifts={"pick": {"a": {"from": "0s", "to": "15s", "workers": 2}}},
        )
    )
    assert found["worker_hours"].number == (2 * 15 + 5) / 3600
    assert found["utilisation.hub.pick"].number == 30 / 35


def test_backlog_is_not_cleared_before_it_reaches_the_floor() -> None:
    """Orders of 10 s wait for the sweep at 60 s, where no stage sees them."""
    data = sale(
        {"pick": {"workers": 1, "work": {"per_task": "10s"}}},
        {"s": at_once(3, "10s")},
        oms={"cycle": "60s"},
    )
    found = measured(data)
    assert found["backlog_peak_at"].number == 10
    assert found["backlog_clear_at"] == (80, False)  # started at 60, 70, 80


def test_nobody_is_there() -> None:
    data = sale(
        {"pick": {"work": {"per_task": "10s"}}},
        {"s": at_once(2, "0s")},
        shifts={"pick": {"late": {"from": "12:00", "to": "13:00", "workers": 1}}},
    )
    found = measured(data)
    assert math.isnan(found["utilisation.hub.pick"].number)
    assert found["mean(wait.hub.pick)"] == (4.5 * 3600, True)


@pytest.mark.parametrize(("second", "most"), [("3599s", 3), ("3600s", 2)])
def test_throughput_is_of_sixty_minutes(second: str, most: int) -> None:
    """Two shipped at 1 s, one an hour later or a second less: an hour holds one of its ends."""
    data = sale(
        {"pick": {"workers": 9, "work": {"per_task": "1s"}}},
        {"a": at_once(2, "0s"), "b": at_once(1, second)},
        horizon="2h",
    )
    assert measured(data)["throughput_peak"].number == most


def test_no_orders() -> None:
    data = sale({"pick": {"workers": 2, "work": {"per_task": "1s"}}}, {"s": at_once(0, "0s")})
    found = measured(data)
    assert found["orders_placed"].number == 0
    assert found["backlog_clear_at"] == (0, False)
    assert math.isnan(found["mean(order_to_ship)"].number)
    assert found["worker_hours"].number == 0


@given(scenarios())
@settings(max_examples=150, deadline=None)
def test_metrics_equal_plain_loops(data: dict[str, Any]) -> None:
    model = compile_scenario(scenario_of(data))
    trace = event.simulate(model, draw_orders(model, 0))
    expected = Naive(trace).measure()
    found = measure(trace)
    assert found.keys() == expected.keys()
    for name, (number, flag) in expected.items():
        assert found[name].number == pytest.approx(number, rel=1e-12, nan_ok=True), name
        assert found[name].at_least == flag, name
