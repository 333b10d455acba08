"""What the floor would have had to do for the same parcels without gifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.trace import Trace
from burstsim.engine.vector.contents import leaves_of
from burstsim.engine.vector.tasks import Contents, Flags, Task, loads_of, tasks_of
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.columns import taken
from burstsim.kernels.kinds import different
from burstsim.kernels.segments import segment_sums, sums_by

__all__ = ["Bare", "without_gifts"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bare:
    """Parcels without the gifts in them; nothing is left of those that hold nothing else.

    Parameters
    ----------
    pieces, lines : (parcels,) int64
    loads : for each zone, (m,) float64
        Ticks of work at productivity 1, of the parcels of its warehouse.
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
    mixed: Flags = goods & given[trace.parcel_order]
    if any(zone.tour is not None for zone in trace.model.zones):
        mixed = goods.copy()  # a tour without its gifts is the sum of all that is left on it
    some = np.flatnonzero(mixed)
    position = np.full(len(mixed), -1)
    position[some] = np.arange(len(some))
    of_line = trace.line_parcels()
    alike = _whole(trace, of_line)[trace.parcel_order[some]]
    whole, rest = some[np.flatnonzero(alike)], some[np.flatnonzero(~alike)]
    lines = np.empty(0, np.int64)
    if len(rest):
        mixed[whole] = False
        lines = np.flatnonzero(of_line >= 0)
        lines = lines[np.flatnonzero(mixed[of_line[lines]])]
    owner = position[of_line[lines]]
    source, sku, count = leaves_of(orders, lines)
    pieces, lines_of = trace.pieces * goods, trace.lines * goods
    order = trace.parcel_order[whole]
    pieces[whole], lines_of[whole] = orders.pieces[order], orders.pick_lines[order]
    pieces[rest] = sums_by(owner[source], count, len(some))[position[rest]]
    kinds = different(owner[source], sku, orders.items.n_skus, len(some))
    lines_of[rest] = kinds[position[rest]]
    contents = Contents(
        pieces=pieces[some],
        lines=lines_of[some],
        owner=owner[source],
        sku=sku,
        count=count,
        extra=tuple(
            _on_kits(orders, work, (lines, owner), (position[whole], order), len(some))
            for work in orders.items.work.T
        ),
    )
    tasks = tasks_of(trace.model, contents)
    loads = [_bare_load(trace, number, task, some) for number, task in enumerate(tasks)]
    return Bare(pieces=pieces, lines=lines_of, loads=tuple(loads))


def _whole(trace: Trace, of_line: Indices) -> Flags:
    """Orders whose parcel of goods is just what they are: all of it, and nothing else.

    Nobody is told to be where it matters which SKUs are in parcels.
    """
    orders, found = trace.orders, np.full(len(trace.orders), not trace.model.picking.needs_contents)
    elsewhere = of_line != np.repeat(trace.parcel, np.diff(orders.line_offsets))
    lines = np.flatnonzero(elsewhere | (of_line < 0))
    found[orders.line_offsets.searchsorted(lines, side="right") - 1] = False
    found[orders.fillings.order] = False
    if trace.model.merge:
        inside = np.bincount(trace.parcel[trace.parcel >= 0], minlength=len(trace.parcel_order))
        found &= np.append(inside, 0)[trace.parcel] == 1
    return found


def _on_kits(
    orders: Orders,
    work: Indices,
    inside: tuple[Indices, Indices],
    whole: tuple[Indices, Indices],
    count: int,
) -> Ticks:
    """Give the work on kits in a zone, for each of `count` parcels.

    Some own single lines, as `inside` says, others hold just what an order is, as `whole` says.
    """
    if not work.any():
        return np.broadcast_to(np.int64(0), count)
    (lines, owner), (place, order) = inside, whole
    of_line = work[orders.line_item] * orders.line_quantity
    found = sums_by(owner, of_line[lines], count)
    found[place] = segment_sums(of_line, orders.line_offsets)[order]
    return found


def _adds_work(model: Model, number: int) -> bool:
    """Whether a parcel with gifts may have other work in a zone than one without."""
    zone, longer = model.zones[number], model.picking.longer is not None
    by_contents = zone.per_line or zone.per_unit or zone.travel is not None
    picked = model.picking.zones[zone.at] is not None or (longer and zone.at in model.picking.first)
    on_gifts = any(number in rule.zones and rule.spec.fulfil.work for rule in model.rules)
    return bool(by_contents or picked or on_gifts or zone.tour is not None)


def _bare_load(trace: Trace, number: int, task: Task, some: Indices) -> Floats:
    """Give the work in a zone, with what is left to do on some parcels."""
    zone, load, visits = trace.model.zones[number], trace.loads[number], trace.visits[number]
    adds, part = _adds_work(trace.model, number), taken(trace.parcel_part, visits.rows)
    if not adds and not part.any():
        return load
    bare = np.where(part == 0, load, 0.0)
    if not adds:
        return bare
    mine = np.flatnonzero(trace.parcel_warehouse[some] == zone.house)
    passes = np.zeros(len(mine), bool) if task.passes is None else task.passes[mine]
    columns = [column[mine] for column in (task.pieces, task.lines, task.extra)]
    place = trace.rows.within(some[mine])
    noise = trace.orders.noise[number]
    if visits.task is not None:
        bare = np.zeros(len(load))
        on = ~passes & (visits.task[place] >= 0)
        first, tour = np.unique(visits.task[place[on]], return_inverse=True)
        pieces, lines, extra = (sums_by(tour, column[on], len(first)) for column in columns)
        left = Task(pieces=pieces, lines=lines, extra=extra, passes=None)
        bare[trace.rows.within(first)] = loads_of(zone, left, noise[trace.parcel_order[first]])
        return bare
    pieces, lines, extra = columns
    left = Task(pieces=pieces, lines=lines, extra=extra, passes=None)
    left_to_do = loads_of(zone, left, noise[trace.parcel_order[some[mine]]])
    # a parcel that never came to the stage has no work there
    bare[place] = np.where(passes | (load[place] == 0), 0.0, left_to_do)
    return bare
