"""The floor as the engines see it: stages in a row, each of one or more parallel zones."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.scenario.floor import External
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.work import Work
from burstsim.units import HOUR

__all__ = ["MANY", "Stage", "Zone", "floor_of"]

#: Workers of a partner, who begins everything that comes.
MANY = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zone:
    """A station of the floor: one queue, a crew, the work of a task.

    Parameters
    ----------
    path
        ``warehouse.stage``, in a stage of several zones ``warehouse.stage.zone``: its name in
        metrics and random streams.
    warehouse, stage, name
        Names; `name` is the stage's where that has one zone.
    house, at
        Position of the warehouse, and of the stage in `burstsim.engine.compile.Model.stages`.
    base, per_line, per_unit
        Ticks of work of a task, of each different SKU and of each piece, allowance included.
    external
        Whether it is a partner who works on any number at once.
    spacing
        Least ticks between the starts of two tasks.
    only_extra
        Whether parcels without kits to make or gifts to wrap pass it.
    workers
        People where no shift covers.
    """

    path: str
    warehouse: str
    stage: str
    name: str
    house: int
    at: int
    base: float
    per_line: float
    per_unit: float
    dist: str
    variation: float
    external: bool
    spacing: int
    only_extra: bool
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """A step of the work in one warehouse.

    Parameters
    ----------
    path
        ``warehouse.stage``.
    name
        The stage's.
    house
        Position of the warehouse.
    zones
        Numbers of the zones that work in it side by side.
    transfer
        Ticks from done here to arriving at the next stage.
    external
        Whether it is a partner's.
    """

    path: str
    name: str
    house: int
    zones: tuple[int, ...]
    transfer: int
    external: bool


def floor_of(scenario: Scenario) -> tuple[tuple[Stage, ...], tuple[Zone, ...]]:
    """Lay out the floors of all warehouses, in the order of the file."""
    stages: list[Stage] = []
    zones: list[Zone] = []
    for house, (name, warehouse) in enumerate(scenario.warehouses.items()):
        if warehouse.external is not None:
            zones.append(_partner(name, (house, len(stages)), warehouse.external))
            stages.append(
                Stage(
                    path=f"{name}.external",
                    name="external",
                    house=house,
                    zones=(len(zones) - 1,),
                    transfer=0,
                    external=True,
                )
            )
        for stage_name, stage in warehouse.stages.items():
            base, per_line, per_unit = _ticks_of(stage.work) if stage.work else (0.0, 0.0, 0.0)
            variation = stage.work.variation if stage.work else 0.0
            zones.append(
                Zone(
                    path=f"{name}.{stage_name}",
                    warehouse=name,
                    stage=stage_name,
                    name=stage_name,
                    house=house,
                    at=len(stages),
                    base=base,
                    per_line=per_line,
                    per_unit=per_unit,
                    dist=stage.work.dist if stage.work and variation else "constant",
                    variation=variation,
                    external=False,
                    spacing=0,
                    only_extra=stage.only is not None,
                    workers=stage.workers or 0,
                )
            )
            stages.append(
                Stage(
                    path=f"{name}.{stage_name}",
                    name=stage_name,
                    house=house,
                    zones=(len(zones) - 1,),
                    transfer=stage.transfer,
                    external=False,
                )
            )
    return tuple(stages), tuple(zones)


def _partner(name: str, place: tuple[int, int], external: External) -> Zone:
    """Make a partner's warehouse one station where everything is begun at once."""
    lead, rate = external.lead_time, external.capacity
    return Zone(
        path=f"{name}.external",
        warehouse=name,
        stage="external",
        name="external",
        house=place[0],
        at=place[1],
        base=float(lead.mean),
        per_line=0.0,
        per_unit=0.0,
        dist=lead.dist if lead.variation else "constant",
        variation=lead.variation,
        external=True,
        spacing=max(1, round(1 / rate.per_tick)) if rate is not None else 0,
        only_extra=False,
        workers=MANY,
    )


def _ticks_of(work: Work) -> tuple[float, float, float]:
    """Ticks per task, line and unit, whichever way the work is said."""
    longer = 1.0 + work.allowance
    if work.uph is None:
        return work.per_task * longer, work.per_line * longer, work.per_unit * longer
    ticks = HOUR / work.uph * longer
    return (
        ticks if work.per == "order" else 0.0,
        ticks if work.per == "line" else 0.0,
        ticks if work.per == "unit" else 0.0,
    )
