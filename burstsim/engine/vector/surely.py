"""What those take from a shelf who surely get what they ask, up to any turn."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import numpy.typing as npt

from burstsim.kernels.allocation import Demand

__all__ = ["Surely"]

Flags = npt.NDArray[np.bool_]


class Surely:
    """Pieces that leave counted shelves without anybody having to look.

    Parameters
    ----------
    demand
        What is asked of first warehouses; see `burstsim.kernels.allocation`.
    touched : (groups,) bool
        Groups that are looked at one by one; all others get what they ask.
    counted : (shelves,) bool
        Shelves that may run out.
    """

    def __init__(self, demand: Demand, touched: Flags, counted: Flags) -> None:
        turn, shelf, pieces = demand
        mine = np.flatnonzero(counted[shelf] & (turn % 2 == 1))
        mine = mine[~touched[turn[mine] // 2]]
        mine = mine[np.lexsort((turn[mine], shelf[mine]))]
        group, shelf, pieces = turn[mine] // 2, shelf[mine], pieces[mine]
        begins = np.flatnonzero(np.diff(shelf, prepend=-1))
        ends = np.append(begins, len(shelf))[1:]
        self.of_shelf: dict[int, tuple[list[int], list[int]]] = {}
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            sums = np.append(0, np.cumsum(pieces[begin:end]))
            self.of_shelf[int(shelf[begin])] = group[begin:end].tolist(), sums.tolist()
        self.told: dict[int, int] = {}

    def since(self, shelf: int, group: int) -> int:
        """Pieces that groups before this one took since the last time that this was asked."""
        if shelf not in self.of_shelf:
            return 0
        groups, sums = self.of_shelf[shelf]
        taken = sums[bisect_left(groups, group)]
        new = taken - self.told.get(shelf, 0)
        self.told[shelf] = taken
        return new
