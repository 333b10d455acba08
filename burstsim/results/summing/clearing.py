"""When the backlog was cleared after its peak, from pieces.

The moment is the first one without anybody waiting on the floor, from the peak on and when all
its orders have reached the floor. Which orders those are and whether they are cancelled meanwhile
is known later only: until then those moments without a queue are kept that can still be the one.
"""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.spans import first_inside, gaps_of, joined
from burstsim.results.facts import Flags
from burstsim.results.summing.events import Known
from burstsim.units import NEVER

__all__ = ["Clearing"]


class Clearing:
    """Looks for the moment when the backlog was cleared, piece by piece."""

    def __init__(self) -> None:
        self._peak = 0
        self._reached = -NEVER  # when the last of the peak's orders reached the floor
        self._gaps = np.empty(0, np.int64), np.empty(0, np.int64)

    def add(
        self, known: Known, new_peak: int | None, waits: tuple[Ticks, Ticks], span: tuple[int, int]
    ) -> None:
        """Look at another piece.

        Parameters
        ----------
        known
            Of its orders.
        new_peak
            Tick of the backlog's peak if it is among what is known now, None if it was before.
        waits
            Joined spans in which anybody waits on the way out, within the piece.
        span
            First tick of the piece, and the one after its last.
        """
        gaps = zip(self._gaps, gaps_of(*waits, span), strict=True)
        begin, end = joined(*(np.concatenate(ticks) for ticks in gaps))
        self._peak = peak = self._peak if new_peak is None else new_peak
        early = known.paid <= peak
        if new_peak is not None:
            # whoever was over before this span reached the floor before this peak
            self._reached = _last(known, known.over & early)
        else:
            self._reached = max(self._reached, _last(known, known.new & early))
        on_the_floor = ~known.over & early & (known.released < span[1])
        moments = np.append(known.released[on_the_floor], self._reached)
        kept = np.zeros(len(end) + 1, bool)
        kept[end.searchsorted(np.maximum(moments, peak), side="right")] = True
        kept[int(end.searchsorted(known.end, side="right")) :] = True
        self._gaps = begin[kept[:-1]], end[kept[:-1]]

    def tick(self) -> int:
        """Give the moment when every piece is there, `NEVER` if there was none."""
        first = first_inside(*self._gaps, max(self._peak, self._reached))
        return NEVER if first is None else first


def _last(known: Known, some: Flags) -> int:
    """Tick at which the last of some orders was released."""
    return int(known.released.max(initial=-NEVER, where=some))
