"""Many workers: guess a window of starts, correct it until it no longer changes."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.sorting import sort_nearly
from burstsim.kernels.stations.crew import advance

TRIAL = 8
"""Rounds between two looks at the progress; the first few fill the window and settle little."""


def serve_fixed_point(
    ready: Ticks, work: Ticks, free: Ticks, window: int, worth: int
) -> tuple[Ticks, Ticks]:
    """Serve tasks by a fixed point over a window that slides along the queue.

    With all finishes known, the free times in the order of use are simply the sorted free times
    and finishes: ``start = max(ready, sort(free + finishes))``, position by position. As work is
    at least one tick, only one array satisfies this (induction over the tasks).

    The free times alone, without the finishes still to come, are a guess that is nowhere too
    early; putting a guess in gives the next one, and as larger finishes sort to larger values,
    that is nowhere too early either. What sorts behind the window is such a guess for the tasks
    that follow. So everything up to and including the first value that changes is right:
    finishes of later tasks, real or guessed, lie beyond it. Each round settles a task or more.

    Parameters
    ----------
    ready : int64[n]
        Ticks at which tasks arrive, non-decreasing.
    work : int64[n]
        Durations in microseconds, at least 1.
    free : int64[c]
        Ticks at which workers become free, ascending, ``c >= 1``.
    window : int
        Tasks under correction at a time, at least 2.
    worth : int
        Tasks a round must settle on average; with fewer the kernel stops early.

    Returns
    -------
    start : int64[m]
        Start ticks of the first ``m <= n`` tasks, ``m >= 1`` if there are any.
    free : int64[c]
        Free times after those, ascending.
    """
    tasks, crew = ready.size, free.size
    start = np.empty(tasks, dtype=np.int64)
    pool = np.empty(crew + min(window, tasks), dtype=np.int64)
    pool[:crew] = free
    order = np.empty_like(pool)
    tail = free
    low = settled = high = 0  # the window is [low, high), final up to settled
    rounds = 0
    while settled < tasks:
        more = min(high + crew, low + window, tasks)
        if more > high:
            np.maximum(ready[high:more], tail[: more - high], out=start[high:more])
            high = more
        width = high - low
        guess = start[settled:high]
        np.add(start[low:high], work[low:high], out=pool[crew : crew + width])
        taken = order[: crew + width]
        taken[:] = pool[: crew + width]
        sort_nearly(taken)
        tail = taken[width:]
        better = np.maximum(ready[settled:high], taken[settled - low : width])
        changed = better != guess
        first = int(changed.argmax())
        if changed[first]:
            start[settled:high] = better
            settled += first + 1
        else:
            settled = high
        rounds += 1
        if 2 * (settled - low) >= window and settled < tasks:
            pool[:crew] = advance(pool[:crew], start[low:settled], work[low:settled])
            low = settled
        if rounds % TRIAL == 0 and settled < (rounds - TRIAL) * worth:
            break
    served = start[:settled]
    return served, advance(pool[:crew], served[low:], work[low:])
