"""The laws of the floor: who is where when, who is next, who shares a tour."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from burstsim.engine.carrierlaws import back_at
from burstsim.engine.crews import Crew
from burstsim.engine.trace import Trace
from burstsim.engine.visits import Visits
from burstsim.engine.zones import Zone
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["Flags", "floor_laws", "gone_of", "has_work", "return_laws"]

Flags = npt.NDArray[np.bool_]


def floor_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law of the floor that the trace breaks."""
    gone = gone_of(trace)
    left = (trace.released == NEVER) & (gone < trace.model.end)
    through = np.full(len(trace.done), NEVER)
    enters = np.where(trace.parcel_part == 0, trace.orders.enters[trace.parcel_order], -1)
    for house, chain in enumerate(trace.model.chains):
        arrived = np.full(len(trace.released), NEVER)
        for place in chain:
            stage = trace.model.stages[place]
            begins = np.where(enters < 0, chain[0], enters) == place
            begins &= trace.parcel_warehouse == house
            arrived = np.where(begins, trace.released, arrived)
            tasks = {number: has_work(trace, number) for number in stage.zones}
            passes = ~np.logical_or.reduce(list(tasks.values()))
            comes = (arrived < trace.model.end) & ~passes
            left |= comes & (arrived >= gone)
            comes &= arrived < gone
            for number, works in tasks.items():
                for law in _zone(trace, number, np.where(comes & works, arrived, NEVER)):
                    yield f"{trace.model.zones[number].path}: {law}"
            # on when the last of its tasks is done
            ends = [
                np.where(works, trace.everywhere(number).done, -NEVER)
                for number, works in tasks.items()
            ]
            done = np.where(comes, np.maximum.reduce(ends), NEVER)
            transfer = stage.transfer if place != chain[-1] else 0
            moved = np.where(done < NEVER, done + transfer, NEVER)
            arrived = np.where(passes & (arrived < trace.model.end), arrived, moved)
        through = np.minimum(through, np.where(arrived < trace.model.end, arrived, NEVER))
    if not np.array_equal(trace.done, through):
        yield "a parcel is done when it has passed its last stage"
    if not np.array_equal(trace.left == 1, left):
        yield "a cancelled parcel leaves before its release, or at the next stage that it comes to"


def return_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law of what comes back that the trace breaks."""
    back = back_at(trace)
    for house, place in enumerate(trace.model.returns):
        zones = trace.model.stages[place].zones if place >= 0 else ()
        for number in zones:
            comes = (trace.parcel_warehouse == house) & (back < trace.model.end)
            if len(zones) > 1:
                comes &= trace.loads_everywhere(number) > 0
            for law in _zone(trace, number, np.where(comes, back, NEVER)):
                yield f"{trace.model.zones[number].path}: {law}"


def has_work(trace: Trace, number: int) -> Flags:
    """Say which parcels have a task in a zone; where all have one, other houses' too."""
    zone, task = trace.model.zones[number], trace.everywhere(number).task
    if task is not None:
        return task >= 0
    if zone.only_extra or len(trace.model.stages[zone.at].zones) > 1:
        return trace.loads_everywhere(number) > 0
    return np.ones(trace.rows.count, bool)


def gone_of(trace: Trace) -> Ticks:
    """Tick at which the last order of each parcel is cancelled."""
    inside = np.flatnonzero(trace.parcel >= 0)
    leader = trace.parcel_order[trace.parcel[inside]]
    gone = np.zeros(len(trace.orders), np.int64)
    np.maximum.at(gone, leader, trace.orders.cancelled[inside])
    latest: Ticks = gone[trace.parcel_order]
    return latest


def _zone(trace: Trace, number: int, arrived: Ticks) -> Iterator[str]:
    """Yield the laws of one zone that are broken, given when parcels should have come."""
    zone, visits, end = trace.model.zones[number], trace.everywhere(number), trace.model.end
    if not np.array_equal(visits.entered, arrived):
        yield "what leaves one stage arrives at the next, and nothing else does"
    for name in ("entered", "started", "done"):
        ticks = getattr(visits, name)
        if ((ticks >= end) & (ticks < NEVER)).any():
            yield f"nothing is {name} at or after the end"
    if ((visits.started < visits.entered) | _ends_too_early(visits)).any():
        yield "entered ≤ started < done"
    if visits.task is not None:
        yield from _tours(trace, zone, visits)
    tasks = visits.tasks()
    begun = np.flatnonzero(tasks.started < NEVER)
    crew = trace.crews[number]
    place = crew.at(tasks.started[begun])
    finish = tasks.started[begun] + _lasting(trace.loads_everywhere(number)[begun], crew, place)
    if not np.array_equal(np.where(finish < end, finish, NEVER), tasks.done[begun]):
        yield "a task lasts its work by the productivity at its start"
    yield from _order(tasks, _keys(trace, zone, visits))
    yield from _partner(zone, tasks) if zone.external else _crew(crew, tasks)


