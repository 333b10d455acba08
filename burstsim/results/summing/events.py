"""When orders came into the backlog and left it, as far as that is known for good.

A few orders of a piece are not certain yet. One that was cancelled while its goods waited on the
floor is open no more from then on, if it leaves before the end: that is known when it comes to its
next stage. Which warehouse an order is told of at is known once its goods have a parcel. If they
have shipped and gifts have not, these may still leave the floor if the order is cancelled, and
then it has shipped already; or they may not even be there yet. Nothing is told from the first such
moment on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from burstsim.engine.piece import Piece
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.results.breakdowns import Kind
from burstsim.results.facts import BACKORDERED, Facts, Flags
from burstsim.units import NEVER

__all__ = ["Events", "Known"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """Orders, and a span of time in which all is known that happens to them.

    Parameters
    ----------
    begin, end
        The span.
    paid, closes, shipped : (n,) int64
        Ticks, as in `burstsim.results.facts.Facts`.
    released : (n,) int64
        Tick at which the goods of each order were released to the floor; -`NEVER` for those that
        nobody waits for.
    groups : for each way of grouping, (n,) int64
        Group of each order.
    over, new : (n,) bool
        Orders that are over, and those of them that were not when the last span ended.
    """

    begin: int
    end: int
    paid: Ticks
    closes: Ticks
    shipped: Ticks
    released: Ticks
    groups: tuple[Indices, ...]
    over: Flags
    new: Flags

    def within(self, ticks: Ticks) -> Indices:
        """Rows at which something happens in the span."""
        return np.flatnonzero((ticks >= self.begin) & (ticks < self.end))


class Events:
    """What is known, piece by piece.

    Of orders that are over only those are kept of which something lies in a span that is not
    known yet.

    Parameters
    ----------
    ways
        How many ways of grouping orders there are.
    """

    def __init__(self, ways: int) -> None:
        self._end = -NEVER
        self._kept = [np.empty(0, np.int64) for _ in range(4 + ways)]

    def add(self, piece: Piece, facts: Facts, kinds: Sequence[Kind]) -> Known:
        """Say what is known with another piece.

        Parameters
        ----------
        piece
            What follows the pieces that were there before.
        facts, kinds
            Of all its orders.
        """
        trace, before = facts.trace, len(self._kept[0])
        released = trace.per_order(trace.released)
        released = np.where(piece.over & (trace.state >= BACKORDERED), -NEVER, released)
        own = (facts.paid, facts.closes, facts.shipped, released, *(k.of_order for k in kinds))
        columns = own
        if before:
            columns = tuple(np.concatenate(pair) for pair in zip(self._kept, own, strict=True))
        begin, end = self._end, NEVER if piece.last else _first_open(piece, facts)
        over, new = np.ones((2, len(columns[0])), bool)
        over[before:], new[:before], new[before:] = piece.over, False, piece.over
        kept = np.zeros(len(over), bool)
        for ticks in columns[:3]:
            kept |= (ticks >= end) & (ticks < NEVER)
        rows = np.flatnonzero(kept & over)
        self._end, self._kept = end, [column[rows] for column in columns]
        paid, closes, shipped, released, *groups = columns
        return Known(
            begin=begin,
            end=end,
            paid=paid,
            closes=closes,
            shipped=shipped,
            released=released,
            groups=tuple(groups),
            over=over,
            new=new,
        )


def _first_open(piece: Piece, facts: Facts) -> int:
    """First tick at which something is not certain in a piece, its end if everything is."""
    trace, first = piece.trace, piece.until
    on_the_floor = (trace.parcel_part == 0) & (trace.left == 0) & (trace.done == NEVER)
    doubtful = trace.parcel_order[np.flatnonzero(on_the_floor)]
    first = min(first, int(facts.orders.cancelled[doubtful].min(initial=first)))
    if len(facts.model.chains) > 1:
        nowhere = (trace.parcel < 0) & ~piece.over
        first = min(first, int(facts.paid.min(initial=first, where=nowhere)))
    order, waits = trace.parcel_order, ~piece.over
    if all(rule.spec.fulfil.ship != "after_main" for rule in facts.model.rules):
        waits &= facts.orders.cancelled < facts.model.end  # all others ship with their gifts
    gone = np.flatnonzero((trace.shipped < piece.until) & waits[order])
    if len(gone):
        waiting = np.zeros(len(facts.orders), bool)
        waiting[order[gone]] = True
        goods = np.flatnonzero(waiting[order] & (trace.parcel_part == 0))
        sent = np.full(len(facts.orders), -NEVER)
        np.maximum.at(sent, order[goods], trace.shipped[goods])
        first = min(first, int(sent.min(initial=first, where=sent > -NEVER)))
    return first
