"""The floor as the engines see it: stages in a row, each of one or more parallel zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from burstsim.scenario import stages as spec
from burstsim.scenario.floor import External
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.work import Work
from burstsim.units import HOUR

__all__ = ["MANY", "Stage", "Zone", "floor_of", "work_of"]

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
    discipline
        Who is next: ``fifo promise class size``.
    tour
        How many parcels are one task, None if every parcel is a task of its own. The setup is in
        `base`.
    travel
        How far people walk for a task.
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
    discipline: str
    tour: spec.Tour | None
    travel: spec.Travel | None
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
    put_wall, staging
        Parcels with work here that may be released and not begun, and that may wait here before
        more are released; None without a limit.
    external
        Whether it is a partner's.
    outside
        Whether it stands outside the row: nobody passes it but what comes back.
    """

    path: str
    name: str
    house: int
    zones: tuple[int, ...]
    transfer: int
    put_wall: int | None
    staging: int | None
    external: bool
    outside: bool = False


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
                    put_wall=None,
                    staging=None,
                    external=True,
                )
            )
        for stage_name, stage in warehouse.stages.items():
            path, first = f"{name}.{stage_name}", len(zones)
            named: dict[str, spec.ZoneOfStage | None] = dict(stage.zones) or {stage_name: None}
            for zone_name, own in named.items():
                several = f".{zone_name}" if len(named) > 1 else ""
                zones.append(
                    Zone(
                        path=path + several,
                        warehouse=name,
                        stage=stage_name,
                        name=zone_name,
                        house=house,
                        at=len(stages),
                        external=False,
                        spacing=0,
                        only_extra=stage.only is not None,
                        workers=(own or stage).workers or 0,
                        **_rules(stage, own),
                    )
                )
            stages.append(
                Stage(
                    path=path,
                    name=stage_name,
                    house=house,
                    zones=tuple(range(first, len(zones))),
                    transfer=stage.transfer,
                    put_wall=stage.put_wall,
                    staging=stage.staging,
                    external=False,
                    outside=scenario.returns is not None and scenario.returns.stage == stage_name,
                )
            )
    return tuple(stages), tuple(zones)


def _rules(stage: spec.Stage, own: spec.ZoneOfStage | None) -> dict[str, Any]:
    """Say how a zone works: what it does not say itself its stage says for it."""
    said: dict[str, Any] = {
        key: getattr(stage if own is None or getattr(own, key) is None else own, key)
        for key in ("work", "discipline", "tour", "travel")
    }
    work: Work | None = said.pop("work")
    tour: spec.Tour | None = said["tour"]
    base, per_line, per_unit = _ticks_of(work) if work else (0.0, 0.0, 0.0)
    variation = work.variation if work else 0.0
    return {
        **said,
        "base": base + (tour.setup if tour else 0),
        "per_line": per_line,
        "per_unit": per_unit,
        "dist": work.dist if work and variation else "constant",
        "variation": variation,
    }


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
        discipline="fifo",
        tour=None,
        travel=None,
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


def work_of(zone: Zone, content: tuple[Any, Any, Any], aisles: Any) -> Any:
    """Ticks of work of a task before noise: one sum, in one order, for one task as for many.

    Parameters
    ----------
    zone
        Where.
    content
        Different SKUs, pieces, and ticks of work on top: int, or (n,) int64.
    aisles
        Aisles that people enter: float, or (n,) float64.

    Returns
    -------
    float or (n,) float64
    """
    lines, pieces, extra = content
    work = zone.base + (zone.per_line * lines if zone.per_line else 0.0)
    work = work + (zone.per_unit * pieces if zone.per_unit else 0.0)
    work = work + extra
    return work + zone.travel.per_aisle * aisles if zone.travel else work
