"""Choosing items: never twice, with the right frequencies."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.baskets import choose, choose_different
from burstsim.kernels.segments import offsets_of


def test_choose_follows_the_weights() -> None:
    weights = np.array([1.0, 0.0, 2.0, 5.0])
    picked = choose((np.arange(8000) + 0.5) / 8000, weights)
    assert np.bincount(picked).tolist() == [1000, 0, 2000, 5000]


def test_successive_choices_have_the_frequencies_of_drawing_without_replacement() -> None:
    """Each ordered triple of four items, against the product of its conditional shares."""
    weights = np.array([4.0, 1.0, 2.0, 3.0])
    count = 200_000
    offsets = offsets_of(np.full(count, 3))
    picked = choose_different(np.random.default_rng(5).random(3 * count), offsets, weights)
    triples, counts = np.unique(picked.reshape(-1, 3), axis=0, return_counts=True)
    found = {tuple(t): c / count for t, c in zip(triples.tolist(), counts.tolist(), strict=True)}
    assert len(found) == 24
    for a, b, c in permutations(range(4), 3):
        share = weights[a] / 10 * weights[b] / (10 - weights[a])
        share *= weights[c] / (10 - weights[a] - weights[b])
        assert found[a, b, c] == pytest.approx(share, abs=5 * np.sqrt(share / count))


@given(
    st.lists(st.integers(1, 4), max_size=20),
    st.lists(st.sampled_from([0.0, 1e-9, 0.1, 1.0, 7.0]), min_size=4, max_size=8).filter(
        lambda weights: sum(weight > 0 for weight in weights) >= 4
    ),
    st.integers(0, 2**32),
    st.sampled_from([None, 0.0, np.nextafter(1.0, 0.0)]),
)
def test_never_twice_and_never_what_has_no_weight(
    lengths: list[int], weights: list[float], seed: int, edge: float | None
) -> None:
    offsets = offsets_of(np.array(lengths, np.int64))
    uniforms = np.random.default_rng(seed).random(int(offsets[-1]))
    if edge is not None:
        uniforms[:] = edge
    picked = choose_different(uniforms, offsets, np.array(weights))
    for begin, end in pairwise(offsets):
        segment = picked[begin:end].tolist()
        assert len(set(segment)) == len(segment)
        assert all(weights[item] > 0 for item in segment)


@given(
    st.lists(st.sampled_from([0.0, 0.1, 1.0, 3.0]), min_size=1, max_size=40),
    st.integers(0, 2**32),
)
def test_choosing_is_the_same_however_many_there_are(weights: list[float], seed: int) -> None:
    """The first whose running sum is beyond the point, as a plain loop finds it."""
    weights.append(1.0)
    edges = np.cumsum(weights)
    uniforms = np.append(np.random.default_rng(seed).random(20), edges[:-1] / edges[-1])
    points = (uniforms * edges[-1]).tolist()
    expected = [next((n for n, e in enumerate(edges) if e > p), len(edges) - 1) for p in points]
    assert choose(uniforms, np.array(weights)).tolist() == expected
