"""What operators see of gifts: metrics, tables, the sentence; with and without the rules."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import assume, given, settings

from burstsim.engine import event, vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.trace import Trace
from burstsim.results.bare import without_gifts
from burstsim.results.result import Result
from burstsim.studies.replicate import run
from tests.scenarios import scenario_of, scenarios, small, without_rooms


def giveaway(tote: int = 3, **changes: Any) -> dict[str, Any]:
    """Five orders at once and three in the next minute, one tote each, of which there are few.

    One picker: 10 s for an order, 4 s more for each different SKU and 1 s for wrapping a tote.
    """
    rule = {"reward": {"gift": {"TOTE": 1}}, "fulfil": {"work": "1s", "zone": "pick"}}
    stage = {"workers": 1, "work": {"per_task": "10s", "per_line": "4s"}}
    basket = {"basket": {"weights": {"A": 1}}}
    return small(
        **{
            "catalog": {"skus": {"A": {"price": 10}, "TOTE": {"price": 2}}},
            "demand": {
                "a": {"shape": "instant", "at": "0s", "orders": 5, **basket},
                "b": {"shape": "instant", "at": "70s", "orders": 3, **basket},
            },
            "oms": {"cycle": "0s"},
            "gifts": {"free-tote": rule},
            "warehouses": {"hub": {"stages": {"pick": stage}, "stock": {"A": 99, "TOTE": tote}}},
            **changes,
        }
    )


def result_of(data: dict[str, Any], replications: int = 1) -> Result:
    results = [
        run(scenario_of(data), replications=replications, engine=engine)
        for engine in ("event", "vector")
    ]
    assert results[0].digests == results[1].digests
    return results[1]


def test_a_giveaway_by_hand() -> None:
    """Totes for the first three; the fourth is the first who goes without."""
    found = result_of(giveaway())
    expected = {
        "gifts_proposed": 8,
        "gifts_granted": 3,
        "gift_shortfall": 5,
        "gifts_granted.free-tote": 3,
        "gift_shortfall.free-tote": 5,
        "gift_out_at.free-tote": 0,
        "gift_pieces.TOTE": 3,
        "gift_missing.TOTE": 5,
        "gift_left.TOTE": 0,
        "stockout_at.TOTE": 0,
        "orders_held": 0,
        "gift_units": 3,
        "gift_lines": 3,
        "gift_work": 3 * (4 + 1) / 3600,
        "units_shipped": 8 + 3,
    }
    assert {name: found.estimates[name].estimate for name in expected} == expected
    assert math.isnan(found.estimates["gift_used_up_at.free-tote"].estimate)


def test_the_minutes_by_hand() -> None:
    flow = result_of(giveaway(tote=6)).gift_flow
    assert list(flow.itertuples(index=False, name=None)) == [
        (0.0, "free-tote", "TOTE", 5, 5, 0),
        (60.0, "free-tote", "TOTE", 3, 1, 2),
    ]
    gifts = result_of(giveaway(tote=6)).gifts
    assert gifts["granted"].tolist() == [1] * 6 + [0] * 2
    assert gifts["order"].tolist() == list(range(8))


def test_orders_that_wait_for_goods_are_not_short_of_gifts() -> None:
    """There are totes enough; what is missing is what was bought."""
    paying = {"paid": 1.0, "delay": {"mean": "0s"}, "timeout": "1m", "reserve": "paid"}
    data = giveaway(tote=9, payment=paying)  # sold before anybody looks at the shelf
    data["warehouses"]["hub"]["stock"]["A"] = 2
    found = result_of(data).estimates
    assert found["orders_backordered"].estimate == 6
    assert found["gifts_proposed"].estimate == 8
    assert found["gifts_granted"].estimate == 2
    assert found["gift_shortfall"].estimate == 0
    assert math.isnan(found["gift_out_at.free-tote"].estimate)


def test_who_waits_for_a_gift_is_short_of_it() -> None:
    for policy, state in (("hold", "orders_backordered"), ("cancel", "orders_cancelled")):
        data = giveaway()
        data["gifts"]["free-tote"]["fulfil"]["when_out_of_stock"] = policy
        found = result_of(data).estimates
        assert found[state].estimate == 5
        assert found["orders_held"].estimate == (5 if policy == "hold" else 0)
        assert found["gift_shortfall"].estimate == 5


def test_a_kit_of_gifts_is_told_by_sku() -> None:
    data = giveaway()
    data["catalog"]["skus"]["CARD"] = {}
    data["catalog"]["kits"] = {"BAG": {"needs": {"TOTE": 2, "CARD": 1}}}
    data["gifts"]["free-tote"]["reward"] = {"gift": {"BAG": 1}}
    data["warehouses"]["hub"]["stock"] = {"A": 99, "TOTE": 5, "CARD": 9}
    found = result_of(data).estimates
    assert found["gift_pieces.TOTE"].estimate == 4
    assert found["gift_pieces.CARD"].estimate == 2
    assert found["gift_missing.CARD"].estimate == 6
    assert found["gift_left.TOTE"].estimate == 1  # one tote is no bag
    assert math.isnan(found["stockout_at.TOTE"].estimate)
    assert "free-tote ran out of BAG at 20:00" in result_of(data).sentence


def test_a_prekit_is_a_gift_of_its_own() -> None:
    """One tote is given at once; 30 s later the other four become two bags, gone at 70 s."""
    data = giveaway(tote=5)
    data["catalog"]["kits"] = {"BAG": {"kind": "prekit", "needs": {"TOTE": 2}}}
    data["gifts"] = {
        "one-tote": {"reward": {"gift": {"TOTE": 1}}, "cap": {"total": 1}},
        "bag": {"reward": {"gift": {"BAG": 1}}},
    }
    build = {"at": "30s", "kit": "BAG", "quantity": 9, "people": 1}
    data["warehouses"]["hub"]["builds"] = {"bags": build}
    found = {name: estimate.estimate for name, estimate in result_of(data).estimates.items()}
    expected = {
        "gift_pieces.BAG": 2,
        "gift_missing.BAG": 6,
        "gift_left.BAG": 0,
        "stockout_at.BAG": 70,
        "gift_pieces.TOTE": 1,
        "gift_left.TOTE": 0,
        "stockout_at.TOTE": 30,
    }
    assert {name: found[name] for name in expected} == expected
    data["gifts"].pop("one-tote")
    assert "gift_pieces.TOTE" not in result_of(data).estimates  # what is in a bag is no gift


def test_what_chance_takes_is_not_left() -> None:
    data = giveaway(tote=9)
    data["catalog"]["kits"] = {
        "LUCK": {"kind": "mystery", "price": 5, "draw": 1, "pool": {"TOTE": 1}}
    }
    data["demand"]["b"]["basket"] = {"weights": {"LUCK": 1}}
    found = result_of(data).estimates
    assert found["gift_pieces.TOTE"].estimate == 7  # two buyers of luck got a second tote
    assert found["orders_backordered"].estimate == 1  # and left none for the third
    assert found["gift_left.TOTE"].estimate == 0
    assert found["stockout_at.TOTE"].estimate == 70


def test_used_up_is_when_the_last_gift_is_given() -> None:
    data = giveaway(tote=99)
    data["gifts"]["free-tote"]["cap"] = {"total": 7}
    assert result_of(data).estimates["gift_used_up_at.free-tote"].estimate == 70


def test_the_sentence_says_which_rule_ran_out_of_what() -> None:
    assert "; free-tote ran out of TOTE at 20:01, 2 gifts short." in (
        result_of(giveaway(tote=6)).sentence
    )
    assert "; free-tote ran out of TOTE at 20:01, 1 gift short." in (
        result_of(giveaway(tote=7)).sentence
    )
    assert "ran out" not in result_of(giveaway(tote=8)).sentence
    several = result_of(giveaway(tote=6), replications=2).sentence
    assert "ran out of TOTE at 20:01, on average 2 gifts short" in several


def test_the_sentence_names_the_worst_of_several_rules() -> None:
    data = giveaway(tote=0)
    data["catalog"]["skus"]["CARD"] = {}
    data["gifts"]["cards"] = {"reward": {"gift": {"CARD": 2}}}
    sentence = result_of(data).sentence
    assert "cards ran out of CARD at 20:00, 16 gifts short (1 more rule short)" in sentence


def about_goods(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out policies that look at gifts, or give others."""
    kept = {
        name: policy
        for name, policy in data["policies"].items()
        if "replace_gift" not in policy["do"] and not policy["when"].startswith("gifts_left")
    }
    return {**data, "policies": kept}


