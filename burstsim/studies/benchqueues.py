"""Queues to serve, and the bar for whoever serves them: the shortest honest loop in Python."""

from __future__ import annotations

from heapq import heapreplace
from typing import NamedTuple

import numpy as np

from burstsim.kernels.arrays import Ticks

__all__ = ["MEAN_WORK", "Queue", "draw_queue", "heap_loop"]

MEAN_WORK = 60_000_000
"""Mean work of a task, microseconds."""


class Queue(NamedTuple):
    """Tasks in order of arrival and a crew.

    Parameters
    ----------
    ready : (n,) int64
        Ticks at which tasks arrive, non-decreasing.
    work : (n,) int64
        Durations, microseconds.
    free : (c,) int64
        Ticks at which workers become free, ascending.
    """

    ready: Ticks
    work: Ticks
    free: Ticks


def heap_loop(ready: Ticks, work: Ticks, free: Ticks) -> Ticks:
    """Give the start ticks of a first-come-first-served queue, one task after the other.

    Parameters
    ----------
    ready, work, free
        As in `Queue`; ``free`` is ascending, hence a heap.
    """
    crew: list[int] = free.tolist()
    starts: list[int] = []
    note, replace = starts.append, heapreplace
    for moment, duration in zip(ready.tolist(), work.tolist(), strict=True):
        first = crew[0]
        start = first if first > moment else moment
        note(start)
        replace(crew, start + duration)
    return np.array(starts, dtype=np.int64)


def draw_queue(
    crew: int,
    load: float | None,
    spread: float,
    *,
    tasks: int = 20_000,
    noise: str = "lognormal",
    opening: int = 0,
) -> Queue:
    """Draw a queue.

    Parameters
    ----------
    crew
        Workers.
    load
        Work that arrives by work that can be done; None means that all arrives at once.
    spread
        Coefficient of variation of the work; ignored by exponential noise unless 0.
    tasks
        How many.
    noise
        ``"lognormal"`` or ``"exponential"``.
    opening
        Tick at which the crew is free and arrivals begin.
    """
    draw = np.random.default_rng([crew, tasks, int(spread * 10)])
    if load is None:
        ready = np.full(tasks, opening)
    else:
        gaps = draw.exponential(MEAN_WORK / crew / load, tasks)
        ready = opening + np.cumsum(gaps).astype(np.int64)
    if spread == 0:
        work = np.full(tasks, MEAN_WORK)
    elif noise == "exponential":
        work = draw.exponential(MEAN_WORK, tasks).astype(np.int64) + 1
    else:
        sigma = np.sqrt(np.log1p(spread**2))
        work = (MEAN_WORK * draw.lognormal(-(sigma**2) / 2, sigma, tasks)).astype(np.int64) + 1
    return Queue(ready, work, np.full(crew, opening))
