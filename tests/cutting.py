"""Finished replications cut into pieces: what any way of running by pieces must give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from burstsim.engine.crews import Crew
from burstsim.engine.piece import Piece
from burstsim.engine.subsets import trace_of
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.visits import Visits
from burstsim.kernels.arrays import Ticks
from burstsim.units import NEVER

OPEN = [STATES.index("unfinished"), STATES.index("backordered")]


def cut(trace: Trace, edges: Sequence[int], *, forgets: bool = True) -> list[Piece]:
    """Cut a replication in which no orders share a parcel at some ticks, ascending.

    With `forgets` what happens from the end of a piece on is unknown in it, as far as it may be.
    """
    over, placed = settled(trace), trace.orders.placed
    pieces, begin = [], trace.model.begin
    for until in (*edges, trace.model.end):
        last = until == trace.model.end
        there = over >= begin
        if not last:
            there &= placed < until
        number = np.flatnonzero(there)
        mine = trace_of(trace, number)
        ends = over[number] < until
        if not last:
            mine = known(mine, until, forgets=forgets)
        pieces.append(
            Piece(
                begin=begin,
                until=until,
                number=number,
                trace=mine,
                over=np.ones(len(number), bool) if last else ends,
                last=last,
            )
        )
        begin = until
    return pieces


def settled(trace: Trace) -> Ticks:
    """Last tick at which anything happens to each order; the end, where it is not over."""
    orders = trace.orders
    last = np.maximum(orders.placed, trace.model.begin)
    parcels = np.zeros(len(trace.parcel_order), np.int64)
    columns = [trace.sent, trace.released, trace.done, trace.shipped]
    for number in range(len(trace.visits)):
        visits = trace.everywhere(number)
        columns += [visits.entered, visits.started, visits.done]
    for ticks in columns:
        parcels = np.maximum(parcels, np.where(ticks < NEVER, ticks, 0))
    np.maximum.at(last, trace.parcel_order, parcels)
    for ticks in (orders.paid, trace.taken, trace.dropped):
        last = np.maximum(last, np.where(ticks < NEVER, ticks, 0))
    for state, ticks in (("expired", orders.expires), ("cancelled", orders.cancelled)):
        mine = trace.state == STATES.index(state)
        last = np.where(mine, np.maximum(last, ticks), last)
    return np.where(np.isin(trace.state, OPEN), trace.model.end, np.minimum(last, trace.model.end))


def known(trace: Trace, until: int, *, forgets: bool) -> Trace:
    """Say what is known of a replication before a tick."""
    crews = tuple(
        Crew(**{f.name: getattr(crew, f.name)[crew.times < until] for f in fields(Crew)})
        for crew in trace.crews
    )
    came = trace.pickups.tick < until
    pickups = replace(
        trace.pickups,
        **{f.name: getattr(trace.pickups, f.name)[came] for f in fields(trace.pickups)},
    )
    if not forgets:
        return replace(trace, crews=crews, pickups=pickups)

    def before(ticks: Ticks) -> Ticks:
        return np.where(ticks < until, ticks, NEVER)

    columns = {name: before(getattr(trace, name)) for name in ("sent", "released", "shipped")}
    visits = tuple(
        Visits(
            rows=its.rows,
            entered=before(its.entered),
            started=before(its.started),
            done=np.where(its.started < until, its.done, NEVER),
            task=its.task,
        )
        for its in trace.visits
    )
    done = before(trace.done)
    return replace(trace, crews=crews, pickups=pickups, visits=visits, done=done, **columns)
