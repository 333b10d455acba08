"""Promises by cut-off, by hand and against a plain loop."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.deadlines import due_by_cut_off
from burstsim.units import DAY, HOUR, MINUTE

START = datetime(2026, 11, 10, 20)
MIDNIGHT = -20 * HOUR


def tick(text: str) -> int:
    return (datetime.fromisoformat(text) - START) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        ("2026-11-11 00:00:00", "2026-11-11 23:59"),
        ("2026-11-11 10:59:59.999999", "2026-11-11 23:59"),
        ("2026-11-11 11:00:00", "2026-11-12 15:00"),
        ("2026-11-10 20:00:00", "2026-11-11 15:00"),
        ("2026-11-10 22:59:59.999999", "2026-11-11 15:00"),
        ("2026-11-10 23:00:00", "2026-11-11 23:59"),
        ("2026-11-11 23:30:00", "2026-11-12 23:59"),
        ("2026-11-09 08:00:00", "2026-11-09 23:59"),  # paid before the scenario's start
        ("2026-11-09 23:10:00", "2026-11-10 23:59"),
    ],
)
def test_two_cut_offs_a_day(paid: str, due: str) -> None:
    """Before 11:00 the same day 23:59, before 23:00 the next day 15:00 (JD's promise)."""
    found = due_by_cut_off(
        np.array([tick(paid)]),
        MIDNIGHT,
        np.array([11 * HOUR, 23 * HOUR]),
        np.array([23 * HOUR + 59 * MINUTE, DAY + 15 * HOUR]),
    )
    assert found.tolist() == [tick(due)]


_moments = st.integers(0, 2 * 24 - 1).map(lambda half_hours: half_hours * HOUR // 2)


@given(
    st.lists(st.integers(-3 * DAY, 3 * DAY), max_size=20),
    st.lists(st.tuples(_moments, st.integers(0, 3 * DAY)), min_size=1, max_size=4),
)
def test_equals_a_plain_loop(paid: list[int], cut_offs: list[tuple[int, int]]) -> None:
    before, by = (np.array(column, np.int64) for column in zip(*cut_offs, strict=True))
    expected = []
    for moment in paid:
        day = (moment - MIDNIGHT) // DAY * DAY + MIDNIGHT
        found = [day + until for cut, until in cut_offs if moment < day + cut]
        expected.append(found[0] if found else day + DAY + cut_offs[0][1])
    assert due_by_cut_off(np.array(paid, np.int64), MIDNIGHT, before, by).tolist() == expected
