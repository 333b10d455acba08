"""Spans of time laid over each other: where there is at least one of them."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks

__all__ = ["first_outside", "joined"]


def joined(begin: Ticks, end: Ticks) -> tuple[Ticks, Ticks]:
    """Lay spans over each other: those that overlap or touch are one.

    Parameters
    ----------
    begin, end : (n,) int64
        Ticks, by beginning; a span holds its beginning and not its end.

    Returns
    -------
    begin, end : (k,) int64
        Ascending, with a gap between any two.

    Examples
    --------
    >>> [ticks.tolist() for ticks in joined(np.array([0, 2, 6, 7]), np.array([5, 3, 7, 9]))]
    [[0, 6], [5, 9]]
    """
    if len(begin) == 0:
        return begin, end
    latest = np.maximum.accumulate(end)
    after_gap = np.flatnonzero(begin[1:] > latest[:-1]) + 1
    return begin[np.append(0, after_gap)], latest[np.append(after_gap, len(begin)) - 1]


def first_outside(begin: Ticks, end: Ticks, tick: int) -> int:
    """Give the first tick from one on that is in none of some joined spans.

    Examples
    --------
    >>> spans = np.array([0, 6]), np.array([5, 9])
    >>> first_outside(*spans, 4), first_outside(*spans, 5), first_outside(*spans, 6)
    (5, 5, 9)
    """
    last = int(begin.searchsorted(tick, side="right")) - 1
    return max(int(end[last]), tick) if last >= 0 else tick
