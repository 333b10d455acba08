"""Batch picking: which orders are picked on one tour, and how many aisles it enters."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from burstsim.kernels.arrays import Floats, Indices

__all__ = ["aisles_entered", "expected_aisles", "next_fit"]


def next_fit(
    release: Indices, units: Indices, most_orders: int | None, most_units: int | None
) -> Indices:
    """Put orders on tours, one after the other: what would not fit begins the next tour.

    An order with more units than a tour may have is a tour of its own.

    Parameters
    ----------
    release : (n,) int64
        Number of the release of each order, never falling: no tour has orders of two of them.
    units : (n,) int64
        What each order brings, not negative.
    most_orders, most_units
        What a tour may have, None without a limit; at least 1.

    Returns
    -------
    (tours + 1,) int64
        Where each tour begins, and the end.

    Examples
    --------
    Four orders at most and ten units, then a new release.

    >>> next_fit(np.array([0, 0, 0, 0, 1]), np.array([6, 4, 1, 12, 1]), 4, 10).tolist()
    [0, 2, 3, 4, 5]
    """
    count = len(release)
    heads = np.flatnonzero(np.diff(release, prepend=release[:1] - 1))
    if most_units is None:
        if most_orders is None:
            return np.append(heads, count)
        ranks = np.arange(count) - np.repeat(heads, np.diff(np.append(heads, count)))
        return np.append(np.flatnonzero(ranks % most_orders == 0), count)
    # one step for each tour, not for each order: how far its units reach is looked up
    before = np.concatenate(([0], np.cumsum(units))).tolist()
    begins: list[int] = []
    ends = np.append(heads[1:], count)[: len(heads)]
    for at, end in zip(heads.tolist(), ends.tolist(), strict=True):
        while at < end:
            begins.append(at)
            last = end if most_orders is None else min(at + most_orders, end)
            fits = bisect_right(before, before[at] + most_units, at + 1, last + 1) - 1
            at = max(fits, at + 1)
    begins.append(count)
    return np.array(begins, np.int64)


def aisles_entered(aisles: int, lines: int) -> float:
    """Aisles that a tour enters on average: N·(1 − (1 − 1/N)^q), q lines at random places.

    Parameters
    ----------
    aisles
        N, at least 1.
    lines
        q.

    Notes
    -----
    Each line misses a given aisle with probability 1 − 1/N, all q of them with its q-th power.

    Examples
    --------
    >>> round(aisles_entered(20, 1), 9), round(aisles_entered(20, 2), 9)
    (1.0, 1.95)
    """
    return aisles * (1.0 - (1.0 - 1.0 / aisles) ** lines)


def expected_aisles(aisles: int, lines: Indices) -> Floats:
    """Say for many tours what `aisles_entered` says for one, to the last bit.

    Parameters
    ----------
    aisles
        N, at least 1.
    lines : (n,) int64

    Returns
    -------
    (n,) float64
    """
    counts = np.bincount(lines)
    table = np.zeros(len(counts))
    for present in np.flatnonzero(counts).tolist():
        table[present] = aisles_entered(aisles, present)
    return table[lines]
