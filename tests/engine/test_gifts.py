"""Each part of a gift rule by hand, in both engines: who, for what, how often, how many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.giftsales import Order, play

X = {"lines": {"X": 1}}


def one(folder: Path, rule: dict[str, Any], orders: Sequence[Order], **how: Any) -> list[int]:
    """How many G (or free units) one rule gives to each order."""
    rule = {"reward": {"gift": "G"}, **rule}
    found = play(folder, {"R": rule}, orders, **how)
    return [given.get("G", 0) + given.get("free", 0) for given in found.given]


# where


@pytest.mark.parametrize(
    ("where", "orders", "expected"),
    [
        ({"channel": ["live"]}, [{"channel": "live"}, {"channel": "shop"}], [1, 0]),
        ({"room": "88"}, [{"room": "88"}, {"room": "99"}, {}], [1, 0, 0]),
        (
            {"region": ["east", "west"]},
            [{"region": r} for r in ("east", "south", "west")],
            [1, 0, 1],
        ),
        ({"tier": [0, 2]}, [{"tier": 2}, {"tier": 1}, {}], [1, 0, 1]),
        ({"new": True}, [{"new": "yes"}, {"new": "no"}], [1, 0]),
        ({"new": False}, [{"new": "yes"}, {"new": "no"}], [0, 1]),
        ({"coupon": True}, [{"coupon": "C5"}, {"coupon": "no"}], [1, 0]),
        # windows are [from, to)
        ({"time": ["00:00:05", "00:00:10"]}, [{"t": n} for n in (4, 5, 9, 10)], [0, 1, 1, 0]),
        ({"time": [["0s", "1s"], ["3s", "4s"]]}, [{"t": n} for n in range(5)], [1, 0, 0, 1, 0]),
        (
            {"channel": "live", "tier": 1},
            [{"channel": "live", "tier": 1}, {"channel": "live"}, {"channel": "shop", "tier": 1}],
            [1, 0, 0],
        ),
    ],
)
def test_where(
    where: dict[str, Any], orders: list[Order], expected: list[int], tmp_path: Path
) -> None:
    assert one(tmp_path, {"where": where}, [{**X, **order} for order in orders]) == expected


# trigger


def test_half_a_set_is_none(tmp_path: Path) -> None:
    """Without a limit anything above nothing counts, and half a set is nothing."""
    rule = {"trigger": {"items": {"A": 1, "B": 2}}}
    orders: list[Order] = [{"lines": {"A": 1}}, {"lines": {"A": 1, "B": 2}}, {"lines": {"B": 5}}]
    assert one(tmp_path, rule, orders) == [0, 1, 0]


GOODS = {
    "A": {"price": 2, "category": "soap", "brand": "glow"},
    "B": {"price": 3, "category": "soap"},
    "C": {"price": 5, "brand": "glow"},
}
KITS = {"SET": {"price": 12, "category": "box", "needs": {"A": 2, "C": 1}}}


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"items": ["A"]}, [1, 0, 0, 0]),
        ({"items": ["A"], "level": "leaf"}, [1, 0, 0, 1]),
        ({"categories": ["soap"]}, [1, 1, 0, 0]),
        ({"brands": "glow"}, [1, 0, 1, 0]),
        ({"brands": "glow", "level": "leaf"}, [1, 0, 1, 1]),
        ({"categories": ["soap"], "brands": ["glow"]}, [1, 0, 0, 0]),
        ({"categories": ["soap"], "not": ["A"]}, [0, 1, 0, 0]),
        ({"not": {"brands": ["glow"]}}, [0, 1, 0, 1]),
        ({}, [1, 1, 1, 1]),
    ],
)
def test_which_items(trigger: dict[str, Any], expected: list[int], tmp_path: Path) -> None:
    orders = [{"lines": {item: 1}} for item in ("A", "B", "C", "SET")]
    rule = {"trigger": trigger}
    assert one(tmp_path, rule, orders, skus=GOODS, kits=KITS) == expected


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"measure": "units", "min": 4}, 1),  # 3 A and a set
        ({"measure": "units", "min": 5}, 0),
        ({"measure": "units", "level": "leaf", "min": 6}, 1),  # 3 A, and 2 A and a C in the set
        ({"measure": "units", "level": "leaf", "min": 7}, 0),
        ({"measure": "units", "items": ["A"], "level": "leaf", "min": 5, "max": 5}, 1),
        ({"measure": "amount", "min": 18}, 1),  # 3 · 2 and 12
        ({"measure": "amount", "min": 18.01}, 0),
        ({"measure": "amount", "max": 17.99}, 0),
        # of the set's 12 the two A have 4 parts of 9, the C 5
        ({"measure": "amount", "items": ["C"], "level": "leaf", "min": 6.66, "max": 6.67}, 1),
        ({"measure": "distinct", "min": 2}, 1),
        ({"measure": "distinct", "level": "leaf", "max": 2}, 1),
        ({"measure": "distinct", "min": 3}, 0),
        ({"items": {"A": 1, "SET": 1}}, 1),
        ({"items": {"A": 2, "SET": 1}, "min": 2}, 0),
        ({"measure": "orders", "min": 2}, 0),
    ],
)
def test_measures(trigger: dict[str, Any], expected: int, tmp_path: Path) -> None:
    orders = [{"lines": {"A": 3, "SET": 1}}]
    assert one(tmp_path, {"trigger": trigger}, orders, skus=GOODS, kits=KITS) == [expected]


@pytest.mark.parametrize(
    ("base", "amount"), [("list", 100), ("net", 90), ("net_tax", 99)], ids=["list", "net", "tax"]
)
def test_bases(base: str, amount: int, tmp_path: Path) -> None:
    """100 listed, 10 off, 9 of tax; 7 of shipping are never looked at."""
    order = {"lines": {"X": [2, 50]}, "discount": 10, "tax": 9, "shipping": 7}
    trigger = {"measure": "amount", "base": base}
    for least, gets in ((amount, 1), (amount + 0.01, 0)):
        assert one(tmp_path, {"trigger": {**trigger, "min": least}}, [order]) == [gets]


@pytest.mark.parametrize(
    ("scope", "expected"), [("order", [0, 0, 0]), ("merged", [1, 0, 0]), ("customer", [1, 0, 1])]
)
def test_scopes(scope: str, expected: list[int], tmp_path: Path) -> None:
    """Ann's first two orders leave together, her third alone; every two units get a gift."""
    orders = [
        {**X, "customer": "ann", "t": 0},
        {**X, "customer": "ann", "t": 5},
        {**X, "customer": "ann", "t": 500},
    ]
    rule = {"trigger": {"scope": scope}, "count": {"mode": "every", "step": 2}}
    if scope == "customer":
        orders.insert(2, {**X, "customer": "bob", "t": 400})
        orders.append({**X, "customer": "ann", "t": 600})
        found = one(tmp_path, rule, orders, oms={"cycle": "0s", "merge": "20s"})
        assert found == [1, 0, 0, 0, 1]
        return
    assert one(tmp_path, rule, orders, oms={"cycle": "0s", "merge": "20s"}) == expected


