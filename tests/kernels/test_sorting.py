"""Sorting numbers that are nearly in order, against Python's own sort."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels import sorting
from burstsim.kernels.sorting import ROW, SHORT, sort_nearly


@given(
    st.integers(0, 3 * SHORT),
    st.sampled_from([0, 1, 20, ROW // 2, ROW, 3 * ROW, 20 * ROW, 10**6]),
    st.integers(1, 5),
    st.integers(0, 2**32),
)
def test_numbers_are_sorted_however_far_they_have_to_go(
    count: int, away: int, step: int, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    values = np.arange(count) // step - count // 2 + draw.integers(-away, away + 1, count)
    expected = sorted(values.tolist())
    sort_nearly(values)
    assert values.tolist() == expected


@given(st.integers(SHORT, SHORT + 2 * ROW), st.integers(0, 2**32), st.booleans())
def test_a_single_number_finds_its_place_from_anywhere(count: int, seed: int, up: bool) -> None:
    draw = np.random.default_rng(seed)
    values = np.arange(count) * 2
    values[draw.integers(count)] = draw.integers(-1, 2 * count)
    if not up:
        values = values[::-1].copy()
    expected = sorted(values.tolist())
    sort_nearly(values)
    assert values.tolist() == expected


@pytest.mark.parametrize("away", [ROW // 2, ROW, 2 * ROW])
def test_passes_over_rows_are_enough_where_nobody_is_far(
    away: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, passes = np.random.default_rng(1), []
    sort_rows = sorting._sort_rows
    monkeypatch.setattr(
        sorting, "_sort_rows", lambda *given: (passes.append(given[1]), sort_rows(*given))
    )
    values = np.arange(4 * SHORT) + draw.integers(0, away, 4 * SHORT)
    expected = sorted(values.tolist())
    sort_nearly(values)
    assert values.tolist() == expected
    assert len(passes) <= 2 + 2 * (away // ROW + 1)
