"""Limits per sweep and orders that leave together, against plain loops over sweeps."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.engine.sweeps import Sweeps
from burstsim.kernels.queues import leave_together, take_by_rate
from burstsim.units import NEVER

CYCLE = 10

people = st.lists(
    st.tuples(st.integers(0, 6), st.one_of(st.integers(0, 90), st.just(NEVER))), max_size=25
)


@given(people, st.integers(1, 4))
@settings(max_examples=300)
def test_a_sweep_takes_so_many(asked: list[tuple[int, int]], per_sweep: int) -> None:
    ready = [label * CYCLE for label, _ in asked]
    gone = [tick for _, tick in asked]
    expected = [NEVER] * len(asked)
    waiting = set(range(len(asked)))
    for now in range(0, (len(asked) + 8) * CYCLE, CYCLE):
        waiting -= {n for n in waiting if gone[n] <= now}
        for n in sorted(n for n in waiting if ready[n] <= now)[:per_sweep]:
            expected[n] = now
            waiting.discard(n)
    arrays = np.array(ready, np.int64), np.array(gone, np.int64)
    assert take_by_rate(*arrays, per_sweep, 0, Sweeps(CYCLE).after).tolist() == expected


@given(people, st.integers(1, 9))
@settings(max_examples=300)
def test_a_rate_keeps_its_distance(asked: list[tuple[int, int]], spacing: int) -> None:
    ready = [label * 3 for label, _ in asked]
    gone = [tick for _, tick in asked]
    expected = [NEVER] * len(asked)
    waiting, turn = set(range(len(asked))), 0
    for now in range(20 + spacing * len(asked)):
        waiting -= {n for n in waiting if gone[n] <= now}
        here = sorted(n for n in waiting if ready[n] <= now)
        if here and now >= turn:
            expected[here[0]] = now
            waiting.discard(here[0])
            turn = now + spacing
    arrays = np.array(ready, np.int64), np.array(gone, np.int64)
    assert take_by_rate(*arrays, 1, spacing, Sweeps(0).after).tolist() == expected


@given(
    st.lists(
        st.tuples(
            st.integers(-1, 2),
            st.one_of(st.integers(0, 12), st.just(NEVER)),
            st.integers(0, 8),
            st.one_of(st.integers(0, 20), st.just(NEVER)),
        ),
        max_size=20,
    )
)
@settings(max_examples=400)
def test_orders_leave_with_the_first_that_is_old_enough(
    asked: list[tuple[int, int, int, int]],
) -> None:
    """Key, taken, wait after it, gone; tick by tick."""
    key = [k for k, _, _, _ in asked]
    taken = [t for _, t, _, _ in asked]
    trigger = [min(t + w, NEVER) for _, t, w, _ in asked]
    gone = [g for _, _, _, g in asked]
    leaves, leader = [NEVER] * len(asked), list(range(len(asked)))
    for now in range(22):
        for k in set(key):
            here = [
                n
                for n in range(len(asked))
                if key[n] == k and leaves[n] == NEVER and taken[n] <= now < gone[n]
            ]
            if any(trigger[n] <= now for n in here):
                for n in here:
                    leaves[n], leader[n] = now, here[0]
    found = leave_together(*(np.array(column, np.int64) for column in (key, trigger, taken, gone)))
    assert [column.tolist() for column in found] == [leaves, leader]
