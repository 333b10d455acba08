"""What happens by minutes, added up as it becomes known."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.counts import Counts
from burstsim.units import MINUTE

__all__ = ["PerMinute"]


class PerMinute:
    """Sums for the minutes in which something happened; of all others nothing is kept."""

    def __init__(self) -> None:
        self._counts = Counts()

    @property
    def turns(self) -> Indices:
        """Turns of minutes before which the sum changed: their numbers, ascending."""
        changed: Indices = self._counts.keys[self._counts.counts != 0] + 1
        return changed

    def add(self, ticks: Ticks, weights: Indices | None = None) -> None:
        """Count ticks, or add up weights.

        Parameters
        ----------
        ticks : (n,) int64
        weights : (n,) int64, optional
            Their sums at once are exact below 2**53.
        """
        self._counts.add(ticks // MINUTE, weights)

    def before(self, turns: Indices) -> Indices:
        """Add up all that lies before some turns of minutes: (t,) int64.

        Parameters
        ----------
        turns : (t,) int64
            Numbers: turn m is at m minutes.

        Examples
        --------
        >>> counts = PerMinute()
        >>> counts.add(np.array([0, 70, 80]) * 1_000_000)
        >>> counts.before(np.array([0, 1, 2, 3])).tolist()
        [0, 1, 3, 3]
        """
        sums = np.append(0, np.cumsum(self._counts.counts))
        before: Indices = sums[self._counts.keys.searchsorted(turns)]
        return before
