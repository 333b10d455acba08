"""Spans of time laid over each other: where there is at least one of them."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks

__all__ = ["first_inside", "first_outside", "gaps_of", "joined"]


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


def first_inside(begin: Ticks, end: Ticks, tick: int) -> int | None:
    """Give the first tick from one on that is in one of some joined spans, None without any.

    Examples
    --------
    >>> spans = np.array([0, 6]), np.array([5, 9])
    >>> first_inside(*spans, 4), first_inside(*spans, 5), first_inside(*spans, 9)
    (4, 6, None)
    """
    following = int(end.searchsorted(tick, side="right"))
    return max(int(begin[following]), tick) if following < len(begin) else None


def gaps_of(begin: Ticks, end: Ticks, span: tuple[int, int]) -> tuple[Ticks, Ticks]:
    """Give what is left of a span when some joined spans within it are taken away.

    Examples
    --------
    >>> [ticks.tolist() for ticks in gaps_of(np.array([0, 6]), np.array([5, 9]), (0, 20))]
    [[5, 9], [6, 20]]
    """
    begins, ends = np.append(span[0], end), np.append(begin, span[1])
    some = np.flatnonzero(begins < ends)
    return begins[some], ends[some]
