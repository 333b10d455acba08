"""What the floor would have had to do for the same parcels without gifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.engine.vector.contents import contents, different, work_on_kits
from burstsim.kernels.arrays import Floats, Indices
from burstsim.kernels.segments import offsets_of, sums_by

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
    members = np.flatnonzero(trace.parcel >= 0)
    members = members[mixed[trace.parcel[members]]]
    members = members[np.argsort(trace.parcel[members], kind="stable")]
    offsets = offsets_of(np.bincount(trace.parcel[members], minlength=len(mixed))[some])
    owner, sku, count = contents(orders, offsets, members)
    pieces, lines = (np.where(trace.parcel_part == 0, c, 0) for c in (trace.pieces, trace.lines))
    pieces[some] = sums_by(owner, count, len(some))
    lines[some] = different(owner, sku, orders.items.n_skus, len(some))
    loads = []
    for number, (zone, load) in enumerate(zip(trace.model.zones, trace.loads, strict=True)):
        bare = np.where(trace.parcel_part == 0, load, 0.0)
        kits = work_on_kits(orders, offsets, members, number)
        extra = np.zeros(len(some), np.int64) if kits is None else kits
        work = zone.base + zone.per_line * lines[some] + zone.per_unit * pieces[some] + extra
        bare[some] = work * orders.noise[number][trace.parcel_order[some]]
        if zone.only_extra:
            bare[some[extra == 0]] = 0.0
        bare[load == 0] = 0.0  # a parcel that never came to the stage
        loads.append(bare)
    return Bare(pieces=pieces, lines=lines, loads=tuple(loads))
