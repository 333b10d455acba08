"""What came to a zone in the order in which it came: sorted once for all that asks for it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from burstsim.engine.crews import Crew
from burstsim.engine.visits import Visits
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import sort_pairs
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["Flow"]


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

    @classmethod
    def of_tasks(cls, visits: Visits, loads: Floats) -> Flow:
        """Follow the tasks of a zone that some parcels came to: tours, where they tour."""
        return cls(visits if visits.task is None else visits.tasks(), loads)

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

    def waits(self) -> tuple[Ticks, Ticks]:
        """Spans in which something waited, those that touch as one: (beginnings, ends).

        Ascending, with a gap between any two; what is never begun waits until `NEVER`.
        """
        waits = np.flatnonzero(self.started > self.came)
        begin, end = self.came[waits], np.maximum.accumulate(self.started[waits])
        after_gap = np.flatnonzero(begin[1:] > end[:-1]) + 1
        first, last = np.append(0, after_gap), np.append(after_gap, len(begin)) - 1
        return (begin[first], end[last]) if len(begin) else (begin, end)

    def work_left(self, ticks: Ticks) -> Floats:
        """Work that waits just before some moments: ticks at productivity 1, whole numbers.

        Parameters
        ----------
        ticks : (t,) int64
        """
        come, begun = self._work()
        return come[self.came.searchsorted(ticks)] - begun[self.began.searchsorted(ticks)]

    def staffed(self, crew: Crew, closing: int, end: int) -> int:
        """Worker-ticks of a crew until closing, with the overtime of who finishes a task.

        Parameters
        ----------
        crew
            Who was there.
        closing, end
            Ticks at which people go home, and at which the run ends.
        """
        started, done = self.began, self.finished
        longest = int((np.minimum(done, end) - started).max(initial=0))
        ends = np.minimum(np.append(crew.times[1:], NEVER), closing).tolist()
        total, most_busy = 0, 0
        for tick, until, workers in zip(
            crew.times.tolist(), ends, crew.people.tolist(), strict=True
        ):
            total += workers * max(until - tick, 0)
            if workers < most_busy and tick < until:
                # nobody who started before this can still be busy
                first, last = started.searchsorted((tick - longest, tick))
                busy = done[first:last][done[first:last] > tick]
                most_busy = max(workers, len(busy))
                leavers = np.sort(busy)[: most_busy - workers]
                total += int((np.minimum(leavers, until) - tick).sum())
            else:
                most_busy = workers
        return total

    @cached_property
    def _in_turn(self) -> bool:
        return bool((self.started[1:] >= self.started[:-1]).all())

    @cached_property
    def _by_start(self) -> Indices:
        begun = np.flatnonzero(self.started < NEVER)
        return sort_pairs(self.started[begun], begun)[1]

    def _work(self) -> tuple[Floats, Floats]:
        """Work that has come, and that has been begun, after each arrival and each start."""
        work = work_ticks(self._loads[self._place], 1.0).astype(np.float64)
        come = np.concatenate(([0.0], np.cumsum(work)))
        if self._in_turn:
            return come, come
        return come, np.concatenate(([0.0], np.cumsum(work[self._by_start])))
