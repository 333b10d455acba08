"""Arithmetic of kits, on worked cases and against what is asked of a draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from burstsim.kernels.kits import available_kits, groups_used, picks
from burstsim.kernels.pools import Pool
from burstsim.kernels.segments import offsets_of


def available(net: dict[str, int], kits: dict[str, dict[str, int]]) -> dict[str, int]:
    """Kits of fixed leaves that there is stock for, by name."""
    skus = list(net)
    leaves = [(skus.index(sku), count) for kit in kits.values() for sku, count in kit.items()]
    sku, count = np.array(leaves, np.int64).T
    offsets = offsets_of(np.array([len(kit) for kit in kits.values()]))
    found = available_kits(np.array(list(net.values())), offsets, sku, count)
    return dict(zip(kits, found.tolist(), strict=True))


def test_the_scarcest_part_decides() -> None:
    """Case K01 (Oracle Commerce, SKU bundles)."""
    assert available({"A": 20, "B": 10}, {"C": {"A": 1, "B": 2}}) == {"C": 5}
    assert available({"A": 17, "B": 4}, {"C": {"A": 1, "B": 2}}) == {"C": 2}


def test_nested_kits_are_opened_before_the_least_is_taken() -> None:
    """Case K02 (Odoo, test_bom_kit_with_sub_kit): P1 = P2 + P3, P2 = P3 + P4."""
    kits = {"P1": {"P3": 2, "P4": 1}, "P2": {"P3": 1, "P4": 1}, "P3": {"P3": 1}}
    assert available({"P3": 10, "P4": 10}, kits) == {"P1": 5, "P2": 10, "P3": 10}


def test_oversold_parts_count_net() -> None:
    """Case K04 (OCA stock-logistics-availability #73): not the difference of two minima."""
    assert available({"A": -6, "B": 4090}, {"K": {"A": 2, "B": 2}}) == {"K": -3}
    assert available({"A": -5, "B": 4090}, {"K": {"A": 2, "B": 2}}) == {"K": -3}


@pytest.mark.parametrize(
    ("size", "lines", "used"),
    [
        (3, [2, 1, 1], [2, 1, 0]),
        (2, [1], [0]),
        (2, [3], [2]),
        (2, [4], [4]),
        (3, [1, 4, 3], [0, 4, 2]),
    ],
)
def test_mixed_groups(size: int, lines: list[int], used: list[int]) -> None:
    """Case K07 (Solidus, adjust_line_item_quantity_groups_spec); the last one is ours."""
    assert groups_used(size, np.array(lines)).tolist() == used


options = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=5
)


@given(options, st.integers(1, 6), st.integers(0, 2**64 - 1))
def test_picks_keep_to_least_and_most(
    rows: list[tuple[int, int, int]], total: int, bits: int
) -> None:
    weight, least, extra = np.array(rows, np.int64).T
    most = least + extra
    room = np.where(weight > 0, most, least).sum()
    if not least.sum() <= total <= room:
        return
    found = picks((weight, least, most), total, np.full(3, bits, np.uint64), np.array([0, 0, 9]))
    assert (found >= least).all()
    assert (found <= most).all()
    assert (found.sum(axis=1) == total).all()
    assert (found[:, weight == 0] == least[weight == 0]).all()
    assert (found[0] == found[1]).all()


def test_picks_are_drawn_by_weight() -> None:
    bits = np.random.default_rng(4).integers(0, 2**64, 40_000, np.uint64)
    none, many = np.zeros(3, np.int64), np.full(3, 9)
    found = picks((np.array([5, 3, 2]), none, many), 2, bits, np.zeros(len(bits), np.int64))
    pairs = found[:, 0] * 3 + found[:, 1]
    # two picks: AA AB AC BB BC CC
    expected = {6: 0.25, 4: 0.3, 3: 0.2, 2: 0.09, 1: 0.12, 0: 0.04}
    counts = [int((pairs == key).sum()) for key in expected]
    assert sum(counts) == len(bits)
    shares = np.array(list(expected.values())) * len(bits)
    assert stats.chisquare(counts, shares).pvalue > 0.001


def test_one_piece_and_many_are_taken_alike() -> None:
    pool = Pool((7, 3, 5), (2, 0, 6))
    bits = np.random.default_rng(1).integers(0, 2**64, 8_000, np.uint64)
    each = pool.each([0, 1, 2], bits)
    assert each.tolist() == [pool.one([0, 1, 2], int(number)) for number in bits]
    counts = [int((each == member).sum()) for member in (7, 5)]
    assert sum(counts) == len(bits)
    assert stats.chisquare(counts, [2_000, 6_000]).pvalue > 0.001
