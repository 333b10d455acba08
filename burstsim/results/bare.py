"""What the floor would have had to do for the same parcels without gifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.engine.vector.contents import leaves_of
from burstsim.engine.vector.tasks import Contents, Task, loads_of, tasks_of
from burstsim.kernels.arrays import Floats, Indices
from burstsim.kernels.kinds import different
from burstsim.kernels.segments import sums_by

__all__ = ["Bare", "without_gifts"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bare:
    """Parcels without the gifts in them; nothing is left of those that hold nothing else.

    Parameters
    ----------
    pieces, lines : (parcels,) int64
    loads : for each zone, (parcels,) float64
        Ticks of work at productivity 1.
    """

    pieces: Indices
    lines: Indices
    loads: tuple[Floats, ...]


def without_gifts(trace: Trace) -> Bare:
    """Take the gifts out of the parcels of a replication.

    Parameters
    ----------
    trace
        A finished replication.
    """
    orders, table = trace.orders, trace.gifts
    with_main = np.array(
        [
            rule.spec.source == "add" and rule.spec.fulfil.ship == "with_main"
            for rule in trace.model.rules
        ],
        bool,
    )
    given = np.zeros(len(orders), bool)
    given[table.order[with_main[table.rule] & (table.granted > 0)]] = True
    goods = trace.parcel_part == 0
    mixed = goods & given[trace.parcel_order]
    if any(zone.tour is not None for zone in trace.model.zones):
        mixed = goods  # a tour without its gifts is the sum of all that is left on it
    some = np.flatnonzero(mixed)
    position = np.full(len(mixed), -1)
    position[some] = np.arange(len(some))
    of_line = trace.line_parcels()
    lines = np.flatnonzero(of_line >= 0)
    lines = lines[mixed[of_line[lines]]]
    owner = position[of_line[lines]]
    item, quantity = orders.line_item[lines], orders.line_quantity[lines]
    source, sku, count = leaves_of(orders, lines)
    pieces, lines_of = (np.where(goods, c, 0) for c in (trace.pieces, trace.lines))
    pieces[some] = sums_by(owner[source], count, len(some))
    lines_of[some] = different(owner[source], sku, orders.items.n_skus, len(some))
    contents = Contents(
        pieces=pieces[some],
        lines=lines_of[some],
        owner=owner[source],
        sku=sku,
        count=count,
        extra=tuple(
            sums_by(owner, orders.items.work[item, number] * quantity, len(some))
            for number in range(len(trace.model.zones))
        ),
    )
    tasks = tasks_of(trace.model, contents)
    loads = [_bare_load(trace, number, task, some) for number, task in enumerate(tasks)]
    return Bare(pieces=pieces, lines=lines_of, loads=tuple(loads))


def _bare_load(trace: Trace, number: int, task: Task, some: Indices) -> Floats:
    """Give the work in a zone, with what is left to do on some parcels."""
    zone, load, visits = trace.model.zones[number], trace.loads[number], trace.visits[number]
    noise = trace.orders.noise[number][trace.parcel_order]
    passes = np.zeros(len(some), bool) if task.passes is None else task.passes
    if visits.task is not None:
        bare: Floats = np.zeros(len(load))
        on = ~passes & (visits.task[some] >= 0)
        columns = (task.pieces, task.lines, task.extra)
        first, place = np.unique(visits.task[some[on]], return_inverse=True)
        sums = (sums_by(place, column[on], len(first)) for column in columns)
        pieces, lines, extra = sums
        left = Task(pieces=pieces, lines=lines, extra=extra, passes=None)
        bare[first] = loads_of(zone, left, noise[first])
        return bare
    bare = np.where(trace.parcel_part == 0, load, 0.0)
    bare[some] = np.where(passes, 0.0, loads_of(zone, task, noise[some]))
    bare[load == 0] = 0.0  # a parcel that never came to the stage
    return bare
