"""Many workers: give each of them the next task, keep what was right, and again."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks

TRIAL = 8
"""Rounds between two looks at the progress."""

NETWORK = 256
"""Numbers that are sorted as quickly in any order as when most of them are in order."""


def serve_prefix(ready: Ticks, work: Ticks, free: Ticks, worth: int) -> tuple[Ticks, Ticks]:
    """Serve tasks in rounds, as many of a crew's next tasks at a time as are surely right.

    If no task of a round were done before the last of them has begun, its tasks would take the
    free times in order: ``start = max(ready, free)``. That is right up to the first task before
    which an earlier one has finished sooner than its worker is free. What comes before it is
    kept, its finishes take the place of the free times that were used, and the next round
    begins with these in order.

    Parameters
    ----------
    ready : int64[n]
        Ticks at which tasks arrive, non-decreasing.
    work : int64[n]
        Durations in microseconds, at least 1.
    free : int64[c]
        Ticks at which workers become free, ascending, ``c >= 1``.
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
    pool = free.copy()
    least = np.minimum.accumulate
    settled = rounds = 0
    while settled < tasks:
        stop = min(settled + crew, tasks)
        width = stop - settled
        taken = start[settled:stop]
        np.maximum(ready[settled:stop], pool[:width], out=taken)
        finish = taken + work[settled:stop]
        if width > 1:
            late = least(finish)[:-1] < pool[1:width]
            kept = int(late.argmax()) + 1
            if not late[kept - 1]:
                kept = width
        else:
            kept = 1
        pool[:kept] = finish[:kept]
        # where few are new, most of the pool is in order already, which a merge sort makes use of
        pool.sort(kind="stable" if crew > NETWORK and 3 * kept < crew else None)
        settled += kept
        rounds += 1
        if rounds % TRIAL == 0 and settled < rounds * worth:
            break
    return start[:settled], pool
