"""Pieces of which nothing is known that is still to come: what nobody may rest on is taken away."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from burstsim.engine.gifttable import GiftTable
from burstsim.engine.piece import Piece
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.visits import Visits, rows_of
from burstsim.kernels.arrays import Ticks
from burstsim.units import NEVER

_OF_PARCELS = (
    *("parcel_order", "parcel_part", "parcel_warehouse", "pieces", "lines", "sent"),
    *("released", "done", "shipped", "carrier", "left"),
)


def forgotten(piece: Piece) -> Piece:
    """Forget all of a piece that happens after it: parcels, gifts, fates."""
    if piece.last:
        return piece
    trace, until, over = piece.trace, piece.until, piece.over

    def before(ticks: Ticks) -> Ticks:
        return np.where(ticks < until, ticks, NEVER)

    orders = trace.orders
    closed = np.minimum(orders.cancelled, trace.dropped)
    refused = trace.state == STATES.index("rejected")
    # who is on the floor is only known to be cancelled once the parcel has left
    early = (trace.state == STATES.index("cancelled")) & (closed < until) & (trace.parcel < 0)
    known = over | refused | early
    decided = np.flatnonzero(trace.gifts.decided < until)
    trace = without_parcels(trace, over[trace.parcel_order] | (trace.sent < until))
    lengths = np.diff(orders.line_offsets)
    return replace(
        piece,
        trace=replace(
            trace,
            source=np.where(np.repeat(over | (trace.parcel >= 0), lengths), trace.source, -1),
            state=np.where(known, trace.state, STATES.index("unfinished")),
            dropped=before(trace.dropped),
            taken=before(trace.taken),
            left=np.where(over[trace.parcel_order], trace.left, 0),
            gifts=GiftTable(
                **{f.name: getattr(trace.gifts, f.name)[decided] for f in fields(GiftTable)}
            ),
            visits=tuple(replace(its, done=before(its.done)) for its in trace.visits),
        ),
    )


def without_parcels(trace: Trace, kept: np.typing.NDArray[np.bool_]) -> Trace:
    """Keep only some parcels."""
    parcels = np.flatnonzero(kept)
    row = np.full(len(kept) + 1, -1)  # the last one is for -1, no parcel
    row[parcels] = np.arange(len(parcels))
    columns: dict[str, Any] = {name: getattr(trace, name)[parcels] for name in _OF_PARCELS}
    rows = rows_of(columns["parcel_warehouse"], len(trace.model.chains))
    visits, loads = [], []
    for zone, its, work in zip(trace.model.zones, trace.visits, trace.loads, strict=True):
        within = trace.rows.within(parcels[rows.of_house[zone.house]])
        ticks = {name: getattr(its, name)[within] for name in ("entered", "started", "done")}
        visits.append(Visits(rows=rows.of_house[zone.house], **ticks))
        loads.append(work[within])
    return replace(
        trace,
        parcel=row[trace.parcel],
        rows=rows,
        visits=tuple(visits),
        loads=tuple(loads),
        **columns,
    )
