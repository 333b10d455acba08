"""How the zones of a warehouse are named: by stage, and by zone where a stage has several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from burstsim.scenario.floor import Warehouse
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.stages import Stage, ZoneOfStage

__all__ = ["ZONES", "Station", "all_zones", "passed", "places", "several", "stations", "zone_named"]

#: What checks of the names of zones look at.
ZONES: tuple[KeyPath, ...] = (
    ("warehouses", "*", "stages", "*", "zones", "*"),
    ("warehouses", "*", "external"),
)


@dataclass(frozen=True, slots=True)
class Station:
    """A zone, or the whole of a stage without zones.

    Parameters
    ----------
    stage, zone
        Names; the zone's is empty where the stage has none.
    name
        ``stage``, or ``stage.zone`` where the stage has several zones.
    place
        Keys at which it stands, from its warehouse on.
    stage_of, zone_of
        What is written there.
    """

    stage: str
    zone: str
    name: str
    place: KeyPath
    stage_of: Stage
    zone_of: ZoneOfStage | None

    @property
    def workers(self) -> int | None:
        """People where no shift covers."""
        return self.stage_of.workers if self.zone_of is None else self.zone_of.workers

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to name it."""
        both = (self.name, f"{self.stage}.{self.zone}") if self.zone else (self.name,)
        return tuple(dict.fromkeys(both))


def stations(house: Warehouse) -> Iterator[Station]:
    """Yield the zones of a warehouse, stage by stage."""
    for name, stage in house.stages.items():
        if not stage.zones:
            yield Station(name, "", name, ("stages", name), stage, None)
        for zone_name, zone in stage.zones.items():
            full = f"{name}.{zone_name}" if len(stage.zones) > 1 else name
            place: KeyPath = ("stages", name, "zones", zone_name)
            yield Station(name, zone_name, full, place, stage, zone)


def zone_named(house: Warehouse) -> dict[str, Station]:
    """Give every name of a zone, short and long."""
    return {name: station for station in stations(house) for name in station.names}


def several(house: Warehouse, name: str) -> list[str]:
    """List the zones that a name may mean, where it is that of a stage with several."""
    stage = house.stages.get(name)
    zones = stage.zones if stage is not None else {}
    return [f"{name}.{zone}" for zone in zones] if len(zones) > 1 else []


def places(house: Warehouse) -> dict[str, None]:
    """Give every name of a stage or a zone."""
    return dict.fromkeys([*house.stages, *zone_named(house)])


def all_zones(scenario: Scenario) -> list[str]:
    """List every zone as ``warehouse.stage`` or ``warehouse.stage.zone``."""
    return [
        f"{house}.{name}"
        for house, warehouse in scenario.warehouses.items()
        for name in zone_named(warehouse)
    ]


def passed(scenario: Scenario, house: Warehouse) -> dict[str, Stage]:
    """Give the stages that parcels pass, which the returns station is not."""
    returns = scenario.returns.stage if scenario.returns is not None else None
    return {name: stage for name, stage in house.stages.items() if name != returns}
