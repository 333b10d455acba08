"""Pick, for every stretch of a queue, the kernel that should be fastest on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.stations.crew import advance, cut
from burstsim.kernels.stations.heap import serve_heap
from burstsim.kernels.stations.idle import serve_idle
from burstsim.kernels.stations.lanes import lanes_apply, serve_lanes
from burstsim.kernels.stations.lindley import serve_lindley
from burstsim.kernels.stations.prefix import serve_prefix

FEW = 48
"""Tasks that are not worth an array kernel, whatever the crew."""

LARGE_CREW = 32
"""Crews from this size on settle enough tasks in a round to beat the heap."""

MIDDLE_CREW = 72
"""Smaller ones do so only if their queue is not short and their work not wild."""

SHORT = 640
"""So few tasks are looped over at once by crews that are not large."""

WILD = 4
"""Work is wild if the longest of 256 tasks is so many times their mean: guesses fail then."""

FIRST_STRETCH = 1024
LAST_STRETCH = 16384
"""A call looks at one stretch at a time, so its cost follows what it serves."""

FIRST_BLOCK = 256
LAST_BLOCK = 8192
"""Tasks in one guess that nobody waits; the upper one still fits the processor's cache."""


def serve(ready: Ticks, work: Ticks, free: Ticks, until: int) -> tuple[Ticks, Ticks]:
    """Serve a queue in order of arrival with a crew of exchangeable workers.

    Task ``i`` starts at ``max(ready[i], min(free))``, and that worker is free again ``work[i]``
    later (Kiefer and Wolfowitz, 1955). Tasks that would start at ``until`` or later are left
    alone; calling again with those and the returned free times goes on as if never interrupted.

    Parameters
    ----------
    ready : int64[n]
        Ticks (microseconds) at which tasks arrive, non-decreasing, possibly negative.
    work : int64[n]
        Durations in microseconds, at least 1.
    free : int64[c]
        Ticks at which workers become free, ascending. With no workers nothing is served.
    until : int
        Tick before which a task must start.

    Returns
    -------
    start : int64[m]
        Start ticks of the first ``m <= n`` tasks, non-decreasing.
    free : int64[c]
        Free times after those, ascending.

    Examples
    --------
    Two workers, the second one busy until tick 4; the fourth task would start too late.

    >>> import numpy as np
    >>> start, free = serve(
    ...     ready=np.array([0, 1, 1, 2]),
    ...     work=np.array([5, 3, 2, 4]),
    ...     free=np.array([0, 4]),
    ...     until=7,
    ... )
    >>> start.tolist(), free.tolist()
    ([0, 4, 5], [7, 7])
    """
    tasks, crew = ready.size, free.size
    if tasks and ready[-1] >= until:
        tasks = int(ready.searchsorted(until))
    if tasks == 0 or crew == 0:
        return np.empty(0, dtype=np.int64), free.copy()
    if tasks < ready.size:
        ready, work = ready[:tasks], work[:tasks]
    if tasks < FEW or (tasks < SHORT and crew < MIDDLE_CREW):
        kernel = serve_lindley if crew == 1 else serve_heap
        start, after = kernel(ready, work, free)
        if start[-1] >= until:
            start = start[: cut(start, until)]
            after = advance(free, start, work)
        return start, after
    return _serve_stretches(ready, work, free, until)


def _serve_stretches(ready: Ticks, work: Ticks, free: Ticks, until: int) -> tuple[Ticks, Ticks]:
    """Serve a long queue, one stretch after the other."""
    tasks, done = ready.size, 0
    stretch = min(_reach(ready, work, free, until), max(FIRST_STRETCH, 4 * free.size))
    plan = _Plan(free.size, work)
    pieces: list[Ticks] = []
    while done < tasks:
        stop = min(done + stretch, tasks)
        start, after = plan.step(ready[done:stop], work[done:stop], free)
        served = cut(start, until)
        if served < start.size:
            start = start[:served]
            pieces.append(start)
            free = advance(free, start, work[done:])
            break
        pieces.append(start)
        free = after
        done += start.size
        if done == stop:
            stretch = min(2 * stretch, max(LAST_STRETCH, 16 * free.size))
    return (pieces[0] if len(pieces) == 1 else np.concatenate(pieces)), free


def _reach(ready: Ticks, work: Ticks, free: Ticks, until: int) -> int:
    """Guess generously how many tasks can start before ``until``; only speed depends on it."""
    if ready.size <= FIRST_BLOCK:
        return ready.size
    crew = free.size
    sample = work[:64]
    room = max(until - max(int(free[0]), int(ready[0])), 0)
    return max(FEW, 2 * (crew + room * crew * sample.size // int(sample.sum())))


def _is_wild(work: Ticks) -> bool:
    """Say whether a few of these tasks last so long that guesses of what comes next fail."""
    return int(work.max()) * work.size > WILD * int(work.sum())


@dataclass(slots=True)
class _Trust:
    """When to try a kernel again: each failure in a row doubles the pause."""

    base: int
    pause: int = 0
    failures: int = 0

    def judge(self, good: bool) -> None:
        """Note how a try went."""
        self.failures = 0 if good else min(self.failures + 1, 5)
        self.pause = 0 if good else self.base << (self.failures - 1)


class _Plan:
    """What a call has learned about its queue so far. Depends on the data only, never on clocks."""

    def __init__(self, crew: int, work: Ticks) -> None:
        self.crew = crew
        self.block = FIRST_BLOCK
        # What a round costs, in tasks of the heap loop: its calls, and sorting the crew.
        self.worth = 22 + crew // 80
        # Workers who all must be free for a while: hopeless to guess with a handful of them.
        self.idle = _Trust(base=max(1024, 8 * crew), pause=0 if crew >= 8 else 1 << 62)
        self.rounds = _Trust(base=max(4096, 8 * crew), pause=0 if crew >= LARGE_CREW else 1 << 62)
        if LARGE_CREW <= crew < MIDDLE_CREW and _is_wild(work[:256]):
            self.rounds.pause = self.rounds.base

    def step(self, ready: Ticks, work: Ticks, free: Ticks) -> tuple[Ticks, Ticks]:
        """Serve some of the tasks, at least one."""
        if self.crew == 1:
            return serve_lindley(ready, work, free)
        if lanes_apply(ready, work, free):
            return serve_lanes(ready, work, free)
        if self.idle.pause <= 0:
            start, after = self._try_idle(ready[: self.block], work[: self.block], free)
            if start.size:
                return start, after
        size = min(ready.size, max(self.idle.pause, FEW))
        if self.rounds.pause <= 0 and size >= FEW:
            start, after = serve_prefix(ready[:size], work[:size], free, self.worth)
            self.rounds.judge(start.size == size)
            self.idle.pause -= start.size
            return start, after
        size = min(size, max(self.rounds.pause, FEW), 4096)
        self.idle.pause -= size
        self.rounds.pause -= size
        return serve_heap(ready[:size], work[:size], free)

    def _try_idle(self, ready: Ticks, work: Ticks, free: Ticks) -> tuple[Ticks, Ticks]:
        """Guess that nobody waits, if the first task does not."""
        if free[0] > ready[0]:
            self.idle.judge(False)
            return ready[:0], free
        start, after = serve_idle(ready, work, free)
        kept = start.size
        enough = max(2 * self.crew if self.crew >= LARGE_CREW else 0, 30 + ready.size // 40)
        self.idle.judge(kept == ready.size or kept >= enough)
        self.block = max(FIRST_BLOCK, min(2 * kept, LAST_BLOCK))
        self.rounds.pause -= kept
        return start, after
