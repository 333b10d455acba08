"""What happens by minutes, added up as it becomes known."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.units import MINUTE

__all__ = ["PerMinute"]

_NONE = np.empty(0, np.int64)

#: Rows after which what was added is put together.
_MANY = 1 << 16


class PerMinute:
    """Sums for the minutes in which something happened; of all others nothing is kept.

    Attributes
    ----------
    minute : (m,) int64
        Numbers of minutes, ascending; may be out of date before `put_together`.
    """

    def __init__(self) -> None:
        self.minute, self._sums = _NONE, np.empty(0)
        self._parts: list[tuple[Indices, Floats]] = []

    def add(self, ticks: Ticks, weights: Floats | None = None) -> None:
        """Count ticks, or add up weights.

        Parameters
        ----------
        ticks : (n,) int64
        weights : (n,) float64, optional
            Whole numbers, so that sums below 2^53 are exact.
        """
        if len(ticks) == 0:
            return
        minute = ticks // MINUTE
        first, last = int(minute.min()), int(minute.max())
        if last - first < 4 * len(minute) + 1000:
            place = np.flatnonzero(np.bincount(minute - first))
            sums = np.bincount(minute - first, weights)[place]
            part: tuple[Indices, Floats] = first + place, sums.astype(np.float64)
        else:  # few events in a long time: never touch every minute
            minutes, place = np.unique(minute, return_inverse=True)
            part = minutes, np.bincount(place, weights).astype(np.float64)
        self._parts.append(part)
        if sum(len(minutes) for minutes, _ in self._parts) > _MANY:
            self.put_together()

    def put_together(self) -> PerMinute:
        """Bring the minutes and their sums up to date."""
        if self._parts:
            parts = [(self.minute, self._sums), *self._parts]
            minute, sums = (np.concatenate(column) for column in zip(*parts, strict=True))
            self.minute, place = np.unique(minute, return_inverse=True)
            self._sums, self._parts = np.bincount(place, sums).astype(np.float64), []
        return self

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
        self.put_together()
        sums = np.append(0.0, np.cumsum(self._sums))
        return sums[self.minute.searchsorted(turns)].astype(np.int64)
