"""The plain loop: a binary heap of free times, one task after the other."""

from __future__ import annotations

from heapq import heapreplace

import numpy as np

from burstsim.kernels.arrays import Ticks

EXACT = 1 << 51
"""Ticks below this size are exact as floats, and so is the sum of two of them."""

CROWD = 48
"""So many tasks that wait are worth a loop of their own."""

GLANCE = 512
"""Tasks between two looks at how many wait."""


def serve_heap(ready: Ticks, work: Ticks, free: Ticks) -> tuple[Ticks, Ticks]:
    """Serve every task, one at a time.

    The loop runs on Python floats: they hold these whole numbers exactly, and are cheaper to
    compare and to add than integers of two digits. Should any value leave the exact range, the
    answer is thrown away and the loop runs on integers.

    Parameters
    ----------
    ready : int64[n]
        Ticks at which tasks arrive, non-decreasing, ``n >= 1``.
    work : int64[n]
        Durations in microseconds, at least 1.
    free : int64[c]
        Ticks at which workers become free, ascending, ``c >= 1``.

    Returns
    -------
    start : int64[n]
        Start ticks.
    free : int64[c]
        Free times afterwards, ascending.
    """
    # n tasks can use none but the n smallest free times.
    used = min(ready.size, free.size)
    crew: list[float] = free[:used].astype(np.float64).tolist()
    if ready[0] > -EXACT and crew[0] > -EXACT:
        taken = _take(ready, work, crew, np.float64)
        crew.sort()
        # The largest finish is still in the crew, so it vouches for every sum on the way.
        if crew[-1] < EXACT:
            return _collect(ready, free, taken, crew, np.float64)
    crew = free[:used].tolist()
    taken = _take(ready, work, crew, np.int64)
    crew.sort()
    return _collect(ready, free, taken, crew, np.int64)


def _take(
    ready: Ticks, work: Ticks, crew: list[float], kind: type[np.float64 | np.int64]
) -> list[float]:
    """Return the free time each task takes; ``crew``, a heap, is left as it is at the end.

    Who has come before the first worker is free waits, and so do all before him: the least free
    time never falls. As long as that is so nobody needs to look at arrivals.
    """
    tasks = ready.size
    if tasks <= GLANCE:
        durations = work.astype(kind).tolist()
        if tasks > 4 * CROWD and ready[-1] <= crew[0]:
            return _loop_waiting(durations, crew)
        return _loop(ready.astype(kind).tolist(), durations, crew)
    taken: list[float] = []
    at = 0
    while at < tasks:
        stop = int(ready.searchsorted(int(crew[0]), side="right"))
        if stop - at >= CROWD:
            taken += _loop_waiting(work[at:stop].astype(kind).tolist(), crew)
        else:
            stop = min(at + GLANCE, tasks)
            arrivals = ready[at:stop].astype(kind).tolist()
            taken += _loop(arrivals, work[at:stop].astype(kind).tolist(), crew)
        at = stop
    return taken


def _loop(ready: list[float], work: list[float], crew: list[float]) -> list[float]:
    """Serve tasks of which some may find a free worker."""
    replace = heapreplace
    return [
        replace(crew, (first if (first := crew[0]) > moment else moment) + duration)
        for moment, duration in zip(ready, work, strict=True)
    ]


def _loop_waiting(work: list[float], crew: list[float]) -> list[float]:
    """Serve tasks that all wait."""
    replace = heapreplace
    return [replace(crew, crew[0] + duration) for duration in work]


def _collect(
    ready: Ticks,
    free: Ticks,
    taken: list[float],
    crew: list[float],
    kind: type[np.float64 | np.int64],
) -> tuple[Ticks, Ticks]:
    """Turn the lists of the loop into arrays, both in one conversion."""
    taken += crew
    # fromiter reads a list of numbers a third faster than array does.
    both = np.fromiter(taken, kind, len(taken)).astype(np.int64, copy=False)
    start, after = both[: ready.size], both[ready.size :]
    np.maximum(start, ready, out=start)
    if after.size < free.size:
        after = np.concatenate((after, free[after.size :]))
        after.sort()
    return start, after
