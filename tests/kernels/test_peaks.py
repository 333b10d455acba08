"""The most that are inside at once, against counting at every moment."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.peaks import most_inside

TICKS = st.lists(st.integers(0, 300), max_size=400)


@given(TICKS, st.integers(0, 40), st.data())
def test_as_counted_at_every_moment(comes: list[int], longest: int, data: st.DataObject) -> None:
    stays = data.draw(st.lists(st.integers(0, longest), min_size=len(comes), max_size=len(comes)))
    leaves = sorted(tick + stay for tick, stay in zip(comes, stays, strict=True))
    comes.sort()
    inside = {
        tick: sum(came <= tick for came in comes) - sum(left <= tick for left in leaves)
        for tick in comes
    }
    most = max(inside.values(), default=0)
    first = min((tick for tick, count in inside.items() if count == most > 0), default=0)
    assert most_inside(np.array(comes, np.int64), np.array(leaves, np.int64)) == (most, first)


def test_a_peak_far_behind_the_first_block() -> None:
    came = np.concatenate((np.arange(1000) * 10, np.full(200, 10_000)))
    left = np.concatenate((np.arange(1000) * 10 + 5, np.arange(20_000, 20_200)))
    assert most_inside(came, left) == (200, 10_000)


def test_who_leaves_at_once_was_never_inside() -> None:
    ticks = np.arange(500)
    assert most_inside(ticks, ticks) == (0, 0)
