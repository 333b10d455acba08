"""Promises, causes, costs and bottlenecks by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import burstsim as bs
from burstsim.results.costs import penalty_of
from burstsim.results.result import Result
from burstsim.scenario.promises import Promise
from tests.scenarios import scenario_of, small


def result_of(
    stages: dict[str, Any], *, orders: int = 4, hub: dict[str, Any] | None = None, **changes: Any
) -> Result:
    stream = {"shape": "instant", "at": "0s", "orders": orders, "basket": {"weights": {"A": 1}}}
    data = small(
        demand={"s": stream},
        warehouses={"hub": {"stages": stages, **(hub or {})}},
        **{"oms": {"cycle": "0s"}, **changes},
    )
    return bs.run(scenario_of(data), replications=1)


def values(result: Result) -> dict[str, float]:
    return {name: found[0].number for name, found in result.values.items()}


PICK = {"pick": {"workers": 1, "work": {"per_task": "10s"}}}
SOON = {"all": {"within": "25s"}}


@pytest.mark.parametrize(
    ("terms", "cents"),
    [
        ({"preset": "kuaishou-late-shipment"}, [500, 500, 1235, 3000]),
        ({"rate": 0.1}, [10, 500, 1235, 3500]),
        ({"rate": 0.1, "min": "6", "max": "20"}, [600, 600, 1235, 2000]),
        ({"min": "2"}, [200, 200, 200, 200]),
    ],
)
def test_penalties(terms: dict[str, Any], cents: list[int]) -> None:
    """Ten per cent of 1.00, 50.00, 123.45 (12.345 is rounded half up) and 350.00."""
    promise = Promise.model_validate({"within": "1h", "penalty": terms})
    value = np.array([100, 5000, 12345, 35000])
    assert penalty_of(promise, value).tolist() == cents


def test_costs_add_up() -> None:
    """Done at 10, 20, 30, 40 s; two are late and cost 5.00 each; one worker for 40 s."""
    found = values(
        result_of(
            PICK,
            promises={"all": {"within": "25s", "penalty": {"preset": "kuaishou-late-shipment"}}},
            costs={"worker_hour": 36, "parcel": 3},
            catalog={"skus": {"A": {"price": 10, "margin": 4}}},
        )
    )
    assert found["orders_late"] == 2
    assert found["late_because.pick"] == 2
    assert found["cost.workers"] == pytest.approx(0.40)
    assert found["cost.parcels"] == 12
    assert found["penalty_total"] == found["cost.penalties"] == 10
    assert found["cost_total"] == pytest.approx(22.40)
    assert found["cost_per_order"] == pytest.approx(5.60)
    assert found["profit"] == pytest.approx(4 * 4 - 22.40)
    assert found["lost_margin"] == 0


def test_without_margins_nobody_knows_the_profit() -> None:
    found = values(result_of(PICK))
    assert math.isnan(found["profit"])
    assert math.isnan(found["lost_margin"])


def test_what_comes_back_earns_nothing() -> None:
    found = values(
        result_of(
            PICK,
            catalog={"skus": {"A": {"price": 10, "margin": 4}}},
            returns={"share": 1, "after": {"mean": "1h"}},
        )
    )
    assert found["orders_returned"] == 4
    assert found["profit"] == 0


def test_an_order_without_its_gift_is_not_in_full() -> None:
    rule = {"trigger": {"items": ["A"]}, "reward": {"gift": {"G": 1}}}
    found = values(
        result_of(
            PICK,
            hub={"stock": {"A": 9, "G": 1}},
            gifts={"g": rule},
            catalog={"skus": {"A": {"price": 10}, "G": {"price": 1}}},
            promises={"all": {"within": "35s"}},
        )
    )
    assert found["on_time"] == 3 / 4
    assert found["otif"] == 1 / 4


def test_the_station_that_lets_fewest_pass_is_the_bottleneck_though_the_first_queue_is_longer() -> (
    None
):
    """A hundred orders at once: three pickers do one in 4 s, a packer one in 5 s.

    Who waits, waits for 0 to 396 s at picking, and for the fifth of that at packing, which is busy
    for 500 s without a pause. Of more pickers nobody would be done any earlier.
    """
    stages = {
        "pick": {"workers": 3, "work": {"per_task": "12s"}},
        "pack": {"workers": 1, "work": {"per_task": "5s"}},
    }
    basket = {"weights": {"A": 1}}
    data = small(
        demand={"s": {"shape": "instant", "at": "0s", "orders": 100, "basket": basket}},
        oms={"cycle": "0s"},
        warehouses={"hub": {"stages": stages}},
        promises={"all": {"within": "4m"}},
    )
    result = bs.run(scenario_of(data), replications=1)
    lost = {stage: result.estimates[f"time_lost.hub.{stage}"].estimate for stage in stages}
    assert lost["pick"] > 2 * lost["pack"] > 0
    assert result.bottleneck is not None
    assert result.bottleneck["stage"] == "pack"
    assert str(result.bottleneck["why"]).endswith(
        " of the stations where they wait hub.pack is the busiest"
    )


def test_a_full_truck_is_the_bottleneck() -> None:
    trucks = {"sf": {"share": 1, "pickups": ["15s", "20m"], "capacity": 1}}
    result = result_of(PICK, hub={"carriers": trucks}, promises={"all": {"within": "1m"}})
    found = values(result)
    assert found["late_because.truck"] == found["orders_late"] == 3
    assert found["left_behind.hub.sf"] == 2
    assert found["truck_fill.hub.sf"] == 1
    assert result.sentence.startswith("Trucks of sf at hub are the bottleneck: ")
    assert "3 late orders lost most of their time to truck" in str(result.bottleneck)


def test_orders_that_wait_for_the_sweep_are_held() -> None:
    """All are paid at 1 s and taken at the hour."""
    result = result_of(PICK, oms={"cycle": "1h"}, promises=SOON, horizon="2h", orders=1)
    assert values(result)["late_because.hold"] == 0  # at 0 s there is a sweep
    held = result_of(PICK, oms={"cycle": "0s", "hold": "50s"}, promises=SOON, orders=1)
    assert values(held)["late_because.hold"] == 1
    assert held.sentence.startswith("Order management is the bottleneck: ")


def test_stock_that_comes_late_is_the_bottleneck() -> None:
    result = result_of(
        PICK,
        hub={"stock": {"A": 1}, "inbound": {"t": {"at": "5m", "stock": {"A": 9}}}},
        payment={"reserve": "paid"},
        promises=SOON,
        orders=2,
    )
    assert values(result)["late_because.stock"] == 1
    assert result.sentence.startswith("Stock is the bottleneck: ")


def test_a_wave_may_be_what_holds_orders_up() -> None:
    release = {"mode": "wave", "every": "1h"}
    first = {"shape": "instant", "at": "1s", "orders": 1, "basket": {"weights": {"A": 1}}}
    data = small(
        demand={"s": first},
        warehouses={"hub": {"stages": PICK, "release": release}},
        oms={"cycle": "0s"},
        promises=SOON,
    )
    result = bs.run(scenario_of(data), replications=1)
    assert values(result)["late_because.release"] == 1
    assert result.sentence.startswith("Release in waves is the bottleneck: ")


def test_a_limit_points_to_the_stage_behind_it() -> None:
    stages = {
        "pick": {"workers": 9, "work": {"per_task": "1s"}},
        "pack": {"workers": 1, "work": {"per_task": "10s"}, "put_wall": 1},
    }
    result = result_of(stages, orders=30, promises=SOON)
    assert values(result)["late_because.release"] > values(result)["late_because.pack"]
    assert result.sentence.startswith(
        "The limit on releases at hub is the bottleneck, before pack: "
    )
