"""What must not change an answer, and what may change it one way only; both engines each time.

Where a relation holds only under conditions, they are part of the test, and beside it stands the
smallest known sale that breaks the relation without them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import simulate
from burstsim.engine.trace import Trace
from burstsim.engine.world import World
from burstsim.results.metrics import measure
from tests.engines import both
from tests.scenarios import scenario_of, scenarios, small

EXAMPLES = settings(max_examples=20, deadline=None)

#: Moments and spans of whole seconds, so that ties are common.
seconds = st.integers(1, 30).map(lambda n: f"{n}s")


def floor(*stages: tuple[int, dict[str, Any]], **sections: Any) -> dict[str, Any]:
    """A sale of one item whose orders pass some stages, first come, first served."""
    named = {f"s{n}": {"workers": c, "work": work} for n, (c, work) in enumerate(stages)}
    return small(oms={"cycle": "0s"}, warehouses={"hub": {"stages": named}}, **sections)


bursts = st.lists(
    st.builds(
        lambda at, orders: {"at": f"{at}s", "orders": orders},
        st.integers(0, 60),
        st.integers(1, 15),
    ),
    min_size=1,
    max_size=3,
).map(
    lambda some: {
        f"b{n}": {"shape": "instant", "basket": {"weights": {"A": 1}}, **burst}
        for n, burst in enumerate(some)
    }
)
works = st.one_of(
    st.builds(lambda span: {"per_task": span}, seconds),
    st.builds(lambda span, cv: {"per_task": span, "cv": cv}, seconds, st.sampled_from([0.4, 1.5])),
    st.builds(lambda span: {"per_task": span, "dist": "exponential"}, seconds),
)


# --- more workers


@given(bursts, works, st.integers(1, 6), st.integers(1, 5))
@EXAMPLES
def test_more_workers_make_no_order_later_at_one_stage(
    demand: dict[str, Any], work: dict[str, Any], crew: int, more: int
) -> None:
    """Per order, whatever the work: Kiefer and Wolfowitz 1955, on the ordered free times."""
    few = both(floor((crew, work), demand=demand))
    many = both(floor((crew + more, work), demand=demand))
    assert (many.visits[0].started <= few.visits[0].started).all()
    assert (many.shipped <= few.shipped).all()


@given(bursts, works, st.lists(st.tuples(st.integers(1, 4), seconds), min_size=1, max_size=2),
       st.integers(1, 4), st.integers(1, 4))  # fmt: skip
@EXAMPLES
def test_more_workers_before_stages_of_equal_work(
    demand: dict[str, Any],
    work: dict[str, Any],
    later: list[tuple[int, str]],
    crew: int,
    more: int,
) -> None:
    """The k-th parcel leaves no later, for every k: parcels may overtake each other.

    Where all work of a stage is equal, its k-th start depends on the ordered arrivals alone, and
    falls when they fall.
    """
    rest = [(workers, {"per_task": span}) for workers, span in later]
    few = both(floor((crew, work), *rest, demand=demand))
    many = both(floor((crew + more, work), *rest, demand=demand))
    assert (np.sort(many.shipped) <= np.sort(few.shipped)).all()


@given(bursts, works, works, st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
@EXAMPLES
def test_more_workers_at_the_last_stage(
    demand: dict[str, Any], first: dict[str, Any], work: dict[str, Any], a: int, b: int, more: int
) -> None:
    """Nothing before it changes, so that it is a floor of one stage."""
    few = both(floor((a, first), (b, work), demand=demand))
    many = both(floor((a, first), (b + more, work), demand=demand))
    assert np.array_equal(many.visits[0].done, few.visits[0].done)
    assert (many.shipped <= few.shipped).all()


ONE = {"shape": "instant", "orders": 1}


def test_more_workers_may_make_an_order_later_in_front_of_unequal_work() -> None:
    """Overtaken at the first stage, it waits for a parcel that is long at the second."""

    def shipped(pickers: int) -> list[int]:
        demand = {
            "slow": {**ONE, "at": "0s", "basket": {"weights": {"KIT": 1}}},
            "big": {**ONE, "at": "1s", "basket": {"weights": {"A": 1}, "quantity": {"9": 1}}},
        }
        stages = {
            "pick": {"workers": pickers, "work": {"per_line": "10s"}},
            "pack": {"workers": 1, "work": {"per_unit": "20s"}},
        }
        kit = {"KIT": {"needs": {"A": 1, "B": 1}}}
        skus = {"A": {"price": 1}, "B": {"price": 1}}
        trace = both(
            small(
                catalog={"skus": skus, "kits": kit},
                demand=demand,
                oms={"cycle": "0s"},
                warehouses={"hub": {"stages": stages}},
            )
        )
        return [int(tick) // 1_000_000 for tick in trace.shipped]

    # alone: two lines until 0:20, packed until 1:00; with two pickers the nine pieces, picked
    # from 0:01 to 0:11, are packed first, until 3:11
    assert shipped(1) == [60, 240]
    assert shipped(2) == [231, 191]


# --- more stock


def stocked(stock: dict[str, int], demand: dict[str, Any], **sections: Any) -> Trace:
    stages = {"pick": {"workers": 3, "work": {"per_task": "1s"}}}
    houses = {"hub": {"stock": stock, "stages": stages}}
    skus = {name: {"price": 1} for name in stock}
    return both(small(catalog={"skus": skus}, demand=demand, warehouses=houses, **sections))


single = st.dictionaries(st.sampled_from(["1", "2", "3", "7"]), st.integers(1, 3), min_size=1)


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 50), st.integers(1, 9), single),
             min_size=1, max_size=4),
    st.tuples(st.integers(0, 60), st.integers(0, 60)),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    st.sampled_from(["backorder", "cancel", "ship_partial"]),
    st.sampled_from(["oversell", "reserve"]),
)  # fmt: skip
@EXAMPLES
def test_more_stock_fills_no_less(
    some: list[tuple[str, int, int, dict[str, int]]],
    stock: tuple[int, int],
    more: tuple[int, int],
    short: str,
    mode: str,
) -> None:
    """Pieces and share, where every order is of one item: its shelf is a matter of its own.

    Two sales with n and n + 1 pieces do the same until an order takes the last of the n + 1 that
    is too large for what is left of the n: from then on the one with more has given all it has.
    """
    demand = {
        f"d{number}": {
            "shape": "instant", "at": f"{at}s", "orders": orders,
            "basket": {"weights": {item: 1}, "quantity": quantity},
        }
        for number, (item, at, orders, quantity) in enumerate(some)
    }  # fmt: skip
    sections: dict[str, Any] = {"oms": {"cycle": "5s", "when_short": short}}
    if mode == "oversell":
        sections["payment"] = {"reserve": "paid"}
    low = dict(zip("AB", stock, strict=True))
    high = {item: low[item] + extra for item, extra in zip("AB", more, strict=True)}
    less, enough = (stocked(there, demand, **sections) for there in (low, high))
    assert less.pieces.sum() <= enough.pieces.sum()
    rates = [measure(trace)["fill_rate"].number for trace in (less, enough)]
    assert rates[0] <= rates[1] or np.isnan(rates).any() or mode == "reserve"


def test_more_stock_may_fill_less_where_an_order_needs_two_things() -> None:
    """An A more lets an order in that takes the B of two others."""
    demand = {
        "both": {**ONE, "at": "0s", "basket": {"weights": {"SET": 1}}},
        "rest": {
            "shape": "instant", "at": "1s", "orders": 2,
            "basket": {"weights": {"B": 1}, "quantity": {"3": 1}},
        },
    }  # fmt: skip

    def sent(pieces: int) -> int:
        kits = {"SET": {"needs": {"A": 1, "B": 4}}}
        stages = {"pick": {"workers": 3, "work": {"per_task": "1s"}}}
        house = {"stock": {"A": pieces, "B": 6}, "stages": stages}
        skus = {"A": {"price": 1}, "B": {"price": 1}}
        catalog = {"skus": skus, "kits": kits}
        trace = both(small(catalog=catalog, demand=demand, warehouses={"hub": house}))
        return int(trace.pieces.sum())

    assert (sent(0), sent(1)) == (6, 5)


def test_more_stock_may_fill_less_where_an_order_waits_for_its_gift() -> None:
    """An A more lets a second order in, whose gift nobody has: by then nothing is left of it."""

    def shipped(pieces: int) -> int:
        rule = {
            "reward": {"gift": {"B": 1}},
            "trigger": {"items": ["A"]},
            "fulfil": {"when_out_of_stock": "cancel"},
        }
        demand = {
            "gifted": {**ONE, "at": "0s", "basket": {"weights": {"A": 1}}},
            "other": {
                "shape": "instant", "at": "10m", "orders": 1,
                "basket": {"weights": {"B": 1}, "quantity": {"6": 1}},
            },
        }  # fmt: skip
        stock = {"A": pieces, "B": 6}
        trace = stocked(stock, demand, gifts={"r": rule})
        goods = trace.pieces.sum() - trace.gifts.granted.sum()
        return int(goods)

    # without an A six B are sold; with one its gift takes one of them, and five are too few
    assert (shipped(0), shipped(1)) == (6, 1)


# --- names and places


def renamed(data: Any, names: dict[str, str]) -> Any:
    """The same data with SKUs and kits called otherwise, wherever they stand."""
    if isinstance(data, dict):
        return {names.get(key, key): renamed(value, names) for key, value in data.items()}
    if isinstance(data, list):
        return [renamed(value, names) for value in data]
    return names.get(data, data) if isinstance(data, str) else data


@given(scenarios(), st.permutations(["Z", "Y", "0", "aa", "口红", "=1", "M", "LL", "k"]))
@EXAMPLES
def test_items_may_be_called_anything(data: dict[str, Any], other: list[str]) -> None:
    """Names of items are in no draw, and decide nothing: only their order in the file does."""
    items = ["A", "B", "C", "D", "TOTE", "POUCH", "READY", "BOX", "PICK"]
    names = dict(zip(items, other, strict=True))
    data["policies"] = {}  # they name items inside of expressions
    plain, called = (
        simulate(compile_scenario(scenario_of(some)), 0) for some in (data, renamed(data, names))
    )
    assert called.digest() == plain.digest()
    assert called.orders.items.names[0] == names[plain.orders.items.names[0]]


@given(st.permutations(["north", "east", "south", "west"]), st.integers(0, 5))
@EXAMPLES
def test_warehouses_that_have_nothing_to_do_with_each_other(order: list[str], number: int) -> None:
    """In whatever order they stand: the same orders at the same moments, house by house."""
    regions = ["north", "east", "south", "west"]
    crews = dict(zip(regions, (1, 2, 3, 2), strict=True))

    def at(houses: list[str]) -> dict[str, Any]:
        warehouses = {
            name: {
                "stock": {"A": 20 * crews[name], "B": 15},
                "stages": {
                    "pick": {"workers": crews[name], "work": {"per_task": "9s", "cv": 0.7}},
                    "pack": {"workers": 2, "work": {"per_unit": "4s", "dist": "exponential"}},
                },
                "breakdowns": {"pack": {"mtbf": "2m", "mttr": "20s"}},
                "carriers": {"sf": {"share": 1, "pickups": ["20:05", "20:20", "21:00"]}},
            }
            for name in houses
        }
        stream = {
            "shape": "steady", "rate": "30/m", "regions": dict.fromkeys(regions, 1),
            "basket": {"weights": {"A": 2, "B": 1}, "lines": {"1": 1, "2": 1}},
        }  # fmt: skip
        return small(
            horizon="5m",
            catalog={"skus": {"A": {"price": 1}, "B": {"price": 2}}},
            demand={"s": stream},
            oms={"cycle": "10s", "routing": {region: [region] for region in regions}},
            warehouses=warehouses,
        )

    one, other = (both(at(houses), replication=number) for houses in (regions, order))
    assert np.array_equal(one.orders.placed, other.orders.placed)
    assert np.array_equal(one.state, other.state)
    assert np.array_equal(one.order_shipped(), other.order_shipped())
    found, again = measure(one), measure(other)
    assert found.keys() == again.keys()
    for name, value in found.items():
        # sums of shares of warehouses may be added up in another order
        assert again[name].number == pytest.approx(value.number, rel=1e-12, nan_ok=True), name


# --- batches


def looking(moments: list[int]) -> Any:
    """A process that wakes up and looks, and does nothing."""

    def look(world: World) -> Any:
        for moment in moments:
            yield world.until(f"{moment}s")
            world.read("backlog.hub")

    return look


@given(scenarios(), st.lists(st.integers(0, 90), min_size=1, max_size=12))
@EXAMPLES
def test_who_only_looks_changes_nothing(data: dict[str, Any], moments: list[int]) -> None:
    """Every look cuts the batches of the vector engine where it happens."""
    plain = both(data)
    looked = both(data, [looking(sorted(moments))])
    assert looked.digest() == plain.digest()
