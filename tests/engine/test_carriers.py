"""Trucks and returns by hand, in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from burstsim.units import NEVER, SECOND
from tests.engines import both
from tests.scenarios import small


def sale(carriers: dict[str, Any], orders: int = 4, **changes: Any) -> dict[str, Any]:
    """Orders of one moment, one worker of ten seconds each: done at 10, 20, 30, 40 s."""
    stream = {"shape": "instant", "at": "0s", "orders": orders, "basket": {"weights": {"A": 1}}}
    stage = {"workers": 1, "work": {"per_task": "10s"}}
    stages = {"pick": stage, **changes.pop("stages", {})}
    hub = {"stages": stages, "carriers": carriers}
    return small(
        demand={"s": {**stream, **changes.pop("stream", {})}},
        warehouses={"hub": hub},
        oms={"cycle": "0s"},
        **changes,
    )


def seconds(ticks: np.ndarray[Any, Any]) -> list[float | None]:
    return [None if tick == NEVER else tick / SECOND for tick in ticks.tolist()]


def test_a_truck_takes_what_was_done_before_it_first_done_first() -> None:
    trace = both(sale({"sf": {"share": 1, "pickups": ["20s", "35s", "50s"], "capacity": 2}}))
    assert seconds(trace.done) == [10, 20, 30, 40]
    assert seconds(trace.shipped) == [20, 35, 35, 50]  # done at 20 is too late for the first
    assert trace.pickups.loaded.tolist() == [1, 2, 1]
    assert trace.pickups.behind.tolist() == [0, 0, 0]


def test_what_does_not_fit_waits_for_the_next_day() -> None:
    trace = both(sale({"sf": {"share": 1, "pickups": ["60s"], "capacity": 3}}, drain="2d"))
    day = 86_400
    assert seconds(trace.shipped) == [60, 60, 60, 60 + day]
    assert trace.pickups.behind.tolist() == [1, 0, 0]


def test_a_dated_pickup_comes_once() -> None:
    pickups = {"sf": {"share": 1, "pickups": ["2026-11-10 20:00:15"]}}
    trace = both(sale(pickups, drain="2d"))
    assert seconds(trace.shipped) == [15, None, None, None]
    assert trace.order_shipped()[1] == NEVER


def test_regions_go_before_shares() -> None:
    carriers = {
        "sf": {"share": 1, "pickups": ["1m"]},
        "yto": {"regions": ["south"], "pickups": ["2m"]},
    }
    data = sale(carriers, 40, stream={"regions": {"east": 1, "south": 1}})
    trace = both(data)
    south = trace.orders.regions.index("south")
    goes = trace.orders.region[trace.parcel_order] == south
    assert 0 < goes.sum() < len(goes)
    assert np.array_equal(trace.carrier == 1, goes)


@pytest.mark.parametrize("where", ["hub", "hub.sf"])
def test_a_truck_that_does_not_show_up(where: str) -> None:
    away = {"what": "truck_no_show", "where": where, "at": "10s", "for": "40s"}
    carriers = {"sf": {"share": 1, "pickups": ["20s", "49s", "50s"]}}
    trace = both(sale(carriers, disruptions={"away": away}))
    assert seconds(trace.pickups.tick) == [50]  # the span does not hold its end
    assert seconds(trace.shipped) == [50, 50, 50, 50]


def test_shares_are_kept_and_changing_one_moves_only_the_bound() -> None:
    def takes(share: float) -> np.ndarray[Any, Any]:
        carriers = {
            "sf": {"share": share, "pickups": ["5h"]},
            "yto": {"share": 1 - share, "pickups": ["5h"]},
        }
        # both are done before the end
        data = sale(carriers, 1000, stages={"pick": {"workers": 99, "work": {"per_task": "1s"}}})
        return both({**data, "drain": "6h"}).carrier == 0

    some, more = takes(0.3), takes(0.6)
    assert abs(some.mean() - 0.3) < 0.05
    assert abs(more.mean() - 0.6) < 0.05
    assert (more >= some).all()


def test_returns_are_worked_off_beside_the_row() -> None:
    back = {"returns": {"workers": 1, "work": {"per_task": "7s"}}}
    trace = both(
        sale({}, 2, stages=back, returns={"share": 1, "after": {"mean": "5s"}}, horizon="1m")
    )
    names = [zone.path for zone in trace.model.zones]
    visits = trace.visits[names.index("hub.returns")]
    assert seconds(trace.shipped) == [10, 20]
    assert seconds(visits.entered) == [15, 25]
    assert seconds(visits.started) == [15, 25]
    assert seconds(visits.done) == [22, 32]


def test_goods_come_back_after_their_truck() -> None:
    back = {"returns": {"workers": 1, "work": {"per_task": "7s"}}}
    trucks = {"sf": {"share": 1, "pickups": ["1m"]}}
    trace = both(sale(trucks, 2, stages=back, returns={"share": 1, "after": {"mean": "0s"}}))
    visits = trace.visits[1]
    assert seconds(visits.entered) == [60, 60]
    assert seconds(visits.done) == [67, 74]
