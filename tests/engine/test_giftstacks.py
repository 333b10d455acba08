"""Several rules at once, empty shelves, parcels and cancellations; by hand, in both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.giftsales import play

X = {"lines": {"X": 1}}
INF = float("inf")

#: Pieces take 100 s to pick and a parcel 1 s to pack.
SLOW = {
    "pick": {"workers": 9, "work": {"per_unit": "100s"}},
    "pack": {"workers": 9, "work": {"per_task": "1s"}},
}


def rule(gift: str, stack: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    return {"reward": {"gift": gift}, "stack": stack or {}, **parts}


def both(folder: Path, a: dict[str, Any], b: dict[str, Any], **how: Any) -> str:
    """Names of the gifts, ``A`` of the first rule and ``B`` of the second, for one order."""
    orders = how.pop("orders", [{"lines": {"X": 2, "Y": 1}}])
    found = play(folder, {"a": {"reward": {"gift": "A"}, **a}, "b": rule("B", **b)}, orders, **how)
    return "".join(sorted(found.given[0]))


# stack


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, "AB"),
        ({"group": "g"}, {"group": "g"}, "A"),  # equal ones as they stand in the file
        ({"group": "g"}, {"group": "g", "priority": 1}, "B"),
        ({"group": "g"}, {"group": "h"}, "AB"),
        ({"exclusive": True}, {"priority": 9}, "A"),
        ({"exclusive": True}, {"exclusive": True, "priority": 9}, "B"),
        ({"stop": "order"}, {}, "A"),
        ({}, {"stop": "order"}, "AB"),
        ({}, {"stop": "order", "priority": 1}, "B"),
        ({"stop": "line"}, {}, "A"),
        ({"best_deal": True}, {"best_deal": True}, "B"),  # B is dearer
        ({"best_deal": True, "group": "g"}, {"best_deal": True}, "AB"),  # each alone in its set
        # an exclusive one competes only with exclusive ones
        ({"best_deal": True, "exclusive": True}, {"best_deal": True}, "A"),
        ({"best_deal": True, "exclusive": True}, {"best_deal": True, "exclusive": True}, "B"),
    ],
)
def test_two_rules(
    first: dict[str, Any], second: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    skus = {"A": {"price": 1}, "B": {"price": 2}}
    assert both(tmp_path, {"stack": first}, {"stack": second}, skus=skus) == expected


KEEPERS = [{"group": "g"}, {"exclusive": True}, {"stop": "order"}, {"stop": "line"}]


@pytest.mark.parametrize("keeps", KEEPERS, ids=str)
@pytest.mark.parametrize(
    ("decide", "expected"), [("eligible", ""), ("granted", "B")], ids=["eligible", "granted"]
)
def test_what_keeps_others_out_when_the_gift_is_gone(
    decide: str, expected: str, keeps: dict[str, Any], tmp_path: Path
) -> None:
    first = {**keeps, "decide": decide, "priority": 1}
    second = {"group": "g"}
    found = both(tmp_path, {"stack": first}, {"stack": second}, stock={"A": 0, "B": 9})
    assert found == expected


@pytest.mark.parametrize("keeps", KEEPERS, ids=str)
@pytest.mark.parametrize("limit", [{"gate": {"first_n": 0}}, {"cap": {"total": 0}}], ids=str)
@pytest.mark.parametrize(("decide", "expected"), [("eligible", ""), ("granted", "B")])
def test_what_keeps_others_out_when_a_limit_is_reached(
    decide: str, expected: str, limit: dict[str, Any], keeps: dict[str, Any], tmp_path: Path
) -> None:
    first = {"stack": {**keeps, "decide": decide, "priority": 1}, **limit}
    assert both(tmp_path, first, {"stack": {"group": "g"}}) == expected


def test_stopped_lines_are_those_that_were_looked_at(tmp_path: Path) -> None:
    first = {"trigger": {"items": ["X"]}, "stack": {"stop": "line", "priority": 1}}
    for item, expected in (("X", "A"), ("Y", "AB")):
        assert both(tmp_path, first, {"trigger": {"items": [item]}}) == expected


@pytest.mark.parametrize(
    ("count", "trigger", "left"),
    [
        ({"mode": "every", "step": 3}, {}, 1),  # 7 less two threes
        ({"mode": "once"}, {"min": 5}, 2),
        ({"mode": "once"}, {}, 6),
        ({"mode": "tiers", "tiers": [{"min": 2, "gift": "A"}, {"min": 4, "gift": "A"}]}, {}, 3),
        ({"mode": "once"}, {"items": {"X": 2}}, 5),
        ({"mode": "once"}, {"measure": "distinct"}, 0),
        ({"mode": "period", "buy": 2, "free": 1}, {}, 1),
    ],
)
def test_used_units_count_for_nobody_else(
    count: dict[str, Any], trigger: dict[str, Any], left: int, tmp_path: Path
) -> None:
    first = {"count": count, "trigger": trigger, "stack": {"consume": True, "priority": 1}}
    if count["mode"] != "tiers":
        first["reward"] = {"gift": "A"}
    second = rule("B", count={"mode": "every", "step": 1})
    found = play(tmp_path, {"a": first, "b": second}, [{"lines": {"X": 7}}])
    assert found.given[0].get("B", 0) == left


def test_a_plain_rule_of_a_set_does_not_go_before_an_exclusive_one(tmp_path: Path) -> None:
    """The exclusive rule of its set does not qualify; that gives it no right to go first."""
    rules = {
        "set-exclusive": rule("A", {"best_deal": True, "exclusive": True}, trigger={"min": 99}),
        "set-plain": rule("B", {"best_deal": True}),
        "exclusive": rule("C", {"exclusive": True}),
    }
    assert play(tmp_path, rules, [X]).given == [{"C": 1}]


# stock and fulfilment


@pytest.mark.parametrize(
    ("policy", "given", "states", "held"),
    [
        ("skip", [2, 1, 0], ["shipped"] * 3, 0),
        ("hold", [2, 0, 0], ["shipped", "backordered", "backordered"], 2),
        ("backorder", [2, 1, 0], ["shipped"] * 3, 0),
        ("cancel", [2, 0, 0], ["shipped", "cancelled", "cancelled"], 0),
    ],
)
def test_when_a_gift_is_out_of_stock(
    policy: str, given: list[int], states: list[str], held: int, tmp_path: Path
) -> None:
    """Two for each of three orders, of three; what comes later never comes."""
    one = {"reward": {"gift": {"G": 2}}, "fulfil": {"when_out_of_stock": policy}}
    found = play(tmp_path, {"R": one}, [X, X, X], stock={"G": 3})
    assert [order.get("G", 0) for order in found.given] == given
    assert found.states == states
    assert found.metrics["orders_held"] == held
    assert found.metrics["gift_left.G"] == 3 - sum(given)


@pytest.mark.parametrize(
    ("choose", "policy", "expected"),
    [
        ("waterfall", "skip", ["A", "B", "B", ""]),
        ("dearest", "skip", ["B", "B", "A", ""]),
        ("all", "next", ["A", "B", "B", ""]),
    ],
)
def test_one_of_several_gifts(
    choose: str, policy: str, expected: list[str], tmp_path: Path
) -> None:
    one = {
        "reward": {"gift": ["A", "B"], "choose": choose},
        "fulfil": {"when_out_of_stock": policy},
    }
    skus = {"A": {"price": 1}, "B": {"price": 2}}
    found = play(tmp_path, {"R": one}, [X] * 4, stock={"A": 1, "B": 2}, skus=skus)
    assert ["".join(order) for order in found.given] == expected


def test_a_random_gift_is_one_that_is_left(tmp_path: Path) -> None:
    one = {"reward": {"gift": ["A", "B", "C"], "choose": "random"}}
    found = play(tmp_path, {"R": one}, [X] * 12, stock={"A": 5, "B": 4, "C": 0})
    sums = {name: sum(order.get(name, 0) for order in found.given) for name in "ABC"}
    assert sums == {"A": 5, "B": 4, "C": 0}


@pytest.mark.parametrize("seed", range(8))
def test_chance_is_among_what_is_there_as_a_whole(seed: int, tmp_path: Path) -> None:
    """Five at a time may be too many long before the SKU has run out, or ever does."""
    boxes = {f"BOX{n}": {"needs": {"A": 1}} for n in range(6)}
    one = {"reward": {"gift": {"A": 5, **dict.fromkeys(boxes, 1)}, "choose": "random"}}
    found = play(tmp_path, {"R": one}, [X] * 8, stock={"A": 8}, kits=boxes, seed=seed)
    # the engines have said the same; a gift is given as a whole or not at all
    assert all(order.get("A", 5) == 5 for order in found.given)


def test_the_second_choice_runs_out_though_nobody_buys_it(tmp_path: Path) -> None:
    one = {"reward": {"gift": ["A", "B"], "choose": "waterfall"}}
    found = play(tmp_path, {"R": one}, [X] * 5, stock={"A": 1, "B": 2})
    assert found.given == [{"A": 1}, {"B": 1}, {"B": 1}, {}, {}]


def test_goods_and_gifts_of_one_kind_are_taken_in_payment_order(tmp_path: Path) -> None:
    """The gift of the first order leaves too few for what the third one has bought."""
    one = {"trigger": {"items": ["X"]}, "reward": {"gift": "Y"}}
    orders = [X, {"lines": {"Y": 1}}, {"lines": {"Y": 1}}]
    found = play(tmp_path, {"R": one}, orders, stock={"Y": 2})
    assert found.given == [{"Y": 1}, {}, {}]
    assert found.states == ["shipped", "shipped", "backordered"]


@pytest.mark.parametrize(
    ("ship", "parcels"),
    [
        ("with_main", [(0, 3, 301)]),
        ("split", [(0, 1, 101), (1, 2, 201)]),
        ("after_main", [(0, 1, 101), (2, 2, 302)]),  # it may go from the tick after 101 on
    ],
)
def test_how_a_gift_travels(ship: str, parcels: list[Any], tmp_path: Path) -> None:
    one = {"reward": {"gift": {"G": 2}}, "fulfil": {"ship": ship}}
    (found,) = play(tmp_path, {"R": one}, [X], stages=SLOW).parcels
    assert [(part, pieces) for part, pieces, _ in found] == [pair[:2] for pair in parcels]
    shipped = [tick for *_, tick in found]
    assert shipped == pytest.approx([tick for *_, tick in parcels], abs=1.0)


def test_wrapping_is_work_where_it_is_done(tmp_path: Path) -> None:
    """Only who has something to wrap comes to that stage."""
    stages = {
        "pick": {"workers": 9, "work": {"per_task": "1s"}},
        "wrap": {"workers": 9, "only": "needs_work"},
    }
    one = {
        "count": {"mode": "every", "step": 2},
        "reward": {"gift": {"G": 3}},
        "fulfil": {"work": "10s", "zone": "wrap"},
    }
    orders = [{"lines": {"X": n}, "t": 0} for n in (1, 2, 4)]
    found = play(tmp_path, {"R": one}, orders, stages=stages)
    assert [tick for ((*_, tick),) in found.parcels] == [1, 11, 21]
    assert found.metrics["gift_work"] == pytest.approx(30 / 3600)


# clawback


@pytest.mark.parametrize(("cancel", "expected"), [("release", 1), ("keep", 0)])
@pytest.mark.parametrize("cap", [{"total": 1}, {"customer": 1}, {"budget": 5}], ids=str)
def test_what_a_cancelled_order_gives_back(
    cap: dict[str, int], cancel: str, expected: int, tmp_path: Path
) -> None:
    """Its goods leave the floor at 100 s; the third order comes later, the second before."""
    one = {"reward": {"gift": "G"}, "cap": cap, "clawback": {"cancel": cancel}}
    orders = [
        {**X, "customer": "ann", "t": 0, "cancelled": 50},
        {**X, "customer": "ann", "t": 60},
        {**X, "customer": "ann", "t": 300},
    ]
    found = play(tmp_path, {"R": one}, orders, stages=SLOW, skus={"G": {"price": 5}})
    assert [order.get("G", 0) for order in found.given] == [1, 0, expected]
    assert found.states == ["cancelled", "shipped", "shipped"]


def test_a_gate_gives_nothing_back(tmp_path: Path) -> None:
    one = {"reward": {"gift": "G"}, "gate": {"first_n": 1}}
    orders = [{**X, "t": 0, "cancelled": 50}, {**X, "t": 300}]
    assert play(tmp_path, {"R": one}, orders, stages=SLOW).given == [{"G": 1}, {}]


def test_units_of_the_cart_do_not_come_back_as_gifts(tmp_path: Path) -> None:
    """They are goods: nothing follows the cancelled parcel, and nothing returns."""
    one = {
        "count": {"mode": "period", "buy": 1, "free": 1},
        "fulfil": {"ship": "after_main"},
    }
    orders = [{"lines": {"X": 2}, "cancelled": 50}, {"lines": {"X": 2}, "t": 300}]
    paying = {"paid": 1.0, "delay": {"mean": "0s"}, "timeout": "1m", "reserve": "paid"}
    found = play(tmp_path, {"R": one}, orders, stages=SLOW, stock={"X": 3}, payment=paying)
    assert found.states == ["cancelled", "backordered"]
    assert found.given == [{"free": 1}, {"free": 1}]


def test_an_order_that_waits_for_a_gift_may_be_cancelled(tmp_path: Path) -> None:
    one = {"reward": {"gift": "G"}, "fulfil": {"when_out_of_stock": "hold"}, "cap": {"total": 1}}
    orders = [{**X, "t": 0, "cancelled": 50}, {**X, "t": 60}]
    found = play(tmp_path, {"R": one}, orders, stock={"G": 0})
    assert found.states == ["cancelled", "backordered"]
    assert found.proposed == [{"G": 1}, {"G": 1}]
