"""Kits of every kind, on worked cases, in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from burstsim.engine import vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.forecasts import expected_units
from burstsim.engine.orders import Orders
from burstsim.engine.trace import STATES, Trace
from burstsim.units import SECOND
from tests.engines import both
from tests.scenarios import scenario_of, small


def sale(
    kits: dict[str, Any], sold: dict[str, int], stock: dict[str, int] | None, **more: Any
) -> dict[str, Any]:
    """One order of each of some items, with so many of it, a second apart."""
    kits = {name: {"price": 1, **kit} for name, kit in kits.items()}
    named = [*kits, *(stock or {}), *sold]
    for kit in kits.values():
        named += [*kit.get("needs", {}), *kit.get("of", {}), *kit.get("pool", {})]
        for part in kit.get("needs", {}).values():
            named += part["else"] if isinstance(part, dict) else []
    demand = {
        f"s{number}": {
            "shape": "instant",
            "at": f"{number + 1}s",
            "orders": 1,
            "basket": {"weights": {item: 1}, "quantity": {str(count): 1}},
        }
        for number, (item, count) in enumerate(sold.items())
    }
    data = (
        small(
            catalog={
                "skus": {n: {"price": 1} for n in dict.fromkeys(named) if n not in kits},
                "kits": kits,
            },
            demand=demand,
            oms={"cycle": "0s"},
        )
        | more
    )
    if stock is not None:
        data["warehouses"]["hub"]["stock"] = stock
    return data


def picked(trace: Trace, order: int) -> dict[str, int]:
    """SKUs of an order, its open parts included."""
    orders, items = trace.orders, trace.orders.items
    found: dict[str, int] = {}
    for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
        for sku, count in items.forms[orders.line_item[line]].leaves.items():
            name = items.names[sku]
            found[name] = found.get(name, 0) + count * int(orders.line_quantity[line])
    _, skus, pieces = orders.fillings.of(np.array([order]))
    for sku, count in zip(skus.tolist(), pieces.tolist(), strict=True):
        found[items.names[sku]] = found.get(items.names[sku], 0) + count
    return dict(sorted(found.items()))


def states(trace: Trace) -> list[str]:
    return [STATES[number] for number in trace.state]


def bought(orders: Orders) -> list[str]:
    return [orders.items.names[item] for item in orders.line_item]


def test_a_virtual_kit_takes_its_parts() -> None:
    """Case K01: three of C = A + 2 B leave enough for two more, not for three."""
    kits = {"C": {"needs": {"A": 1, "B": 2}}}
    twice = {"s": {"shape": "instant", "orders": 2, "basket": {"weights": {"C": 1}}}}
    data = sale(kits, {"C": 3}, {"A": 20, "B": 10})
    trace = both(data)
    assert picked(trace, 0) == {"A": 3, "B": 6}
    assert (trace.pieces.tolist(), trace.lines.tolist()) == ([9], [2])
    data["demand"] |= {"t": {**twice["s"], "at": "9s"}}
    assert states(both(data)) == ["shipped"] * 3
    data["demand"]["t"]["orders"] = 3
    assert states(both(data)) == ["shipped"] * 3 + ["rejected"]


def test_nested_kits_share_their_parts() -> None:
    """Case K02: one of P1 = P2 + P3, P2 = P3 + P4 is two of P3 and one of P4."""
    kits = {"P1": {"needs": {"P2": 1, "P3": 1}}, "P2": {"needs": {"P3": 1, "P4": 1}}}
    trace = both(sale(kits, {"P1": 1}, {"P3": 10, "P4": 10}))
    assert picked(trace, 0) == {"P3": 2, "P4": 1}
    assert states(both(sale(kits, {"P1": 5}, {"P3": 10, "P4": 10}))) == ["shipped"]
    assert states(both(sale(kits, {"P1": 6}, {"P3": 12, "P4": 5}))) == ["rejected"]


def test_mystery_pieces_come_from_what_is_in_stock() -> None:
    """Case K06: two boxes of one piece each; the three members out of stock are never drawn."""
    members = [f"M{n}" for n in range(10)]
    kits = {"BOX": {"kind": "mystery", "draw": 1, "pool": members}}
    stock = {name: 5 if n < 7 else 0 for n, name in enumerate(members)}
    data = sale(kits, {"BOX": 2}, stock)
    counts = dict.fromkeys(members, 0)
    model = compile_scenario(scenario_of(data))
    for replication in range(2_100):
        trace = vector.simulate(model, draw_orders(model, replication))
        found = picked(trace, 0)
        assert sum(found.values()) == 2
        for name, count in found.items():
            counts[name] += count
    for replication in range(20):
        both(data, replication=replication)
    assert [counts[name] for name in members[7:]] == [0, 0, 0]
    assert stats.chisquare([counts[name] for name in members[:7]]).pvalue > 0.001


def test_a_mystery_box_ends_with_its_pool() -> None:
    kits = {"BOX": {"kind": "mystery", "draw": 2, "pool": ["A", "B"], "needs": {"C": 1}}}
    trace = both(sale(kits, {"BOX": 2, "A": 1}, {"A": 3, "B": 1, "C": 9}))
    assert picked(trace, 0) == {"A": 3, "B": 1, "C": 2}
    assert states(trace) == ["shipped", "rejected"]
    # all or none: one piece is missing, so that the other three stay on sale
    trace = both(sale(kits, {"BOX": 2, "A": 2, "B": 1}, {"A": 2, "B": 1, "C": 9}))
    assert states(trace) == ["rejected", "shipped", "shipped"]
    assert len(trace.orders.fillings.sku) == 0


def test_substitutes_are_taken_piece_by_piece() -> None:
    """One red is left and two kits are bought: one red, one blue (rules, "substitutable")."""
    kits = {"KIT": {"needs": {"RED": {"quantity": 1, "else": ["BLUE", "GREY"]}, "BOW": 1}}}
    stock = {"RED": 1, "BLUE": 2, "GREY": 9, "BOW": 9}
    assert picked(both(sale(kits, {"KIT": 2}, stock)), 0) == {"BLUE": 1, "BOW": 2, "RED": 1}
    found = picked(both(sale(kits, {"KIT": 4}, stock)), 0)
    assert found == {"BLUE": 2, "BOW": 4, "GREY": 1, "RED": 1}
    assert picked(both(sale(kits, {"KIT": 4}, None)), 0) == {"BOW": 4, "RED": 4}


def test_fixed_parts_of_an_order_go_first() -> None:
    """The kit's own C keeps the last C from the open part before it."""
    kits = {
        "KIT": {"needs": {"A": {"quantity": 1, "else": ["C", "D"]}, "BAG": 1}},
        "BAG": {"needs": {"C": 1}},
    }
    trace = both(sale(kits, {"KIT": 1}, {"A": 0, "C": 1, "D": 1}))
    assert picked(trace, 0) == {"C": 1, "D": 1}


