"""The laws that every finished replication obeys, whichever engine ran it.

They are checked from the trace alone, from first principles, so that an error in an engine or
a kernel cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.compile import Zone
from burstsim.engine.trace import Trace, Visits
from burstsim.errors import InvariantError
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["broken_laws", "check_invariants"]


def check_invariants(trace: Trace) -> None:
    """Raise if a replication breaks a law.

    Raises
    ------
    InvariantError
        Listing every law that is broken.
    """
    laws = list(broken_laws(trace))
    if laws:
        raise InvariantError("; ".join(laws))


def broken_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law that the trace breaks; nothing for a sound trace."""
    yield from _orders(trace)
    arrived = trace.released
    for number, (zone, visits) in enumerate(zip(trace.model.zones, trace.visits, strict=True)):
        for law in _visits(trace, number, arrived):
            yield f"{zone.path}: {law}"
        for law in _crew(zone, visits):
            yield f"{zone.path}: {law}"
        moved = visits.done + np.where(visits.done < NEVER, zone.transfer, 0)
        arrived = np.where(moved < trace.model.end, moved, NEVER)
    if not np.array_equal(trace.shipped, trace.visits[-1].done):
        yield "a parcel is shipped when its last stage is done"


def _orders(trace: Trace) -> Iterator[str]:
    orders, end = trace.orders, trace.model.end
    if (np.diff(orders.placed) < 0).any():
        yield "order numbers follow the moments of placement"
    if (orders.placed >= trace.model.scenario.horizon).any():
        yield "no order is placed at or after the horizon"
    parcels = np.bincount(trace.parcel_order, minlength=len(orders))
    if (parcels > 1).any():
        yield "an order has one parcel"
    if (np.diff(trace.parcel_order) <= 0).any():
        yield "parcels are in order of their orders"
    if (trace.released < orders.paid[trace.parcel_order]).any():
        yield "nothing is released before it is paid"
    waiting = np.flatnonzero(parcels == 0)
    if len(waiting) and (orders.paid[waiting] + trace.model.cycle < end).any():
        yield "every order is released by the sweep after its payment"
    for name in ("released", "shipped"):
        ticks: Ticks = getattr(trace, name)
        if ((ticks >= end) & (ticks < NEVER)).any():
            yield f"nothing is {name} at or after the end"


def _visits(trace: Trace, zone: int, arrived: Ticks) -> Iterator[str]:
    visits, end = trace.visits[zone], trace.model.end
    entered, started, done = visits.entered, visits.started, visits.done
    if not np.array_equal(entered, arrived):
        yield "what leaves one stage arrives at the next, and nothing else does"
    for name in ("entered", "started", "done"):
        ticks = getattr(visits, name)
        if ((ticks >= end) & (ticks < NEVER)).any():
            yield f"nothing is {name} at or after the end"
    if ((started < entered) | (done <= started) & (done < NEVER)).any():
        yield "entered ≤ started < done"
    begun = np.flatnonzero(started < NEVER)
    place = trace.model.zones[zone].crew.times.searchsorted(started[begun], side="right") - 1
    loads = trace.orders.loads[zone][trace.parcel_order[begun]]
    finish = started[begun] + _lasting(loads, trace.model.zones[zone], place)
    if not np.array_equal(np.where(finish < end, finish, NEVER), done[begun]):
        yield "a task lasts its work by the productivity at its start"
    rank = np.lexsort((np.arange(len(entered)), entered))
    if (np.diff(started[rank]) < 0).any():
        yield "first come, first served"


def _lasting(
    loads: np.ndarray[tuple[int], np.dtype[np.float64]], zone: Zone, place: Indices
) -> Ticks:
    lasting = np.empty(len(loads), np.int64)
    for epoch in np.unique(place):
        here = place == epoch
        lasting[here] = work_ticks(loads[here], float(zone.crew.productivity[epoch]))
    return lasting


def _crew(zone: Zone, visits: Visits) -> Iterator[str]:
    """Nobody works beyond the crew, and nobody stands idle while something waits."""
    entered = np.sort(visits.entered[visits.entered < NEVER])
    started = np.sort(visits.started[visits.started < NEVER])
    done = np.sort(visits.done)
    crew = zone.crew

    def busy_after(ticks: Ticks) -> Indices:
        return started.searchsorted(ticks, side="right") - done.searchsorted(ticks, side="right")

    def workers_at(ticks: Ticks) -> Indices:
        return crew.workers[np.maximum(crew.times.searchsorted(ticks, side="right") - 1, 0)]

    if (busy_after(started) > workers_at(started)).any():
        yield "no task starts when the whole crew is busy or away"
    # waiting or busy can change only at these moments
    moments = np.unique(np.concatenate((entered, done[done < NEVER], crew.times)))
    waiting = entered.searchsorted(moments, side="right") - started.searchsorted(
        moments, side="right"
    )
    if ((waiting > 0) & (busy_after(moments) < workers_at(moments))).any():
        yield "no worker is idle while something waits"
