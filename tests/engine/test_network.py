"""Worked by hand: which warehouse an order comes from, when, and what it goes without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from burstsim.units import HOUR, SECOND
from tests.networksales import FLOOR, Sale, sell


def two(first: dict[str, int], second: dict[str, int]) -> dict[str, dict[str, Any]]:
    """Two warehouses with these stocks."""
    return {"a": {"stock": first}, "b": {"stock": second}}


def test_the_first_that_has_everything(tmp_path: Path) -> None:
    houses = two({"X": 1, "Y": 0}, {"X": 5, "Y": 5})
    sale = sell(tmp_path, houses, [{"X": 1, "Y": 1}, {"X": 1}, {"X": 1}])
    assert sale.sources == [["b"], ["a"], ["b"]]


def test_a_region_has_a_route_of_its_own(tmp_path: Path) -> None:
    houses = two({"X": 9}, {"X": 9})
    routing = {"east": ["b", "a"], "south": ["a"]}
    orders = [("east", {"X": 1}), ("south", {"X": 1}), ("north", {"X": 1})]
    sale = sell(tmp_path, houses, orders, oms={"routing": routing})
    assert sale.sources == [["b"], ["a"], ["a"]]


def test_a_split_asks_who_covers_most_lines(tmp_path: Path) -> None:
    """Warehouse c has two of the lines, so it is asked before a, which is preferred."""
    houses = {**two({"X": 9}, {"Y": 9}), "c": {"stock": {"Y": 9, "Z": 9}}}
    sale = sell(tmp_path, houses, [{"X": 1, "Y": 2, "Z": 3}, {"X": 1, "Y": 2}])
    assert sale.parcels == [{"a": 1, "c": 5}, {"a": 1, "b": 2}]


def test_equal_ones_by_preference(tmp_path: Path) -> None:
    """Both have one more line that the other has too: the first of the route gets it."""
    houses = two({"X": 9, "Y": 9}, {"Y": 9, "Z": 9})
    orders = [("east", {"X": 1, "Y": 1, "Z": 1}), ("south", {"X": 1, "Y": 1, "Z": 1})]
    sale = sell(tmp_path, houses, orders, oms={"routing": {"south": ["b", "a"]}})
    assert sale.parcels == [{"a": 2, "b": 1}, {"a": 1, "b": 2}]


def test_lines_are_covered_in_their_order(tmp_path: Path) -> None:
    """The kit takes the only X of a, so the line of X comes from b; the kit stays whole."""
    kits = {"K": {"needs": {"X": 1, "Y": 1}}}
    skus: dict[str, Any] = {"X": {}, "Y": {}}
    houses = two({"X": 1, "Y": 1}, {"X": 1})
    sale = sell(tmp_path, houses, [{"K": 1, "X": 1}], kits=kits, skus=skus)
    assert sale.parcels == [{"a": 2, "b": 1}]


def test_shared_leaves_count_once(tmp_path: Path) -> None:
    """One X cannot be in the kit and beside it, although each line alone would find it."""
    kits = {"K": {"needs": {"X": 1, "Y": 1}}}
    skus: dict[str, Any] = {"X": {}, "Y": {}}
    houses = two({"X": 1, "Y": 1}, {"X": 2, "Y": 1})
    sale = sell(tmp_path, houses, [{"K": 1, "X": 1}], kits=kits, skus=skus)
    assert sale.parcels == [{"b": 3}]


def test_a_kit_is_never_put_together_from_two_places(tmp_path: Path) -> None:
    kits = {"K": {"needs": {"X": 1, "Y": 1}}}
    skus: dict[str, Any] = {"X": {}, "Y": {}}
    sale = sell(tmp_path, two({"X": 1}, {"Y": 1}), [{"K": 1}], kits=kits, skus=skus)
    assert sale.states == ["backordered"]


def test_all_or_nothing(tmp_path: Path) -> None:
    """Four of one line are nowhere together: the order waits; one that asks for less does not."""
    houses = two({"X": 3, "Y": 1}, {"X": 3})
    sale = sell(tmp_path, houses, [{"X": 4, "Y": 1}, {"X": 2}])
    assert sale.states == ["backordered", "shipped"]
    assert sale.sources == [[], ["a"]]


def test_cancelled_where_it_is_short(tmp_path: Path) -> None:
    """What it had reserved is on sale again: the next finds three, and the last what is left."""
    houses = two({"X": 3, "Y": 1}, {"X": 3})
    orders = [{"X": 4, "Y": 1}, {"X": 3}, {"X": 2}]
    sale = sell(tmp_path, houses, orders, oms={"when_short": "cancel"})
    assert sale.states == ["cancelled", "shipped", "shipped"]


def test_never_split(tmp_path: Path) -> None:
    houses = two({"X": 9}, {"X": 1, "Y": 2})
    orders = [{"X": 2, "Y": 1}, {"X": 1, "Y": 1}]
    sale = sell(tmp_path, houses, orders, oms={"split": False})
    assert sale.states == ["backordered", "shipped"]
    assert sale.sources == [[], ["b"]]
    assert sell(tmp_path, houses, orders).sources == [["a", "b"], ["b"]]


def test_part_of_it_is_better_than_nothing(tmp_path: Path) -> None:
    """Four X are nowhere together; the Y goes and they are lost. What is all lost is cancelled."""
    houses = two({"X": 3, "Y": 1}, {"X": 3})
    oms = {"when_short": "ship_partial"}
    sale = sell(tmp_path, houses, [{"X": 4, "Y": 1}, {"X": 6}, {"X": 3}], oms=oms)
    assert sale.states == ["shipped", "rejected", "rejected"]
    assert sale.parcels[0] == {"a": 1}
    sale = sell(tmp_path, two({"X": 3}, {"X": 3}), [{"X": 4}, {"X": 2}], oms=oms)
    assert sale.states == ["cancelled", "shipped"]


def test_without_a_split_the_best_warehouse_ships_its_part(tmp_path: Path) -> None:
    houses = {**two({"X": 9}, {"Y": 9, "Z": 9})}
    oms = {"when_short": "ship_partial", "split": False}
    sale = sell(tmp_path, houses, [{"X": 1, "Y": 1, "Z": 1}], oms=oms)
    assert sale.parcels == [{"b": 2}]


def waiting(tmp_path: Path, **sections: Any) -> Sale:
    """Three orders that only b could ship, before its truck comes: east is served from b."""
    houses = two({"X": 9}, {})
    houses["b"]["inbound"] = {"van": {"at": "1m", "stock": {"X": 3}}}
    orders = [("east", {"X": 2}), ("east", {"X": 2}), ("east", {"X": 1}), ("south", {"X": 1})]
    routing = {"east": ["b"], "south": ["a"]}
    return sell(tmp_path, houses, orders, oms={"routing": routing}, **sections)


def test_who_waits_is_served_in_turn(tmp_path: Path) -> None:
    """Of three pieces the first takes two, the second does not fit, the third does."""
    sale = waiting(tmp_path)
    assert sale.states == ["shipped", "backordered", "shipped", "shipped"]
    assert sale.shipped == [[61 * SECOND], [], [61 * SECOND], [4 * SECOND]]


def test_who_is_due_first_is_served_first(tmp_path: Path) -> None:
    """The truck brings enough for one of two that wait; the later one is due earlier."""
    house = {"stock": {"X": 0}, "inbound": {"van": {"at": "1m", "stock": {"X": 2}}}}
    orders = [("east", {"X": 2}), ("east", {"X": 2})]
    promises = {
        "fast": {"where": {"channel": ["live"]}, "within": "1h"},
        "slow": {"within": "3h"},
    }
    houses = {"a": house, "b": {"stock": {"X": 9}}}
    oms = {"routing": {"east": ["a"], "south": ["b"]}}
    for channels, first in ((["shop", "live"], 1), (["live", "shop"], 0), (["live", "live"], 0)):
        sale = sell(tmp_path, houses, orders, oms=oms, promises=promises, channels=channels)
        assert sale.states[first] == "shipped"
        assert sale.states[1 - first] == "backordered"


def test_a_truck_may_be_late(tmp_path: Path) -> None:
    late = {"what": "inbound_delay", "at": "30s", "for": "1m", "where": "b.van", "by": "10m"}
    again = {"what": "inbound_delay", "at": "0s", "where": "b", "by": "5s"}
    missed = {"what": "inbound_delay", "at": "61s", "where": "b", "by": "1h"}
    delays = {"late": late, "again": again, "missed": missed}
    sale = waiting(tmp_path, disruptions=delays)
    assert sale.shipped[0] == [666 * SECOND]


def test_a_count_takes_off_sale_what_is_missing(tmp_path: Path) -> None:
    """The shelf should have four when three are found: one is missing, and none if nine are."""
    count = {"what": "stock_count", "at": "500ms", "where": "a", "stock": {"X": 3}}
    orders = [{"X": 2}, {"X": 2}, {"X": 2}, {"X": 1}]
    sale = sell(tmp_path, {"a": {"stock": {"X": 6}}}, orders, disruptions={"count": count})
    assert sale.states == ["shipped", "shipped", "rejected", "shipped"]
    count["stock"] = {"X": 9}
    sale = sell(tmp_path, {"a": {"stock": {"X": 6}}}, orders, disruptions={"count": count})
    assert sale.states == ["shipped", "shipped", "shipped", "rejected"]


def test_a_count_leaves_the_other_warehouse_alone(tmp_path: Path) -> None:
    count = {"what": "stock_count", "at": "500ms", "where": "a", "stock": {"X": 0}}
    houses = two({"X": 2}, {"X": 2})
    sale = sell(tmp_path, houses, [{"X": 1}] * 4, disruptions={"count": count})
    assert sale.sources == [["a"], ["b"], ["b"], []]
    assert sale.states[3] == "rejected"


PARTNER: dict[str, Any] = {"external": {"lead_time": {"mean": "1h"}, "fee": 2}}


@pytest.mark.parametrize(
    ("costs", "source"),
    [
        ({}, "a"),
        ({"lanes": {"a": {"east": 1.99}}}, "a"),
        ({"lanes": {"a": {"east": 2.00}}}, "a"),
        ({"lanes": {"a": {"east": 2.01}}}, "b"),
        ({"parcel": 3, "lanes": {"b": {"east": 0.99}}}, "b"),
        ({"parcel": 3, "lanes": {"b": {"south": 0}}}, "a"),
    ],
)
def test_the_cheapest_counts_the_fee(tmp_path: Path, costs: Any, source: str) -> None:
    oms = {"route_by": "cheapest"}
    orders = [("east", {"X": 1}), ("south", {"X": 1})]
    sale = sell(tmp_path, {"a": {}, "b": PARTNER}, orders, oms=oms, costs=costs)
    assert sale.sources[0] == [source]


def test_the_least_backlog_takes_turns(tmp_path: Path) -> None:
    """One worker each, ten seconds a parcel: parcels go where fewer are; equal ones to a."""
    slow = {"stages": {"pack": {"workers": 1, "work": {"per_task": "10s"}}}}
    oms = {"route_by": "least_backlog"}
    sale = sell(tmp_path, {"a": slow, "b": slow}, [{"X": 1}] * 5, oms=oms)
    assert sale.sources == [["a"], ["b"], ["a"], ["b"], ["a"]]


def test_the_backlog_is_read_once_a_sweep(tmp_path: Path) -> None:
    """All of one sweep see the same floors; a parcel that ships at the sweep is still there."""
    slow = {"stages": {"pack": {"workers": 1, "work": {"per_task": "10s"}}}}
    oms = {"route_by": "least_backlog", "cycle": "10s"}
    times = [0, 0, 5, 15, 35]
    sale = sell(tmp_path, {"a": slow, "b": slow}, [{"X": 1}] * 5, oms=oms, times=times)
    # 0 s: both to a, done at 10 and 20 s; 10 s: two there, so b; 20 s: b has one that is done
    # at that very tick, and so has a: the tie goes to a
    assert sale.sources == [["a"], ["a"], ["b"], ["a"], ["a"]]


def test_a_partner_begins_everything_at_once(tmp_path: Path) -> None:
    sale = sell(tmp_path, {"p": PARTNER}, [{"X": 1}] * 3)
    assert sale.shipped == [[HOUR], [HOUR + SECOND], [HOUR + 2 * SECOND]]


def test_a_partner_begins_as_many_as_he_can(tmp_path: Path) -> None:
    """Seven a minute: 8,571,429 microseconds apart; idle time is not saved up."""
    house = {"external": {"lead_time": {"mean": "1h"}, "capacity": "7/m"}}
    sale = sell(tmp_path, {"p": house}, [{"X": 1}] * 4, times=[0, 0, 1, 60])
    gap = 8_571_429
    assert sale.shipped == [[HOUR], [HOUR + gap], [HOUR + 2 * gap], [HOUR + 60 * SECOND]]


def test_a_cart_of_two_merchants_is_two_orders(tmp_path: Path) -> None:
    """Each goes its own way: one is short where the other ships."""
    skus = {"X": {"owner": "glow"}, "Y": {"owner": "dew"}, "Z": {"owner": "glow"}}
    houses: dict[str, Any] = {
        "a": {"owners": ["glow"], "stock": {"X": 9, "Z": 9, "Y": 9}},
        "b": {"owners": ["dew"], "stock": {"Y": 1}},
    }
    orders = [{"X": 1, "Y": 1, "Z": 1}, {"Y": 1}, {"Y": 1, "X": 1}]
    sale = sell(tmp_path, houses, orders, skus=skus)
    assert sale.parcels == [{"a": 2}, {"b": 1}, {}, {}, {"a": 1}]
    assert sale.states == ["shipped", "shipped", "backordered", "backordered", "shipped"]


def test_a_truck_brings_it_on_sale(tmp_path: Path) -> None:
    """What comes at a second's sweep can be bought from the next tick on."""
    house = {"stock": {"X": 1}, "inbound": {"van": {"at": "2s", "stock": {"X": 1}}}}
    orders = [{"X": 1}, {"X": 1}, {"X": 1}, {"X": 1}, {"X": 1}]
    sale = sell(tmp_path, {"a": house}, orders)
    assert sale.states == ["shipped", "rejected", "rejected", "shipped", "rejected"]


