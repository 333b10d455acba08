"""Constants against published ones; the right design is chosen as often as promised."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from burstsim.studies.ranking import kn_constants, rinott_constant, select_best


@pytest.mark.parametrize(("designs", "h"), [(2, 2.452), (5, 3.385), (10, 3.875)])
def test_rinott_constants_are_the_published_ones(designs: int, h: float) -> None:
    assert rinott_constant(designs, 20, 0.95) == pytest.approx(h, abs=0.001)


def test_kn_constants_are_the_published_ones() -> None:
    eta, h2 = kn_constants(5, 10, 0.05)
    assert eta == pytest.approx(0.634967, abs=5e-7)
    assert h2 == pytest.approx(11.42941, abs=5e-6)


def test_the_best_is_chosen_as_often_as_promised() -> None:
    """Five designs, one better by delta, deviation three times that: at least 95 % are right.

    Of 400 choices so few may be right that fewer would come about in one of a thousand tries
    if the probability were 0.95.
    """
    rng, trials, right = np.random.default_rng(2001), 400, 0
    for _ in range(trials):
        noise = rng.normal(0, 3, (5, 4000))
        noise[2] += 1
        best, _ = select_best(
            lambda design, count, noise=noise: noise[design, :count], 5, 1.0, most=4000
        )
        right += best == 2
    assert right >= stats.binom.ppf(0.001, trials, 0.95)


def test_common_random_numbers_need_fewer_replications() -> None:
    rng = np.random.default_rng(7)
    shared = rng.normal(0, 3, 4000)
    own = rng.normal(0, 3, (2, 4000))

    def paired(design: int, count: int) -> np.ndarray:
        return shared[:count] + 0.1 * own[design, :count] + design

    def apart(design: int, count: int) -> np.ndarray:
        return own[design, :count] + design

    assert select_best(paired, 2, 1.0)[0] == select_best(apart, 2, 1.0)[0] == 1
    assert select_best(paired, 2, 1.0)[1] < select_best(apart, 2, 1.0)[1]