def test_oversold_open_parts_take_what_they_would() -> None:
    kits = {
        "KIT": {"needs": {"A": {"quantity": 2, "else": ["B"]}}},
        "BOX": {"kind": "mystery", "draw": 1, "pool": {"C": 1, "D": 0}},
    }
    pay = {"delay": {"mean": "0s"}, "timeout": "1m", "reserve": "paid"}
    data = sale(kits, {"KIT": 2, "BOX": 1}, {"A": 1, "B": 1}, payment=pay)
    trace = both(data)
    assert [picked(trace, 0), picked(trace, 1)] == [{"A": 3, "B": 1}, {"C": 1}]
    assert trace.oversold.tolist() == [1, 1]
    assert states(trace) == ["backordered", "backordered"]


def test_what_was_drawn_comes_back_when_an_order_expires() -> None:
    kits = {"KIT": {"needs": {"A": {"quantity": 1, "else": ["B"]}}}}
    pay = {"paid": 0, "delay": {"mean": "0s"}, "timeout": "1s"}
    data = sale(kits, {"KIT": 2, "B": 1}, {"A": 1, "B": 1}, payment=pay)
    assert states(both(data)) == ["expired", "rejected"]
    data["demand"]["s1"]["at"] = "3s"
    assert states(both(data)) == ["expired", "expired"]