def test_orders_are_counted_where_they_leave_together(tmp_path: Path) -> None:
    orders = [{**X, "customer": "ann", "t": n} for n in (0, 5)]
    rule = {"trigger": {"measure": "orders", "scope": "merged", "min": 2}}
    assert one(tmp_path, rule, orders, oms={"cycle": "0s", "merge": "20s"}) == [1, 0]


# count


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ({"mode": "once"}, [1, 1, 1, 1, 1, 1]),
        ({"mode": "every", "step": 2}, [0, 1, 1, 2, 2, 3]),
        ({"mode": "every", "step": 2, "offset": 3}, [0, 0, 0, 0, 1, 1]),
        ({"mode": "period", "buy": 2, "free": 1}, [0, 0, 1, 1, 1, 2]),
        ({"mode": "period", "buy": 1, "free": 2}, [0, 1, 2, 2, 3, 4]),
        ({"mode": "period", "buy": 1, "free": 2, "whole": True}, [0, 0, 2, 2, 2, 4]),
    ],
)
def test_counts(count: dict[str, Any], expected: list[int], tmp_path: Path) -> None:
    orders = [{"lines": {"X": n}} for n in range(1, 7)]
    assert one(tmp_path, {"count": count}, orders) == expected


@pytest.mark.parametrize(("pick", "expected"), [("highest", ["a", "b", "c"]), ("cumulative", None)])
def test_tiers(pick: str, expected: list[str] | None, tmp_path: Path) -> None:
    tiers = [{"min": n, "gift": {gift: 1}} for n, gift in ((1, "a"), (2, "b"), (4, "c"))]
    rule = {"count": {"mode": "tiers", "pick": pick, "tiers": tiers}}
    found = play(tmp_path, {"R": rule}, [{"lines": {"X": n}} for n in (1, 3, 4)]).given
    wanted = expected or ["a", "ab", "abc"]
    assert found == [dict.fromkeys(names, 1) for names in wanted]


