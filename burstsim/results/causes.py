"""Where orders lose their time, and what each late one is late because of.

The way of an order from its payment to the moment that counts for its promise (or to the end)
is cut into parts that follow each other without gaps; the longest is the cause of a late order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.results.facts import Facts
from burstsim.scenario.metrics import late_causes
from burstsim.units import NEVER

__all__ = ["Ways", "at_once", "causes_of", "of_houses", "ways_of"]

_AT_ONCE = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """The ways of some orders up to the floor, and where they end.

    Parameters
    ----------
    order : (m,) int64
        The orders.
    parcel : (m,) int64
        The parcel that counts for each: the last of its orders' to be met, of equal ones the
        first; -1 for an order that has none.
    stop : (m,) int64
        Tick at which the way ends: when the promise is met, else the end.
    parts : (4, m) int64
        Ticks, in the order of `burstsim.scenario.metrics.BEFORE_THE_FLOOR`; they add up to the
        release less the payment.
    """

    order: Indices
    parcel: Indices
    stop: Ticks
    parts: Ticks


def ways_of(facts: Facts, order: Indices) -> Ways:
    """Cut the ways of some paid orders up to the floor into parts.

    *hold* is from the payment to the sweep that takes the order; *stock* from there until its
    goods are taken from the shelf, which is *gift* for an order that waited for a gift; *gift* as
    well until the parcel that counts is sent; *release* until it is let onto the floor.

    Parameters
    ----------
    facts
        A replication.
    order : (m,) int64
        Orders that were paid.
    """
    trace = facts.trace
    stop, parcel = np.minimum(facts.met[order], facts.model.end), facts.decisive[order]
    taken = np.minimum(trace.taken[order], stop)
    sent, released = _until(trace.sent, parcel, stop), _until(trace.released, parcel, stop)
    alone = facts.decisive is trace.parcel
    found = sent if alone else _until(trace.sent, trace.parcel[order], stop)
    parts = np.empty((4, len(order)), np.int64)
    parts[0] = taken - facts.paid[order]
    for_gift = np.flatnonzero(trace.held[order])
    parts[1] = found - taken
    parts[2] = sent - found
    parts[2, for_gift] += parts[1, for_gift]
    parts[1, for_gift] = 0
    parts[3] = released - sent
    return Ways(order=order, parcel=parcel, stop=stop, parts=parts)


def _until(ticks: Ticks, parcel: Indices, stop: Ticks) -> Ticks:
    """Tick of each order's parcel, not after the end of its way; -1 is no parcel."""
    if len(ticks) == 0:
        return stop
    found = ticks[parcel]
    if int(parcel.min(initial=0)) < 0:
        found[parcel < 0] = NEVER
    return np.minimum(found, stop, out=found)


def of_houses(trace: Trace, parcel: Indices) -> Iterator[tuple[int, Indices]]:
    """Say which of some orders' parcels leave from which warehouse; -1 is no parcel."""
    there = np.flatnonzero(parcel >= 0)
    if len(trace.model.chains) == 1:
        yield 0, there
        return
    house = trace.parcel_warehouse[parcel[there]]
    for number in range(len(trace.model.chains)):
        yield number, there[np.flatnonzero(house == number)]


def causes_of(facts: Facts) -> Indices:
    """Position in `late_causes` of what each order is late because of, -1 if it is not late.

    Returns
    -------
    (n,) int64
    """
    causes = np.full(len(facts.orders), -1)
    for late in at_once(np.flatnonzero(facts.late)):
        causes[late] = _whole_ways(facts, late).argmax(axis=0)
    return causes


def at_once(order: Indices) -> Iterator[Indices]:
    """Take orders apart into as many at a time as the processor's cache has room for."""
    for begin in range(0, len(order), _AT_ONCE):
        yield order[begin : begin + _AT_ONCE]


def _whole_ways(facts: Facts, order: Indices) -> Ticks:
    """Cut the ways of some paid orders into all their parts.

    From the release on they are each stage, from entering it to entering the next one, transfer
    included, and *truck* from done to shipped.

    Returns
    -------
    (causes, m) int64
        Ticks, in the order of `burstsim.scenario.metrics.late_causes`; they add up to the end of
        the way less payment.
    """
    trace, ways = facts.trace, ways_of(facts, order)
    names = late_causes(facts.model.scenario)
    place = {name: number for number, name in enumerate(names)}
    parts = np.zeros((len(names), len(order)), np.int64)
    parts[:4] = ways.parts
    done = _until(trace.done, ways.parcel, ways.stop)
    parts[place["truck"]] += ways.stop - done
    for house, mine in of_houses(trace, ways.parcel):
        at, until, following = trace.rows.within(ways.parcel[mine]), ways.stop[mine], done[mine]
        for number in reversed(facts.model.chains[house]):
            stage = facts.model.stages[number]
            first = np.minimum.reduce([trace.visits[zone].entered[at] for zone in stage.zones])
            entered = np.minimum(first, until)
            came = entered < until
            parts[place[stage.name], mine] += np.where(came, following - entered, 0)
            following = np.where(came, entered, following)
    return parts
