"""Spans laid over each other, against looking at every tick."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.spans import first_inside, first_outside, gaps_of, joined

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=9)


@given(SPANS, st.integers(0, 60))
def test_as_at_every_tick(spans: list[tuple[int, int]], tick: int) -> None:
    spans = sorted(spans)
    begin, length = np.array(spans, np.int64).reshape(-1, 2).T
    covered = {at for first, long in spans for at in range(first, first + long)}
    both = joined(begin, begin + length)
    inside = [at for pair in zip(*both, strict=True) for at in range(*pair)]
    assert inside == sorted(covered)
    assert (both[0][1:] > both[1][:-1]).all()
    assert first_outside(*both, tick) == min(at for at in range(tick, 99) if at not in covered)
    assert first_inside(*both, tick) == min((at for at in covered if at >= tick), default=None)
    gaps = [at for pair in zip(*gaps_of(*both, (0, 60)), strict=True) for at in range(*pair)]
    assert gaps == [at for at in range(60) if at not in covered]
