"""Counts by key that are added to a few at a time; only keys that are there are kept."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices

__all__ = ["Counts"]


class Counts:
    """How often each key was there, or how much of it.

    Attributes
    ----------
    keys, counts : (k,) int64
        By key.

    Examples
    --------
    >>> found = Counts()
    >>> found.add(np.array([7, 9, 7]))
    >>> found.add(np.array([8, 9]), np.array([5, 2]))
    >>> found.keys.tolist(), found.counts.tolist()
    ([7, 8, 9], [2, 5, 3])
    """

    def __init__(self) -> None:
        self.keys, self.counts = np.empty(0, np.int64), np.empty(0, np.int64)

    def add(self, keys: Indices, weights: Indices | None = None) -> None:
        """Add each key once, or so much of it.

        Parameters
        ----------
        keys : (n,) int64
            Any order, repeats allowed.
        weights : (n,) int64, optional
            Their sums at once are exact below 2**53.
        """
        if len(keys) == 0:
            return
        first = int(keys.min())
        if int(keys.max()) - first < max(8 * len(keys), 1 << 16):
            sums = often = np.bincount(keys - first)
            if weights is not None:
                sums = np.bincount(keys - first, weights)
            place = np.flatnonzero(often)
            new, more = place + first, sums[place].astype(np.int64)
        else:
            new, place = np.unique(keys, return_inverse=True)
            more = np.bincount(place, weights).astype(np.int64)
        both = np.union1d(self.keys, new)
        merged = np.zeros(len(both), np.int64)
        merged[both.searchsorted(self.keys)] = self.counts
        merged[both.searchsorted(new)] += more
        self.keys, self.counts = both, merged
