"""Faults of disruptions of the floor, of trucks and of streams: where they are."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.scenario.demand import Replay
from burstsim.scenario.disruptions import NoShow, Outage, Surge, TruckNoShow
from burstsim.scenario.faults import Fault
from burstsim.scenario.names import Names
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.zonenames import ZONES, places

__all__ = ["disruption_faults", "own_places", "place_fault"]


def disruption_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield disruptions of places, carriers and streams that do not exist."""
    for name, disruption in scenario.disruptions.items():
        path: KeyPath = ("disruptions", name)
        if isinstance(disruption, NoShow | Outage):
            yield from place_fault(scenario, (*path, "where"), disruption.where, names)
        elif isinstance(disruption, TruckNoShow):
            yield from _trucks(scenario, (*path, "where"), disruption.where, names)
        elif isinstance(disruption, Surge):
            stream = scenario.demand.get(disruption.stream)
            depends: tuple[KeyPath, ...] = (("demand", "*"),)
            place = (*path, "stream")
            if stream is None:
                known = scenario.demand
                yield names.unknown(place, "stream", disruption.stream, known, depends)
            elif isinstance(stream, Replay):
                rule = "must be a stream whose orders are drawn"
                hint = "a replay has the orders of its log, and no others"
                yield Fault(place, rule, disruption.stream, hint, depends)


def own_places(scenario: Scenario) -> list[str]:
    """List our warehouses, their stages and zones, as ``warehouse.stage.zone``."""
    own = {name: house for name, house in scenario.warehouses.items() if house.external is None}
    return [*own, *(f"{name}.{place}" for name, house in own.items() for place in places(house))]


def place_fault(scenario: Scenario, path: KeyPath, where: str, names: Names) -> Iterator[Fault]:
    """Yield a fault unless a name is that of a warehouse, stage or zone of our own."""
    known = own_places(scenario)
    house = scenario.warehouses.get(where)
    if house is not None and house.external is not None:
        rule = "must be a warehouse of our own: nobody sees how a partner works"
        yield Fault(path, rule, where, "", ZONES)
    elif where not in known:
        yield names.unknown(path, "warehouse, stage or zone", where, known, ZONES)


def _trucks(scenario: Scenario, path: KeyPath, where: str, names: Names) -> Iterator[Fault]:
    houses = scenario.warehouses
    carriers = [f"{name}.{carrier}" for name, house in houses.items() for carrier in house.carriers]
    depends: tuple[KeyPath, ...] = (("warehouses", "*", "carriers", "*"),)
    if where in houses and not houses[where].carriers:
        yield Fault(path, "must be a warehouse with carriers", where, "", depends)
    elif where not in (*houses, *carriers):
        known = [*(name for name, house in houses.items() if house.carriers), *carriers]
        yield names.unknown(path, "warehouse and no carrier", where, known, depends)