def pair(data: dict[str, Any]) -> tuple[Trace, Trace]:
    """The same orders with and without the rules, from shelves that have everything."""
    data = about_goods(without_rooms(data))
    data["oms"].pop("route_by", None)  # parcels of gifts are part of a backlog
    for house in data["warehouses"].values():
        for key in ("stock", "safety_stock", "builds"):  # prekits to be built are counted, too
            house.pop(key, None)
    data.get("initial", {}).pop("stock", None)
    model = compile_scenario(scenario_of(data))
    bare = compile_scenario(scenario_of({**data, "gifts": {}}))
    orders = draw_orders(model, 0)
    return event.simulate(model, orders), vector.simulate(bare, orders)


@given(scenarios())
@settings(max_examples=200, deadline=None)
def test_what_gifts_add_is_the_difference_to_a_run_without_them(data: dict[str, Any]) -> None:
    """Goods leave the shelf alike in both runs, so that parcel by parcel can be compared."""
    assume(data["gifts"])
    rich, plain = pair(data)
    goods = np.flatnonzero(rich.parcel_part == 0)
    assert np.array_equal(rich.parcel_order[goods], plain.parcel_order)
    assert np.array_equal(rich.released[goods], plain.released)
    told = without_gifts(rich)
    assert np.array_equal(told.pieces[goods], plain.pieces)
    assert np.array_equal(told.lines[goods], plain.lines)
    beside = rich.parcel_part > 0
    assert not told.pieces[beside].any()
    for number, zone in enumerate(rich.model.zones):
        own = rich.rows.spread(zone.house, told.loads[number], 0.0)
        other = plain.loads_everywhere(number)
        assert not own[beside].any()
        # where a parcel comes before the end in one run only, there is nothing to compare
        both = (own[goods] > 0) & (other > 0)
        assert np.array_equal(own[goods][both], other[both])


@given(scenarios())
@settings(max_examples=60, deadline=None)
def test_nothing_is_added_where_there_are_no_rules(data: dict[str, Any]) -> None:
    bare = about_goods({**data, "gifts": {}})
    scenario, found = scenario_of(bare), result_of(bare).estimates
    assert not scenario.rules
    for name in ("gifts_proposed", "gift_units", "gift_lines", "gift_work", "orders_held"):
        assert found[name].estimate == 0