def test_gifts_in_the_cart_are_those_that_are_there(tmp_path: Path) -> None:
    rule = {
        "trigger": {"items": ["X"]},
        "count": {"mode": "every", "step": 1},
        "reward": {"gift": {"G": 2}, "source": "in_cart"},
    }
    found = play(tmp_path, {"R": rule}, [{"lines": {"X": 9, "G": 5}}, {"lines": {"X": 9}}])
    assert found.given == [{"G": 4}, {}]
    assert [pieces for ((_, pieces, _),) in found.parcels] == [14, 9]


# gate


@pytest.mark.parametrize(
    ("gate", "times", "expected"),
    [
        ({"first_n": 2}, [0, 1, 2], [1, 1, 0]),
        ({"first_n": 1, "per": "minute"}, [0, 59, 60, 119, 130], [1, 0, 1, 0, 1]),
        ({"every_k": 2}, [0, 1, 2, 3], [0, 1, 0, 1]),
        ({"every_k": 2, "first_n": 1}, [0, 1, 2, 3], [0, 1, 0, 0]),
        ({"lottery": {"p": 1}}, [0, 1], [1, 1]),
        ({"lottery": {"p": 0}}, [0, 1], [0, 0]),
    ],
)
def test_gates(gate: dict[str, Any], times: list[int], expected: list[int], tmp_path: Path) -> None:
    assert one(tmp_path, {"gate": gate}, [{**X, "t": t} for t in times]) == expected


def test_the_first_of_each_room_and_window(tmp_path: Path) -> None:
    rooms = [{**X, "room": room} for room in ("88", "88", "99", "88", "99")]
    gate = {"first_n": 1, "per": "room"}
    assert one(tmp_path, {"gate": gate}, rooms) == [1, 0, 1, 0, 0]
    rule = {
        "where": {"time": [["0s", "2s"], ["3s", "9s"]]},
        "gate": {"first_n": 1, "per": "window"},
    }
    assert one(tmp_path, rule, [{**X, "t": t} for t in range(6)]) == [1, 0, 0, 1, 0, 0]


def test_the_second_order_of_a_customer(tmp_path: Path) -> None:
    """Every order counts, also those that the rule is not for; a stranger has only a first."""
    orders = [
        {**X, "customer": "ann"},
        {"lines": {"Y": 1}, "customer": "bob"},
        {**X, "customer": "ann"},
        {**X, "customer": "bob"},
        X,
        X,
        {**X, "customer": "ann"},
    ]
    rule = {"trigger": {"items": ["X"]}, "gate": {"customer_nth": 2}}
    assert one(tmp_path, rule, orders) == [0, 0, 1, 1, 0, 0, 0]


# cap


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("partial", [3, 2, 0, 0]),
        ("close", [3, 0, 0, 0]),
        ("skip", [3, 0, 2, 0]),
    ],
)
@pytest.mark.parametrize("cap", ["customer", "total", "budget"])
def test_caps_and_what_is_left_of_them(
    cap: str, how: str, expected: list[int], tmp_path: Path
) -> None:
    """Five gifts of 2.00 each; Ann's orders ask for 3, 3, 2 and 1."""
    orders = [{"lines": {"X": n}, "customer": "ann"} for n in (3, 3, 2, 1)]
    limit = {"customer": 5, "total": 5, "budget": 10}[cap]
    rule = {"count": {"mode": "every", "step": 1}, "cap": {cap: limit, "when_exhausted": how}}
    found = one(tmp_path, rule, orders, skus={"G": {"price": 9}}, costs={"gift": {"G": 2}})
    assert found == expected


def test_a_cap_per_order_cuts_and_customers_have_one_each(tmp_path: Path) -> None:
    orders = [
        {"lines": {"X": n}, "customer": who} for n, who in ((3, "ann"), (1, "ann"), (9, "bob"))
    ]
    rule = {"count": {"mode": "every", "step": 1}, "cap": {"order": 2, "customer": 2}}
    assert one(tmp_path, rule, orders) == [2, 0, 2]


def test_gifts_given_before_count(tmp_path: Path) -> None:
    assert one(tmp_path, {"cap": {"total": 5, "used": 4}}, [X, X]) == [1, 0]
    assert one(tmp_path, {"cap": {"total": 5, "used": 9}}, [X, X]) == [0, 0]
