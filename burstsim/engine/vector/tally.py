"""Counts by key that go on from one batch of orders to the next."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.rules import running_before

__all__ = ["Seen", "Tally"]


class Tally:
    """A sum for each key, 0 at first."""

    def __init__(self) -> None:
        self.keys, self.sums = np.empty(0, np.int64), np.empty(0, np.int64)
        self.added: list[tuple[Indices, Indices]] = []

    def of(self, keys: Indices) -> Indices:
        """Give the sums of some keys."""
        if self.added:
            self._put_in()
        if len(self.keys) == 0:
            return np.zeros(len(keys), np.int64)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.sums[place], 0)

    def before(self, keys: Indices, values: Indices) -> Indices:
        """Sum of each key just before every element's turn, the values of those before added."""
        return self.of(keys) + running_before(keys, values)

    def add(self, keys: Indices, values: Indices) -> None:
        """Add values to the sums of their keys; nothing is done before somebody asks."""
        self.added.append((keys, values))

    def _put_in(self) -> None:
        """Bring the sums up to date."""
        keys, values = (np.concatenate(column) for column in zip(*self.added, strict=True))
        self.added = []
        new, place = np.unique(keys, return_inverse=True)
        more = np.zeros(len(new), np.int64)
        np.add.at(more, place, values)
        # only what is new is sorted: there may be many more than come at a time
        at = np.searchsorted(self.keys, new)
        known = np.zeros(len(new), bool)
        inside = np.flatnonzero(at < len(self.keys))
        known[inside] = self.keys[at[inside]] == new[inside]
        self.sums[at[known]] += more[known]
        if not known.all():
            self.keys = np.insert(self.keys, at[~known], new[~known])
            self.sums = np.insert(self.sums, at[~known], more[~known])


class Seen:
    """Pairs that have come up."""

    def __init__(self) -> None:
        self.pairs = np.empty((0, 2), np.int64)

    def first(self, some: Indices, others: Indices) -> npt.NDArray[np.bool_]:
        """Whether each pair comes up for the first time; it is remembered."""
        known = len(self.pairs)
        both = np.concatenate((self.pairs, np.stack((some, others), axis=1)))
        self.pairs, first = np.unique(both, axis=0, return_index=True)
        new = np.zeros(len(some), bool)
        new[first[first >= known] - known] = True
        return new
