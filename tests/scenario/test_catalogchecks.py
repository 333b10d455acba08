"""What may not be in a catalogue, each with its path; and builds."""

from __future__ import annotations

from typing import Any

import pytest

from burstsim.errors import ScenarioError
from tests.scenarios import scenario_of, small

SKUS = {name: {"price": 1} for name in ("A", "B", "C")}


def with_kits(kits: dict[str, Any], **more: Any) -> dict[str, Any]:
    catalog = {"skus": SKUS, "kits": kits}
    return small(catalog=catalog, **more)


def faults(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        scenario_of(data)
    return [(problem.path, problem.rule, problem.value) for problem in caught.value.problems]


def choose(**changes: Any) -> dict[str, Any]:
    return {"kind": "choose", "price": 1, "choose": 3, "of": {"A": 1, "B": 1}, **changes}


def mystery(*pool: str) -> dict[str, Any]:
    return {"kind": "mystery", "price": 1, "draw": 1, "pool": list(pool)}


UNKNOWN = {
    "a part": ({"K": {"needs": {"Z": 1}}}, "K.needs.Z", "names no item of this scenario"),
    "an option": ({"K": choose(of={"A": 1, "Z": 1})}, "K.of.Z", "names no item of this scenario"),
    "a member": ({"K": mystery("A", "Z")}, "K.pool.Z", "names no SKU of this scenario"),
    "an alternative": (
        {"K": {"needs": {"A": {"quantity": 1, "else": ["B", "Z"]}}}},
        "K.needs.A.else[1]",
        "names no SKU of this scenario",
    ),
    "a limit": ({"K": choose(limits={"C": 1})}, "K.limits.C", "must be one of the options"),
    "a stage": (
        {"K": {"needs": {"A": 1}, "work": "1s", "zone": "wrap"}},
        "K.zone",
        "names no stage of this scenario",
    ),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_names_that_do_not_exist(kind: str) -> None:
    kits, path, rule = UNKNOWN[kind]
    assert [(where, what) for where, what, _ in faults(with_kits(kits))] == [
        (f"catalog.kits.{path}", rule)
    ]


REFUSED = {
    "nothing": ({"K": {"needs": {}}}, "K.needs", "must not be empty", ""),
    "a kit in a pool": (
        {"K": mystery("A", "P"), "P": {"needs": {"A": 1}}},
        "K.pool.P",
        "must be a SKU",
        "P",
    ),
    "a kit with alternatives": (
        {"K": {"needs": {"P": {"quantity": 1, "else": ["A"]}}}, "P": {"needs": {"A": 1}}},
        "K.needs.P",
        "must be a SKU, because others may stand in for it",
        "P",
    ),
    "no chance": (
        {"K": {**mystery("A"), "pool": {"A": 0}}},
        "K.pool",
        "must have a weight above 0",
        "0",
    ),
    "too heavy": (
        {"K": {**mystery("A"), "pool": {f"S{n}": 10**6 for n in range(1001)}}},
        "K.pool",
        "must have weights that add up to at most 1,000,000,000",
        "1,001,000,000",
    ),
    "least above most": (
        {"K": choose(limits={"A": [3, 2]})},
        "K.limits.A",
        "must not have a least above its most",
        "3, 2",
    ),
    "too much at least": (
        {"K": choose(limits={"A": [2, 3], "B": [2, 3]})},
        "K.limits",
        "must not ask for more than the 3 that are chosen",
        "at least 4",
    ),
    "too little at most": (
        {"K": choose(limits={"A": 1, "B": 1})},
        "K.limits",
        "must leave room for the 3 that are chosen",
        "at most 2",
    ),
    "nobody wants the rest": (
        {"K": choose(of={"A": 1, "B": 0}, limits={"A": 2})},
        "K.limits",
        "must leave room for the 3 that are chosen",
        "at most 2",
    ),
    "a choice in a choice": (
        {"K": choose(of={"A": 1, "L": 1}), "L": choose()},
        "K.of.L",
        "must not be a kit with a choice in it",
        "L",
    ),
    "a prekit of chance": (
        {"K": {"kind": "prekit", "needs": {"L": 1}}, "L": mystery("A")},
        "K.needs.L",
        "must be fixed, because it is in a prekit",
        "L",
    ),
    "a prekit of alternatives": (
        {"K": {"kind": "prekit", "needs": {"A": {"quantity": 1, "else": ["B"]}}}},
        "K.needs.A",
        "must be fixed, because it is in a prekit",
        "A",
    ),
    "itself": ({"K": {"needs": {"K": 1}}}, "K.needs.K", "must not contain itself", "K → K"),
    "itself as an option": (
        {"K": choose(of={"A": 1, "L": 1}), "L": {"needs": {"K": 1}}},
        "L.needs.K",
        "must not contain itself",
        "K → L → K",
    ),
    "itself in its pool": (
        {"K": {"needs": {"L": 1}}, "L": mystery("A", "K")},
        "L.pool.K",
        "must not contain itself",
        "K → L → K",
    ),
    "itself instead of a part": (
        {"K": {"needs": {"A": {"quantity": 1, "else": ["K"]}}}},
        "K.needs.A.else[0]",
        "must not contain itself",
        "K → K",
    ),
    "itself ready made": (
        {"K": {"kind": "prekit", "needs": {"L": 1}}, "L": {"needs": {"K": 1}}},
        "L.needs.K",
        "must not contain itself",
        "K → L → K",
    ),
    "a million pieces": (
        {"K": choose(choose=1000, of=["L"]), "L": {"needs": {"A": 1001}}},
        "K",
        "must not open into more than 1,000,000 pieces",
        "1,001,000",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be(kind: str) -> None:
    kits, path, rule, value = REFUSED[kind]
    data = with_kits(kits)
    if kind == "too heavy":
        data["catalog"]["skus"] = SKUS | {f"S{n}": {"price": 1} for n in range(1001)}
    assert faults(data) == [(f"catalog.kits.{path}", rule, value)]


@pytest.mark.parametrize("kit", [choose(price=None), {**mystery("A"), "price": None}])
def test_what_has_no_fixed_parts_has_a_price(kit: dict[str, Any]) -> None:
    ((path, rule, _),) = faults(with_kits({"K": kit}))
    assert (path, rule) == (
        "catalog.kits.K",
        "must have a price: it is not always made of the same parts",
    )


def test_gifts_are_of_fixed_parts() -> None:
    gifts = {"g": {"reward": {"gift": {"L": 1}}}}
    rule = "must be a SKU or a kit of fixed parts"
    data = with_kits({"L": mystery("A")}, gifts=gifts)
    assert faults(data) == [("gifts.g.reward.gift.L", rule, "L")]
    either = {"needs": {"A": {"quantity": 1, "else": ["B"]}}}
    assert faults(with_kits({"L": either}, gifts=gifts)) == [("gifts.g.reward.gift.L", rule, "L")]
    tiers = [{"min": 1, "gift": {"A": 1}}, {"min": 2, "gift": {"L": 1}}]
    data["gifts"] = {"g": {"count": {"mode": "tiers", "tiers": tiers}}}
    assert faults(data) == [("gifts.g.count.tiers[1].gift.L", rule, "L")]


def building(**changes: Any) -> dict[str, Any]:
    kits = {"P": {"kind": "prekit", "needs": {"A": 2}}, "V": {"needs": {"A": 1}}}
    data = with_kits(kits)
    build = {"at": "1m", "kit": "P", "quantity": 3, "people": 1, **changes}
    data["warehouses"]["hub"]["builds"] = {"b": build}
    data["warehouses"]["hub"]["stock"] = {"A": 5, "P": 1}
    return data


def test_builds_are_of_prekits_by_people_of_a_stage() -> None:
    assert scenario_of(building(stage="pack")).warehouses["hub"].builds["b"].stage == "pack"
    path = "warehouses.hub.builds.b"
    assert faults(building(kit="V")) == [(f"{path}.kit", "must be a kit of kind: prekit", "V")]
    rule = "names no prekit of this scenario"
    assert faults(building(kit="Q")) == [(f"{path}.kit", rule, "Q")]
    assert faults(building(kit="A")) == [(f"{path}.kit", rule, "A")]
    rule = "names no stage of this scenario"
    assert faults(building(stage="wrap")) == [(f"{path}.stage", rule, "wrap")]


def test_only_what_stands_on_shelves_has_a_stock() -> None:
    data = building()
    data["warehouses"]["hub"]["stock"]["V"] = 1
    rule = "names no SKU of this scenario"
    assert faults(data) == [("warehouses.hub.stock.V", rule, "V")]
