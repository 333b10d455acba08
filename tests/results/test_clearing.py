"""When a backlog was cleared, from pieces, against what is said once everything is known."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.peaks import most_inside
from burstsim.kernels.spans import first_outside, joined
from burstsim.results.summing.backlog import Crowd
from burstsim.results.summing.clearing import Clearing
from burstsim.results.summing.events import Known
from burstsim.units import NEVER

END = 60

#: Paid; ticks until released, until over; whether it is cancelled then.
ORDERS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(1, 30), st.booleans()),
    min_size=1,
    max_size=12,
)
SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 4)), max_size=12)


@given(ORDERS, SPANS, st.sets(st.integers(1, END - 1), max_size=9), st.integers(0, 6))
# a peak whose orders reached the floor long before the next one was known
@example([(0, 0, 9, True), (0, 3, 20, False)], [(0, 5)], {5, 10, 30}, 0)
# the floor is clear while the peak's order, which may still be cancelled, is on it
@example([(0, 9, 30, False)], [(3, 2)], {15}, 0)
@example([(1, 9, 30, False), (12, 0, 2, False), (12, 0, 9, False)], [(9, 9)], {11, 13}, 0)
def test_as_seen_from_the_end(
    orders: list[tuple[int, int, int, bool]],
    spans: list[tuple[int, int]],
    edges: set[int],
    lag: int,
) -> None:
    """What is known lags behind each piece by some ticks, as it may."""
    columns = np.array(orders, np.int64).T
    paid, released, over = np.cumsum(columns[:3], axis=0)
    cancelled = columns[3] == 1
    begin, length = np.array(sorted(spans), np.int64).reshape(-1, 2).T
    waits = joined(begin, begin + length)
    crowd, clearing, since = Crowd(), Clearing(), -NEVER
    for first, last in zip((-NEVER, *sorted(edges)), (*sorted(edges), NEVER), strict=True):
        end = NEVER if last == NEVER else max(last - lag, since)
        mine = (paid < last) & ((over >= first) | (over >= since))
        ends = (over < last) | (last == NEVER)
        reached = np.where(cancelled & ends, -NEVER, np.where(released < last, released, NEVER))
        known = Known(
            begin=since,
            end=end,
            paid=paid[mine],
            closes=over[mine],
            shipped=over[mine],
            released=reached[mine],
            groups=(),
            over=ends[mine],
            new=(ends & (over >= first))[mine],
        )
        came, left = (np.sort(ticks[known.within(ticks)]) for ticks in (known.paid, known.closes))
        peak = crowd.peak if crowd.add(came, left) else None
        clearing.add(known, peak, _within(waits, (first, last)), (first, last))
        since = end
    most, tick = most_inside(np.sort(paid), np.sort(over))
    assert (crowd.most, crowd.peak) == (most, tick)
    of_peak = released[(paid <= tick) & ~cancelled]
    assert clearing.tick() == first_outside(*waits, max(tick, int(of_peak.max(initial=0))))


def _within(waits: tuple[Ticks, Ticks], span: tuple[int, int]) -> tuple[Ticks, Ticks]:
    begin, end = (np.clip(ticks, *span) for ticks in waits)
    some = begin < end
    return begin[some], end[some]
