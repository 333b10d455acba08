"""Equal work: tasks go round the workers in turn."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks


def lanes_apply(ready: Ticks, work: Ticks, free: Ticks) -> bool:
    """Say whether finishes come in the order of starts, so that workers take turns.

    True if all work is equal and no worker is still busy once the first of these tasks is done.
    """
    each = work[0]
    # Most mixed chunks show themselves at once; only then is the whole chunk read.
    if each != work[-1] or each != work[work.size // 2]:
        return False
    if free[-1] > max(ready[0], free[0]) + each:
        return False
    return bool((work == each).all())


def serve_lanes(ready: Ticks, work: Ticks, free: Ticks) -> tuple[Ticks, Ticks]:
    """Serve every task, where :func:`lanes_apply` holds.

    Finishes are then in the order of starts, so task ``i`` follows task ``i - c`` on its worker,
    and each lane is a Lindley recursion with equal steps:
    ``start[row] = row * each + cummax(ready[row] - row * each)``.

    Parameters
    ----------
    ready : int64[n]
        Ticks at which tasks arrive, non-decreasing, ``n >= 1``.
    work : int64[n]
        Durations in microseconds, all the same.
    free : int64[c]
        Ticks at which workers become free, ascending.

    Returns
    -------
    start : int64[n]
        Start ticks.
    free : int64[c]
        Free times afterwards, ascending.
    """
    tasks, crew = ready.size, free.size
    if tasks <= crew:
        start = np.maximum(ready, free[:tasks])
        return start, np.concatenate((free[tasks:], start + work))
    rows = -(-tasks // crew)
    # One lane per row of the table, so that the running maximum reads memory in order.
    padded = np.empty(rows * crew, dtype=np.int64)
    padded[:tasks] = ready
    padded[tasks:] = ready[-1]
    table = np.ascontiguousarray(padded.reshape(rows, crew).T)
    np.maximum(table[:, 0], free, out=table[:, 0])
    steps = np.arange(rows, dtype=np.int64) * work[0]
    table -= steps
    np.maximum.accumulate(table, axis=1, out=table)
    table += steps
    start = table.T.ravel()[:tasks]
    return start, start[-crew:] + work[0]