def _ends_too_early(visits: Visits) -> Flags:
    return (visits.done <= visits.started) & (visits.done < NEVER)


def _tours(trace: Trace, zone: Zone, visits: Visits) -> Iterator[str]:
    """Check that tours are not too full, and that all on them are treated alike."""
    assert visits.task is not None
    on = np.flatnonzero(visits.task >= 0)
    first = visits.task[on]
    alike = (visits.entered, visits.started, visits.done, trace.released, trace.parcel_warehouse)
    if any((column[on] != column[first]).any() for column in alike):
        yield "all parcels of a tour are released, started and done together"
    if (visits.task[first] != first).any():
        yield "a tour is known by its first parcel"
    tour, count = zone.tour, np.bincount(first, minlength=len(visits.task))
    assert tour is not None
    if tour.orders is not None and (count > tour.orders).any():
        yield "no tour has more parcels than it may"
    if tour.units is not None and len(trace.model.stages[zone.at].zones) == 1:
        pieces = np.bincount(first, trace.pieces[on], len(visits.task))
        if ((pieces > tour.units) & (count > 1)).any():
            yield "no tour has more pieces than the cart holds, but for one large parcel"


def _keys(trace: Trace, zone: Zone, visits: Visits) -> Indices:
    """Say of every task who is next, the smallest first."""
    orders, first = trace.orders, trace.parcel_order
    if zone.discipline == "fifo":
        return np.zeros(len(first), np.int64)
    columns = {"promise": orders.due[first], "class": -orders.tier[first], "size": trace.pieces}
    keys = columns[zone.discipline].copy()
    if visits.task is not None:
        on = np.flatnonzero(visits.task >= 0)
        together, own = keys.copy(), keys[on]
        together[visits.task[on]] = 0 if zone.discipline == "size" else NEVER
        join = np.add if zone.discipline == "size" else np.minimum
        join.at(together, visits.task[on], own)
        keys = together
    return keys


def _order(tasks: Visits, keys: Indices) -> Iterator[str]:
    """Check that at every tick the first of those that wait are begun."""
    rows = np.flatnonzero(tasks.entered < NEVER)
    entered, started = tasks.entered[rows], tasks.started[rows]
    if not keys.any():
        rank = np.lexsort((rows, entered))
        if (np.diff(started[rank]) < 0).any():
            yield "first come, first served"
        return
    arrivals = sorted(zip(entered.tolist(), keys[rows].tolist(), rows.tolist(), strict=True))
    starts: dict[int, set[int]] = {}
    for tick, row in zip(started.tolist(), rows.tolist(), strict=True):
        if tick < NEVER:
            starts.setdefault(tick, set()).add(row)
    waiting: list[tuple[int, int, int]] = []
    at = 0
    for tick in sorted(starts):
        while at < len(arrivals) and arrivals[at][0] <= tick:
            came, key, row = arrivals[at]
            heappush(waiting, (key, came, row))
            at += 1
        best = {heappop(waiting)[2] for _ in starts[tick] if waiting}
        if best != starts[tick]:
            yield "the first by the zone's discipline of all that wait is begun"
            return


def _lasting(loads: Floats, crew: Crew, place: Indices) -> Ticks:
    lasting = np.empty(len(loads), np.int64)
    for epoch in np.unique(place):
        here = place == epoch
        lasting[here] = work_ticks(loads[here], float(crew.productivity[epoch]))
    return lasting


def _partner(zone: Zone, visits: Visits) -> Iterator[str]:
    """Check that a partner begins everything at once, or as soon as the rate allows."""
    begun = np.flatnonzero(visits.started < NEVER)
    order = np.lexsort((begun, visits.entered[begun]))
    started = visits.started[begun][order]
    earliest = visits.entered[begun][order]
    earliest[1:] = np.maximum(earliest[1:], started[:-1] + zone.spacing)
    if not np.array_equal(started, earliest):
        yield "a partner begins at once, but not faster than its capacity"


def _crew(crew: Crew, visits: Visits) -> Iterator[str]:
    """Nobody works beyond the crew, and nobody stands idle while something waits."""
    entered = np.sort(visits.entered[visits.entered < NEVER])
    started = np.sort(visits.started[visits.started < NEVER])
    done = np.sort(visits.done)

    def busy_after(ticks: Ticks) -> Indices:
        return started.searchsorted(ticks, side="right") - done.searchsorted(ticks, side="right")

    def workers_at(ticks: Ticks) -> Indices:
        return crew.workers[np.maximum(crew.at(ticks), 0)]

    if (busy_after(started) > workers_at(started)).any():
        yield "no task starts when the whole crew is busy or away"
    # waiting or busy can change only at these moments
    moments = np.unique(np.concatenate((entered, done[done < NEVER], crew.times)))
    waiting = entered.searchsorted(moments, side="right") - started.searchsorted(
        moments, side="right"
    )
    if ((waiting > 0) & (busy_after(moments) < workers_at(moments))).any():
        yield "no worker is idle while something waits"