def given(tmp_path: Path, ship: str, pieces: int = 1, **sections: Any) -> Sale:
    """The goods come from b, which has two bags; a has nine."""
    rule = {"reward": {"gift": {"BAG": pieces}}, "fulfil": {"ship": ship}}
    houses = two({"BAG": 9}, {"X": 9, "BAG": 2})
    skus: dict[str, Any] = {"X": {}, "BAG": {}}
    return sell(tmp_path, houses, [{"X": 2}, {"X": 2}], skus=skus, gifts={"g": rule}, **sections)


def test_gifts_with_the_goods_come_from_where_the_goods_come_from(tmp_path: Path) -> None:
    """Three bags would be somewhere; at b there are two, and then none."""
    assert given(tmp_path, "with_main", 3).parcels == [{"b": 4}, {"b": 2}]


@pytest.mark.parametrize("ship", ["split", "after_main"])
def test_gifts_that_travel_alone_come_from_any(tmp_path: Path, ship: str) -> None:
    """The main one is asked first, then who has all of it."""
    assert given(tmp_path, ship, 2).parcels == [{"b": 4}, {"b": 2, "a": 2}]
    assert given(tmp_path, ship, 3).parcels == [{"b": 2, "a": 3}, {"b": 2, "a": 3}]
    # nobody has ten: what the main one has of it
    assert given(tmp_path, ship, 10).parcels == [{"b": 4}, {"b": 2}]


