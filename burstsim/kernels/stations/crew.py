"""What happens to a crew's free times after some tasks have started."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.sorting import sort_nearly


def advance(free: Ticks, start: Ticks, work: Ticks) -> Ticks:
    """Free times of a crew after it has started some tasks in order.

    Each start uses up the smallest free time and adds one finish. Used-up values never decrease,
    so after ``m`` starts they are the ``m`` smallest of everything seen, and the crew is the rest.

    Parameters
    ----------
    free : int64[c]
        Free times before the first start, microseconds, in any order.
    start : int64[m]
        Start ticks of the tasks, non-decreasing.
    work : int64[>= m]
        Durations, microseconds; only the first ``m`` are read.

    Returns
    -------
    int64[c]
        New free times, ascending.
    """
    served = start.size
    pool = np.concatenate((free, start + work[:served]))
    sort_nearly(pool)
    return pool[served:].copy()


def cut(start: Ticks, until: int) -> int:
    """Count the starts before ``until``; starts are non-decreasing, so those are a prefix."""
    if start.size == 0 or start[-1] < until:
        return start.size
    return int(start.searchsorted(until))
