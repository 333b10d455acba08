"""Both engines give the same answer for every order; `tests.conftest` holds both to the laws."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from random import getrandbits
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from burstsim.engine import event, vector
from burstsim.engine.clock import Clock, Signal
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.event.floor import Floor as EventFloor
from burstsim.engine.vector.floor import Floor
from burstsim.engine.world import World
from burstsim.results.metrics import measure
from burstsim.studies.verify import first_difference
from burstsim.units import NEVER
from tests.scenarios import scenario_of, scenarios, small


def assert_agree(data: dict[str, Any]) -> None:
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    plain, fast = event.simulate(model, orders), vector.simulate(model, orders)
    assert first_difference(plain, fast) is None
    assert plain.digest() == fast.digest()
    # as text, in which what is not a number is itself
    assert repr(measure(plain)) == repr(measure(fast))


@pytest.mark.parametrize("part", range(5))
def test_engines_agree_on_a_thousand_random_scenarios(part: int) -> None:
    """In parts, so that several cores share them."""

    # where examples are the same every time they must still differ from part to part
    @seed(part if settings().derandomize else getrandbits(64))
    @given(scenarios())
    @settings(max_examples=200, deadline=None)
    def agree(data: dict[str, Any]) -> None:
        assert_agree(data)

    agree()


@given(scenarios(), st.lists(st.integers(1, 40), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_engines_see_the_same_share_of_late_orders(data: dict[str, Any], spans: list[int]) -> None:
    """At any moments, one after the other: who is through is not looked at again."""
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    plain, fast = dict[float, float](), dict[float, float]()

    def looking(world: World, seen: dict[float, float]) -> Iterator[Signal]:
        for span in spans:
            yield world.sleep(f"{span}s")
            seen[world.seconds] = world.read("late_share")

    event.simulate(model, orders, [partial(looking, seen=plain)])  # type: ignore[list-item]
    vector.simulate(model, orders, [partial(looking, seen=fast)])  # type: ignore[list-item]
    assert plain == fast


@given(scenarios(), st.lists(st.integers(0, 120_000_000), max_size=6))
@settings(max_examples=100, deadline=None)
def test_looking_at_a_zone_never_changes_it(data: dict[str, Any], looks: list[int]) -> None:
    """Bringing stations up to date at any moments gives the same answer as never."""
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    expected = vector.simulate(model, orders)

    def looked_at(clock: Clock, *others: Any) -> Floor:
        floor = Floor(clock, *others)
        for look in looks:
            for number in range(len(model.stages) if model.begin <= look < model.end else 0):
                clock.at(look, 14, partial(floor.advance, number, look))
        return floor

    with patch("burstsim.engine.vector.engine.Floor", looked_at):
        assert vector.simulate(model, orders).digest() == expected.digest()


@given(scenarios(), st.lists(st.integers(-1, 120), max_size=6))
@settings(max_examples=100, deadline=None)
def test_both_engines_see_the_same_waiting(data: dict[str, Any], looks: list[int]) -> None:
    """Whoever acts on what waits, before the sweeps of a tick, reads the same in both."""
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    ticks = [model.begin, *(look * 1_000_000 for look in looks)]
    seen: dict[str, dict[int, Any]] = {"event": {}, "vector": {}}

    def watched(engine: str, kind: type[Any], clock: Clock, *others: Any) -> Any:
        floor = kind(clock, *others)

        def look(tick: int) -> None:
            waiting = [floor.waiting(zone) for zone in range(len(model.zones))]
            seen[engine][tick] = waiting, floor.open_parcels()

        for tick in ticks:
            if model.begin <= tick < model.end:
                clock.at(tick, 13, partial(look, tick))
        return floor

    with patch("burstsim.engine.vector.engine.Floor", partial(watched, "vector", Floor)):
        vector.simulate(model, orders)
    with patch("burstsim.engine.event.engine.Floor", partial(watched, "event", EventFloor)):
        event.simulate(model, orders)
    assert seen["event"] == seen["vector"]


@pytest.mark.parametrize("workers", [1, 3, 45, 80])
def test_a_burst_through_every_kernel(workers: int) -> None:
    """Thousands of orders, so that the array kernels are used, over a night of changes."""
    crew = {"from": "20:10", "to": "20:40", "workers": workers * 2, "productivity": 0.8}
    data = small(
        demand={
            "drop": {
                "shape": "drop",
                "at": "3m",
                "orders": 60 * workers + 1500,
                "half_life": "4m",
                "basket": {"weights": {"A": 1}},
            }
        },
        drain="12h",
    )
    hub = data["warehouses"]["hub"]
    hub["stages"]["pick"]["workers"] = workers
    hub["stages"]["pack"]["workers"] = workers
    hub["shifts"] = {"pick": {"peak": crew}, "pack": {"peak": {**crew, "from": "20:25"}}}
    assert_agree(data)


def times_of(data: dict[str, Any], stage: int = 0) -> dict[str, list[float]]:
    """Seconds at which parcels entered, started and were done at a stage, in both engines."""
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    answers = []
    for engine in (event, vector):
        visits = engine.simulate(model, orders).visits[stage]
        answers.append(
            {
                name: [t / 1e6 if t != NEVER else float("inf") for t in getattr(visits, name)]
                for name in ("entered", "started", "done")
            }
        )
    assert answers[0] == answers[1]
    return answers[0]


def one_stage(workers: int | None, shifts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    stage: dict[str, Any] = {"work": {"per_task": "10s"}}
    if workers is not None:
        stage["workers"] = workers
    data = small(oms={"cycle": "0s"}, **changes)
    data["warehouses"] = {"hub": {"stages": {"pick": stage}, "shifts": {"pick": shifts}}}
    if not shifts:
        del data["warehouses"]["hub"]["shifts"]
    return data


def instant(count: int, at: str = "0s") -> dict[str, Any]:
    return {"now": {"shape": "instant", "at": at, "orders": count, "basket": {"weights": {"A": 1}}}}


def test_burst_after_quiet_hours_sees_the_crew_of_now() -> None:
    """Counts 5, 1, 5, 1 at 10, 20, 30, 40 s... four orders at 35 s of a crew of one."""
    shifts = {
        "a": {"from": "0s", "to": "10s", "workers": 5},
        "b": {"from": "10s", "to": "20s", "workers": 1},
        "c": {"from": "20s", "to": "30s", "workers": 5},
        "d": {"from": "30s", "to": "10m", "workers": 1},
    }
    data = one_stage(None, shifts, demand=instant(4, "35s"))
    assert times_of(data)["done"] == [45, 55, 65, 75]


def test_service_longer_than_an_epoch_is_not_booked_twice() -> None:
    """The only worker is busy across a break; the second task waits for him, not for a ghost."""
    shifts = {
        "day": {"from": "0s", "to": "20m", "workers": 1, "breaks": [["2s", "4s"]]},
    }
    data = one_stage(None, shifts, demand=instant(2))
    assert times_of(data)["started"] == [0, 10]


def test_a_one_tick_dip_creates_nobody() -> None:
    shifts = {
        "a": {"from": "0s", "to": "3s", "workers": 2},
        "b": {"from": "3000001us", "to": "20m", "workers": 2},
    }
    data = one_stage(0, shifts, demand=instant(4))
    assert times_of(data)["started"] == [0, 0, 10, 10]


def test_a_task_starts_before_a_change_only_if_it_starts_before_it() -> None:
    """A worker is free exactly when the shift ends: the finish counts, a new start does not."""
    shifts = {"a": {"from": "0s", "to": "10s", "workers": 1}}
    data = one_stage(0, shifts, demand=instant(2), drain="1h")
    assert times_of(data)["started"] == [0, float("inf")]


def test_leavers_finish_what_they_hold() -> None:
    shifts = {"a": {"from": "0s", "to": "5s", "workers": 3}}
    data = one_stage(1, shifts, demand=instant(5))
    assert times_of(data)["started"] == [0, 0, 0, 10, 20]


def test_productivity_is_that_of_the_start() -> None:
    shifts = {"slow": {"from": "0s", "to": "12s", "workers": 1, "productivity": 0.5}}
    data = one_stage(1, shifts, demand=instant(3))
    assert times_of(data)["done"] == [20, 30, 40]


def test_equal_arrivals_are_served_by_order_number() -> None:
    """Orders of two streams in the same tick: the first stream's first."""
    data = one_stage(1, {})
    data["demand"] = {"z": instant(1, "5s")["now"], "a": instant(2, "5s")["now"]}
    assert times_of(data)["started"] == [5, 15, 25]


def test_sweeps_take_what_is_paid_up_to_their_tick() -> None:
    data = one_stage(9, {})
    data["oms"] = {"cycle": "60s"}
    data["demand"] = {
        "on": instant(1, "60s")["now"],
        "past": instant(1, "60000001us")["now"],
        "zero": instant(1, "0s")["now"],
    }
    assert times_of(data)["entered"] == [0, 60, 120]


def test_nothing_happens_at_the_end() -> None:
    """A finish at the last tick does not count, one tick earlier it does."""
    data = one_stage(1, {}, demand=instant(2), horizon="5s", drain="15s")
    seen = times_of(data)
    assert seen["started"] == [0, 10]
    assert seen["done"] == [10, float("inf")]


def test_transfer_lies_between_stages() -> None:
    data = one_stage(1, {}, demand=instant(1))
    stages = data["warehouses"]["hub"]["stages"]
    stages["pick"]["transfer"] = "3m"
    stages["pack"] = {"workers": 1, "work": {"per_task": "4s"}}
    assert times_of(data, 1) == {"entered": [190], "started": [190], "done": [194]}
