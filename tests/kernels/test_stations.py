"""Every way to serve a station equals a loop over the tasks, to the last tick."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.kernels.stations import serve
from burstsim.kernels.stations.crew import advance
from burstsim.kernels.stations.heap import EXACT, serve_heap
from burstsim.kernels.stations.idle import serve_idle
from burstsim.kernels.stations.lanes import lanes_apply, serve_lanes
from burstsim.kernels.stations.lindley import serve_lindley
from burstsim.kernels.stations.prefix import serve_prefix

Ticks = npt.NDArray[np.int64]
Queue = tuple[Ticks, Ticks, Ticks]

NEVER = 1 << 60


def ticks(values: list[int]) -> Ticks:
    return np.array(values, dtype=np.int64)


def loop(ready: Ticks, work: Ticks, free: Ticks, until: int = NEVER) -> tuple[Ticks, Ticks]:
    """The rule itself: the worker who is free first takes the next task."""
    crew = free.tolist()
    start: list[int] = []
    for moment, duration in zip(ready.tolist(), work.tolist(), strict=True):
        if not crew:
            break
        first = max(moment, min(crew))
        if first >= until:
            break
        crew[crew.index(min(crew))] = first + duration
        start.append(first)
    return ticks(start), ticks(sorted(crew))


def same(got: tuple[Ticks, Ticks], wanted: tuple[Ticks, Ticks]) -> None:
    for one, other in zip(got, wanted, strict=True):
        assert one.dtype == np.int64
        assert one.tolist() == other.tolist()


def frozen(queue: Queue) -> Queue:
    """Arrays that raise if a kernel writes into them."""
    for array in queue:
        array.flags.writeable = False
    return queue


@st.composite
def queues(draw: st.DrawFn, crew: tuple[int, int] = (0, 6), tasks: int = 40) -> Queue:
    """Small numbers, so that ties are the rule."""
    count = draw(st.integers(0, tasks))
    last = draw(st.sampled_from([0, 3, 20, 100]))
    longest = draw(st.sampled_from([1, 2, 5, 40]))
    size = draw(st.integers(*crew))
    ready = draw(st.lists(st.integers(-4, last), min_size=count, max_size=count))
    work = draw(st.lists(st.integers(1, longest), min_size=count, max_size=count))
    free = draw(st.lists(st.integers(-4, last), min_size=size, max_size=size))
    return frozen((ticks(sorted(ready)), ticks(work), ticks(sorted(free))))


def random_queue(seed: int, crew: int, load: float | None, cv: float, tasks: int = 5000) -> Queue:
    draw = np.random.default_rng(seed)
    mean = 60_000
    gaps = draw.exponential(mean / crew / load, tasks) if load else np.zeros(tasks)
    ready = np.cumsum(gaps).astype(np.int64) - 1000
    if seed % 2:  # arrivals in lumps, as a sweep every minute makes them
        ready = -(-ready // mean) * mean
    sigma = np.sqrt(np.log1p(cv**2))
    work = (mean * draw.lognormal(-(sigma**2) / 2, sigma, tasks)).astype(np.int64) + 1
    free = np.sort(draw.integers(-5000, mean, crew))
    return frozen((ready, work, free))


@given(queues(), st.integers(-5, 120))
def test_serve_is_the_loop(queue: Queue, until: int) -> None:
    same(serve(*queue, until), loop(*queue, until))
    same(serve(*queue, NEVER), loop(*queue))


@given(queues(crew=(1, 6)), st.data())
def test_a_start_on_the_limit_is_not_served(queue: Queue, data: st.DataObject) -> None:
    start, free = loop(*queue)
    until = data.draw(st.sampled_from([*start.tolist(), *free.tolist()]))
    same(serve(*queue, until), loop(*queue, until))


@given(queues(crew=(1, 90), tasks=250), st.lists(st.integers(-5, 150), max_size=6))
@settings(deadline=None)
def test_cuts_leave_no_trace(queue: Queue, cuts: list[int]) -> None:
    ready, work, free = queue
    whole = loop(*queue)
    done, parts = 0, [ticks([])]
    for until in [*sorted(cuts), NEVER]:
        start, free = serve(ready[done:], work[done:], free, until)
        assert (start < until).all()
        parts.append(start)
        done += start.size
    same((np.concatenate(parts), free), whole)


def test_no_workers_and_no_tasks() -> None:
    none = ticks([])
    same(serve(ticks([1, 2]), ticks([3, 3]), none, 10), (none, none))
    same(serve(none, none, ticks([4, 7]), 10), (none, ticks([4, 7])))
    same(serve(ticks([5]), ticks([1]), ticks([0]), 5), (none, ticks([0])))


@pytest.mark.parametrize(("tasks", "crew"), [(1000, 7), (5000, 40), (5000, 1), (300, 300)])
def test_equal_work_at_once_takes_whole_rounds(tasks: int, crew: int) -> None:
    each = 45_000_000
    ready, work = np.zeros(tasks, np.int64), np.full(tasks, each)
    start, free = serve(ready, work, np.zeros(crew, np.int64), NEVER)
    assert start[-1] + each == -(-tasks // crew) * each
    assert free[-1] == start[-1] + each


@given(queues(crew=(1, 6)))
def test_heap(queue: Queue) -> None:
    if queue[0].size:
        same(serve_heap(*queue), loop(*queue))


@pytest.mark.parametrize("offset", [EXACT - 50, EXACT * 4 + 1, -EXACT * 4 - 1])
def test_heap_beyond_exact_floats(offset: int) -> None:
    ready = ticks([0, 1, 1, 3, 3, 60]) + offset
    work = ticks([1, 31, 3, 5, 7, 1])
    free = ticks([0, 2]) + offset
    same(serve_heap(ready, work, free), loop(ready, work, free))


def test_heap_with_work_beyond_exact_floats() -> None:
    queue = ticks([0, 1, 2]), ticks([4 * EXACT + 1, 5, 4 * EXACT + 3]), ticks([0, 0])
    same(serve_heap(*queue), loop(*queue))


@given(queues(crew=(1, 1)))
def test_lindley(queue: Queue) -> None:
    if queue[0].size:
        same(serve_lindley(*queue), loop(*queue))


@given(queues(crew=(1, 9)), st.integers(1, 30))
def test_lanes(queue: Queue, each: int) -> None:
    ready, work, free = queue
    if not ready.size:
        return
    work = np.full_like(work, each)
    nearest = max(int(ready[0]), int(free[0]))
    assert lanes_apply(ready, work, free) == (free[-1] <= nearest + each)
    free = np.minimum(free, nearest + each)
    assert lanes_apply(ready, work, free)
    same(serve_lanes(ready, work, free), loop(ready, work, free))


def test_lanes_do_not_apply_to_mixed_work() -> None:
    ready, free = ticks([0] * 9), ticks([0, 0])
    work = ticks([2] * 9)
    work[3] = 3
    assert not lanes_apply(ready, work, free)


def is_a_prefix(got: tuple[Ticks, Ticks], queue: Queue) -> int:
    """Check a kernel that may stop early; return how many tasks it served."""
    ready, work, free = queue
    count = got[0].size
    same(got, loop(ready[:count], work[:count], free))
    return count


@given(queues(crew=(1, 30), tasks=80))
def test_idle(queue: Queue) -> None:
    ready, _, _ = queue
    start = loop(*queue)[0]
    served = is_a_prefix(serve_idle(*queue), queue)
    waiting = np.flatnonzero(start > ready)
    assert served == (waiting[0] if waiting.size else ready.size)


@given(queues(crew=(1, 30), tasks=80), st.sampled_from([0, 1, 5, 1000]))
def test_prefix(queue: Queue, worth: int) -> None:
    served = is_a_prefix(serve_prefix(*queue, worth), queue)
    if worth == 0:
        assert served == queue[0].size


@pytest.mark.parametrize("load", [0.5, 0.9, 2.0, None])
@pytest.mark.parametrize("cv", [0.1, 0.5, 2.0])
@pytest.mark.parametrize("crew", [50, 300])
def test_large_crews(crew: int, cv: float, load: float | None) -> None:
    for seed in (crew, crew + 1):
        queue = random_queue(seed, crew, load, cv)
        wanted = serve_heap(*queue)
        if seed == crew:
            same(wanted, loop(*queue))
        same(serve(*queue, NEVER), wanted)
        same(serve_prefix(*queue, 0), wanted)
        is_a_prefix(serve_idle(*queue), queue)


@pytest.mark.parametrize("crew", [2, 12, 60, 200])
def test_a_queue_that_changes_its_nature(crew: int) -> None:
    """Equal, mixed, tiny and huge work, idle and crowded hours, in one call."""
    draw = np.random.default_rng(crew)
    kinds = [
        np.full(1500, 600),
        draw.integers(1, 3, 1500),
        np.where(draw.random(1500) < 0.5, 1, 2000),
        draw.integers(500, 700, 1500),
    ]
    work = np.concatenate(kinds * 2)
    gaps = work.mean() / crew * np.repeat([2.0, 0.3, 1.0, 0.0, 8.0, 1.1], 2000)
    ready = np.cumsum(draw.exponential(1.0, work.size) * gaps).astype(np.int64)
    queue = frozen((ready, work, np.sort(draw.integers(0, 900, crew))))
    wanted = loop(*queue)
    same(serve(*queue, NEVER), wanted)
    middle = int(wanted[0][7000])
    first, free = serve(*queue, middle)
    rest, free = serve(ready[first.size :], work[first.size :], free, NEVER)
    same((np.concatenate((first, rest)), free), wanted)


@given(queues(crew=(1, 6)), st.data())
def test_advance_keeps_the_latest(queue: Queue, data: st.DataObject) -> None:
    ready, work, free = queue
    start = loop(*queue)[0]
    count = data.draw(st.integers(0, start.size))
    after = advance(free, start[:count], work)
    assert after.tolist() == loop(ready[:count], work[:count], free)[1].tolist()
