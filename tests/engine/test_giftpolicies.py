"""Policies about gifts and lateness, by hand, in both engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from burstsim.engine.clock import Signal
from burstsim.engine.trace import Trace
from burstsim.engine.world import World
from burstsim.units import SECOND
from tests.engine.test_policies import both
from tests.scenarios import small


def giving(
    policy: dict[str, Any], stock: dict[str, int] | None = None, **rule: Any
) -> dict[str, Any]:
    """One order for one A every 10 s, a gift for each of them."""
    basket = {"weights": {"A": 1}}
    stage = {"workers": 1, "work": {"per_task": "1s"}}
    house: dict[str, Any] = {"stages": {"pick": stage}}
    if stock is not None:
        house["stock"] = {"A": 100, **stock}
    data = small(
        horizon="100s",
        demand={
            "shop": {
                "shape": "table",
                "arrivals": "even",
                "rates": [["0s", "6/min"]],
                "basket": basket,
            }
        },
        oms={"cycle": "0s"},
        warehouses={"hub": house},
        policies={"lever": {"every": "30s", "once": True, **policy}},
        gifts={"free": {"reward": {"gift": {"TOTE": 1}}, **rule}},
    )
    data["catalog"]["skus"] |= {"TOTE": {"price": 3}, "POUCH": {"price": 90}}
    data["catalog"]["kits"] = {"PAIR": {"needs": {"TOTE": 1, "POUCH": 2}}}
    return data


def given(trace: Trace) -> list[str]:
    """What each order got, in order, nothing where there was nothing."""
    names = np.array(trace.orders.items.names)
    return [str(names[item]) for item in trace.gifts.item[trace.gifts.granted > 0]]


def swap(new: str, when: str = "orders_paid >= 3") -> dict[str, Any]:
    return {"when": when, "do": {"replace_gift": {"TOTE": new}}}


def test_orders_come_every_ten_seconds() -> None:
    trace = both(giving(swap("POUCH")))
    assert (trace.orders.paid // SECOND).tolist() == [5 + 10 * n for n in range(10)]


def test_from_the_lever_on_another_gift_is_given() -> None:
    """Three are paid by 30 s: those of 35 s and later get a pouch."""
    trace = both(giving(swap("POUCH")))
    assert given(trace) == ["TOTE"] * 3 + ["POUCH"] * 7
    assert trace.gifts.proposed.tolist() == [1] * 10


def test_the_sweep_of_the_levers_tick_gives_the_other_one() -> None:
    """Sweeps are every 30 s: the one at 30 s takes the first three, and has the lever before."""
    data = giving(swap("POUCH"))
    data["oms"]["cycle"] = "30s"
    assert given(both(data)) == ["POUCH"] * 9 + ["POUCH"]


def test_another_gift_may_be_a_kit() -> None:
    trace = both(giving(swap("PAIR")))
    assert given(trace) == ["TOTE"] * 3 + ["PAIR"] * 7
    assert trace.pieces.tolist() == [2] * 3 + [4] * 7


def test_replacements_are_not_chained_and_the_latest_holds() -> None:
    data = giving({"when": "orders_paid >= 3", "do": {"replace_gift": {"TOTE": "POUCH"}}})
    data["gifts"]["more"] = {"reward": {"gift": {"POUCH": 1}}}
    data["policies"]["lever"]["do"]["replace_gift"]["POUCH"] = "A"
    swapped = both(data)
    assert given(swapped) == ["TOTE", "POUCH"] * 3 + ["POUCH", "A"] * 7
    data["policies"]["again"] = {
        **{"when": "orders_paid >= 6", "every": "30s", "once": True},
        "do": {"replace_gift": {"TOTE": "A"}},
    }
    assert given(both(data)) == ["TOTE", "POUCH"] * 3 + ["POUCH", "A"] * 3 + ["A", "A"] * 4


def test_what_was_decided_before_stays() -> None:
    """The second tote is missing and follows when a truck comes, pouches or not."""
    rule = {"fulfil": {"when_out_of_stock": "backorder"}}
    data = giving(swap("POUCH"), {"TOTE": 1, "POUCH": 100}, **rule)
    data["warehouses"]["hub"]["inbound"] = {"truck": {"at": "60s", "stock": {"TOTE": 10}}}
    table = both(data).gifts
    totes = table.item == table.item[0]
    assert totes.tolist() == [True] * 3 + [False] * 7
    assert table.granted.tolist() == [1, 0, 0] + [1] * 7
    assert table.later.tolist() == [0, 1, 1] + [0] * 7


@pytest.mark.parametrize("choose", ["waterfall", "dearest", "random"])
def test_a_choice_looks_for_what_is_given_instead(choose: str) -> None:
    """Of pouches, the dearer ones, there are two; then the A that stands beside them is given."""
    reward = {"gift": {"TOTE": 1, "A": 1}, "choose": choose}
    data = giving(swap("POUCH"), {"TOTE": 100, "POUCH": 2}, reward=reward)
    found = given(both(data))[-7:]
    assert sorted(found) == ["A"] * 5 + ["POUCH"] * 2


def test_caps_and_budgets_count_what_the_rule_says() -> None:
    """A tote costs 3, a pouch 90: 15 pay for five gifts, whatever is given."""
    trace = both(giving(swap("POUCH"), cap={"budget": 15}))
    assert given(trace) == ["TOTE"] * 3 + ["POUCH"] * 2


def test_units_in_the_cart_are_not_replaced() -> None:
    reward = {"gift": {"A": 1}, "source": "in_cart"}
    data = giving({"when": "orders_paid >= 3", "do": {"replace_gift": {"A": "POUCH"}}})
    data["gifts"]["free"] = {"reward": reward}
    assert given(both(data)) == ["A"] * 10


def seen(data: dict[str, Any], signal: str) -> list[float]:
    """What is read at 30 s, 60 s and 90 s."""
    values: dict[float, float] = {}

    def look(world: World) -> Iterator[Signal]:
        for _ in range(3):
            yield world.sleep("30s")
            values[world.seconds] = world.read(signal)

    both({**data, "policies": {}}, [look])  # type: ignore[list-item]
    return [values[30], values[60], values[90]]


def test_gifts_left_is_what_the_cap_leaves() -> None:
    assert seen(giving({}, cap={"total": 5}), "gifts_left.free") == [2, 0, 0]
    assert seen(giving({}, cap={"total": 9, "used": 1}), "gifts_left.free") == [5, 2, 0]
    assert seen(giving({}), "gifts_left.free") == [np.inf] * 3
    trace = both(giving(swap("POUCH", "gifts_left.free <= 2"), cap={"total": 5}))
    assert given(trace) == ["TOTE"] * 3 + ["POUCH"] * 2


def test_gifts_left_is_what_the_shelves_hold() -> None:
    """Two totes for each order; of a pair one tote and two pouches."""
    data = giving({}, {"TOTE": 15}, reward={"gift": {"TOTE": 2}})
    assert seen(data, "gifts_left.free") == [4, 1, 0]
    data = giving({}, {"TOTE": 20, "POUCH": 19}, reward={"gift": {"PAIR": 1, "TOTE": 1}})
    assert seen(data, "gifts_left.free") == [6, 3, 0]
    data["gifts"]["free"]["cap"] = {"total": 7}
    assert seen(data, "gifts_left.free") == [4, 1, 0]


def test_gifts_left_adds_up_what_may_be_chosen_and_takes_the_scarcest_tier() -> None:
    data = giving({}, {"TOTE": 4, "POUCH": 5}, reward={"gift": {"TOTE": 1, "POUCH": 2}})
    data["gifts"]["free"]["reward"]["choose"] = "waterfall"
    assert seen(data, "gifts_left.free") == [1 + 2, 0 + 0, 0]
    tiers = [{"min": 1, "gift": {"TOTE": 1}}, {"min": 100, "gift": {"POUCH": 2}}]
    data["gifts"]["free"] = {"trigger": {"measure": "units"}, "count": {"mode": "tiers"}}
    data["gifts"]["free"]["count"]["tiers"] = tiers
    assert seen(data, "gifts_left.free") == [1, 0, 0]


def test_gifts_left_looks_at_what_is_given_instead() -> None:
    """At 30 s pouches come instead, of which there are eight; six are given by 90 s."""
    data = giving(swap("POUCH"), {"TOTE": 100, "POUCH": 8})
    data["policies"]["truck"] = {
        **{"when": "gifts_left.free < 3", "every": "30s", "once": True},
        "do": {"stop_selling": "A"},
    }
    trace = both(data)
    assert given(trace) == ["TOTE"] * 3 + ["POUCH"] * 6


def test_gifts_of_who_was_cancelled_are_left_again() -> None:
    """Picked 15 s after payment, cancelled after 12 s: the first leaves at 20 s, then each 10 s."""
    data = giving({}, cap={"total": 9}, clawback={"cancel": "release"})
    stage = {"workers": 5, "work": {"per_task": "15s"}}
    data["warehouses"]["hub"]["stages"] = {"pick": stage, "pack": {**stage}}
    data["cancellations"] = {"share": 1, "delay": {"mean": "12s", "cv": 0}}
    # who leaves at 30 s itself is not seen yet: of three proposed one is free again
    assert seen(data, "gifts_left.free") == [9 - 3 + 1, 9 - 6 + 4, 9 - 9 + 7]


def test_late_share_is_of_orders_that_are_due_and_not_met() -> None:
    """Paid at 5, 15 ... s, due 20 s later, done at 20, 35, 50, 65, 80, 95 s."""
    data = giving({})
    data["gifts"] = {}
    data["warehouses"]["hub"]["stages"]["pick"]["work"] = {"per_task": "15s"}
    data["promises"] = {"all": {"within": "20s"}}
    assert seen(data, "late_share") == [0, 1 / 4, 2 / 7]
    data["warehouses"]["hub"]["carriers"] = {"sf": {"share": 1, "pickups": ["70s"]}}
    assert seen(data, "late_share") == [1, 1, 3 / 7]
    data["promises"]["all"]["met_at"] = "packed"
    assert seen(data, "late_share") == [0, 1 / 4, 2 / 7]


def test_who_was_met_is_late_again_when_a_gift_follows() -> None:
    """Goods are done 4 s after payment until six gifts come at 58 s, done at 63, 67 ... 83 s."""
    data = giving({}, {"TOTE": 0}, fulfil={"when_out_of_stock": "backorder"})
    hub = data["warehouses"]["hub"]
    hub["inbound"] = {"truck": {"at": "58s", "stock": {"TOTE": 100}}}
    hub["stages"]["pick"]["work"] = {"per_task": "4s"}
    data["promises"] = {"all": {"within": "10s"}}
    assert seen(data, "late_share") == [0, 5 / 5, 1 / 8]


def test_who_is_cancelled_is_not_late() -> None:
    data = giving({})
    data["gifts"] = {}
    data["warehouses"]["hub"]["stages"]["pick"]["work"] = {"per_task": "1h"}
    data["promises"] = {"all": {"within": "20s"}}
    assert seen(data, "late_share") == [1, 1, 1]
    data["cancellations"] = {"share": 1, "delay": {"mean": "19s", "cv": 0}}
    assert seen(data, "late_share") == [0, 0, 0]
