"""What parcels ask of the zones: work, and where there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.zones import Zone, work_of
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.kinds import different
from burstsim.kernels.segments import sums_by
from burstsim.kernels.tours import expected_aisles

__all__ = ["Contents", "Task", "loads_of", "tasks_of"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contents:
    """What is in parcels.

    Parameters
    ----------
    pieces, lines : (p,) int64
        Units and different SKUs.
    owner, sku, count : (leaves,) int64
        Parcel, SKU and pieces; a SKU may come several times. Empty where it does not matter,
        as `burstsim.engine.picking.Picking.needs_contents` says.
    extra : for each zone, (p,) int64
        Ticks of work on kits and gifts.
    """

    pieces: Indices
    lines: Indices
    owner: Indices
    sku: Indices
    count: Indices
    extra: tuple[Ticks, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What parcels ask of one zone.

    Parameters
    ----------
    pieces, lines, extra : (p,) int64
        Units and different SKUs that are picked there; ticks of work on top.
    passes : (p,) bool or None
        Who has nothing to do there; None where everybody comes.
    """

    pieces: Indices
    lines: Indices
    extra: Ticks
    passes: Flags | None

    def only(self, chosen: Indices) -> Task:
        """Choose some of the parcels."""
        columns = (self.pieces, self.lines, self.extra)
        pieces, lines, extra = (column[chosen] for column in columns)
        passes = None if self.passes is None else self.passes[chosen]
        return Task(pieces=pieces, lines=lines, extra=extra, passes=passes)


def tasks_of(model: Model, contents: Contents) -> tuple[Task, ...]:
    """Say what parcels ask of each zone of the model."""
    picking, size = model.picking, len(contents.pieces)
    longer = None if picking.longer is None else picking.longer[contents.sku] * contents.count
    tasks = []
    for number, zone in enumerate(model.zones):
        zones, extra = picking.zones[zone.at], contents.extra[number]
        pieces, lines = contents.pieces, contents.lines
        owner, more = contents.owner, longer
        if zones is not None:
            mine = zones[contents.sku] == number
            owner = owner[mine]
            more = None if more is None else more[mine]
            pieces = sums_by(owner, contents.count[mine], size)
            lines = different(owner, contents.sku[mine], len(zones), size)
        passes = None
        if zone.only_extra:
            passes = extra == 0
        elif zones is not None:
            passes = (extra == 0) & (pieces == 0)
        if more is not None and zone.at in picking.first:
            extra = extra + sums_by(owner, more, size)
        tasks.append(Task(pieces=pieces, lines=lines, extra=extra, passes=passes))
    return tuple(tasks)


def loads_of(zone: Zone, task: Task, noise: Floats) -> Floats:
    """Ticks of work of tasks at productivity 1, noise included.

    Parameters
    ----------
    zone, task
        Where, and what.
    noise : (p,) float64
    """
    aisles = expected_aisles(zone.travel.aisles, task.lines) if zone.travel else 0.0
    loads: Floats = work_of(zone, (task.lines, task.pieces, task.extra), aisles) * noise
    return loads
