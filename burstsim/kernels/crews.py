"""What a crew change does to the moments at which workers become free."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks

__all__ = ["change_crew"]


def change_crew(free: Ticks, leaving: Ticks, tick: int, workers: int) -> tuple[Ticks, Ticks]:
    """Change a crew to so many workers; nobody drops a task and nobody appears from nowhere.

    Let F be the finishes after `tick` of everybody still busy, leavers included. With at
    least `workers` of them a new task can start only when all but `workers` − 1 have
    finished: the crew is the `workers` largest of F. With fewer, the rest is free at `tick`.

    Parameters
    ----------
    free : (c,) int64
        Ticks at which the workers of the crew become free, ascending.
    leaving : (k,) int64
        Finishes of workers whose shift is over.
    tick
        Moment of the change; tasks that start before it have started.
    workers
        Size of the crew from now on.

    Returns
    -------
    free : (workers,) int64
        Ascending.
    leaving : (k,) int64
        Ascending.

    Examples
    --------
    >>> free, leaving = change_crew(np.array([4, 8, 9]), np.array([], np.int64), 5, 1)
    >>> free.tolist(), leaving.tolist()
    ([9], [8])
    >>> change_crew(free, leaving, 6, 3)[0].tolist()
    [6, 8, 9]
    """
    finishes = np.concatenate((leaving[leaving > tick], free[free > tick]))
    finishes.sort()
    staying = max(len(finishes) - workers, 0)
    idle = max(workers - len(finishes), 0)
    crew = np.concatenate((np.full(idle, tick, np.int64), finishes[staying:]))
    return crew, finishes[:staying]