def test_the_main_warehouse_is_the_first_that_was_chosen(tmp_path: Path) -> None:
    """b covers two lines of three, so it gives the gift although a is preferred."""
    rule = {"reward": {"gift": {"BAG": 1}}}
    houses = two({"X": 9, "BAG": 9}, {"Y": 9, "Z": 9, "BAG": 9})
    skus: dict[str, Any] = {"X": {}, "Y": {}, "Z": {}, "BAG": {}}
    sale = sell(tmp_path, houses, [{"X": 1, "Y": 1, "Z": 1}], skus=skus, gifts={"g": rule})
    assert sale.parcels == [{"a": 1, "b": 3}]


def test_trucks_before_the_beginning_and_at_the_end(tmp_path: Path) -> None:
    """A truck of long ago is there from the beginning; one at the end never comes."""
    stock: dict[str, Any] = {"X": 0}
    early = {"stock": stock, "inbound": {"van": {"at": "-1h", "stock": {"X": 1}}}}
    assert sell(tmp_path, {"a": early}, [{"X": 1}], times=[5]).states == ["shipped"]
    never = {"stock": stock, "inbound": {"van": {"at": "6h", "stock": {"X": 1}}}}
    assert sell(tmp_path, {"a": never}, [{"X": 1}], times=[5]).states == ["rejected"]


