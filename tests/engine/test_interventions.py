"""What policies and processes do to warehouses and goods while a sale goes on, by hand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import burstsim as bs
from burstsim.engine.clock import Signal
from burstsim.engine.compile import compile_scenario
from burstsim.engine.control.plane import Control
from burstsim.engine.draws import draw_orders
from burstsim.engine.forecasts import expected_in_all, surge_orders
from burstsim.engine.limits import MOST_ORDERS
from burstsim.engine.needs import needs_of
from burstsim.engine.outline import outline
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.world import World
from burstsim.errors import ScenarioError
from burstsim.units import MINUTE, NEVER, SECOND
from tests.engine.test_policies import DOCS, both, crew
from tests.scenarios import scenario_of, scenarios, small

Steps = Callable[[World], object]


def doing(*steps: tuple[str, Steps]) -> Any:
    """Make a process that does one thing after another, each at its moment."""

    def process(world: World) -> Iterator[Signal]:
        for moment, step in steps:
            yield world.until(moment)
            step(world)

    return process


def two_houses(orders: list[tuple[str, int]], **spare: Any) -> dict[str, Any]:
    """Orders of one piece at moments; the hub has three, a closed spare five."""
    basket = {"weights": {"A": 1}}
    work = {"pick": {"workers": 50, "work": {"per_task": "5s"}}}
    return small(
        demand={
            f"at {n}": {"shape": "instant", "at": at, "orders": many, "basket": basket}
            for n, (at, many) in enumerate(orders)
        },
        oms={"cycle": "10s"},
        warehouses={
            "hub": {"stock": {"A": 3}, "stages": work},
            "spare": {"open": False, "stock": {"A": 5}, "stages": work, **spare},
        },
    )


def sent_from(trace: Trace) -> list[tuple[int, int]]:
    """Second at which each parcel was sent, and the warehouse, by order number."""
    pairs = zip((trace.sent // SECOND).tolist(), trace.parcel_warehouse.tolist(), strict=True)
    return list(pairs)


def states(trace: Trace) -> list[str]:
    return [STATES[number] for number in trace.state.tolist()]


def opens(world: World) -> None:
    world.do({"open_warehouse": "spare"})


def test_a_closed_warehouse_sells_and_ships_nothing() -> None:
    trace = both(two_houses([("1s", 4), ("31s", 2)]))
    assert sent_from(trace) == [(10, 0)] * 3
    assert states(trace) == ["shipped"] * 3 + ["rejected"] * 3


def test_what_is_opened_is_sold_from_the_sweep_after() -> None:
    """Opened at 21 s, its five pieces come at 30 s: who asks at 30 s itself is too early."""
    data = two_houses([("1s", 4), ("30s", 1), ("31s", 6)])
    trace = both(data, [doing(("21s", opens))])
    assert sent_from(trace) == [(10, 0)] * 3 + [(40, 1)] * 5
    assert states(trace) == ["shipped"] * 3 + ["rejected"] * 2 + ["shipped"] * 5 + ["rejected"]


def test_a_policy_opens_it_once_for_good() -> None:
    data = two_houses([("1s", 3), ("22s", 5)])
    lever = {"when": "orders_paid >= 3", "every": "10s", "do": {"open_warehouse": "spare"}}
    data["policies"] = {"second": lever}
    trace = both(data)
    # pulled at 10 s, before the sweep of that tick, and again and again
    assert sent_from(trace) == [(10, 0)] * 3 + [(30, 1)] * 5


def test_safety_stock_trucks_and_counts_are_there_when_it_opens() -> None:
    """5 − 2, less one that a count misses, and 4 more: 6; what comes later comes besides."""
    data = two_houses([("1s", 3), ("31s", 9), ("71s", 3)])
    spare = data["warehouses"]["spare"]
    spare["safety_stock"] = {"A": 2}
    spare["inbound"] = {
        "early": {"at": "15s", "stock": {"A": 4}},
        "late": {"at": "55s", "stock": {"A": 2}},
    }
    found = {"what": "stock_count", "at": "5s", "where": "spare", "stock": {"A": 4}}
    data["disruptions"] = {"count": found}
    trace = both(data, [doing(("21s", opens))])
    assert sent_from(trace) == [(10, 0)] * 3 + [(40, 1)] * 6 + [(80, 1)] * 2
    assert states(trace).count("rejected") == 4


def test_builds_that_begin_before_it_is_open_make_nothing() -> None:
    data = two_houses([("1s", 1)])
    data["catalog"]["kits"] = {"SET": {"kind": "prekit", "price": 9, "needs": {"A": 2}}}
    build = {"kit": "SET", "quantity": 1, "people": 1}
    data["warehouses"]["spare"]["builds"] = {
        "early": {**build, "at": "5s"},
        "late": {**build, "at": "45s"},
    }
    trace = both(data, [doing(("21s", opens))])
    assert trace.made.tolist() == [0, 1]
    assert both(data).made.tolist() == [0, 0]


def test_routing_says_where_it_stands_and_who_waits_keeps_the_route() -> None:
    """North names the spare first, south not at all: there it is asked last."""
    data = two_houses([("1s", 5), ("41s", 2), ("42s", 4)])
    data["demand"]["at 0"]["regions"] = {"south": 1}
    data["demand"]["at 1"]["regions"] = {"north": 1}
    data["demand"]["at 2"]["regions"] = {"south": 1}
    data["oms"] |= {"routing": {"north": ["spare", "hub"], "south": ["hub"]}}
    data["payment"] = {"paid": 1, "delay": {"mean": "0s"}, "reserve": "paid", "timeout": "1m"}
    truck = doing(("25s", opens), ("35s", lambda world: world.receive("hub", {"A": 3})))
    trace = both(data, [truck])
    # three of the first five find something; the others wait for the hub, whatever opens at 30 s
    first = [(10, 0)] * 3 + [(40, 0)] * 2
    # the north has all from the spare; the south the one piece that the hub has left first
    assert sent_from(trace) == first + [(50, 1)] * 2 + [(50, 0)] + [(50, 1)] * 3


def test_what_a_process_brings_comes_at_the_next_sweep() -> None:
    data = two_houses([("1s", 3), ("20s", 1), ("21s", 2)])
    bring = doing(("20s", lambda world: world.receive("hub", {"A": 1})))
    trace = both(data, [bring])
    assert sent_from(trace) == [(10, 0)] * 3 + [(30, 0)]
    assert states(trace) == ["shipped"] * 3 + ["rejected", "shipped", "rejected"]


def test_what_is_brought_to_a_closed_warehouse_waits_there() -> None:
    data = two_houses([("1s", 3), ("41s", 8)])
    bring = doing(("15s", lambda world: world.receive("spare", {"A": 2})), ("35s", opens))
    assert sent_from(both(data, [bring])) == [(10, 0)] * 3 + [(50, 1)] * 7


def test_nothing_is_released_while_it_is_held() -> None:
    """Held at 5 s and again at 35 s; looks are at the sweeps, every ten seconds."""
    data = two_houses([("1s", 1), ("12s", 1), ("31s", 1)])
    process = doing(
        ("5s", lambda world: world.hold_release("hub")),
        ("6s", lambda world: world.hold_release("hub")),
        ("21s", lambda world: world.resume_release("hub")),
        ("35s", lambda world: world.hold_release("hub")),
    )
    trace = both(data, [process])
    assert (trace.sent // SECOND).tolist() == [10, 20, 40]
    assert (trace.released[:2] // SECOND).tolist() == [30, 30]
    assert trace.released[2] == NEVER
    assert states(trace) == ["shipped", "shipped", "unfinished"]


def test_a_zone_has_exactly_so_many_people() -> None:
    """Two from the roster, five from 40 s on; a temp comes besides; the roster again at 60 s."""
    data = two_houses([("1s", 3)])
    data["warehouses"]["hub"]["stages"] = {"pick": {"workers": 2, "work": {"per_task": "5s"}}}
    shift = {"from": "40s", "to": "10m", "workers": 5, "productivity": 0.5}
    data["warehouses"]["hub"]["shifts"] = {"pick": {"day": shift}}
    process = doing(
        ("10s", lambda world: world.set_workers("hub.pick", 1)),
        ("20s", lambda world: world.add_workers("hub.pick", 1, "10s")),
        ("50s", lambda world: world.set_workers("hub.pick", 0)),
        ("60s", lambda world: world.set_workers("hub.pick", None)),
    )
    trace = both(data, [process])
    people = [(0, 2), (10, 1), (20, 2), (30, 1), (40, 1), (50, 0), (60, 5), (600, 2)]
    assert crew(trace, 0) == people
    assert [speed for _, speed in crew(trace, 0, "productivity")][4] == 0.5
    assert trace.visits[0].started.tolist() == [second * SECOND for second in (10, 15, 20)]


def test_a_channel_is_closed_and_opened() -> None:
    data = two_houses([("1s", 1), ("11s", 1), ("21s", 1)])
    process = doing(
        ("5s", lambda world: world.close_channel("shop")),
        ("15s", lambda world: world.open_channel("shop")),
    )
    for stream in data["demand"].values():
        stream["channel"] = "shop"
    assert states(both(data, [process])) == ["shipped", "rejected", "shipped"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda world: world.receive("nowhere", {"A": 1}), "names no warehouse"),
        (lambda world: world.receive("hub", {"B": 1}), "names no SKU"),
        (lambda world: world.receive("hub", {"A": -1}), "whole number"),
        (lambda world: world.receive("hub", {"A": 1.5}), "whole number"),
        (lambda world: world.hold_release("nowhere"), "names no warehouse"),
        (lambda world: world.resume_release("hub.pick"), "names no warehouse"),
        (lambda world: world.set_workers("hub.pick", -1), "fewer than none"),
        (lambda world: world.set_workers("hub.pack", 1), "names no warehouse, stage or zone"),
        (lambda world: world.do({"open_warehouse": "nowhere"}), "names no warehouse"),
    ],
)
def test_what_is_not_there_is_refused(wrong: Steps, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        both(two_houses([("1s", 1)]), [doing(("5s", wrong))])


def test_a_closed_warehouse_says_what_it_has() -> None:
    data = two_houses([("1s", 1)])
    del data["warehouses"]["spare"]["stock"]
    with pytest.raises(ScenarioError) as caught:
        scenario_of(data)
    assert [problem.path for problem in caught.value.problems] == ["warehouses.spare.stock"]
    del data["warehouses"]["hub"]["stock"]  # now nothing has an end
    trace = both(data, [doing(("5s", opens))])
    assert states(trace) == ["shipped"]


def everything(world: World) -> Iterator[Signal]:
    """Do anything, at any moment; the dice begin anew whenever the process does."""
    control: Control = world._control
    model = control.model
    dice = random.Random(model.scenario.seed + len(model.zones))
    houses = list(model.network.names)
    zones = [zone.path for zone in model.zones if not zone.external]
    skus = list(model.items.names[: model.items.n_skus])
    for _ in range(dice.randint(1, 8)):
        yield world.sleep(dice.choice(["0s", "1s", "2500ms", "7s", "20s", "1us"]))
        house = dice.choice(houses)
        dice.choice(
            [
                lambda house: world.receive(house, {dice.choice(skus): dice.randint(0, 9)}),
                world.hold_release,
                world.resume_release,
                lambda _: world.set_workers(dice.choice(zones), dice.choice([None, 0, 1, 4])),
                lambda house: world.do({"open_warehouse": house}),
                lambda _: world.close_channel("live"),
                lambda _: world.open_channel("live"),
                lambda house: world.read(f"backlog.{house}"),
                lambda _: world.read("stock_left.A"),
            ]
        )(house)


@given(scenarios(), st.integers(0, 1 << 20))
@settings(max_examples=100, deadline=None)
def test_engines_agree_whatever_a_process_does(data: dict[str, Any], seed: int) -> None:
    both({**data, "seed": seed}, [everything])  # type: ignore[list-item]


def brings_and_holds(world: World) -> Iterator[Signal]:
    """Do several things before and on the floor."""
    yield world.sleep("5m")
    world.hold_release("hub")
    world.set_workers("hub.pack", 9)
    yield world.sleep("5m")
    world.receive("hub", {"A": 100})
    world.resume_release("hub")


def test_processes_travel_to_other_processes() -> None:
    data = small()
    data["warehouses"]["hub"]["stock"] = {"A": 200}
    scenario = scenario_of(data)
    given_: dict[str, Any] = {"replications": 3, "processes": [brings_and_holds]}
    alone, many = bs.run(scenario, **given_), bs.run(scenario, jobs=2, **given_)
    assert alone.digests == many.digests
    assert alone.digests == bs.run(scenario, engine="event", **given_).digests
    assert alone.digests != bs.run(scenario, replications=3).digests


def surging(**more: Any) -> dict[str, Any]:
    """20 a minute; from 10 min on for 5 min twice as many more; instant and ramp beside."""
    data = small()
    basket = {"weights": {"A": 1}}
    data["demand"]["burst"] = {"shape": "instant", "at": "12m", "orders": 30, "basket": basket}
    surge = {"what": "surge", "at": "10m", "for": "5m", "stream": "shop", "scale": 3}
    data["disruptions"] = {
        "rush": surge,
        "late": {**surge, "at": "28m", "for": "9m"},
        "double": {**surge, "stream": "burst", "scale": 2},
        "missed": {**surge, "stream": "burst", "at": "13m"},
        **more,
    }
    return data


def test_surges_are_among_the_orders_expected() -> None:
    scenario = scenario_of(surging())
    more = surge_orders(scenario, 1.0)
    assert more == pytest.approx({"rush": 200, "late": 80, "double": 30, "missed": 0})
    total = 20 * 30 + 30 + 200 + 80 + 30
    assert expected_in_all(scenario, 1.0) == pytest.approx(total)
    assert needs_of(scenario).orders == pytest.approx(total)
    words = list(outline(scenario))
    assert "disruptions.rush: 200 more orders expected" in words
    assert f"in all {total:,} orders expected" in words


def test_a_surge_counts_in_the_limit_as_it_is_drawn() -> None:
    """A copy of the whole stream is drawn: 600 orders, 400,000 times."""
    huge = {"what": "surge", "at": "10m", "for": "1s", "stream": "shop", "scale": 400_001}
    with pytest.raises(ScenarioError) as caught:
        compile_scenario(scenario_of(surging(huge=huge)))
    (problem,) = caught.value.problems
    assert problem.path == "disruptions.huge"
    assert f"{MOST_ORDERS:,}" in problem.rule


def test_what_was_done_before_does_not_depend_on_what_is_done_later() -> None:
    """The goods that come up to a moment are the same whatever is opened after it."""
    data = two_houses([("1s", 3)], inbound={"truck": {"at": "9s", "stock": {"A": 2}}})
    bring: Steps = lambda world: world.receive("hub", {"A": 1})  # noqa: E731
    one = both(data, [doing(("5s", bring))]).model.steps
    two = both(data, [doing(("5s", bring), ("12s", opens))]).model.steps
    assert two[:1] == one
    assert [(step.tick, step.amount) for step in two[1:]] == [(20 * SECOND, 7)]
    assert replace(one[0], amount=0) != one[0]
    model = compile_scenario(scenario_of(data))
    assert model.steps == ()
    assert len(draw_orders(model, 0)) == 3


def test_the_van_of_the_page_comes_an_hour_later() -> None:
    """20 an hour too many: the van is called at a whole ten minutes, and 500 pieces come."""
    text = (DOCS / "howto-processes.md").read_text(encoding="utf-8")
    code = re.findall(r"^```python\n(def send_a_van.*?)^```", text, re.DOTALL | re.MULTILINE)[0]
    names: dict[str, Any] = {}
    exec(code, names)
    data = small(oms={"cycle": "1m"}, horizon="2h")
    data["warehouses"]["hub"]["stock"] = {"A": 300}
    trace = both(data, [names["send_a_van"]])
    (step,) = trace.model.steps
    assert step.amount == 500
    ((begin, end),) = trace.model.releases[0].held
    assert (begin % (10 * MINUTE), end - begin) == (0, 60 * MINUTE)
    assert step.tick == end
    assert not ((trace.released >= begin) & (trace.released < end)).any()
    assert 200 <= (trace.sent < begin).sum() < 300
