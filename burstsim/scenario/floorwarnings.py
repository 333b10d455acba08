"""What is odd about the floor: stations without work or people, shifts that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from burstsim.scenario.carrierchecks import regions_of
from burstsim.scenario.faults import Fault
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shiftchecks import shifts_of, span_of, staffed
from burstsim.scenario.shifts import Shift
from burstsim.scenario.zonenames import passed, stations, zone_named
from burstsim.units import DAY

__all__ = ["floor_warnings"]


def floor_warnings(scenario: Scenario) -> Iterator[Fault]:
    """Yield what is odd about each warehouse of our own."""
    for name, house in scenario.warehouses.items():
        path: KeyPath = ("warehouses", name)
        if not house.open and not _opened(scenario, name):
            said = "is closed and no policy opens it, so nothing leaves from it"
            yield Fault((*path, "open"), said, "false")
        if house.external is not None:
            continue
        worked = _worked(scenario, house)
        yield from _idle(scenario, path, house, worked)
        yield from _overlaps(scenario, path, house)
        for crew, its in house.crews.items():
            known = zone_named(house)
            if not any(known[skill].name in worked for skill in its.skills):
                said = "has skills only for zones to which no work comes"
                yield Fault((*path, "crews", crew, "skills"), said, ", ".join(its.skills))
        if scenario.returns is not None and scenario.returns.stage not in house.stages:
            said = "has no returns station: what comes back here takes no work"
            yield Fault((*path, "stages"), said, scenario.returns.stage)
        yield from _regions(scenario, path, house)


def _opened(scenario: Scenario, house: str) -> bool:
    return any(policy.do.open_warehouse == house for policy in scenario.policies.values())


def _worked(scenario: Scenario, house: Warehouse) -> set[str]:
    """Names of the zones of a warehouse to which some work comes."""
    found = _extra(scenario, house)
    chosen = [sku.zone for sku in scenario.catalog.skus.values()] or [None]
    for station in stations(house):
        zones = list(station.stage_of.zones) or [""]
        # What names no zone of this stage is handled in its first one.
        handled = {zone if zone in zones else zones[0] for zone in chosen}
        if scenario.returns is not None and station.stage == scenario.returns.stage:
            comes = True
        else:
            comes = station.stage_of.only is None and station.zone in handled
        if comes:
            found.add(station.name)
    return found


def _extra(scenario: Scenario, house: Warehouse) -> set[str]:
    """Names of the zones where kits are made or gifts are wrapped."""
    asked = [
        kit.zone for kit in scenario.catalog.kits.values() if kit.work and kit.kind != "prekit"
    ]
    asked += [rule.fulfil.zone for rule in scenario.rules.values() if rule.fulfil.work]
    return {_placed(scenario, house, zone) for zone in asked}


def _placed(scenario: Scenario, house: Warehouse, zone: str | None) -> str:
    """Name of the zone where work is done that is asked for at a place, or anywhere."""
    known, chain = zone_named(house), passed(scenario, house)
    if zone in known:
        return known[zone].name
    if zone not in chain:
        only = [name for name, stage in chain.items() if stage.only is not None]
        zone = only[0] if only else "pack" if "pack" in chain else list(chain)[-1]
    return next(station.name for station in stations(house) if station.stage == zone)


def _idle(scenario: Scenario, path: KeyPath, house: Warehouse, worked: set[str]) -> Iterator[Fault]:
    """Look for stations to which nothing comes, and such as nobody works at for now."""
    told: set[str] = set()
    for station in stations(house):
        place: KeyPath = (*path, *station.place)
        if not staffed(scenario, house, station):
            said = "has nobody who works there, unless a policy sends somebody"
            yield Fault(place, said, station.name)
        of_stage = [other.name for other in stations(house) if other.stage == station.stage]
        if worked.intersection(of_stage):
            if station.name not in worked:
                said = "is a zone to which no work comes: no SKU, kit or gift is handled there"
                yield Fault(place, said, station.zone)
        elif station.stage not in told:
            told.add(station.stage)
            said = "is a stage that no order visits: no kit or gift has work there"
            yield Fault((*path, "stages", station.stage), said, station.stage)


def _overlaps(scenario: Scenario, path: KeyPath, house: Warehouse) -> Iterator[Fault]:
    for station in stations(house):
        for (first, one), (second, other) in combinations(shifts_of(house, station).items(), 2):
            if _overlap(scenario, one, other):
                key = next(name for name in station.names if name in house.shifts)
                said = f"overlaps {first}: the people of both are there"
                place = (*path, "shifts", key, second)
                yield Fault(place, said, f"{other.from_} to {other.to}")


def _overlap(scenario: Scenario, one: Shift, other: Shift) -> bool:
    """Whether two shifts are ever on at the same time; all but dated ones come again daily."""
    begin, end = span_of(scenario, one.from_, one.to)
    start, stop = span_of(scenario, other.from_, other.to)
    if one.from_.dated is not None and other.from_.dated is not None:
        return begin < stop and start < end
    return (start - begin) % DAY < end - begin or (begin - start) % DAY < stop - start


def _regions(scenario: Scenario, path: KeyPath, house: Warehouse) -> Iterator[Fault]:
    known = regions_of(scenario, str(path[1]))
    for name, carrier in house.carriers.items():
        for number, region in enumerate(carrier.regions or ()):
            if region not in known:
                said = "is a region from which no order comes here"
                yield Fault((*path, "carriers", name, "regions", number), said, region)
        if carrier.share == 0:
            said = "is a share of nothing: this carrier takes no parcels"
            yield Fault((*path, "carriers", name, "share"), said, "0")