BUSY = [
    ("east" if number % 3 else "south", {"X": 1 + number % 2, **({"Y": 1} if number % 4 else {})})
    for number in range(40)
]
SHELVES = {"a": {"X": 20, "Y": 9}, "b": {"X": 25, "Y": 12}, "c": {"X": 9, "Y": 15}}
ROUTING = {"east": ["a", "c", "b"], "south": ["b", "c"]}


def busy(tmp_path: Path, shelves: dict[str, dict[str, int]], **changes: Any) -> Sale:
    """Forty orders for too little, one after another."""
    houses = {name: {"stock": shelf, **FLOOR} for name, shelf in shelves.items()}
    orders = changes.pop("orders", BUSY)
    return sell(tmp_path, houses, orders, oms={"routing": ROUTING}, **changes)


def test_the_order_of_warehouses_in_the_file_means_nothing_to_routes(tmp_path: Path) -> None:
    turned = {name: SHELVES[name] for name in ("c", "a", "b")}
    before, after = busy(tmp_path, SHELVES), busy(tmp_path, turned)
    assert any(len(sources) > 1 for sources in before.sources)
    assert before.parcels == after.parcels
    assert before.shipped == after.shipped
    assert before.states == after.states


def test_names_of_skus_mean_nothing(tmp_path: Path) -> None:
    other = {"X": "Q", "Y": "B"}
    shelves = {
        name: {other[sku]: pieces for sku, pieces in shelf.items()}
        for name, shelf in SHELVES.items()
    }
    orders = [(region, {other[sku]: n for sku, n in lines.items()}) for region, lines in BUSY]
    before, after = busy(tmp_path, SHELVES), busy(tmp_path, shelves, orders=orders)
    assert before.parcels == after.parcels
    assert before.states == after.states


def test_a_warehouse_on_no_route_changes_no_parcel(tmp_path: Path) -> None:
    before = busy(tmp_path, SHELVES)
    after = busy(tmp_path, {**SHELVES, "far": {"X": 0, "Y": 0}})
    assert before.parcels == after.parcels


@pytest.mark.parametrize("when_short", ["backorder", "cancel", "ship_partial"])
def test_more_stock_ships_no_fewer_orders(tmp_path: Path, when_short: str) -> None:
    """One SKU, one piece an order: every piece more is an order more, until all are served."""
    orders = [("east" if number % 3 else "south", {"X": 1}) for number in range(20)]
    oms = {"routing": {"east": ["a", "b"], "south": ["b"]}, "when_short": when_short}
    shipped = [
        sell(tmp_path, two({"X": more}, {"X": 5}), orders, oms=oms).states.count("shipped")
        for more in range(0, 21, 4)
    ]
    assert shipped == sorted(shipped)
    assert shipped[0] == 5
