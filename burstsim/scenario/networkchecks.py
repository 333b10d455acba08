"""Faults of the network: names of warehouses, trucks and merchants, and orders without a route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from burstsim.scenario.catalog import Catalog
from burstsim.scenario.catalogchecks import on_shelves
from burstsim.scenario.disruptions import InboundDelay, StockCount
from burstsim.scenario.faults import Fault
from burstsim.scenario.names import Names, item_paths
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.reach import reach_of_stream
from burstsim.scenario.scenario import Scenario

__all__ = ["merchants", "network_faults", "route_of"]

_HOUSES: tuple[KeyPath, ...] = (("warehouses", "*"),)
_OWNERS: tuple[KeyPath, ...] = (("catalog", "skus", "*"),)


def network_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with routes, trucks, merchants and the disruptions of stock."""
    yield from _routing(scenario, names)
    yield from _warehouses(scenario, names)
    yield from _disruptions(scenario, names)
    for house in scenario.costs.lanes:
        if house not in scenario.warehouses:
            path: KeyPath = ("costs", "lanes", house)
            yield names.unknown(path, "warehouse", house, scenario.warehouses, _HOUSES)
    yield from _kits(scenario.catalog)
    yield from _unserved(scenario)


def route_of(scenario: Scenario, region: str, owner: str | None) -> list[str]:
    """Warehouses that a merchant's orders from a region may come from."""
    found = scenario.oms.routing.get(region, list(scenario.warehouses))
    houses = [(house, scenario.warehouses.get(house)) for house in found]
    return [
        name
        for name, house in houses
        if house is not None and (house.owners is None or owner in house.owners)
    ]


def merchants(catalog: Catalog, items: Iterable[str]) -> dict[str, set[str | None]]:
    """Say whose goods are in each of some items and in what they are made of; None: nobody's.

    What is nobody's goes with what is a merchant's.
    """
    found: dict[str, set[str | None]] = {}
    waiting, opened = list(items), set[str]()
    while waiting:
        name = waiting.pop()
        kit = catalog.kits.get(name)
        if name in found:
            continue
        if kit is None:
            found[name] = {catalog.skus[name].owner if name in catalog.skus else None}
            continue
        others = [other for part in kit.needs.values() for other in part.else_]
        inside = [*kit.needs, *others, *(kit.of or {}), *(kit.pool or {})]
        missing = [part for part in inside if part not in found]
        if missing and name not in opened:
            opened.add(name)
            waiting += [name, *missing]
        else:  # a part that is still missing is in a circle, which is a fault of its own
            owners = set().union(*(found.get(part, set()) for part in inside))
            found[name] = owners - {None} or {None}
    return found


def _routing(scenario: Scenario, names: Names) -> Iterator[Fault]:
    known = scenario.warehouses
    for region, houses in scenario.oms.routing.items():
        for number, house in enumerate(houses):
            if house not in known:
                path: KeyPath = ("oms", "routing", region, number)
                yield names.unknown(path, "warehouse", house, known, _HOUSES)


def _warehouses(scenario: Scenario, names: Names) -> Iterator[Fault]:
    skus = on_shelves(scenario)
    owners = [sku.owner for sku in scenario.catalog.skus.values() if sku.owner is not None]
    for name, house in scenario.warehouses.items():
        path: KeyPath = ("warehouses", name)
        for number, owner in enumerate(house.owners or ()):
            if owner not in owners:
                yield names.unknown((*path, "owners", number), "owner", owner, owners, _OWNERS)
        for truck, inbound in house.inbound.items():
            for sku in inbound.stock:
                if sku not in skus:
                    here = (*path, "inbound", truck, "stock", sku)
                    yield names.unknown(here, "SKU", sku, skus, item_paths(sku))


def _disruptions(scenario: Scenario, names: Names) -> Iterator[Fault]:
    houses = scenario.warehouses
    trucks = [f"{name}.{truck}" for name, house in houses.items() for truck in house.inbound]
    skus = on_shelves(scenario)
    for name, disruption in scenario.disruptions.items():
        path: KeyPath = ("disruptions", name)
        if isinstance(disruption, InboundDelay):
            if disruption.where not in (*houses, *trucks):
                depends = (*_HOUSES, ("warehouses", "*", "inbound", "*"))
                what, known = "warehouse and no truck", [*houses, *trucks]
                yield names.unknown((*path, "where"), what, disruption.where, known, depends)
        elif isinstance(disruption, StockCount):
            if disruption.where not in houses:
                place, where = (*path, "where"), disruption.where
                yield names.unknown(place, "warehouse", where, houses, _HOUSES)
            for sku in disruption.stock:
                if sku not in skus:
                    place = (*path, "stock", sku)
                    yield names.unknown(place, "SKU", sku, skus, item_paths(sku))


def _kits(catalog: Catalog) -> Iterator[Fault]:
    """Find kits that join goods of several merchants, the innermost ones only."""
    owners = merchants(catalog, catalog.kits)
    for name, kit in catalog.kits.items():
        others = [other for part in kit.needs.values() for other in part.else_]
        inside = [*kit.needs, *others, *(kit.of or {}), *(kit.pool or {})]
        if len(owners[name]) > 1 and all(len(owners.get(part, ())) <= 1 for part in inside):
            shown = ", ".join(sorted(str(owner) for owner in owners[name]))
            hint = "each merchant's goods are an order of their own"
            depends = (*_OWNERS, *item_paths(*inside), ("catalog", "kits", name))
            rule = "must not join goods of several merchants"
            yield Fault(("catalog", "kits", name), rule, shown, hint, depends)


def _unserved(scenario: Scenario) -> Iterator[Fault]:
    """Find orders that no warehouse ships."""
    told: set[tuple[KeyPath, str | None]] = set()
    for name, stream in scenario.demand.items():
        reach = reach_of_stream(stream)
        owned = merchants(scenario.catalog, reach.sold)
        owners = dict.fromkeys(
            owner for item in reach.sold if len(owned[item]) == 1 for owner in owned[item]
        )
        for region in reach.regions:
            routed = region in scenario.oms.routing
            path: KeyPath = ("oms", "routing", region) if routed else ("warehouses",)
            for owner in owners:
                if (path, owner) in told or route_of(scenario, region, owner):
                    continue
                told.add((path, owner))
                goods = "goods that are nobody's" if owner is None else "a merchant's goods"
                rule = f"must have a warehouse that ships {goods}"
                hint = f"demand.{name} sells them to {region}; see owners of the warehouses"
                depends = (*_OWNERS, *_HOUSES, ("warehouses", "*", "owners"))
                depends += (path, ("demand", name, "basket"), ("demand", name, "regions"))
                yield Fault(path, rule, owner or "", hint, (*depends, ("oms", "routing")))
