"""Floors whose every tick is worked out by hand; both engines must say exactly that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.effort import efforts
from burstsim.engine.trace import STATES, Trace
from burstsim.results.metrics import measure
from burstsim.units import NEVER
from tests.engines import both
from tests.scenarios import scenario_of, small

INF = float("inf")


def seconds(ticks: np.ndarray[Any, Any]) -> list[float]:
    return [tick / 1e6 if tick < NEVER else INF for tick in ticks.tolist()]


def drop(count: int, at: str = "0s", items: str = "A", **keys: Any) -> dict[str, Any]:
    """So many orders in one tick, a piece of each of the items."""
    basket = {"weights": dict.fromkeys(items, 1), "lines": {str(len(items)): 1}}
    return {"shape": "instant", "at": at, "orders": count, "basket": basket, **keys}


def floor(stages: dict[str, Any], demand: dict[str, Any], **changes: Any) -> dict[str, Any]:
    house = {"stages": stages, **changes.pop("house", {})}
    skus = {"A": {"price": 1}, "B": {"price": 1}, **changes.pop("skus", {})}
    data = small(oms={"cycle": "0s"}, demand=demand, **changes)
    return data | {"catalog": {"skus": skus}, "warehouses": {"hub": house}}


ZONED = {"A": {"price": 1, "zone": "fast"}, "B": {"price": 1, "zone": "bulk"}}


def two_zones(demand: dict[str, Any], **skus: Any) -> dict[str, Any]:
    """Pieces of A take 10 s in one zone, those of B 25 s in the other; then packing, 5 s."""
    zones = {
        "fast": {"workers": 1, "work": {"per_unit": "10s"}},
        "bulk": {"workers": 1, "work": {"per_unit": "25s"}},
    }
    pack = {"workers": 1, "work": {"per_task": "5s"}}
    return floor({"pick": {"zones": zones}, "pack": pack}, demand, skus={**ZONED, **skus})


def test_a_parcel_goes_on_when_the_last_of_its_zones_is_done() -> None:
    """Both zones start at once; one fork-join queue is as slow as its slower server."""
    trace = both(two_zones({"both": drop(3, items="AB")}))
    assert [zone.path for zone in trace.model.zones] == [
        "hub.pick.fast",
        "hub.pick.bulk",
        "hub.pack",
    ]
    fast, bulk, pack = trace.visits
    assert seconds(fast.done) == [10, 20, 30]
    assert seconds(bulk.done) == [25, 50, 75]
    assert seconds(pack.entered) == [25, 50, 75]
    assert seconds(trace.done) == [30, 55, 80]


def test_a_parcel_visits_only_zones_that_have_its_goods() -> None:
    trace = both(two_zones({"both": drop(1, items="AB"), "one": drop(2)}))
    fast, bulk, pack = trace.visits
    assert seconds(bulk.entered) == [0, INF, INF]
    assert seconds(fast.done) == [10, 20, 30]
    # the first waits for the other zone, and is overtaken
    assert seconds(pack.entered) == [25, 20, 30]
    assert seconds(pack.started) == [25, 20, 30]


def test_some_goods_take_longer_to_pick() -> None:
    heavy = {"price": 1, "zone": "bulk", "extra_pick_time": "7s"}
    trace = both(two_zones({"both": drop(2, items="AB")}, B=heavy))
    assert seconds(trace.visits[0].done) == [10, 20]
    assert seconds(trace.visits[1].done) == [32, 64]


def test_walking_is_by_expected_aisles() -> None:
    """Two lines in ten aisles enter 10·(1 − 0.9²) = 1.9 of them, ten seconds each."""
    pick = {"workers": 1, "work": {"per_task": "1s"}, "travel": {"aisles": 10, "per_aisle": "10s"}}
    trace = both(floor({"pick": pick}, {"both": drop(1, items="AB"), "one": drop(1)}))
    assert seconds(trace.done) == [20, 31]


def test_a_deterministic_drop_through_zones_and_a_tandem() -> None:
    """Six orders, two pickers of 10 s, then two zones of 15 s and 8 s, then one packer of 9 s.

    Picked at 10 10 20 20 30 30. The zone of A: 25 40 55 70 85 100, of B: 18 26 34 42 50 58; joined
    as A's. Packed 9 s after each.
    """
    check = {
        "fast": {"workers": 1, "work": {"per_task": "15s"}},
        "bulk": {"workers": 1, "work": {"per_task": "8s"}},
    }
    stages = {
        "pick": {"workers": 2, "work": {"per_task": "10s"}},
        "check": {"zones": check},
        "pack": {"workers": 1, "work": {"per_task": "9s"}},
    }
    trace = both(floor(stages, {"six": drop(6, items="AB")}, skus=ZONED))
    assert seconds(trace.visits[1].done) == [25, 40, 55, 70, 85, 100]
    assert seconds(trace.visits[2].done) == [18, 26, 34, 42, 50, 58]
    assert seconds(trace.done) == [34, 49, 64, 79, 94, 109]


def test_all_on_a_tour_start_and_end_together() -> None:
    """30 s for the cart, 10 s for the task, 5 s for each line: 50, 50 and 45 s."""
    tour = {"orders": 2, "setup": "30s"}
    pick = {"workers": 1, "work": {"per_task": "10s", "per_line": "5s"}, "tour": tour}
    pack = {"workers": 9, "work": {"per_task": "1s"}}
    trace = both(floor({"pick": pick, "pack": pack}, {"five": drop(5)}))
    assert seconds(trace.visits[0].started) == [0, 0, 50, 50, 100]
    assert seconds(trace.visits[0].done) == [50, 50, 100, 100, 145]
    assert trace.visits[0].task is not None
    assert trace.visits[0].task.tolist() == [0, 0, 2, 2, 4]
    assert seconds(trace.done) == [51, 51, 101, 101, 146]


def test_a_cart_holds_so_many_pieces_and_takes_one_large_order() -> None:
    """Two pieces, then three, then one and one: carts of three are filled one after another."""
    pick = {"workers": 1, "work": {"per_unit": "1s"}, "tour": {"units": 3}}
    demand = {
        "a": drop(1, items="AB"),
        "b": {**drop(1), "basket": {"weights": {"A": 1}, "quantity": {"4": 1}}},
        "c": drop(2),
    }
    trace = both(floor({"pick": pick}, demand))
    assert trace.visits[0].task is not None
    assert trace.visits[0].task.tolist() == [0, 1, 2, 2]
    assert seconds(trace.done) == [2, 6, 8, 8]


def test_who_is_released_first_is_picked_first_on_tours() -> None:
    """By size the single pieces go first and share a tour."""
    pick = {"workers": 1, "work": {"per_unit": "1s"}, "tour": {"orders": 2}}
    demand = {"a": drop(1, items="AB"), "b": drop(2)}
    data = floor({"pick": pick}, demand, house={"release": {"order": "size"}})
    trace = both(data)
    assert trace.visits[0].task is not None
    assert trace.visits[0].task.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("discipline", "started"),
    [
        ("fifo", [0, 10, 20, 30]),
        ("promise", [0, 30, 20, 10]),
        ("class", [0, 10, 30, 20]),
        ("size", [0, 30, 10, 20]),
    ],
)
def test_who_is_next(discipline: str, started: list[float]) -> None:
    """The first is begun before the others come: one of a low tier with two pieces, two more."""
    tier = {number: {"new": 1, "tiers": {number: 1}} for number in (1, 2, 3)}
    demand = {
        "first": drop(1),
        "member": drop(1, "2s", "AB", channel="shop", customers=tier[3]),
        "small": drop(1, "3s", channel="live", customers=tier[1]),
        "urgent": drop(1, "4s", channel="rush", customers=tier[2]),
    }
    promises = {
        "rush": {"where": {"channel": ["rush"]}, "within": "5m"},
        "live": {"where": {"channel": ["live"]}, "within": "1h"},
        "rest": {"within": "2h"},
    }
    pick = {"workers": 1, "work": {"per_task": "10s"}, "discipline": discipline}
    trace = both(floor({"pick": pick}, demand, promises=promises))
    assert seconds(trace.visits[0].started) == started


def test_a_task_with_priority_sees_the_crew_of_its_start() -> None:
    """Nobody from 5 s on, two people from 30 s on: the later, smaller orders go first then."""
    shifts = {
        "a": {"from": "0s", "to": "5s", "workers": 1},
        "b": {"from": "30s", "to": "20m", "workers": 2, "productivity": 0.5},
    }
    pick = {"workers": 0, "work": {"per_task": "10s"}, "discipline": "size"}
    demand = {"a": drop(2, items="AB"), "b": drop(2, "20s")}
    trace = both(floor({"pick": pick}, demand, house={"shifts": {"pick": shifts}}))
    assert seconds(trace.visits[0].started) == [0, 50, 30, 30]
    assert seconds(trace.visits[0].done) == [10, 70, 50, 50]


@pytest.mark.parametrize("discipline", ["fifo", "class", "size", "promise"])
def test_crew_changes_are_the_same_whoever_is_next(discipline: str) -> None:
    """A burst after quiet hours, a break in the middle of a task, a dip of one tick."""
    spans = {
        "burst": [("0s", "10s", 5), ("10s", "20s", 1), ("20s", "30s", 5), ("30s", "10m", 1)],
        "break": [("0s", "2s", 1), ("4s", "20m", 1)],
        "dip": [("0s", "3s", 2), ("3000001us", "20m", 2)],
    }
    wanted = {"burst": [35, 45, 55, 65], "break": [0, 10], "dip": [0, 0, 10, 10]}
    for name, crew in spans.items():
        shifts = {
            f"s{n}": {"from": begin, "to": end, "workers": workers}
            for n, (begin, end, workers) in enumerate(crew)
        }
        pick = {"workers": 0, "work": {"per_task": "10s"}, "discipline": discipline}
        demand = {"now": drop(len(wanted[name]), "35s" if name == "burst" else "0s")}
        trace = both(floor({"pick": pick}, demand, house={"shifts": {"pick": shifts}}))
        assert seconds(trace.visits[0].started) == wanted[name], name


def released(release: dict[str, Any], demand: dict[str, Any], **stage: Any) -> Trace:
    """One worker, ten seconds a parcel, sweeps every ten seconds."""
    pick = {"workers": 1, "work": {"per_task": "10s"}, **stage}
    data = floor({"pick": pick}, demand, house={"release": release} if release else {})
    return both({**data, "oms": {"cycle": "10s"}})


def test_waves_come_at_whole_multiples() -> None:
    trace = released({"mode": "wave", "every": "30s"}, {"a": drop(2), "b": drop(1, "5s")})
    assert seconds(trace.sent) == [0, 0, 10]
    assert seconds(trace.released) == [0, 0, 30]


def test_a_wave_comes_when_enough_wait() -> None:
    """Two at 10 s are too few; the third at 20 s brings the wave."""
    demand = {"a": drop(2, "1s"), "b": drop(1, "11s"), "c": drop(3, "21s")}
    trace = released({"mode": "wave", "orders": 3}, demand)
    assert seconds(trace.released) == [20, 20, 20, 30, 30, 30]


def test_the_last_ones_do_not_wait_for_a_wave_that_nobody_fills() -> None:
    """Nobody orders after 2 minutes: what waits goes then, what is paid later when it is sent."""
    release, demand = {"mode": "wave", "orders": 3}, {"a": drop(4, "1s"), "b": drop(1, "119s")}
    data = floor(
        {"pick": {"workers": 1, "work": {"per_task": "10s"}}},
        demand,
        house={"release": release},
        horizon="2m",
        payment={"delay": {"mean": "4s"}},
    )
    trace = both({**data, "oms": {"cycle": "10s"}})
    assert seconds(trace.sent) == [10, 10, 10, 10, 130]
    assert seconds(trace.released) == [10, 10, 10, 10, 130]
    data["demand"] = {"a": drop(2, "1s"), "b": drop(1, "119s")}
    trace = both({**data, "oms": {"cycle": "10s"}})
    assert seconds(trace.released) == [120, 120, 130]


def test_the_last_ones_go_as_far_as_there_is_room() -> None:
    """Two go at the horizon, when nobody fills a wave any more; a look each cycle lets in more."""
    release = {"mode": "wave", "orders": 9, "max_open_orders": 2}
    data = floor(
        {"pick": {"workers": 1, "work": {"per_task": "15s"}}},
        {"a": drop(4, "1s")},
        house={"release": release},
        horizon="125s",
    )
    trace = both({**data, "oms": {"cycle": "10s"}})
    assert seconds(trace.released) == [125, 125, 150, 160]


def test_so_many_are_inside_at_most() -> None:
    """Two inside, one done at 10 s and 20 s: what is done at a look has not been seen by it."""
    trace = released({"max_open_orders": 2}, {"a": drop(4)})
    assert seconds(trace.released) == [0, 0, 20, 30]
    assert seconds(trace.visits[0].started) == [0, 10, 20, 30]


def test_who_is_not_begun_takes_a_place_on_the_put_wall() -> None:
    """The first starts at 0, so at 10 s there is one place; the second starts then, and so on."""
    trace = released({}, {"a": drop(5)}, put_wall=2)
    assert seconds(trace.released) == [0, 0, 10, 20, 30]


def test_staging_counts_who_has_come() -> None:
    trace = released({}, {"a": drop(4)}, staging=1)
    assert seconds(trace.released) == [0, 10, 20, 30]


def test_who_does_not_fit_holds_up_the_rest() -> None:
    """The parcels for gift wrap fill the wall there; one without wrap waits behind them."""
    stages = {
        "pick": {"workers": 9, "work": {"per_task": "1s"}},
        "wrap": {"workers": 1, "only": "needs_work", "put_wall": 1},
    }
    demand = {"kits": drop(2, items="K"), "plain": drop(1)}
    data = floor(stages, demand)
    data["catalog"]["kits"] = {"K": {"needs": {"A": 1}, "work": "30s"}}
    trace = both({**data, "oms": {"cycle": "10s"}})
    assert seconds(trace.released) == [0, 10, 10]
    assert seconds(trace.visits[1].started) == [1, 31, INF]


def test_cancelled_before_release_it_is_out() -> None:
    """Everybody cancels four seconds after payment; the wave would come at 30 s."""
    data = floor(
        {"pick": {"workers": 1, "work": {"per_task": "10s"}}},
        {"a": drop(1, "20s"), "b": drop(1, "28s")},
        house={"release": {"mode": "wave", "every": "30s"}},
        cancellations={"share": 1, "delay": {"mean": "4s"}},
    )
    trace = both(data)
    assert [STATES[state] for state in trace.state] == ["cancelled", "shipped"]
    assert seconds(trace.released) == [INF, 30]
    assert trace.left.tolist() == [1, 0]


def test_cancelled_before_release_its_goods_are_on_sale_again() -> None:
    """One piece: sent at 20 s, cancelled at 21 s, and put back by the sweep of 30 s.

    At 29 s and at 30 s there is none. Who buys it a tick later cancels before he is swept; the last
    one has it, and takes the wave of 60 s.
    """
    demand = {f"at {at}": drop(1, at) for at in ("17s", "29s", "30s", "30000001us", "57s")}
    data = floor(
        {"pick": {"workers": 1, "work": {"per_task": "10s"}}},
        demand,
        house={"release": {"mode": "wave", "every": "60s"}, "stock": {"A": 1}},
        cancellations={"share": 1, "delay": {"mean": "4s"}},
    )
    trace = both({**data, "oms": {"cycle": "10s"}})
    states = [STATES[state] for state in trace.state]
    assert states == ["cancelled", "rejected", "rejected", "cancelled", "shipped"]
    assert seconds(trace.sent) == [20, 60]
    assert seconds(trace.released) == [INF, 60]
    assert measure(trace)["stock_left.A"].number == 0


def test_of_two_parcels_only_the_one_that_was_not_released_comes_back() -> None:
    """A leaves from here at once, B waits there for a wave when its order is cancelled at 11 s.

    The sweep of 20 s puts B back; A has been picked then and is lost.
    """
    work = {"workers": 1, "work": {"per_task": "10s"}}
    data = floor(
        {"pick": work, "pack": work},
        {"both": drop(1, "7s", items="AB"), "a": drop(1, "57s"), "b": drop(1, "57s", items="B")},
        house={"stock": {"A": 1}},
        cancellations={"share": 1, "delay": {"mean": "4s"}},
    )
    waves = {"mode": "wave", "every": "60s"}
    data["warehouses"]["there"] = {"stages": {"pick": work}, "stock": {"B": 1}, "release": waves}
    trace = both({**data, "oms": {"cycle": "10s", "split": True}})
    assert [STATES[state] for state in trace.state] == ["cancelled", "rejected", "shipped"]
    assert seconds(trace.released) == [10, INF, 60]
    assert trace.left.tolist() == [1, 1, 0]
    assert trace.parcel_warehouse.tolist() == [0, 1, 1]
    assert [measure(trace)[f"stock_left.{sku}"].number for sku in "AB"] == [0, 0]


def test_cancelled_before_release_its_goods_go_to_who_waits() -> None:
    """Two pieces on sale, a count finds one: the second order waits and gets the first one's."""
    skus = {"A": {"price": 1}, "G": {"price": 1}}
    rule = {"trigger": {"items": ["A"]}, "reward": {"gift": {"G": 1}}, "count": {"mode": "once"}}
    data = floor(
        {"pick": {"workers": 1, "work": {"per_task": "10s"}}},
        {"a": drop(1, "17s"), "b": drop(1, "28s")},
        skus=skus,
        gifts={"g": rule},
        house={"release": {"mode": "wave", "every": "40s"}, "stock": {"A": 2, "G": 1}},
        disruptions={
            "count": {"what": "stock_count", "at": "1s", "where": "hub", "stock": {"A": 1}},
        },
        payment={"reserve": "paid"},
        cancellations={"share": 1, "delay": {"mean": "14s"}},
    )
    data["oms"] = {"cycle": "10s", "when_short": "backorder"}
    trace = both(data)
    # sent at 20 s, cancelled at 31 s; at 40 s the piece and the gift are the second one's
    assert seconds(trace.sent) == [20, 40]
    assert seconds(trace.released) == [INF, 40]
    assert trace.gifts.granted.tolist() == [1, 1]
    assert [measure(trace)[name].number for name in ("stock_left.A", "gift_left.G")] == [0, 0]


def test_what_orders_are_for_each_zone_is_known_before_anything_runs() -> None:
    """On full tours of twelve the setup is shared: 24/12 + 12/12 + 5 s for each line."""
    data = two_zones({"both": drop(1, items="AB"), "one": drop(1)})
    model = compile_scenario(scenario_of(data))
    found = [(work / 1e6).tolist() for work in efforts(model, draw_orders(model, 0))]
    assert found == [[10, 10], [25, 0], [5, 5]]
    tour = {"orders": 12, "setup": "24s"}
    pick = {"workers": 1, "work": {"per_task": "12s", "per_line": "5s"}, "tour": tour}
    model = compile_scenario(scenario_of(floor({"pick": pick}, {"a": drop(1, items="AB")})))
    assert next(efforts(model, draw_orders(model, 0))).tolist() == [13e6]
