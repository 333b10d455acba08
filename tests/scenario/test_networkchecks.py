"""Routes, partners, merchants and goods that come: what is refused, and what is warned about."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.overrides import override
from burstsim.scenario.scenario import Scenario
from tests.scenarios import scenario_of, small

STAGES = {"pack": {"workers": 5, "work": {"per_task": "10s"}}}

#: Everything right: two merchants, two regions, a partner who ships for one of the merchants.
SALE = small(
    catalog={
        "skus": {
            "A": {"price": 10, "owner": "glow"},
            "B": {"price": 5, "owner": "dew"},
            "BAG": {"price": 1},
        },
        "kits": {"DUO": {"needs": {"A": 2, "BAG": 1}}},
    },
    demand={
        "shop": {
            "shape": "steady",
            "rate": "20/m",
            "regions": {"east": 1, "south": 1},
            "basket": {"weights": {"A": 1, "B": 1, "DUO": 1}},
        }
    },
    oms={"routing": {"east": ["hub", "depot"], "south": ["depot", "hub"]}},
    costs={"lanes": {"depot": {"south": 3}}},
    warehouses={
        "hub": {
            "stock": {"A": 900, "BAG": 900},
            "inbound": {"van": {"at": "10m", "stock": {"B": 500}}},
            "stages": STAGES,
        },
        "depot": {
            "owners": ["glow", "dew"],
            "stock": {"A": 900, "B": 900, "BAG": 900},
            "external": {"lead_time": {"mean": "1h"}, "fee": 2},
        },
    },
    disruptions={
        "late": {"what": "inbound_delay", "where": "hub.van", "at": "5m", "by": "10m"},
        "count": {"what": "stock_count", "where": "depot", "at": "10m", "stock": {"A": 100}},
    },
)


def changed(changes: dict[str, Any]) -> Scenario:
    data = deepcopy(SALE)
    assert not override(data, changes).problems
    return scenario_of(data)


def refused(changes: dict[str, Any]) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        changed(changes)
    return list(caught.value.problems)


FAULTS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a route to nowhere": (
        {"oms.routing": {"east": ["hub", "depto"]}},
        "oms.routing.east[1]",
        "names no warehouse of this scenario",
        "depot",
    ),
    "a truck with what nobody knows": (
        {"warehouses.hub.inbound.van.stock": {"BB": 1}},
        "warehouses.hub.inbound.van.stock.BB",
        "names no SKU of this scenario",
        "'B'",
    ),
    "a truck with opened kits": (
        {"warehouses.hub.inbound.van.stock": {"DUO": 1}},
        "warehouses.hub.inbound.van.stock.DUO",
        "names no SKU of this scenario",
        "",
    ),
    "safety stock": (
        {"warehouses.hub.safety_stock": {"BGA": 1}},
        "warehouses.hub.safety_stock.BGA",
        "names no SKU of this scenario",
        "BAG",
    ),
    "a merchant without goods": (
        {"warehouses.depot.owners": ["glow", "dew", "glwo"]},
        "warehouses.depot.owners[2]",
        "names no owner of this scenario",
        "glow",
    ),
    "a lane from nowhere": (
        {"costs.lanes": {"hubb": {"east": 1}}},
        "costs.lanes.hubb",
        "names no warehouse of this scenario",
        "hub",
    ),
    "a delay of no truck": (
        {"disruptions.late.where": "hub.vann"},
        "disruptions.late.where",
        "names no warehouse and no truck of this scenario",
        "hub.van",
    ),
    "a count nowhere": (
        {"disruptions.count.where": "depott"},
        "disruptions.count.where",
        "names no warehouse of this scenario",
        "depot",
    ),
    "a count of trucks": (
        {"disruptions.count.where": "hub.van"},
        "disruptions.count.where",
        "names no warehouse of this scenario",
        "",
    ),
    "a count of what nobody knows": (
        {"disruptions.count.stock": {"BGA": 1}},
        "disruptions.count.stock.BGA",
        "names no SKU of this scenario",
        "BAG",
    ),
    "a kit of two merchants": (
        {"catalog.kits.DUO.needs": {"A": 1, "B": 1}},
        "catalog.kits.DUO",
        "must not join goods of several merchants",
        "an order of their own",
    ),
    "a substitute of another merchant": (
        {"catalog.kits.DUO.needs": {"A": {"quantity": 1, "else": ["B"]}}},
        "catalog.kits.DUO",
        "must not join goods of several merchants",
        "an order of their own",
    ),
    "a merchant whom nobody ships for": (
        {"warehouses.hub.owners": ["glow"], "warehouses.depot.owners": ["glow"]},
        "oms.routing.east",
        "must have a warehouse that ships a merchant's goods",
        "demand.shop sells them to east",
    ),
    "a region whose warehouses leave a merchant out": (
        {"oms.routing.south": ["depot"], "warehouses.depot.owners": ["glow"]},
        "oms.routing.south",
        "must have a warehouse that ships a merchant's goods",
        "demand.shop sells them to south",
    ),
    "goods of nobody": (
        {
            "oms.routing": {"south": ["depot"], "east": ["hub", "depot"]},
            "demand.shop.basket.weights": {"BAG": 1, "A": 1},
        },
        "oms.routing.south",
        "must have a warehouse that ships goods that are nobody's",
        "demand.shop sells them to south",
    ),
    "no route at all": (
        {
            "oms.routing": {},
            "warehouses.hub.owners": ["glow"],
            "warehouses.depot.owners": ["glow"],
        },
        "warehouses",
        "must have a warehouse that ships a merchant's goods",
        "demand.shop sells them to east",
    ),
}

#: Changes that make two faults, of which the second is like the first.
TWICE = {"a merchant whom nobody ships for"}


def test_the_sale_is_faultless() -> None:
    assert changed({}).warnings == ()


@pytest.mark.parametrize("kind", FAULTS)
def test_one_fault_is_one_problem(kind: str) -> None:
    changes, path, rule, hint = FAULTS[kind]
    first, *more = refused(changes)
    assert (first.path, first.rule) == (path, rule)
    assert hint in first.hint
    assert len(more) == (kind in TWICE)


def test_only_the_innermost_kit_is_at_fault() -> None:
    kits = {"IN": {"needs": {"A": 1, "B": 1}}, "OUT": {"needs": {"IN": 1, "BAG": 1}}}
    (problem,) = refused({"catalog.kits": {**kits, "DUO": {"needs": {"A": 1}}}})
    assert problem.path == "catalog.kits.IN"


def test_kits_in_a_circle_are_one_fault() -> None:
    kits = {"DUO": {"needs": {"OTHER": 1, "A": 1}}, "OTHER": {"needs": {"DUO": 1, "B": 1}}}
    assert "must not contain itself" in [p.rule for p in refused({"catalog.kits": kits})]


def test_a_misspelt_section_hides_no_route() -> None:
    """What was set aside makes no faults of its own."""
    data = deepcopy(SALE)
    data["warehouses"]["hubb"] = data["warehouses"].pop("hub")
    data["warehouses"]["hubb"]["stagess"] = {}
    with pytest.raises(ScenarioError) as caught:
        scenario_of(data)
    assert "warehouses.hubb.stagess" in [problem.path for problem in caught.value.problems]


WARNINGS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a route of no region": (
        {"oms.routing.north": ["hub"]},
        "oms.routing.north",
        "is a region that no stream has",
    ),
    "a lane of no region": (
        {"costs.lanes.hub": {"north": 2}},
        "costs.lanes.hub.north",
        "is a region that no stream has",
    ),
    "a warehouse twice": (
        {"oms.routing.east": ["hub", "depot", "hub"]},
        "oms.routing.east[2]",
        "names a warehouse for the second time",
    ),
    "a warehouse off all routes": (
        {"oms.routing": {"east": ["depot"], "south": ["depot"]}},
        "warehouses.hub",
        "is on the route of no order",
    ),
    "a warehouse of nobody": (
        {"warehouses.hub.owners": []},
        "warehouses.hub",
        "is on the route of no order",
    ),
    "a truck after the end": (
        {"warehouses.depot.inbound": {"late": {"at": "4h 30m", "stock": {"A": 1}}}},
        "warehouses.depot.inbound.late.at",
        "is at or after the end",
    ),
    "a truck that is held up for too long": (
        {"disruptions.late.by": "5h"},
        "warehouses.hub.inbound.van.at",
        "comes at or after the end, because of late",
    ),
    "goods where there is everything": (
        {
            "warehouses.depot.inbound": {"in": {"at": "1h", "stock": {"A": 1}}},
            "warehouses.depot.stock": None,
            "disruptions.count.where": "hub",
        },
        "warehouses.depot.inbound.in.stock",
        "changes nothing: this warehouse has everything",
    ),
    "a count where there is everything": (
        {"warehouses.depot.stock": None},
        "disruptions.count.stock",
        "changes nothing: this warehouse has everything",
    ),
    "a count after the end": (
        {"disruptions.count.at": "5h"},
        "disruptions.count.at",
        "is at or after the end, so nobody counts",
    ),
    "a delay of what has come before": (
        {"disruptions.late.at": "11m"},
        "disruptions.late.where",
        "holds up nothing",
    ),
    "nothing of it anywhere": (
        {
            "warehouses.hub.stock": {"A": 1},
            "warehouses.depot.stock": {"A": 9, "B": 9},
        },
        "demand.shop",
        "sells what no warehouse ever has",
    ),
    "only safety stock": (
        {
            "warehouses.hub.inbound": {},
            "disruptions.late.where": "depot",
            "warehouses.depot.inbound": {"van": {"at": "10m", "stock": {"A": 1}}},
            "warehouses.depot.safety_stock": {"B": 900},
        },
        "demand.shop",
        "sells what no warehouse ever has",
    ),
    "nothing of it on the route": (
        {"oms.routing.east": ["hub"], "warehouses.hub.inbound.van.stock": {"A": 5}},
        "demand.shop",
        "sells what no warehouse on the route of east ever has",
    ),
    "parts of a kit apart": (
        {
            "warehouses.hub.stock": {"A": 900},
            "warehouses.depot.stock": {"B": 900, "BAG": 900},
            "disruptions.count.where": "hub",
        },
        "demand.shop",
        "sells what no warehouse ever has",
    ),
    "a gift at one of the warehouses": (
        {
            "gifts": {"g": {"reward": {"gift": {"BAG": 1}}}},
            "warehouses.hub.stock": {"A": 900},
        },
        "gifts.g.reward.gift.BAG",
        "is never at hub: orders that leave from there get none",
    ),
}


@pytest.mark.parametrize("kind", WARNINGS)
def test_what_is_odd_is_one_warning(kind: str) -> None:
    changes, path, rule = WARNINGS[kind]
    (warning,) = changed(changes).warnings
    assert warning.path == path
    assert warning.rule.startswith(rule)


MEANT: dict[str, dict[str, Any]] = {
    "no routing": {"oms.routing": {}},
    "other regions as in the file": {"oms.routing": {"east": ["hub"]}},
    "never split": {"oms.split": False},
    "by cost": {"oms.route_by": "cheapest"},
    "a gift from any": {
        "gifts": {"g": {"reward": {"gift": {"BAG": 1}}, "fulfil": {"ship": "split"}}},
        "warehouses.depot.stock": {"A": 900, "B": 900},
    },
    "one of several gifts": {
        "gifts": {"g": {"reward": {"gift": {"A": 1, "B": 1}, "choose": "waterfall"}}},
    },
    "a gift where its region's orders come from": {
        "gifts": {"g": {"where": {"region": "east"}, "reward": {"gift": {"BAG": 1}}}},
        "oms.routing.east": ["hub"],
        "warehouses.depot.stock": {"A": 900, "B": 900},
    },
    "a gift that a truck brings": {
        "gifts": {"g": {"reward": {"gift": {"BAG": 1}}}},
        "warehouses.hub.stock": {"A": 900},
        "warehouses.hub.inbound.van.stock": {"BAG": 900, "B": 9},
    },
}


@pytest.mark.parametrize("kind", MEANT)
def test_what_is_meant_is_not_warned_about(kind: str) -> None:
    assert changed(MEANT[kind]).warnings == ()


def test_a_substitute_may_be_what_is_there() -> None:
    kit = {"needs": {"A": {"quantity": 1, "else": ["BAG"]}}, "price": 1}
    catalog = {"skus": {"A": {}, "BAG": {}}, "kits": {"DUO": kit}}
    hub = {"stock": {"BAG": 5}, "stages": STAGES}
    demand = {"shop": {"shape": "steady", "rate": "2/m", "basket": {"weights": {"DUO": 1}}}}
    assert not scenario_of(small(catalog=catalog, demand=demand, warehouses={"hub": hub})).warnings


def test_one_warehouse_may_be_said_to_be_alone() -> None:
    oms = {"routing": {"all": ["hub"]}, "split": False, "route_by": "least_backlog"}
    assert scenario_of(small(oms=oms)).warnings == ()
