"""The laws that every finished replication obeys, whichever engine ran it.

They are checked from the trace alone, from first principles, so that an error in an engine or
a kernel cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from burstsim.engine.crews import Crew
from burstsim.engine.giftlaws import gift_laws, gifts_taken
from burstsim.engine.kitlaws import brought, contents_of, filling_laws, parts_used
from burstsim.engine.trace import STATES, Trace, Visits
from burstsim.engine.zones import Zone
from burstsim.errors import InvariantError
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["broken_laws", "check_invariants", "gone_of"]

Flags = npt.NDArray[np.bool_]


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
    yield from filling_laws(trace)
    yield from gift_laws(trace)
    left, gone = np.zeros(len(trace.left), bool), gone_of(trace)
    through = np.full(len(trace.done), NEVER)
    enters = np.where(trace.parcel_part == 0, trace.orders.enters[trace.parcel_order], -1)
    for house, chain in enumerate(trace.model.chains):
        arrived = np.full(len(trace.released), NEVER)
        for place in chain:
            stage = trace.model.stages[place]
            begins = np.where(enters < 0, chain[0], enters) == place
            begins &= trace.parcel_warehouse == house
            arrived = np.where(begins, trace.released, arrived)
            tasks = {number: _has_work(trace, number) for number in stage.zones}
            passes = ~np.logical_or.reduce(list(tasks.values()))
            comes = (arrived < trace.model.end) & ~passes
            left |= comes & (arrived >= gone)
            comes &= arrived < gone
            for number, has_work in tasks.items():
                zone, visits = trace.model.zones[number], trace.visits[number]
                for law in _visits(trace, number, np.where(comes & has_work, arrived, NEVER)):
                    yield f"{zone.path}: {law}"
                crew = trace.crews[number]
                for law in _partner(zone, visits) if zone.external else _crew(crew, visits):
                    yield f"{zone.path}: {law}"
            # on when the last of its tasks is done
            ends = [
                np.where(has_work, trace.visits[number].done, -NEVER)
                for number, has_work in tasks.items()
            ]
            done = np.where(comes, np.maximum.reduce(ends), NEVER)
            transfer = stage.transfer if place != chain[-1] else 0
            moved = np.where(done < NEVER, done + transfer, NEVER)
            arrived = np.where(passes & (arrived < trace.model.end), arrived, moved)
        through = np.minimum(through, np.where(arrived < trace.model.end, arrived, NEVER))
    if not np.array_equal(trace.done, through):
        yield "a parcel is done when it has passed its last stage"
    if not np.array_equal(trace.shipped, trace.done):
        yield "without carriers a parcel is shipped when it is done"
    if not np.array_equal(trace.sent, trace.released):
        yield "a parcel is released when it is sent"
    if not np.array_equal(trace.left == 1, left):
        yield "a cancelled parcel leaves at the next stage that it comes to"


def _has_work(trace: Trace, number: int) -> Flags:
    """Say which parcels would have a task in a zone; where all have one, other houses' too."""
    zone = trace.model.zones[number]
    if zone.only_extra or len(trace.model.stages[zone.at].zones) > 1:
        return trace.loads[number] > 0
    return np.ones(len(trace.loads[number]), bool)


def gone_of(trace: Trace) -> Ticks:
    """Tick at which the last order of each parcel is cancelled."""
    inside = np.flatnonzero(trace.parcel >= 0)
    leader = trace.parcel_order[trace.parcel[inside]]
    gone = np.zeros(len(trace.orders), np.int64)
    np.maximum.at(gone, leader, trace.orders.cancelled[inside])
    latest: Ticks = gone[trace.parcel_order]
    return latest


def _orders(trace: Trace) -> Iterator[str]:
    orders, end = trace.orders, trace.model.end
    if (np.diff(orders.placed) < 0).any():
        yield "order numbers follow the moments of placement"
    if (orders.placed >= trace.model.scenario.horizon).any():
        yield "no order is placed at or after the horizon"
    number = (trace.parcel_warehouse, trace.parcel_part, trace.parcel_order)
    rank = np.lexsort(number)
    same = np.logical_and.reduce([column[rank][1:] == column[rank][:-1] for column in number])
    if not np.array_equal(rank, np.arange(len(rank))) or same.any():
        yield "parcels are in order of their first orders, parts and warehouses, each once"
    inside = trace.parcel >= 0
    if trace.parcel_part[trace.parcel[inside]].any():
        yield "an order is in the parcel of its goods"
    first = trace.parcel_order[trace.parcel[inside]]
    buyers = (orders.customer, orders.region)
    if not all(np.array_equal(column[first], column[inside]) for column in buyers):
        yield "orders share a parcel only with those of the same customer and region"
    if (trace.released[trace.parcel[inside]] < orders.paid[inside]).any():
        yield "nothing is released before it is paid"
    yield from _states(trace)
    yield from _stock(trace)
    for name in ("sent", "released", "done", "shipped"):
        ticks: Ticks = getattr(trace, name)
        if ((ticks >= end) & (ticks < NEVER)).any():
            yield f"nothing is {name} at or after the end"


