"""Sorting whole numbers that are nearly in order already, as what leaves a station is."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks

__all__ = ["sort_nearly"]

ROW = 256
"""Numbers that are sorted as one row: so many fit the processor's registers as a network."""

SHORT = 3072
"""Below this the calls for the rows cost more than a merge sort of everything."""

FAR = 3
"""Rows that a number may be away from its place for passes over the rows to be the quicker way."""


def sort_nearly(values: Ticks) -> None:
    """Sort numbers in place, quickly if few are far from where they belong; exact always.

    Rows are sorted by themselves, then rows that begin in the middle of those, and so on in turn:
    the odd-even transposition of blocks (Baudet and Stevenson, *Optimal sorting algorithms for
    parallel computers*, 1978). Each pass brings a number half a row nearer to its place. How far
    the farthest one has to go is known from the least and the largest of each row; if that is
    too far, the rows are merged, which is what a stable sort does with runs.

    Parameters
    ----------
    values : (n,) int64
        Contiguous. Sorted in place.

    Examples
    --------
    >>> ticks = np.array([3, 1, 2])
    >>> sort_nearly(ticks)
    >>> ticks.tolist()
    [1, 2, 3]
    """
    if values.size < SHORT:
        values.sort(kind=None if values.size <= ROW else "stable")
        return
    half = ROW // 2
    _sort_rows(values, 0)
    away = _rows_away(values)
    for _ in range(away if away <= FAR else 0):
        for begin in (half, 0):
            _sort_rows(values, begin)
            # rows are in order, so all is if none begins before the end of the one before it
            ends, begins = values[begin + ROW - 1 : -1 : ROW], values[begin + ROW :: ROW]
            if not (ends > begins).any() and (begin == 0 or values[half - 1] <= values[half]):
                return
    if away:
        values.sort(kind="stable")


def _sort_rows(values: Ticks, begin: int) -> None:
    """Sort each row by itself, the first one from `begin` on, and what is left over at the end."""
    end = begin + (values.size - begin) // ROW * ROW
    values[begin:end].reshape(-1, ROW).sort(axis=1)
    values[end:].sort()


def _rows_away(values: Ticks) -> int:
    """How many rows the farthest number is behind its place; rows are sorted by themselves."""
    least = values[::ROW]
    largest = np.append(values[ROW - 1 :: ROW], values[-1])[: least.size]
    # a row belongs before the first one that has had something larger than its least
    place = np.maximum.accumulate(largest).searchsorted(least, side="right")
    return int((np.arange(least.size) - place).max())
