"""Sharing whole cents, held against sharing them one by one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.sharing import share_out

_amounts = st.integers(0, 12) | st.integers(0, 10**15)
_orders = st.lists(
    st.tuples(_amounts, st.lists(_amounts, min_size=1, max_size=4)), min_size=0, max_size=5
)


@given(_orders)
def test_shares_add_up_and_are_in_proportion(orders: list[tuple[int, list[int]]]) -> None:
    totals = np.array([total for total, _ in orders], np.int64)
    weights = np.array([weight for _, line in orders for weight in line], np.int64)
    offsets = np.cumsum([0, *(len(line) for _, line in orders)])
    shares = share_out(totals, weights, offsets).tolist()
    for total, line in orders:
        found, shares = shares[: len(line)], shares[len(line) :]
        parts = line if any(line) else [1] * len(line)
        expected = [int(Fraction(total * part, sum(parts))) for part in parts]
        rest = total - sum(expected)
        for place, part in enumerate(parts):
            if part and rest:
                expected[place] += 1
                rest -= 1
        assert found == expected
        assert sum(found) == total
        if 0 < total <= sum(line):
            assert all(got <= most for got, most in zip(found, line, strict=True))