def _states(trace: Trace) -> Iterator[str]:
    """Every order is in exactly one final state, and the state fits what happened to it."""
    orders, end = trace.orders, trace.model.end
    shipped = trace.order_shipped() < NEVER
    inside = trace.parcel >= 0
    is_ = {state: trace.state == number for number, state in enumerate(STATES)}
    if sum(int(found.sum()) for found in is_.values()) != len(orders):
        yield "every order is in exactly one final state"
    if not np.array_equal(is_["shipped"], shipped):
        yield "an order is shipped when its last parcel is"
    if (inside & (is_["expired"] | is_["rejected"] | is_["backordered"])).any():
        yield "only paid orders with stock are released"
    if (is_["expired"] & (orders.paid < end)).any():
        yield "an order that is paid in time does not expire"
    if ((is_["unfinished"] | shipped | is_["backordered"]) & (orders.paid >= end)).any():
        yield "an order that is not paid expires"
    by_buyer = is_["cancelled"] & (trace.dropped == NEVER)
    if (by_buyer & (orders.cancelled >= end)).any():
        yield "nobody cancels but the buyer, or a sweep for lack of stock"
    waited = (is_["unfinished"] & ~inside).nonzero()[0]
    slowest = trace.model.cycle + trace.model.hold + trace.model.merge
    at_once = not (trace.model.per_sweep or trace.model.spacing or orders.reviewed.any())
    if at_once and (orders.paid[waited] + slowest < end).any():
        yield "every order is released by the sweep after its payment"


def _stock(trace: Trace) -> Iterator[str]:
    """Check that what left the shelves was on them, and that allotments are kept."""
    orders, stock = trace.orders, trace.model.stock
    if not stock.limited:
        return
    # what is on the floor when the clock begins has left the shelf before
    taken = np.repeat(orders.enters < 0, np.diff(orders.line_offsets))
    gifts, names = gifts_taken(trace), trace.model.network.names
    for house, shelf in enumerate(stock.shelves):
        out = contents_of(trace, taken & (trace.source == house)) + gifts[house]
        out += parts_used(trace, trace.made, house)
        if (out > shelf + brought(trace, trace.made, house))[shelf >= 0].any():
            yield f"no more leaves the shelves of {names[house]} than was on them"
    refusing, ends = not trace.model.sells_more_than_there_is, stock.on_hand >= 0
    lengths = np.diff(orders.line_offsets)
    released = np.repeat(trace.parcel >= 0, lengths)
    waits = np.isin(trace.state, [STATES.index(state) for state in ("unfinished", "backordered")])
    new = np.repeat(orders.stream >= 0, lengths)
    sold = contents_of(trace, new & (released | np.repeat(waits, lengths)))
    sold += parts_used(trace, trace.parts_for)
    if refusing and (sold > stock.on_hand + brought(trace, trace.parts_for))[ends].any():
        yield "no more is sold than there was"
    if refusing and trace.oversold.any():
        yield "nothing is sold twice where stock is reserved"
    channel = np.repeat(orders.channel, lengths)
    bought = orders.items.parent[orders.line_item]
    for (name, item), allowed in stock.allotments.items():
        if refusing and name in orders.channels:
            lines = new & released & (bought == item)
            lines &= channel == orders.channels.index(name)
            if orders.line_quantity[lines].sum() > allowed:
                yield f"channel {name} sells no more than its allotment"


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
    place = trace.crews[zone].at(started[begun])
    loads = trace.loads[zone][begun]
    finish = started[begun] + _lasting(loads, trace.crews[zone], place)
    if not np.array_equal(np.where(finish < end, finish, NEVER), done[begun]):
        yield "a task lasts its work by the productivity at its start"
    rank = np.lexsort((np.arange(len(entered)), entered))
    if (np.diff(started[rank]) < 0).any():
        yield "first come, first served"


def _lasting(
    loads: np.ndarray[tuple[int], np.dtype[np.float64]], crew: Crew, place: Indices
) -> Ticks:
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
