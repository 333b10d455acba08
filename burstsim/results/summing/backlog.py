"""Open orders, span by span: how many at most, in all and in each group; and shipments by hour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.peaks import most_inside
from burstsim.kernels.segments import sort_pairs
from burstsim.kernels.sorting import sort_nearly
from burstsim.results.breakdowns import apart
from burstsim.results.summing.events import Known
from burstsim.units import HOUR

__all__ = ["Backlog", "Crowd", "Throughput"]


class Crowd:
    """How many are inside, and the most that ever were.

    Attributes
    ----------
    most, peak
        Most at once, and the first tick at which there were so many; 0 where nobody ever was.
    """

    def __init__(self) -> None:
        self.most, self.peak = 0, 0
        self._inside = 0

    def add(self, came: Ticks, left: Ticks) -> bool:
        """Look at who comes and leaves in a span, ascending; say whether there is a new peak."""
        most, tick = most_inside(came, left, self._inside)
        self._inside += len(came) - len(left)
        if most <= self.most:
            return False
        self.most, self.peak = most, tick
        return True


class Backlog:
    """Open orders: paid, neither shipped nor cancelled.

    Parameters
    ----------
    groups
        How many groups each way of grouping orders has.

    Attributes
    ----------
    everybody
        All of them.
    """

    def __init__(self, groups: Sequence[int]) -> None:
        self.everybody = Crowd()
        self._groups = [[Crowd() for _ in range(count)] for count in groups]

    def add(self, known: Known) -> bool:
        """Look at a span; say whether the peak of all of them is in it."""
        opening, leaving = (_in_turn(known, ticks) for ticks in (known.paid, known.closes))
        for crowds, code in zip(self._groups, known.groups, strict=True):
            came, left = (apart(rows, code[rows], len(crowds)) for rows in (opening, leaving))
            for crowd, *both in zip(crowds, came, left, strict=True):
                crowd.add(known.paid[both[0]], known.closes[both[1]])
        return self.everybody.add(known.paid[opening], known.closes[leaving])

    def peaks(self) -> list[list[int]]:
        """Most open orders of each group, for each way of grouping."""
        return [[crowd.most for crowd in crowds] for crowds in self._groups]


class Throughput:
    """Most orders that were shipped in a span of one hour that ends with a shipment.

    Attributes
    ----------
    most
        So far.
    """

    def __init__(self) -> None:
        self.most = 0
        self._lately = np.empty(0, np.int64)

    def add(self, known: Known) -> None:
        """Look at a span of time."""
        shipped = known.shipped[known.within(known.shipped)]
        sort_nearly(shipped)
        before = len(self._lately)
        lately = np.append(self._lately, shipped)
        self.most = max(self.most, most_inside(shipped, lately + HOUR, before)[0])
        self._lately = lately[int(lately.searchsorted(known.end - HOUR)) :].copy()


def _in_turn(known: Known, ticks: Ticks) -> Ticks:
    """Rows at which something happens in a span, by tick."""
    rows = known.within(ticks)
    return sort_pairs(ticks[rows], rows)[1]
