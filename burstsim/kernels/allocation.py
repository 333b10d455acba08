"""Allocation over several warehouses: who surely gets what is asked of the first of them.

An order that finds everything at the warehouse that it prefers needs no second look. Whether it
does can be told for all at once by adding up, in order, what everybody before it may have taken
from the same shelves: those who surely go there take it, those who may go elsewhere are counted
at every warehouse that they may come from.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import sums_by

__all__ = ["Demand", "unsure"]

Flags = npt.NDArray[np.bool_]

#: (turn, shelf, pieces) of everything that is asked. The i-th order's turn is 2 i + 1; an even
#: turn, before that of an order, is something else that takes from the shelf.
Demand = tuple[Indices, Indices, Indices]


def unsure(
    count: int,
    first: Demand,
    others: Callable[[Indices], Demand],
    stock: Indices,
    doubtful: Indices,
) -> tuple[Flags, Flags]:
    """Find the orders that may not get everything from the first warehouse asked.

    Again and again: add up in order what is asked of every shelf, at most; whoever comes when
    it may be used up is unsure, and from then on counted wherever else it may ask.

    Parameters
    ----------
    count
        How many orders there are.
    first : tuple of (m,) int64
        What each order asks of its first warehouse; a shelf is a SKU in a warehouse.
    others
        Gives the same for what some orders (k,) may ask of shelves besides those.
    stock : (shelves,) int64
        Pieces on each shelf, -1 without an end.
    doubtful : (k,) int64
        Orders that must be looked at one by one whatever there is.

    Returns
    -------
    unsure : (count,) bool
        Orders to be looked at one by one; all others get what they ask of their first warehouse.
    scarce : (shelves,) bool
        Shelves that may run out; of all others there is enough whatever happens.
    """
    marked, new = np.zeros(count, bool), doubtful
    marked[new] = True
    turn, shelf, pieces = first
    while True:
        more = others(new)
        turn, shelf, pieces = (
            np.concatenate(pair) for pair in zip((turn, shelf, pieces), more, strict=True)
        )
        scarce = (stock >= 0) & (sums_by(shelf, pieces, len(stock)) > stock)
        some = np.flatnonzero(scarce[shelf])
        late = turn[some][_may_find_nothing(turn[some], shelf[some], pieces[some], stock)]
        found = np.zeros(count, bool)
        found[late[late % 2 == 1] // 2] = True
        new = np.flatnonzero(found & ~marked)
        if len(new) == 0:
            return marked, scarce
        marked[new] = True


def _may_find_nothing(turn: Indices, shelf: Indices, pieces: Indices, stock: Indices) -> Flags:
    """Whether the shelf may have too little when the turn comes, if all before take theirs."""
    order = np.lexsort((turn, shelf))
    shelf, pieces = shelf[order], pieces[order]
    running = np.cumsum(pieces)
    begins = np.flatnonzero(np.diff(shelf, prepend=-1))
    lengths = np.diff(np.append(begins, len(shelf)))
    before = np.repeat(running[begins] - pieces[begins], lengths)
    over = np.empty(len(shelf), bool)
    over[order] = running - before > stock[shelf]
    return over
