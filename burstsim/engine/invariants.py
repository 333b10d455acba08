"""The laws that every finished replication obeys, whichever engine ran it.

They are checked from the trace alone, from first principles, so that an error in an engine or
a kernel cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.carrierlaws import carrier_laws
from burstsim.engine.floorlaws import floor_laws, gone_of, return_laws
from burstsim.engine.giftlaws import gift_laws, gifts_taken
from burstsim.engine.kitlaws import brought, contents_of, filling_laws, parts_used
from burstsim.engine.releaselaws import release_laws
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.unitlaws import place_laws, unit_laws
from burstsim.engine.unreleased import lines_came_back
from burstsim.errors import InvariantError
from burstsim.kernels.arrays import Ticks
from burstsim.units import NEVER

__all__ = ["broken_laws", "check_invariants", "gone_of"]


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
    lost = list(place_laws(trace))
    if lost:
        yield from lost
        return
    yield from _orders(trace)
    yield from unit_laws(trace)
    yield from filling_laws(trace)
    yield from gift_laws(trace)
    yield from floor_laws(trace)
    yield from carrier_laws(trace)
    yield from return_laws(trace)
    yield from release_laws(trace)


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
    ready = orders.paid[waited] + trace.model.hold + trace.model.merge
    at_once = not (trace.model.per_sweep or trace.model.spacing or orders.reviewed.any())
    if at_once and (trace.model.sweeps.after(np.maximum(ready, trace.model.begin)) < end).any():
        yield "every order is released by the sweep after its payment"


def _stock(trace: Trace) -> Iterator[str]:
    """Check that what left the shelves was on them, and that allotments are kept."""
    orders, stock = trace.orders, trace.model.stock
    if not stock.limited:
        return
    # what is on the floor when the clock begins has left the shelf before
    taken = np.repeat(orders.enters < 0, np.diff(orders.line_offsets))
    back = lines_came_back(trace) < NEVER
    taken &= ~back
    gifts, names = gifts_taken(trace), trace.model.network.names
    for house, shelf in enumerate(stock.shelves):
        out = contents_of(trace, taken & (trace.source == house)) + gifts[house]
        out += parts_used(trace, trace.made, house)
        if (out > shelf + brought(trace, trace.made, house))[shelf >= 0].any():
            yield f"no more leaves the shelves of {names[house]} than was on them"
    refusing, ends = not trace.model.sells_more_than_there_is, stock.on_hand >= 0
    lengths = np.diff(orders.line_offsets)
    released = np.repeat(trace.parcel >= 0, lengths) & ~back
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
