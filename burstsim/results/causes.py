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

__all__ = ["Ways", "causes_of", "of_houses", "ways_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """The ways of some orders.

    Parameters
    ----------
    order : (m,) int64
        The orders.
    parcel : (m,) int64
        The parcel that counts for each: the last of its orders' to be met, of equal ones the
        first; -1 for an order that has none.
    stop : (m,) int64
        Tick at which the way ends: when the promise is met, else the end.
    parts : (causes, m) int64
        Ticks, in the order of `burstsim.scenario.metrics.late_causes`; they add up to stop less
        payment.
    """

    order: Indices
    parcel: Indices
    stop: Ticks
    parts: Ticks


def ways_of(facts: Facts, order: Indices) -> Ways:
    """Cut the ways of some paid orders into parts.

    *hold* is from the payment to the sweep that takes the order; *stock* from there until its
    goods are taken from the shelf, which is *gift* for an order that waited for a gift; *gift* as
    well until the parcel that counts is sent; *release* until it is let onto the floor; each
    stage from entering it to entering the next one, transfer included; *truck* from done to
    shipped.

    Parameters
    ----------
    facts
        A replication.
    order : (m,) int64
        Orders that were paid.
    """
    trace, model = facts.trace, facts.model
    stop = np.minimum(facts.met[order], model.end)
    parcel = facts.decisive[order]
    names = late_causes(model.scenario)
    parts = np.zeros((len(names), len(order)), np.int64)

    def of_parcel(ticks: Ticks, rows: Indices) -> Ticks:
        """Tick of each order's parcel, not after the end of its way."""
        if len(ticks) == 0:
            return stop
        found = ticks[rows]
        if len(rows) and int(rows.min()) < 0:
            found[rows < 0] = NEVER
        return np.minimum(found, stop, out=found)

    taken = np.minimum(trace.taken[order], stop)
    found = of_parcel(trace.sent, trace.parcel[order])
    sent, released = of_parcel(trace.sent, parcel), of_parcel(trace.released, parcel)
    parts[0] = taken - facts.paid[order]
    for_gift = trace.held[order] == 1
    parts[1] = np.where(for_gift, 0, found - taken)
    parts[2] = np.where(for_gift, found - taken, 0) + sent - found
    parts[3] = released - sent
    place = {name: number for number, name in enumerate(names)}
    done = of_parcel(trace.done, parcel)
    parts[place["truck"]] += stop - done
    for house, mine in of_houses(trace, parcel):
        at, until, following = trace.rows.within(parcel[mine]), stop[mine], done[mine]
        for number in reversed(model.chains[house]):
            stage = model.stages[number]
            first = np.minimum.reduce([trace.visits[zone].entered for zone in stage.zones])
            entered = np.minimum(first[at], until)
            came = entered < until
            spent = np.where(came, following - entered, 0)
            part = parts[place[stage.name]]
            if len(mine) == len(part):
                part += spent
            else:
                part[mine] += spent
            np.copyto(following, entered, where=came)
    return Ways(order=order, parcel=parcel, stop=stop, parts=parts)


def of_houses(trace: Trace, parcel: Indices) -> Iterator[tuple[int, Indices]]:
    """Say which of some orders' parcels leave from which warehouse; -1 is no parcel."""
    there = np.flatnonzero(parcel >= 0)
    if len(trace.model.chains) == 1:
        yield 0, there
        return
    house = trace.parcel_warehouse[parcel[there]]
    for number in range(len(trace.model.chains)):
        yield number, there[np.flatnonzero(house == number)]


def causes_of(facts: Facts, ways: Ways | None = None) -> Indices:
    """Position in `late_causes` of what each order is late because of, -1 if it is not late.

    Parameters
    ----------
    facts
        A replication.
    ways
        Of all late orders at least, where they are known already.

    Returns
    -------
    (n,) int64
    """
    if ways is None:
        ways = ways_of(facts, np.flatnonzero(facts.late))
    causes = np.full(len(facts.orders), -1)
    late = np.flatnonzero(facts.late[ways.order])
    causes[ways.order[late]] = ways.parts[:, late].argmax(axis=0)
    return causes