PICK = {
    "kind": "choose",
    "price": 9,
    "choose": 4,
    "of": {"A": 5, "B": 3, "PAIR": 2},
    "limits": {"B": [1, 2], "A": 2},
}


def choosing(demand_scale: float = 1, item: str = "PICK") -> dict[str, Any]:
    kits = {"PICK": PICK, "PAIR": {"needs": {"C": 2}}, "SET": {"needs": {"PICK": 2, "C": 1}}}
    data = sale(kits, {item: 1}, None, demand_scale=demand_scale)
    basket = {"weights": {item: 1, "A": 1}, "lines": {"1": 1, "2": 1}, "quantity": {"1": 1, "2": 1}}
    data["demand"] = {"s": {"shape": "steady", "rate": "30/m", "basket": basket}}
    return data


def test_a_buyer_chooses_within_the_limits() -> None:
    trace = both(choosing())
    orders, items = trace.orders, trace.orders.items
    mine = np.flatnonzero(orders.line_item >= len(trace.model.items.names))
    assert len(mine) > 300
    for line in mine:
        item = orders.line_item[line]
        name, leaves = items.names[item], items.forms[item].leaves
        assert items.names[items.parent[item]] == "PICK"
        counts = dict(pick.split("×") for pick in name[5:-1].split())
        assert sum(map(int, counts.values())) == 4
        assert 1 <= int(counts["B"]) <= 2
        assert int(counts.get("A", 0)) <= 2
        expected = {"A": int(counts.get("A", 0)), "B": int(counts["B"])}
        expected["C"] = 2 * int(counts.get("PAIR", 0))
        found = {items.names[sku]: count for sku, count in leaves.items()}
        assert found == {key: count for key, count in expected.items() if count}
        assert items.price[item] == 900


def test_the_first_free_choice_goes_by_weight() -> None:
    """One of three, drawn for thousands of orders."""
    kits = {"PICK": {"kind": "choose", "choose": 1, "of": {"A": 5, "B": 3, "C": 2, "D": 0}}}
    data = sale(kits, {"PICK": 1}, None)
    data["demand"]["s0"]["orders"] = 20_000
    names = bought(draw_orders(compile_scenario(scenario_of(data)), 0))
    counts = [names.count(f"PICK({option}×1)") for option in "ABC"]
    assert sum(counts) == 20_000
    assert stats.chisquare(counts, [10_000, 6_000, 4_000]).pvalue > 0.001


def test_a_choice_stays_when_demand_is_raised() -> None:
    low, high = (
        draw_orders(compile_scenario(scenario_of(choosing(scale, "SET"))), 0) for scale in (1, 1.7)
    )
    assert len(low) > 300
    lines = int(low.line_offsets[-1])
    assert bought(low) == bought(high)[:lines]
    assert any("×" in name for name in bought(low))


def test_a_choice_in_a_kit_is_made_for_all_of_them() -> None:
    trace = both(choosing(item="SET"))
    items = trace.orders.items
    for number in range(len(trace.model.items.names), len(items.names)):
        assert items.names[items.parent[number]] == "SET"
        leaves = {items.names[sku]: n for sku, n in items.forms[number].leaves.items()}
        assert leaves["C"] % 4 == 1
        assert leaves["B"] in (2, 4)


READY = {"kind": "prekit", "needs": {"COOKIE": 20, "CARTON": 1, "RIBBON": 2}, "work": "30s"}
PARTS = {"COOKIE": 60, "CARTON": 3, "RIBBON": 6}


