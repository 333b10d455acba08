"""What waits in a zone and who stays for it, a span at a time, against looking at each moment."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.engine.crews import Crew
from burstsim.engine.visits import Visits
from burstsim.results.flows import Flow
from burstsim.results.hours import Overtime
from burstsim.results.queues import Queue, WorkLeft
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

_TEN = 10 * SECOND

#: Comes; waits for so long; is worked on for so long: in tens of seconds.
TASKS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 20), st.integers(1, 30)), min_size=1, max_size=15
)
EDGES = st.sets(st.integers(1, 69), max_size=8)
END = 70 * _TEN


@given(TASKS, EDGES, st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_as_at_each_moment(
    tasks: list[tuple[int, int, int]], edges: set[int], people: list[int]
) -> None:
    came, started, done = np.cumsum(np.array(tasks, np.int64).T, axis=0) * _TEN
    loads = (done - started).astype(np.float64)
    started = np.where(started < END, started, NEVER)
    done = np.where(done < END, done, NEVER)
    flow = Flow(Visits(rows=np.arange(len(tasks)), entered=came, started=started, done=done), loads)
    times = np.array([0, 15, 25, 50]) * _TEN
    crew = Crew(
        times=times,
        workers=np.array(people),
        productivity=np.ones(4),
        people=np.array(people),
        temps=np.zeros(4, np.int64),
    )
    queue, work, overtime = Queue(), WorkLeft(), Overtime()
    inside = [edge * _TEN for edge in sorted(edges)]
    for first, last in zip((-NEVER, *inside), (*inside, NEVER), strict=True):
        span = first, last
        queue.add(*(ticks[slice(*ticks.searchsorted(span))] for ticks in (flow.came, flow.began)))
        work.add(flow, span)
        overtime.add(flow, crew, (max(first, 0), min(last, END)))
    overtime.close(END)

    waits = [((came <= tick) & (started > tick)).sum() for tick in came]
    most = int(max(waits, default=0))
    assert queue.values(END)["backlog_peak"].number == most
    turns = range(0, END + 2 * MINUTE, MINUTE)
    left = [loads[(came < turn) & (started >= turn)].sum() for turn in turns]
    assert work.value().number == max(left) / HOUR
    if most:
        peak = int(min(tick for tick, many in zip(came, waits, strict=True) if many == most))
        assert queue.values(END)["backlog_peak_at"].number == peak / SECOND
        clear = [
            tick
            for tick in started[(started > peak) & (started < NEVER)]
            if not ((came <= tick) & (started > tick)).any()
        ]
        found = queue.values(END)["backlog_clear_at"]
        assert found.at_least == (not clear)
        assert found.number == int(min(clear, default=END)) / SECOND
    assert overtime.ticks == _stays(crew, started, done)


def _stays(crew: Crew, started: np.ndarray, done: np.ndarray) -> int:
    """Ticks beyond shifts, change by change; of who is busy those who are done first leave."""
    total = most_busy = 0
    ends = [*crew.times[1:].tolist(), END]
    for tick, until, there in zip(crew.times.tolist(), ends, crew.people.tolist(), strict=True):
        if there < most_busy:
            busy = sorted(done[(started < tick) & (done > tick)].tolist())
            most_busy = max(there, len(busy))
            total += sum(min(end, until) - tick for end in busy[: most_busy - there])
        else:
            most_busy = there
    return total
