"""Counts by key are plain sums, however many keys come at a time."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.engine.vector.tally import Tally

_KEYS = st.integers(-3, 12)


@given(st.lists(st.tuples(st.lists(st.tuples(_KEYS, st.integers(-2, 5))), st.booleans())))
def test_sums_by_key(batches: list[tuple[list[tuple[int, int]], bool]]) -> None:
    tally, plain, every = Tally(), Counter[int](), np.arange(-5, 15)
    for batch, asked in batches:
        keys, values = np.array(batch, np.int64).reshape(-1, 2).T
        tally.add(keys, values)
        for key, value in batch:
            plain[key] += value
        if asked:
            assert tally.of(every).tolist() == [plain[key] for key in every.tolist()]
    assert tally.of(every).tolist() == [plain[key] for key in every.tolist()]
