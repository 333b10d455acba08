"""Faults of carriers: parcels that nobody takes, and parcels that two take."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.scenario.faults import Fault
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.reach import reach_of
from burstsim.scenario.scenario import Scenario

__all__ = ["carrier_faults", "regions_of"]


def carrier_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield what is wrong with who takes which parcels."""
    for name, house in scenario.warehouses.items():
        if house.carriers:
            path: KeyPath = ("warehouses", name, "carriers")
            yield from _twice(path, house)
            yield from _nobody(path, house, regions_of(scenario, name))


def regions_of(scenario: Scenario, house: str) -> list[str]:
    """List the regions that a warehouse may ship to."""
    regions = list(reach_of(scenario).regions)
    if scenario.initial is not None:
        regions += [line.region or "all" for line in scenario.initial.lines]
    routing = scenario.oms.routing
    return [r for r in dict.fromkeys(regions) if house in routing.get(r, [house])]


def _twice(path: KeyPath, house: Warehouse) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for name, carrier in house.carriers.items():
        for number, region in enumerate(carrier.regions or ()):
            if region in taken:
                rule = "must not name a region for the second time"
                hint = f"{taken[region]} takes it"
                yield Fault((*path, name, "regions", number), rule, region, hint, (path,))
            taken.setdefault(region, name)


def _nobody(path: KeyPath, house: Warehouse, regions: list[str]) -> Iterator[Fault]:
    """Find regions whose parcels no carrier takes."""
    if any(carrier.share for carrier in house.carriers.values()):
        return
    named = {region for carrier in house.carriers.values() for region in carrier.regions or ()}
    left = [region for region in regions if region not in named]
    if left:
        depends: tuple[KeyPath, ...] = ((*path, "*", "share"), (*path, "*", "regions"))
        depends += (("demand", "*", "regions"), ("oms", "routing"))
        rule = "must take parcels of every region: these have no carrier"
        more = f" and {len(left) - 3:,} more" if len(left) > 3 else ""
        hint = "one with a share above 0 takes what no other names"
        yield Fault(path, rule, ", ".join(left[:3]) + more, hint, depends)
