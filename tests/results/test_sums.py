"""Metrics that add up, over all orders and over groups of them in several ways."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.results.sums import UNKNOWN, Sum

ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 1),
        st.integers(0, 10**12),
        st.integers(0, 5),
        st.booleans(),
    ),
    max_size=30,
)


@given(ROWS)
def test_groups_add_up_what_is_in_them(rows: list[tuple[int, int, int, int, bool]]) -> None:
    channel, house, cents, pieces = np.array([row[:4] for row in rows], np.int64).reshape(-1, 4).T
    flags = np.array([row[4] for row in rows], bool)
    sums = (Sum(part=cents, unit=100), Sum(part=flags), Sum(part=pieces, whole=flags))
    for number, found in enumerate(sums):
        ways = found.of_each(channel * 2 + house, (3, 2))
        for way, (column, groups) in enumerate(((channel, 3), (house, 2))):
            for group in range(groups):
                mine = [row for row, code in zip(rows, column, strict=True) if code == group]
                many, count = sum(row[3] for row in mine), sum(row[4] for row in mine)
                share = many / count if count else math.nan
                expected = (sum(row[2] for row in mine) / 100, count, share)[number]
                assert repr(float(ways[way][group].number)) == repr(float(expected))
    assert sums[1].of_all().number == sum(row[4] for row in rows)


def test_what_nobody_knows_is_no_number() -> None:
    assert math.isnan(UNKNOWN.of_all().number)
    ((value,),) = UNKNOWN.of_each(np.zeros(3, np.int64), (1,))
    assert math.isnan(value.number)
