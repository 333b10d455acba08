"""A replication a span of time at a time: what is known when so much of it is over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["Piece", "whole_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """What happened in a span of time, and to whom.

    The pieces of a replication follow each other without gaps. Whatever happens within a span
    happens to orders of its trace.

    Parameters
    ----------
    begin, until
        Ticks: what happens from `begin` on and before `until` belongs to this piece.
    number : (n,) int64
        Numbers in the whole replication of the orders of `trace`, ascending.
    trace
        What has happened so far, of all orders placed before `until` that were not over before
        `begin`. A tick at or after `until` may be there already (a task that was begun is known
        to be done then) or be missing (`NEVER`): nobody may rest on it. Of crews and pickups it
        holds those up to `until`, from the beginning on. Gifts are those of its orders.
        What closed channels lost and diverted is all that they did so far.
    over : (n,) bool
        Orders of which everything is known that will ever happen to them: it all lies before
        `until`, or the replication ends there. The next piece is without them.
    last
        Whether this is the end of the replication.
    """

    begin: int
    until: int
    number: Indices
    trace: Trace
    over: npt.NDArray[np.bool_]
    last: bool

    def happens(self, ticks: Ticks) -> Indices:
        """Say which of some ticks of its trace lie within it.

        What lies before the clock begins, and what is known to come after its end, belongs to
        the first piece and to the last.

        Parameters
        ----------
        ticks : (any,) int64
            `NEVER` is never within.
        """
        within = ticks < (NEVER if self.last else self.until)
        if self.begin > self.trace.model.begin:
            within &= ticks >= self.begin
        return np.flatnonzero(within)


def whole_of(trace: Trace) -> Piece:
    """Take a finished replication for one piece."""
    count = len(trace.orders)
    return Piece(
        begin=trace.model.begin,
        until=trace.model.end,
        number=np.arange(count),
        trace=trace,
        over=np.ones(count, bool),
        last=True,
    )
