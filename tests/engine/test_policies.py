"""Policies and processes: each lever by hand, in both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import burstsim as bs
from burstsim.engine import event
from burstsim.engine.clock import Signal
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.world import World
from burstsim.streams import generator
from burstsim.units import MINUTE, SECOND
from tests.engines import both
from tests.scenarios import scenario_of, scenarios, small

DOCS = Path(__file__).parents[2] / "docs"


def burst(do: dict[str, Any], when: str = "backlog.hub.pick > 5", **policy: Any) -> dict[str, Any]:
    """Ten orders at once, ten seconds each in both stages; one policy."""
    stage = {"workers": 1, "work": {"per_task": "10s"}}
    basket = {"weights": {"A": 1}}
    return small(
        demand={"shop": {"shape": "instant", "at": "0s", "orders": 10, "basket": basket}},
        oms={"cycle": "0s"},
        warehouses={"hub": {"stages": {"pick": stage, "pack": {**stage}}}},
        policies={"lever": {"when": when, "every": "15s", "once": True, "do": do, **policy}},
    )


def crew(trace: Trace, zone: int, column: str = "workers") -> list[tuple[int, float]]:
    found = trace.crews[zone]
    seconds = (found.times // SECOND).tolist()
    return list(zip(seconds, getattr(found, column).tolist(), strict=True))


def test_temps_come_after_the_delay_and_go_again() -> None:
    """At 15 s two of ten are begun: eight wait; 10 s later two more people are there for 20 s."""
    add = {"zone": "hub.pick", "workers": 2, "for": "20s", "productivity": 0.5}
    trace = both(burst({"add_workers": add}, delay="10s"))
    assert crew(trace, 0) == [(0, 1), (25, 3), (45, 1)]
    assert crew(trace, 0, "temps") == [(0, 0), (25, 2), (45, 0)]
    assert crew(trace, 0, "productivity") == [(0, 1), (25, pytest.approx(2 / 3)), (45, 1)]


def test_without_once_a_lever_is_pulled_at_every_check() -> None:
    """Begun by 15 s: 2 of 10; by 30 s with two workers 5 of 10, so five wait, not more."""
    add = {"zone": "hub.pick", "workers": 1, "for": "10m"}
    trace = both(burst({"add_workers": add}, once=False))
    assert crew(trace, 0) == [(0, 1), (15, 2), (615, 1)]
    trace = both(burst({"add_workers": add}, "backlog.hub.pick > 4", once=False))
    assert crew(trace, 0) == [(0, 1), (15, 2), (30, 3), (615, 2), (630, 1)]


def test_work_left_is_of_hours_of_those_who_can_work() -> None:
    """Eight tasks of 10 s for one worker at 15 s: 80 s."""
    add = {"zone": "hub.pick", "workers": 1, "for": "10m"}
    assert len(crew(both(burst({"add_workers": add}, "work_left.hub > 79s", every="15s")), 0)) == 3
    assert len(crew(both(burst({"add_workers": add}, "work_left.hub > 80s", every="15s")), 0)) == 1


def test_people_are_moved_as_long_as_they_are_there() -> None:
    data = burst(
        {"move_workers": {"from": "hub.pick", "to": "hub.pack", "workers": 2, "for": "1m"}}
    )
    data["warehouses"]["hub"]["shifts"] = {
        "pick": {"day": {"from": "0s", "to": "40s", "workers": 3, "productivity": 0.5}}
    }
    data["policies"]["lever"]["when"] = "backlog.hub.pick > 1"
    trace = both(data)
    # from 40 s on there is one picker at most, who is moved as well
    assert crew(trace, 0) == [(0, 3), (15, 1), (40, 0), (75, 1)]
    assert crew(trace, 1) == [(0, 1), (15, 3), (40, 2), (75, 1)]
    assert crew(trace, 1, "productivity")[1] == (15, pytest.approx((1 + 2 * 0.5) / 3))


def test_overtime_keeps_people_of_the_shift_that_ends_next() -> None:
    data = burst({"overtime": {"zone": "hub.pick", "until": "90s", "at_most": 2}}, once=False)
    data["warehouses"]["hub"]["stages"]["pick"]["workers"] = 0
    shift = {"from": "0s", "to": "40s", "workers": 3, "productivity": 0.5}
    data["warehouses"]["hub"]["shifts"] = {"pick": {"day": shift}}
    data["warehouses"]["hub"]["stages"]["pick"]["work"] = {"per_task": "30s"}
    trace = both(data)
    assert crew(trace, 0) == [(0, 3), (40, 2), (90, 0)]
    assert crew(trace, 0, "productivity")[1] == (40, 0.5)


def rejected(trace: Trace) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return trace.state == STATES.index("rejected")


def selling(do: dict[str, Any], when: str = "orders_paid >= 100") -> dict[str, Any]:
    data = small(policies={"lever": {"when": when, "every": "1m", "once": True, "do": do}})
    data["demand"]["shop"]["customers"] = {"pool": 40}
    data["promises"] = {"all": {"within": "10m"}}
    return data


def pulled_at(trace: Trace, paid: int = 100) -> int:
    """The first whole minute that has seen so many payments."""
    return int(-(-np.sort(trace.orders.paid)[paid - 1] // MINUTE) * MINUTE)


def test_what_is_not_sold_any_more_is_rejected() -> None:
    trace = both(selling({"stop_selling": "A"}))
    assert np.array_equal(rejected(trace), trace.orders.placed > pulled_at(trace))


def test_a_throttle_keeps_those_below_its_share() -> None:
    trace = both(selling({"throttle": {"channel": "shop", "keep": 0.4}}))
    numbers = generator(1, 0, "throttle", "shop").random(len(trace.orders))
    out = (trace.orders.placed > pulled_at(trace)) & (numbers[trace.orders.index] >= 0.4)
    assert rejected(trace).any()
    assert np.array_equal(rejected(trace), out)


def test_a_customer_buys_no_more_than_the_limit() -> None:
    trace = both(selling({"limit_per_customer": {"item": "A", "units": 4}}))
    orders, at, bought = trace.orders, pulled_at(trace), dict[int, int]()
    for order in range(len(orders)):
        who = int(orders.customer[order])
        out = orders.placed[order] > at and bought.get(who, 0) + orders.pieces[order] > 4
        assert rejected(trace)[order] == out
        if not out:
            bought[who] = bought.get(who, 0) + int(orders.pieces[order])
    assert rejected(trace).any()


def test_a_promise_is_changed_for_those_who_pay_later() -> None:
    trace = both(selling({"set_promise": {"all": "3h"}}))
    later = trace.orders.paid > pulled_at(trace)
    within = np.where(later, 180 * MINUTE, 10 * MINUTE)
    assert np.array_equal(trace.orders.due, trace.orders.paid + within)


def test_a_policy_sees_the_shelf_before_the_sweep_of_its_tick() -> None:
    """Pieces leave at sweeps, at whole minutes; 300 are there, and a truck brings 50 at 5 min."""
    data = selling({"stop_selling": "A"}, "stock_left.A < 150")
    data["oms"] = {"cycle": "1m"}
    data["warehouses"]["hub"]["stock"] = {"A": 300}
    data["warehouses"]["hub"]["inbound"] = {"truck": {"at": "5m", "stock": {"A": 50}}}
    trace = both(data)
    sent = trace.sent[trace.parcel_part == 0]
    turn = next(
        m * MINUTE for m in range(40) if 300 + 50 * (m > 5) - (sent < m * MINUTE).sum() < 150
    )
    assert np.array_equal(rejected(trace), trace.orders.placed > turn)


@pytest.mark.parametrize(("cycle", "expected"), [("1m", 8 * MINUTE), ("0s", 7.5 * MINUTE)])
def test_a_frozen_sweep_is_made_up_for_by_the_next(cycle: str, expected: float) -> None:
    data = small(oms={"cycle": cycle})
    stuck = {"what": "oms_freeze", "at": "2m", "for": "5m30s"}
    data["disruptions"] = {"stuck": stuck}
    trace = both(data)
    frozen = (trace.orders.paid >= 2 * MINUTE) & (trace.orders.paid < expected)
    sent = trace.per_order(trace.sent)
    assert frozen.sum() > 50
    if cycle == "1m":  # what was paid in the last minute before had its sweep at the beginning
        frozen |= (trace.orders.paid > MINUTE) & (trace.orders.paid < 2 * MINUTE)
    assert (sent[frozen] == expected).all()
    assert (sent[~frozen] != expected).all() or cycle == "1m"


def test_the_last_minute_is_counted_with_its_end() -> None:
    """Twenty a minute, evenly; the check at 60 s sees those after 0 s."""
    data = selling({"stop_selling": "A"}, "orders_per_minute >= 20")
    data["demand"]["shop"]["arrivals"] = "even"
    trace = both(data)
    paid = trace.orders.paid
    turn = next(
        m * MINUTE
        for m in range(40)
        if ((paid > (m - 1) * MINUTE) & (paid <= m * MINUTE)).sum() >= 20
    )
    assert np.array_equal(rejected(trace), trace.orders.placed > turn)


def reacts(world: World) -> Iterator[Signal]:
    """Do something of everything, by what is seen."""
    yield world.until("3s")
    while world.seconds < 90:
        if world.read("backlog.hub") > 2:
            world.add_workers("hub.pick", 1, "20s")
            world.close_channel("live")
        elif world.read("orders_paid") > 5:
            world.open_channel("live")
        if world.read("work_left.hub.pick") > 0.001:
            world.do({"stop_selling": "B"})
        yield world.sleep("4s")


@given(scenarios())
@settings(max_examples=100, deadline=None)
def test_engines_agree_with_processes(data: dict[str, Any]) -> None:
    stage = data["warehouses"]["hub"]["stages"]["pick"]
    if len(stage.get("zones", ())) < 2:
        both(data, [reacts])  # type: ignore[list-item]


def test_the_example_of_the_page_calls_people() -> None:
    text = (DOCS / "howto-processes.md").read_text(encoding="utf-8")
    code = re.findall(r"^```python\n(.*?)^scenario = ", text, re.DOTALL | re.MULTILINE)[0]
    names: dict[str, Any] = {}
    exec(code, names)
    data = small(horizon="3h", drain="12h")
    data["demand"]["shop"]["rate"] = "60/m"
    data["warehouses"]["hub"]["stages"]["pick"]["workers"] = 30
    data["warehouses"]["hub"]["stages"]["pack"]["workers"] = 1
    trace = both(data, [names["call_temps"]])
    # 6,000 s of work an hour beyond what one packer does: two hours behind soon
    assert trace.crews[1].temps.max() >= 10
    scenario = scenario_of(data)
    one = bs.run(scenario, replications=1, processes=[names["call_temps"]])
    assert one.digests == (trace.digest(),)
    assert bs.verify(scenario, processes=[names["call_temps"]]).agrees


def test_moments_and_sleeps_of_a_process() -> None:
    seen = []

    def looks(world: World) -> Iterator[Signal]:
        seen.append(world.seconds)
        yield world.sleep("90s")
        seen.append(world.seconds)
        yield world.until("20:05")
        seen.append(world.seconds)
        yield world.until("1m")
        assert f"{world.now:%H:%M}" == "20:05"
        with pytest.raises(ValueError, match="names no warehouse"):
            world.read("backlog.nowhere")
        with pytest.raises(ValueError, match="less than nothing"):
            world.sleep("-1s")

    model = compile_scenario(scenario_of(small()))
    event.simulate(model, draw_orders(model, 0), [looks])  # type: ignore[list-item]
    assert seen == [0, 90, 300]
