"""One worker: waiting times as a running maximum."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks


def serve_lindley(ready: Ticks, work: Ticks, free: Ticks) -> tuple[Ticks, Ticks]:
    """Serve every task with one worker.

    Lindley's recursion ``start[i] = max(ready[i], start[i-1] + work[i-1])`` (D. V. Lindley, 1952)
    unrolls to ``start = S + cummax(ready - S)``, ``S`` the work before each task.

    Parameters
    ----------
    ready : int64[n]
        Ticks at which tasks arrive, non-decreasing, ``n >= 1``.
    work : int64[n]
        Durations in microseconds.
    free : int64[1]
        Tick at which the worker becomes free.

    Returns
    -------
    start : int64[n]
        Start ticks.
    free : int64[1]
        Tick at which the last task ends.
    """
    before = np.empty(work.size, dtype=np.int64)
    before[0] = 0
    np.cumsum(work[:-1], out=before[1:])
    start = ready - before
    if free[0] > start[0]:
        start[0] = free[0]
    np.maximum.accumulate(start, out=start)
    start += before
    return start, start[-1:] + work[-1:]