def built(sold: dict[str, int], stock: dict[str, int], **build: Any) -> dict[str, Any]:
    data = sale({"READY": READY}, sold, stock)
    plan = {"at": "10s", "kit": "READY", "quantity": 5, "people": 2, **build}
    data["warehouses"]["hub"]["builds"] = {"boxes": plan}
    return data


def arriving(data: dict[str, Any], *seconds: int) -> dict[str, Any]:
    for stream, second in zip(data["demand"].values(), seconds, strict=False):
        stream["at"] = f"{second}s"
    return data


def test_a_prekit_has_a_stock_of_its_own_and_is_one_pick() -> None:
    """It needs neither its parts nor its work, which was done beforehand."""
    trace = both(sale({"READY": READY}, {"READY": 2}, {"READY": 2}))
    assert picked(trace, 0) == {"READY": 2}
    assert (trace.pieces.tolist(), trace.lines.tolist()) == ([2], [1])
    assert states(both(sale({"READY": READY}, {"READY": 3}, {"READY": 2, **PARTS}))) == ["rejected"]


def test_a_build_makes_as_many_as_there_are_parts_for() -> None:
    """60 cookies, 3 cartons and 6 ribbons are 3 boxes, though 5 were planned."""
    data = built({"READY": 1, "CARTON": 1}, PARTS)
    trace = both(arriving(data, 86, 20))
    assert (trace.parts_for.tolist(), trace.made.tolist()) == ([3], [3])
    # planned for 5 × 30 s by two people: they come at 85 s, at once
    assert states(trace) == ["rejected", "shipped"]  # the carton is in a box
    assert states(both(arriving(data, 85, 9))) == ["shipped", "rejected"]


