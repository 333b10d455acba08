"""Bins of whole numbers: in order, exact where small, never off by 0.1 %."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.bins import FINENESS, bins_of, edge_of

NUMBERS = st.integers(0, 53).flatmap(lambda bits: st.integers(0, (1 << bits) - 1))


@given(NUMBERS, NUMBERS)
def test_larger_numbers_are_in_later_bins(one: int, other: int) -> None:
    first, second = bins_of(np.array(sorted((one, other)), np.int64)).tolist()
    assert first <= second
    assert (first == second) == (edge_of(first) == edge_of(second))


@given(NUMBERS)
def test_the_edge_is_the_last_number_of_the_bin(number: int) -> None:
    (found,) = bins_of(np.array([number])).tolist()
    edge = edge_of(found)
    assert number <= edge <= number + number / 1024
    assert edge == number or number >= 1 << FINENESS
    assert bins_of(np.array([min(edge, (1 << 53) - 1)])).tolist() == [found]
    assert bins_of(np.array([edge + 1])).tolist() == [found + 1] or edge + 1 >= 1 << 53
