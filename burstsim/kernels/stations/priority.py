"""Priorities: the plain loop, because who is next depends on who has come by then."""

from __future__ import annotations

from heapq import heapify, heappop, heappush, heapreplace

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["Waiting", "number_of", "serve_by_priority"]

#: Key, tick of arrival and number of a task that waits in one number, which compares several
#: times as fast as three: the smallest is next.
Waiting = int

_NUMBER, _TICK = 31, 63  # bits


def number_of(waiting: Waiting) -> int:
    """Say which task it is that waits.

    Examples
    --------
    >>> number_of(_coded(-2, 7, 41))
    41
    """
    return waiting & ((1 << _NUMBER) - 1)


def _coded(key: int, tick: int, number: int) -> Waiting:
    return ((key << _TICK) + tick << _NUMBER) + number


def serve_by_priority(
    coming: tuple[Ticks, Indices, Indices],
    work: Ticks,
    free: Ticks,
    waiting: list[Waiting],
    until: int,
) -> tuple[Ticks, Indices, Ticks]:
    """Serve tasks by key with a crew of exchangeable workers; nobody drops a task for another.

    Whenever a worker is free and something waits, the task with the smallest (key, arrival,
    number) of all that have arrived by that tick is started (Cobham, 1954). Tasks that would
    start at `until` or later are left; calling again goes on as if never interrupted.

    Parameters
    ----------
    coming : (n,) int64, (n,) int64, (n,) int64
        Ticks of arrival, never falling and before `until`; keys; numbers of the tasks.
    work : (tasks,) int64
        Duration of each task by its number, at least 1.
    free : (c,) int64
        Ticks at which workers become free, ascending. With no workers nothing is served.
    waiting
        A heap of tasks that were left before. Changed in place: what is left now is in it.
    until
        Tick before which a task must start.

    Returns
    -------
    start : (m,) int64
        Never falling.
    task : (m,) int64
        Numbers of the tasks that start then.
    free : (c,) int64
        Ascending.

    Notes
    -----
    Nothing here is an array, for a start depends on the order of starts before it and the order
    on the starts: a task that comes a tick later may go first.

    Examples
    --------
    One worker; the third task arrives before the first is done, and goes before the second.

    >>> left: list[Waiting] = []
    >>> start, task, _ = serve_by_priority(
    ...     coming=(np.array([0, 1, 2]), np.array([5, 7, 6]), np.array([0, 1, 2])),
    ...     work=np.array([4, 4, 4]),
    ...     free=np.array([0]),
    ...     waiting=left,
    ...     until=8,
    ... )
    >>> start.tolist(), task.tolist(), [number_of(task) for task in left]
    ([0, 4], [0, 2], [1])
    """
    arrivals, keys, numbers = (column.tolist() for column in coming)
    tasks = list(map(_coded, keys, arrivals, numbers))
    durations = np.ascontiguousarray(work).data
    crew = free.tolist()
    heapify(crew)
    starts: list[int] = []
    started: list[int] = []
    at, count, now, low = 0, len(tasks), -(1 << 63), (1 << _NUMBER) - 1
    while crew and (waiting or at < count):
        # the clock never goes back: an idle worker was free long before what has just come
        if crew[0] > now:
            now = crew[0]
        if not waiting and arrivals[at] > now:
            now = arrivals[at]
        if now >= until:
            break
        while at < count and arrivals[at] <= now:
            heappush(waiting, tasks[at])
            at += 1
        task = heappop(waiting) & low
        starts.append(now)
        started.append(task)
        heapreplace(crew, now + durations[task])
    for left in tasks[at:]:
        heappush(waiting, left)
    crew.sort()
    return np.array(starts, np.int64), np.array(started, np.int64), np.array(crew, np.int64)
