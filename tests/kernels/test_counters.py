"""Drawing on counters in turn, against the plainest loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.kernels.counters import take_in_turn
from burstsim.kernels.segments import offsets_of

Order = tuple[int, int, list[tuple[int, int]]]  # gap to the one before, ticks to giving back, asks

orders = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.one_of(st.integers(0, 9), st.just(10**6)),
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=4),
    ),
    max_size=30,
)


def one_by_one(
    asked: list[Order], capacity: list[int], refuse: bool
) -> tuple[list[bool], list[int], list[int]]:
    """Who finds everything, by a loop over orders that looks back at all before."""
    found: list[bool] = []
    moments: list[int] = []
    backs: list[int] = []
    now = 0
    for gap, span, asks in asked:
        now += gap
        left = list(capacity)
        for before, (_, _, taken) in enumerate(asked[: len(found)]):
            if (found[before] or not refuse) and backs[before] >= now:
                for counter, amount in taken:
                    left[counter] -= amount
        needs = [0] * len(capacity)
        for counter, amount in asks:
            needs[counter] += amount
        found.append(all(left[c] >= needed for c, needed in enumerate(needs) if needed))
        moments.append(now)
        backs.append(now + span)
    return found, moments, backs


@given(orders, st.lists(st.integers(0, 12), min_size=4, max_size=4), st.booleans())
@settings(max_examples=400)
def test_equals_a_plain_loop(asked: list[Order], capacity: list[int], refuse: bool) -> None:
    expected, moments, backs = one_by_one(asked, capacity, refuse)
    flat = [ask for _, _, asks in asked for ask in asks]
    demands = (
        offsets_of(np.array([len(asks) for _, _, asks in asked], np.int64)),
        np.array([counter for counter, _ in flat], np.int64),
        np.array([amount for _, amount in flat], np.int64),
    )
    found = take_in_turn(
        demands,
        np.array(capacity, np.int64),
        (np.array(moments, np.int64), np.array(backs, np.int64)),
        refuse=refuse,
    )
    assert found.served.tolist() == expected


def test_what_comes_back_in_a_tick_can_be_taken_in_the_next() -> None:
    demands = (np.array([0, 1, 2, 3]), np.zeros(3, np.int64), np.ones(3, np.int64))
    moments, backs = np.array([0, 5, 6]), np.array([5, 99, 99])
    found = take_in_turn(demands, np.array([1]), (moments, backs), refuse=True)
    assert found.served.tolist() == [True, False, True]
