"""Faults of the floor: zones that must exist, tours, breakdowns, returns, closed warehouses."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.scenario.faults import Fault
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.names import Names
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.reach import reach_of
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shiftchecks import unclear
from burstsim.scenario.zonenames import ZONES, passed, places, stations, zone_named

__all__ = ["floor_faults"]


def floor_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with zones, and with what names them."""
    for name, house in scenario.warehouses.items():
        path: KeyPath = ("warehouses", name)
        yield from _same_path(path, house)
        yield from _tours(scenario, path, house)
        yield from _passed(scenario, path, house)
        known = zone_named(house)
        for zone in house.breakdowns:
            if zone not in known:
                yield unclear(path, (*path, "breakdowns", zone), zone, house, names)
        for build_name, build in house.builds.items():
            if build.stage is not None and build.stage not in known:
                place = (*path, "builds", build_name, "stage")
                yield unclear(path, place, build.stage, house, names)
    yield from _handled(scenario, names)
    yield from _closed(scenario)


def _same_path(path: KeyPath, house: Warehouse) -> Iterator[Fault]:
    """Find two zones of one name, which dots in names make possible."""
    seen: dict[str, KeyPath] = {}
    for station in stations(house):
        for name in station.names:
            if seen.setdefault(name, station.place) != station.place:
                rule = "must not have the path of another zone"
                yield Fault((*path, *station.place), rule, name, "leave dots out of names")


def _tours(scenario: Scenario, path: KeyPath, house: Warehouse) -> Iterator[Fault]:
    first = next(iter(passed(scenario, house)), None)
    for name, stage in house.stages.items():
        here: KeyPath = (*path, "stages", name)
        tours = [here] if stage.tour is not None else []
        tours += [(*here, "zones", zone) for zone, its in stage.zones.items() if its.tour]
        for place in tours:
            if name != first:
                rule = "must be in the first stage: parcels are put into tours when released"
                hint = f"the first stage is {first}"
                yield Fault((*place, "tour"), rule, "", hint, ((*path, "stages", "*"),))


def _passed(scenario: Scenario, path: KeyPath, house: Warehouse) -> Iterator[Fault]:
    """Look at what is left for parcels once the returns station is set aside."""
    if scenario.returns is None or not house.stages:
        return
    name = scenario.returns.stage
    depends: tuple[KeyPath, ...] = (("returns", "stage"), (*path, "stages", "*"))
    if not passed(scenario, house):
        rule = "must have a stage besides the returns station"
        yield Fault((*path, "stages"), rule, name, "", depends)
    elif name in house.stages and house.stages[name].only is not None:
        rule = "must not be there at a returns station: everything that comes back needs work"
        yield Fault((*path, "stages", name, "only"), rule, "needs_work", "", depends)


def _handled(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Check where SKUs are picked, and where kits and gifts are worked on."""
    houses = list(scenario.warehouses.values())
    zones = dict.fromkeys(zone for h in houses for s in h.stages.values() for zone in s.zones)
    for name, sku in scenario.catalog.skus.items():
        if sku.zone is not None and sku.zone not in zones:
            place: KeyPath = ("catalog", "skus", name, "zone")
            yield names.unknown(place, "zone", sku.zone, zones, ZONES)
    placed: list[tuple[KeyPath, str | None]] = [
        (("catalog", "kits", name, "zone"), kit.zone) for name, kit in scenario.catalog.kits.items()
    ]
    placed += [
        (("gifts", name, "fulfil", "zone"), rule.fulfil.zone)
        for name, rule in scenario.rules.items()
    ]
    known = dict.fromkeys(
        place
        for house in houses
        for stage in passed(scenario, house)
        for place in places(house)
        if place == stage or place.startswith(f"{stage}.")
    )
    for place, zone in placed:
        if zone is None or zone in known:
            continue
        if scenario.returns is not None and zone.split(".")[0] == scenario.returns.stage:
            rule = "must not be the returns station: parcels do not pass it"
            yield Fault(place, rule, zone, "", (("returns", "stage"),))
        else:
            stage, _, _ = zone.rpartition(".")
            what = "zone" if stage in known else "stage"
            yield names.unknown(place, what, zone, known, ZONES)


def _closed(scenario: Scenario) -> Iterator[Fault]:
    """Find regions all of whose warehouses are closed when the sale begins."""
    houses = scenario.warehouses.items()
    stocks = [house.stock for _, house in houses if house.open]
    if stocks and all(stock is not None for stock in stocks):
        for name, house in houses:
            if not house.open and house.stock is None:
                rule = "must say what it has: all that is open have a stock that ends"
                yield Fault(("warehouses", name, "stock"), rule, "", "stock: {} is nothing")
    told: set[str] = set()
    for region in reach_of(scenario).regions:
        route = scenario.oms.routing.get(region, list(scenario.warehouses))
        there = [house for house in route if house in scenario.warehouses]
        if not there or any(scenario.warehouses[house].open for house in there):
            continue
        if there[0] not in told:
            told.add(there[0])
            rule = f"must be open, because no other warehouse ships to {region}"
            depends: tuple[KeyPath, ...] = (("oms", "routing"), ("warehouses", "*", "open"))
            yield Fault(("warehouses", there[0], "open"), rule, "false", "", depends)
