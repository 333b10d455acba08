"""Trucks against a queue of parcels in a plain loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.pickups import load_trucks
from burstsim.units import NEVER


@given(
    st.lists(st.integers(-5, 30), max_size=40),
    st.lists(st.tuples(st.integers(-5, 35), st.sampled_from([1, 2, 3, 7, NEVER])), max_size=12),
)
def test_equals_a_plain_loop(ready: list[int], pickups: list[tuple[int, int]]) -> None:
    ready.sort()
    pickups.sort(key=lambda pickup: pickup[0])
    waiting, left = list(range(len(ready))), [NEVER] * len(ready)
    loaded, behind = [], []
    for tick, capacity in pickups:
        there = [parcel for parcel in waiting if ready[parcel] < tick]
        taken = there[:capacity]
        for parcel in taken:
            left[parcel] = tick
            waiting.remove(parcel)
        loaded.append(len(taken))
        behind.append(len(there) - len(taken))
    columns = np.array(pickups, np.int64).reshape(-1, 2).T
    found = load_trucks(np.array(ready, np.int64), columns[0], columns[1])
    assert [column.tolist() for column in found] == [left, loaded, behind]


def test_nothing_leaves_in_the_tick_in_which_it_is_ready() -> None:
    left, loaded, behind = load_trucks(np.array([5, 6]), np.array([6]), np.array([9]))
    assert left.tolist() == [6, NEVER]
    assert loaded.tolist() == [1]
    assert behind.tolist() == [0]
