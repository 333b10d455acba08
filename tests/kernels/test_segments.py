"""Operations on segments against plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.segments import (
    offsets_of,
    order_by,
    segment_elements,
    segment_sums,
    sort_pairs,
)

ticks = st.lists(
    st.one_of(st.integers(-5, 5), st.integers(-(2**45), 2**45), st.just(2**62)), max_size=30
)


@given(st.lists(st.lists(st.integers(-9, 9), max_size=4), max_size=10))
def test_sums(segments: list[list[int]]) -> None:
    offsets = offsets_of(np.array([len(s) for s in segments], np.int64))
    values = np.array([v for s in segments for v in s], np.int64)
    assert segment_sums(values, offsets).tolist() == [sum(s) for s in segments]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=10), st.data())
def test_elements(lengths: list[int], data: st.DataObject) -> None:
    offsets = offsets_of(np.array(lengths, np.int64))
    chosen = data.draw(st.lists(st.integers(0, len(lengths) - 1), max_size=12))
    expected = [e for c in chosen for e in range(offsets[c], offsets[c + 1])]
    assert segment_elements(offsets, np.array(chosen, np.int64)).tolist() == expected


@given(ticks)
def test_order_is_stable(values: list[int]) -> None:
    expected = sorted(range(len(values)), key=lambda i: (values[i], i))
    assert order_by(np.array(values, np.int64)).tolist() == expected


@given(ticks, st.randoms(use_true_random=False))
def test_pairs(values: list[int], random: object) -> None:
    ranks = list(range(len(values)))
    random.shuffle(ranks)  # type: ignore[attr-defined]
    expected = sorted(zip(values, ranks, strict=True))
    found = sort_pairs(np.array(values, np.int64), np.array(ranks, np.int64))
    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected
