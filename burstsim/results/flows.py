"""What came to a zone in the order in which it came: sorted once for all that asks for it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from burstsim.engine.visits import Visits
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import sort_pairs
from burstsim.kernels.spans import joined
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["Flow", "flows_of"]


class Flow:
    """What came to a zone, by (arrival, parcel).

    Where who came first is next, starts are ascending as well, and nothing else is sorted.

    Parameters
    ----------
    visits
        Of parcels, or of tasks.
    loads : (m,) float64
        Ticks of work at productivity 1.

    Attributes
    ----------
    came, started, done : (k,) int64
        Ticks; what did not happen is `NEVER`.
    """

    def __init__(self, visits: Visits, loads: Floats) -> None:
        there = np.flatnonzero(visits.entered < NEVER)
        everybody = len(there) == len(visits.rows)
        came = visits.entered if everybody else visits.entered[there]
        self.came, self._place = sort_pairs(came, there)
        self.started, self.done = visits.started[self._place], visits.done[self._place]
        self._loads = loads

    @cached_property
    def began(self) -> Ticks:
        """Ticks at which something was begun, ascending."""
        if self._in_turn:
            return self.started[: int(self.started.searchsorted(NEVER))]
        return np.sort(self.started[self.started < NEVER])

    @cached_property
    def finished(self) -> Ticks:
        """Tick at which each was done of what was begun, in the order of their starts."""
        if self._in_turn:
            return self.done[: len(self.began)]
        return self.done[self._by_start]

    def waits(self, span: tuple[int, int] = (-NEVER, NEVER)) -> tuple[Ticks, Ticks]:
        """Spans in which something waited, those that touch as one: (beginnings, ends).

        Ascending, with a gap between any two; what is never begun waits until `NEVER`.

        Parameters
        ----------
        span
            What lies before its first tick or after its last one is cut off.
        """
        begin, end = span
        came = self.came[: int(self.came.searchsorted(end))]
        started = np.minimum(self.started[: len(came)], end)
        waits = np.flatnonzero((started > came) & (started > begin))
        return joined(np.maximum(came[waits], begin), started[waits])

    def work_left(self, ticks: Ticks) -> Floats:
        """Work that waits just before some moments: ticks at productivity 1, whole numbers.

        Parameters
        ----------
        ticks : (t,) int64
        """
        come, begun = self._work()
        return come[self.came.searchsorted(ticks)] - begun[self.began.searchsorted(ticks)]

    @cached_property
    def _in_turn(self) -> bool:
        return bool((self.started[1:] >= self.started[:-1]).all())

    @cached_property
    def _by_start(self) -> Indices:
        begun = np.flatnonzero(self.started < NEVER)
        return sort_pairs(self.started[begun], begun)[1]

    def _work(self) -> tuple[Floats, Floats]:
        """Work that has come, and that has been begun, after each arrival and each start."""
        work = work_ticks(self._loads[self._place], 1.0)
        come = _added_up(work)
        return come, come if self._in_turn else _added_up(work[self._by_start])


def _added_up(work: Ticks) -> Floats:
    """Work before each task and after the last one."""
    sums = np.zeros(len(work) + 1)
    np.cumsum(work, dtype=np.float64, out=sums[1:])
    return sums


def flows_of(visits: Visits, loads: Floats) -> tuple[Flow, Flow]:
    """Parcels that came to a zone, and tasks; they are the same where none tour.

    Parameters
    ----------
    visits, loads
        Of the zone's parcels.
    """
    parcels = Flow(visits, loads)
    return parcels, parcels if visits.task is None else Flow(visits.tasks(), loads)
