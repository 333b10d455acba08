"""Tours filled one after the other, and the aisles that they enter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.tours import aisles_entered, expected_aisles, next_fit

ORDERS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=30)


def one_by_one(orders: list[tuple[int, int]], most_orders: int | None, most_units: int | None):
    """Put each order on the tour at hand, or on a new one."""
    begins: list[int] = []
    units = 0
    for place, (release, pieces) in enumerate(orders):
        fits = bool(begins) and release == orders[place - 1][0]
        if fits and most_orders is not None:
            fits = place - begins[-1] < most_orders
        if fits and most_units is not None:
            fits = units + pieces <= most_units
        if not fits:
            begins.append(place)
            units = 0
        units += pieces
    return [*begins, len(orders)]


@given(ORDERS, st.one_of(st.none(), st.integers(1, 5)), st.one_of(st.none(), st.integers(1, 20)))
def test_next_fit_is_what_a_loop_does(
    steps: list[tuple[int, int]], most_orders: int | None, most_units: int | None
) -> None:
    release = np.cumsum([step for step, _ in steps]).astype(np.int64)
    units = np.array([pieces for _, pieces in steps], np.int64)
    orders = list(zip(release.tolist(), units.tolist(), strict=True))
    found = next_fit(release, units, most_orders, most_units)
    assert found.dtype == np.int64
    assert found.tolist() == one_by_one(orders, most_orders, most_units)


@pytest.mark.parametrize(
    ("aisles", "lines", "expected"), [(10, 5, 4.095), (10, 10, 6.513), (20, 20, 12.830)]
)
def test_published_numbers_of_aisles(aisles: int, lines: int, expected: float) -> None:
    assert aisles_entered(aisles, lines) == pytest.approx(expected, abs=5e-4)


def test_one_aisle_is_entered_once_and_nothing_enters_none() -> None:
    assert aisles_entered(1, 7) == 1.0
    assert aisles_entered(12, 0) == 0.0


@given(st.integers(1, 40), st.lists(st.integers(0, 90), max_size=20))
def test_many_tours_enter_what_each_of_them_does(aisles: int, lines: list[int]) -> None:
    found = expected_aisles(aisles, np.array(lines, np.int64))
    assert found.tolist() == [aisles_entered(aisles, q) for q in lines]
