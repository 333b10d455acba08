"""Faults of policies: what they look at, and what their levers move, must exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from burstsim.scenario.catalogchecks import on_shelves
from burstsim.scenario.disruptionchecks import place_fault
from burstsim.scenario.faults import Fault
from burstsim.scenario.giftchecks import gifts_of, open_part
from burstsim.scenario.names import Names, item_paths
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.policies import Lever, Policy
from burstsim.scenario.reach import channels_of
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shiftchecks import shifts_of
from burstsim.scenario.zonenames import ZONES, all_zones, several, zone_named

__all__ = ["condition_faults", "lever_faults", "policy_faults"]


def policy_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with every policy."""
    for name, policy in scenario.policies.items():
        path: KeyPath = ("policies", name)
        yield from condition_faults(scenario, (*path, "when"), policy, names)
        yield from lever_faults(scenario, (*path, "do"), policy.do, names)


def condition_faults(
    scenario: Scenario, path: KeyPath, policy: Policy, names: Names
) -> Iterator[Fault]:
    """Yield what a condition asks of something that is not there."""
    condition = policy.condition
    target = condition.target
    if condition.signal in ("work_left", "backlog"):
        yield from place_fault(scenario, path, target, names)
    elif condition.signal == "stock_left" and target not in on_shelves(scenario):
        yield names.unknown(path, "SKU", target, on_shelves(scenario), item_paths(target))
    elif condition.signal == "gifts_left" and target not in scenario.rules:
        yield names.unknown(path, "gift rule", target, scenario.rules, (("gifts", "*"),))
    elif condition.signal == "late_share" and not scenario.promises:
        rule = "must not ask for late_share without a promise: nothing says when orders are due"
        yield Fault(path, rule, policy.when, "add a promises section", (("promises", "*"),))


def lever_faults(scenario: Scenario, path: KeyPath, lever: Lever, names: Names) -> Iterator[Fault]:
    """Yield what a lever moves that is not there."""
    here: KeyPath = (*path, lever.name)
    if lever.name in ("add_workers", "move_workers", "overtime"):
        yield from _people(scenario, here, lever, names)
    elif lever.name in ("open_warehouse", "extra_truck"):
        yield from _places(scenario, here, lever, names)
    else:
        yield from _selling(scenario, here, lever, names)


def _people(scenario: Scenario, here: KeyPath, lever: Lever, names: Names) -> Iterator[Fault]:
    asked: list[tuple[str, str]] = []
    if (add := lever.add_workers) is not None:
        asked = [("zone", add.zone)]
    if (move := lever.move_workers) is not None:
        asked = [("from", move.from_), ("to", move.to)]
        if move.from_ == move.to:
            yield Fault((*here, "to"), "must not be where they come from", move.to)
    if (overtime := lever.overtime) is not None:
        asked = [("zone", overtime.zone)]
        yield from _no_shift(scenario, (*here, "zone"), overtime.zone)
    for key, zone in asked:
        yield from _zone(scenario, (*here, key), zone, names)


def _zone(scenario: Scenario, path: KeyPath, zone: str, names: Names) -> Iterator[Fault]:
    known = all_zones(scenario)
    if zone in known:
        return
    for name, house in scenario.warehouses.items():
        if zone.startswith(f"{name}.") and (inside := several(house, zone[len(name) + 1 :])):
            rule = "must say which zone of the stage is meant"
            hint = f"there is {', '.join(f'{name}.{one}' for one in inside[:5])}"
            yield Fault(path, rule, zone, hint, ZONES)
            return
    yield names.unknown(path, "zone", zone, known, ZONES)


def _no_shift(scenario: Scenario, path: KeyPath, zone: str) -> Iterator[Fault]:
    for name, house in scenario.warehouses.items():
        for other, station in zone_named(house).items():
            if f"{name}.{other}" == zone and not shifts_of(house, station):
                rule = "must have shifts: those stay whose shift ends next"
                depends: tuple[KeyPath, ...] = (("warehouses", name, "shifts", "*"),)
                yield Fault(path, rule, zone, "", depends)


def _places(scenario: Scenario, here: KeyPath, lever: Lever, names: Names) -> Iterator[Fault]:
    houses = scenario.warehouses
    if (name := lever.open_warehouse) is not None:
        if name not in houses:
            yield names.unknown(here, "warehouse", name, houses, (("warehouses", "*"),))
        elif houses[name].open:
            rule = "must be a warehouse that is closed"
            hint = "one with open: false is closed until something opens it"
            yield Fault(here, rule, name, hint, (("warehouses", name, "open"),))
    if (truck := lever.extra_truck) is not None:
        known = dict.fromkeys(
            [carrier for house in houses.values() for carrier in house.carriers]
            + [f"{name}.{carrier}" for name, house in houses.items() for carrier in house.carriers]
        )
        if truck.carrier not in known:
            depends: tuple[KeyPath, ...] = (("warehouses", "*", "carriers", "*"),)
            yield names.unknown((*here, "carrier"), "carrier", truck.carrier, known, depends)


def _selling(scenario: Scenario, here: KeyPath, lever: Lever, names: Names) -> Iterator[Fault]:
    items = {**on_shelves(scenario), **dict.fromkeys(scenario.catalog.kits)}
    limit, throttle = lever.limit_per_customer, lever.throttle
    sold = [(here, lever.stop_selling), ((*here, "item"), limit.item if limit else None)]
    for path, item in sold:
        if item is not None and item not in items:
            yield names.unknown(path, "item", item, items, item_paths(item))
    if throttle is not None and throttle.channel not in channels_of(scenario):
        depends: tuple[KeyPath, ...] = (("demand", "*", "channel"),)
        known = channels_of(scenario)
        yield names.unknown((*here, "channel"), "channel", throttle.channel, known, depends)
    for promise in lever.set_promise or ():
        if promise not in scenario.promises:
            depends = (("promises", "*"),)
            place = (*here, promise)
            yield names.unknown(place, "promise", promise, scenario.promises, depends)
    yield from _swaps(scenario, here, lever.replace_gift or {}, names)


def _swaps(
    scenario: Scenario, here: KeyPath, swaps: Mapping[str, str], names: Names
) -> Iterator[Fault]:
    given = {
        gift for rule in scenario.rules.values() for _, gifts in gifts_of(rule) for gift in gifts
    }
    skus = {**on_shelves(scenario), **dict.fromkeys(scenario.catalog.kits)}
    for old, new in swaps.items():
        place = (*here, old)
        if old in skus and old not in given:
            rule = "must be a gift that some rule gives"
            yield Fault(place, rule, old, "", (("gifts", "*"), *item_paths(old)))
        elif old not in given:
            yield names.unknown(place, "gift", old, given, (("gifts", "*"),))
        if new == old:
            yield Fault(place, "must not be replaced by itself", new)
        elif new not in skus:
            yield names.unknown(place, "SKU", new, skus, item_paths(new))
        elif (why := open_part(scenario, new)) is not None:
            yield Fault(place, "must be a SKU or a kit of fixed parts", new, why, item_paths(new))
