"""Priorities: the loop over a heap does what looking at every waiting task does."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.kernels.stations.priority import Waiting, serve_by_priority

#: Ticks since the arrival before, key, duration of a task.
TASKS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 6)), max_size=25)
CREWS = st.lists(st.integers(-2, 8), max_size=4).map(sorted)
Answer = list[tuple[int, int]]


def tick_by_tick(tasks: list[tuple[int, int, int]], crew: list[int], end: int) -> Answer:
    """Step through time: at every tick free workers take the best of what is there."""
    arrivals = np.cumsum([step for step, _, _ in tasks]).tolist()
    left, free, found = set(range(len(tasks))), list(crew), []
    for now in range(min([0, *crew]), end):
        for worker, moment in enumerate(free):
            here = [task for task in left if arrivals[task] <= now]
            if moment > now or not here:
                continue
            best = min(here, key=lambda task: (tasks[task][1], arrivals[task], task))
            left.remove(best)
            found.append((now, best))
            free[worker] = now + tasks[best][2]
    return found


def in_pieces(tasks: list[tuple[int, int, int]], crew: list[int], cuts: list[int]) -> Answer:
    arrivals = np.cumsum([step for step, _, _ in tasks]).astype(np.int64)
    keys = np.array([key for _, key, _ in tasks], np.int64)
    work = np.array([duration for _, _, duration in tasks], np.int64)
    free, waiting, at, found = np.array(crew, np.int64), list[Waiting](), 0, list[tuple[int, int]]()
    for until in cuts:
        stop = int(arrivals.searchsorted(until))
        numbers = np.arange(at, stop)
        start, task, free = serve_by_priority(
            (arrivals[at:stop], keys[at:stop], numbers), work, free, waiting, until
        )
        found += list(zip(start.tolist(), task.tolist(), strict=True))
        at = stop
    return found


@given(TASKS, CREWS, st.lists(st.integers(0, 60), max_size=5).map(sorted))
@settings(max_examples=300)
def test_it_is_what_a_clock_would_do_however_it_is_cut(
    tasks: list[tuple[int, int, int]], crew: list[int], cuts: list[int]
) -> None:
    wanted = tick_by_tick(tasks, crew, 200)
    assert in_pieces(tasks, crew, [200]) == wanted
    assert in_pieces(tasks, crew, [*cuts, 200]) == wanted


def test_a_task_that_comes_as_somebody_becomes_free_is_looked_at() -> None:
    tasks = [(0, 1, 5), (1, 2, 5), (4, 1, 5)]
    assert in_pieces(tasks, [0], [100]) == [(0, 0), (5, 2), (10, 1)]
