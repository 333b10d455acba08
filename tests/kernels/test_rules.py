"""Kernels of gift rules against plain loops."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.rules import (
    cap_close,
    cap_partial,
    cap_skip,
    cheapest_units,
    cut_options,
    every_n,
    period_free,
    refund,
    running_before,
    take_from_largest,
    tiers_met,
)

small = st.integers(0, 6)
keyed = st.lists(st.tuples(st.integers(-1, 3), small), max_size=30)


def columns(rows: list[tuple[int, ...]], width: int = 2) -> list[np.ndarray]:
    return list(np.array(rows, np.int64).reshape(-1, width).T)


@given(keyed)
def test_running_before_adds_up_what_came_earlier(rows: list[tuple[int, int]]) -> None:
    keys, values = columns(rows)
    so_far: Counter[int] = Counter()
    expected = []
    for key, value in rows:
        expected.append(so_far[key])
        so_far[key] += value
    assert running_before(keys, values).tolist() == expected


@given(st.lists(small, max_size=30), st.integers(0, 20))
def test_a_cap_gives_what_is_left(wanted: list[int], cap: int) -> None:
    values = np.array(wanted, np.int64)
    left, expected = cap, []
    for want in wanted:
        expected.append(min(want, left))
        left -= expected[-1]
    before = running_before(np.zeros(len(values), np.int64), values)
    assert cap_partial(values, before, cap).tolist() == expected


@given(st.lists(small, max_size=30), st.integers(0, 20))
def test_a_cap_closes_at_the_first_who_would_exceed_it(wanted: list[int], cap: int) -> None:
    values = np.array(wanted, np.int64)
    left, closed, expected = cap, False, []
    for want in wanted:
        closed |= want > left
        expected.append(0 if closed else want)
        left -= expected[-1]
    before = running_before(np.zeros(len(values), np.int64), values)
    assert cap_close(values, before, cap).tolist() == expected


@given(keyed, st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_a_cap_skips_who_would_exceed_it(rows: list[tuple[int, int]], caps: list[int]) -> None:
    keys, values = columns(rows)
    left = dict(enumerate(caps, start=-1))
    expected = []
    for key, want in rows:
        expected.append(want if want <= left[key] else 0)
        left[key] -= expected[-1]
    room = np.array([caps[key + 1] for key, _ in rows], np.int64)
    assert cap_skip(keys, values, room).tolist() == expected


@given(
    st.lists(st.lists(small, min_size=3, max_size=3), max_size=12),
    st.lists(st.integers(-2, 15), min_size=12, max_size=12),
)
def test_options_are_cut_from_the_last(counts: list[list[int]], allowed: list[int]) -> None:
    expected = []
    for row, left in zip(counts, allowed, strict=False):
        kept = []
        for count in row:
            kept.append(max(min(count, left), 0))
            left -= kept[-1]
        expected.append(kept)
    table = np.array(counts, np.int64).reshape(-1, 3)
    given_ = cut_options(table, np.array(allowed[: len(counts)], np.int64))
    assert given_.tolist() == expected


@given(st.lists(small, max_size=12), st.integers(-2, 9))
def test_one_option_is_cut_alike(counts: list[int], allowed: int) -> None:
    table = np.array(counts, np.int64).reshape(-1, 1)
    expected = [[max(min(count, allowed), 0)] for count in counts]
    assert cut_options(table, allowed).tolist() == expected


@given(
    st.lists(st.tuples(small, small), max_size=12),
    st.lists(st.tuples(small, st.integers(0, 4)), min_size=1, max_size=4),
    st.booleans(),
)
def test_tiers_need_measure_and_units(
    carts: list[tuple[int, int]], tiers: list[tuple[int, int]], highest: bool
) -> None:
    expected = []
    for measure, units in carts:
        met = [n for n, (limit, least) in enumerate(tiers) if measure >= limit and units >= least]
        met = met[-1:] if highest else met
        expected.append([n in met for n in range(len(tiers))])
    limits, least = columns(tiers)
    found = tiers_met(*columns(carts), (limits, least), highest=highest)
    assert found.tolist() == expected


carts = st.lists(st.lists(st.tuples(small, st.integers(0, 500)), max_size=5), max_size=6)


@given(carts, st.lists(st.integers(0, 15), min_size=6, max_size=6))
def test_units_are_taken_from_the_largest_line(
    owners: list[list[tuple[int, int]]], wanted: list[int]
) -> None:
    expected = []
    for lines, rest in zip(owners, wanted, strict=False):
        taken = [0] * len(lines)
        # equal lines as they stand
        for line in sorted(range(len(lines)), key=lambda line: -lines[line][0]):
            taken[line] = min(lines[line][0], rest)
            rest -= taken[line]
        expected += taken
    owner = np.repeat(np.arange(len(owners)), [len(lines) for lines in owners])
    left = np.array([units for lines in owners for units, _ in lines], np.int64)
    found = take_from_largest(owner, left, np.array(wanted[: len(owners)], np.int64))
    assert found.tolist() == expected


@given(carts, st.lists(st.integers(0, 15), min_size=6, max_size=6))
def test_the_cheapest_units_are_free(
    owners: list[list[tuple[int, int]]], wanted: list[int]
) -> None:
    expected = [
        sum(sorted(price for units, price in lines for _ in range(units))[:want])
        for lines, want in zip(owners, wanted, strict=False)
    ]
    owner = np.repeat(np.arange(len(owners)), [len(lines) for lines in owners])
    units, price = columns([line for lines in owners for line in lines])
    found = cheapest_units(owner, units, price, np.array(wanted[: len(owners)], np.int64))
    assert found.tolist() == expected


@given(st.integers(0, 200), st.integers(1, 9), st.integers(0, 9))
def test_every_so_many(units: int, step: int, offset: int) -> None:
    given_ = sum(unit > offset and (unit - offset) % step == 0 for unit in range(1, units + 1))
    assert every_n(np.array([units]), step, offset).tolist() == [given_]


@given(st.integers(0, 60), st.integers(1, 5), st.integers(1, 5), st.booleans())
def test_the_last_units_of_a_period_are_free(units: int, buy: int, free: int, whole: bool) -> None:
    counted = units // (buy + free) * (buy + free) if whole else units
    expected = sum(unit % (buy + free) >= buy for unit in range(counted))
    assert period_free(np.array([units]), buy, free, whole=whole).tolist() == [expected]


@pytest.mark.parametrize(("returned", "expected"), [(False, 0), (True, 10)])
def test_a_refund_is_never_negative(returned: bool, expected: int) -> None:
    """The gift was worth more than what was paid."""
    assert refund(np.array([10]), np.array([20]), np.array([returned])).tolist() == [expected]
