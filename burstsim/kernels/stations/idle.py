"""Light load: guess that nobody waits, and check the guess in one sort."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.sorting import sort_nearly


def serve_idle(ready: Ticks, work: Ticks, free: Ticks) -> tuple[Ticks, Ticks]:
    """Serve the tasks before the first one that has to wait.

    If every task started when it arrived, the workers' free times in the order of use would be
    the sorted free times and finishes. Up to the first task for which that value is later than
    its arrival the guess is right: finishes of later tasks lie beyond its arrival and so cannot
    have pushed an earlier value aside.

    Parameters
    ----------
    ready : int64[n]
        Ticks at which tasks arrive, non-decreasing.
    work : int64[n]
        Durations in microseconds, at least 1.
    free : int64[c]
        Ticks at which workers become free, ascending, ``c >= 1``.

    Returns
    -------
    start : int64[m]
        Start ticks of the first ``m <= n`` tasks; ``m`` may be 0.
    free : int64[c]
        Free times after those, ascending.
    """
    tasks, crew = ready.size, free.size
    pool = np.empty(crew + tasks, dtype=np.int64)
    pool[:crew] = free
    finish = pool[crew:]
    np.add(ready, work, out=finish)
    order = pool.copy()
    sort_nearly(order)
    waits = order[:tasks] > ready
    kept = int(waits.argmax()) if tasks else 0
    if tasks and not waits[kept]:
        return ready.copy(), order[tasks:].copy()
    before = pool[: crew + kept]
    sort_nearly(before)
    return ready[:kept].copy(), before[kept:].copy()
