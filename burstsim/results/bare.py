"""What the floor would have had to do for the same parcels without gifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.engine.vector.contents import different, leaves_of
from burstsim.kernels.arrays import Floats, Indices
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
    mixed = (trace.parcel_part == 0) & given[trace.parcel_order]
    some = np.flatnonzero(mixed)
    position = np.full(len(mixed), -1)
    position[some] = np.arange(len(some))
    of_line = trace.line_parcels()
    lines = np.flatnonzero(of_line >= 0)
    lines = lines[mixed[of_line[lines]]]
    owner = position[of_line[lines]]
    item, quantity = orders.line_item[lines], orders.line_quantity[lines]
    source, sku, count = leaves_of(orders, lines)
    pieces, lines_of = (np.where(trace.parcel_part == 0, c, 0) for c in (trace.pieces, trace.lines))
    pieces[some] = sums_by(owner[source], count, len(some))
    lines_of[some] = different(owner[source], sku, orders.items.n_skus, len(some))
    loads = []
    for number, (zone, load) in enumerate(zip(trace.model.zones, trace.loads, strict=True)):
        bare = np.where(trace.parcel_part == 0, load, 0.0)
        extra = sums_by(owner, orders.items.work[item, number] * quantity, len(some))
        work = zone.base + zone.per_line * lines_of[some] + zone.per_unit * pieces[some] + extra
        bare[some] = work * orders.noise[number][trace.parcel_order[some]]
        if zone.only_extra:
            bare[some[extra == 0]] = 0.0
        bare[load == 0] = 0.0  # a parcel that never came to the stage
        loads.append(bare)
    return Bare(pieces=pieces, lines=lines_of, loads=tuple(loads))