def test_lots_come_one_after_another() -> None:
    """Two of five every 30 s: the three kits that there are parts for fill the first lots."""
    data = built({"READY": 1}, PARTS, lot=2)
    order = data["demand"]["s0"]
    data["demand"] = {f"s{s}": {**order, "at": f"{s}s"} for s in (40, 41, 42, 43, 70, 71, 72, 99)}
    trace = both(data)
    shipped = [
        seconds
        for seconds, state in zip(
            (trace.orders.placed // SECOND).tolist(), states(trace), strict=True
        )
        if state == "shipped"
    ]
    assert shipped == [41, 42, 71]


def test_builds_leave_what_is_sold() -> None:
    data = built({"RIBBON": 3, "COOKIE": 5}, PARTS)
    trace = both(data)
    assert trace.parts_for.tolist() == [1]
    assert states(trace) == ["shipped", "shipped"]


def test_who_builds_is_away_from_the_crew() -> None:
    data = built({"COOKIE": 1}, PARTS, stage="pick", people=3)
    crew = draw_orders(compile_scenario(scenario_of(data)), 0).rosters[0]
    assert (crew.times // SECOND).tolist() == [0, 10, 60]
    assert crew.workers.tolist() == [5, 2, 5]
    data["warehouses"]["hub"]["builds"]["boxes"]["people"] = 9
    crew = draw_orders(compile_scenario(scenario_of(data)), 0).rosters[0]
    assert crew.workers.tolist() == [5, 0, 5]


def test_a_backorder_is_sent_when_kits_come() -> None:
    pay = {"delay": {"mean": "0s"}, "timeout": "1m", "reserve": "paid"}
    data = built({"READY": 2}, PARTS, lot=1) | {"payment": pay}
    trace = both(data)
    # sold at 1 s; of five kits one comes every 15 s, so that the second is there at 40 s
    assert trace.oversold.tolist() == [1]
    assert (trace.released // SECOND).tolist() == [40]


def test_channels_sell_kits_as_they_are_bought() -> None:
    data = choosing() | {"sellable": {"shop": {"PICK": 30}}}
    data["demand"]["s"]["channel"] = "shop"
    trace = both(data)
    orders, items = trace.orders, trace.orders.items
    kits = items.parent[orders.line_item] == items.names.index("PICK")
    let_in = np.repeat(np.array(states(trace)) != "rejected", np.diff(orders.line_offsets))
    assert 28 < orders.line_quantity[kits & let_in].sum() <= 30


@pytest.mark.parametrize("stock", [None, {"A": 4000, "B": 3000, "C": 9000, "D": 500}])
def test_thousands_of_mystery_boxes(stock: dict[str, int] | None) -> None:
    """Enough of them that most are decided as arrays, and some at the end one by one."""
    kits = {"BOX": {"kind": "mystery", "draw": 2, "pool": {"A": 4, "B": 3, "C": 2, "D": 1}}}
    data = sale(kits, {"BOX": 1}, stock)
    data["demand"] = {
        "s": {
            "shape": "drop",
            "at": "0s",
            "orders": 6000,
            "half_life": "3m",
            "basket": {"weights": {"BOX": 1}},
        }
    }
    trace = both(data)
    found = np.bincount(trace.orders.fillings.sku, trace.orders.fillings.pieces, 4)
    assert found.sum() == 2 * (np.array(states(trace)) != "rejected").sum()
    if stock:
        assert (found[:4] <= np.array(list(stock.values()))).all()
        assert found[3] == 500


def test_what_is_expected_of_kits() -> None:
    """Units that are expected of each SKU are those that are asked for on average."""
    kits = {
        "LUCK": {"kind": "mystery", "draw": 2, "pool": {"A": 3, "B": 1}, "needs": {"D": 1}},
        "EITHER": {"needs": {"C": {"quantity": 2, "else": ["A"]}}},
        "PICK": {
            "kind": "choose",
            "choose": 3,
            "of": {"B": 1, "EITHER": 1, "LUCK": 2},
            "limits": {"B": [1, 3]},
        },
    }
    data = sale(kits, {"PICK": 1, "LUCK": 2, "EITHER": 1}, None)
    for stream in data["demand"].values():
        stream["orders"] = 4000
    scenario = scenario_of(data)
    model = compile_scenario(scenario)
    expected: dict[str, float] = {}
    for stream in scenario.demand.values():
        units = expected_units(stream, model.items, scenario.start, scenario.horizon)
        for sku, count in units.items():
            expected[sku] = expected.get(sku, 0) + count
    trace = both(data)
    found: dict[str, int] = {}
    for order in range(len(trace.orders)):
        for sku, count in picked(trace, order).items():
            found[sku] = found.get(sku, 0) + count
    assert found == pytest.approx(expected, rel=0.03)


def test_kits_and_builds_survive_a_round_trip() -> None:
    kits = {
        "LUCK": {"kind": "mystery", "draw": 2, "pool": ["A", "B"]},
        "PICK": PICK,
        "PAIR": {"needs": {"C": {"quantity": 1, "else": ["A"]}}},
    }
    data = built({"COOKIE": 1}, PARTS, lot=2)
    more = sale(kits, {"LUCK": 1}, None)["catalog"]
    data["catalog"]["kits"] |= more["kits"]
    data["catalog"]["skus"] |= more["skus"]
    scenario = scenario_of(data)
    assert scenario_of(scenario.model_dump(mode="json", by_alias=True)) == scenario


def test_the_second_choice_of_a_gift_runs_out_as_well() -> None:
    """Nobody's first choice is a bow: what is left of it counts all the same."""
    gifts = {"g": {"reward": {"gift": {"BAG": 1, "BOW": 1}, "choose": "waterfall"}}}
    data = sale({}, {"A": 1}, {"A": 9, "BAG": 2, "BOW": 1}, gifts=gifts)
    data["demand"]["s0"]["orders"] = 5
    table = both(data).gifts
    names = [both(data).model.items.names[item] for item in table.item]
    granted = list(zip(names, table.granted.tolist(), strict=True))
    assert granted == [("BAG", 1), ("BAG", 1), ("BOW", 1), ("BAG", 0), ("BAG", 0)]
