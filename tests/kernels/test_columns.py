"""Columns that need less memory."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.columns import lean, shared


@given(st.lists(st.integers(0, 1), max_size=6), st.sampled_from([np.int64, np.bool_, np.float64]))
def test_the_same_is_read(values: list[int], kind: type[np.generic]) -> None:
    column = np.array(values, kind)
    found = lean(column)
    assert found.dtype == column.dtype
    assert found.tolist() == column.tolist()
    assert lean(found) is found


def test_one_value_takes_no_room_for_each_row() -> None:
    assert lean(np.full(1000, -1)).strides == (0,)
    for row in (0, 1, 500, 998, 999):
        column = np.full(1000, -1)
        column[row] = 3
        assert lean(column) is column


@given(st.lists(st.lists(st.integers(0, 1), max_size=4), max_size=6))
def test_columns_that_say_the_same_are_one(rows: list[list[int]]) -> None:
    columns = [np.array(values, np.int64) for values in rows]
    found = shared(columns)
    assert [column.tolist() for column in found] == rows
    assert len({id(column) for column in found}) == len({tuple(values) for values in rows})


def test_columns_of_other_kinds_are_not_one() -> None:
    whole, half = np.ones(3, np.int64), np.ones(3)
    assert [column.dtype for column in shared([whole, half])] == [np.int64, np.float64]
