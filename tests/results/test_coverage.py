"""How often intervals are right, where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from burstsim.kernels.arrays import Floats
from burstsim.results.estimates import check, estimate
from burstsim.results.value import Value
from burstsim.scenario.thresholds import Threshold

#: Mean wait of the first 25 customers of an M/M/1 queue that starts empty: a customer a minute, who
#: takes 0.9 minutes (Law, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1).
TRUTH = 2.12449


def waits(draws: np.random.Generator, runs: int, customers: int = 25) -> Floats:
    """Waits of customers of M/M/1 queues that start empty; one comes a minute, and takes 0.9."""
    services = draws.exponential(0.9, (runs, customers))
    gaps = draws.exponential(1.0, (runs, customers))
    found = np.zeros((runs, customers))
    for number in range(1, customers):  # Lindley's recursion
        late = found[:, number - 1] + services[:, number - 1] - gaps[:, number]
        found[:, number] = np.maximum(late, 0.0)
    return found


@pytest.mark.parametrize(("n", "published"), [(10, 0.862), (20, 0.870), (40, 0.884)])
def test_coverage_on_a_queue_with_a_known_answer(n: int, published: float) -> None:
    """Of nominal 90 % intervals; means of short queues are skew, so they cover a little less."""
    trials = 1000
    means = waits(np.random.default_rng(n), n * trials).mean(axis=1).reshape(trials, n)
    rows = [[Value(mean) for mean in row] for row in means.tolist()]
    found = [estimate(row, confidence=0.9) for row in rows]
    right = sum(one.low <= TRUTH <= one.high for one in found) / trials
    # four standard errors of this and of the 4000 trials that it is compared with
    assert right == pytest.approx(published, abs=4 * (published * (1 - published) / 800) ** 0.5)


def test_a_quantile_is_the_mean_of_each_runs_quantile() -> None:
    """Its interval covers that mean; one that takes the waits of a run as independent does not."""
    draws = np.random.default_rng(5)
    many = np.quantile(waits(draws, 20_000, 200), 0.95, axis=1, method="inverted_cdf")
    truth, trials, n = many.mean(), 500, 20
    quantiles = many[: trials * n].reshape(trials, n)
    found = [estimate([Value(v) for v in row]) for row in quantiles.tolist()]
    right = np.mean([one.low <= truth <= one.high for one in found])
    assert 0.90 <= right <= 0.98
    naive = 0
    first, last = (int(stats.binom.ppf(tail, 200, 0.95)) for tail in (0.025, 0.975))
    for run in np.sort(waits(draws, trials, 200), axis=1):
        naive += run[first - 1] <= truth <= run[min(last, 199)]
    assert naive / trials < 0.6


@pytest.mark.parametrize("share", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("n", [20, 59])
def test_verdicts_on_nights_are_seldom_wrong(share: float, n: int) -> None:
    """Where the share of nights is exactly the limit: PASS and FAIL at most once in twenty."""
    threshold = Threshold("nights(m)", ">=", share, nights=Threshold("m", ">=", 1.0))
    said = {}
    for held in range(n + 1):
        values = [Value(1.0)] * held + [Value(0.0)] * (n - held)
        said[held] = check("text", threshold, values).status
    chance = stats.binom(n, share).pmf
    for status in ("PASS", "FAIL"):
        wrong = sum(chance(held) for held, found in said.items() if found == status)
        assert wrong <= 0.05, status
    assert said[0] == "FAIL"


def test_verdicts_on_means_are_seldom_wrong() -> None:
    """Where the mean is exactly the limit, PASS and FAIL come once in forty each."""
    draws = np.random.default_rng(8)
    threshold = Threshold("m", "<=", 10.0)
    rows = draws.normal(10.0, 2.0, (2000, 20)).tolist()
    said = [check("text", threshold, [Value(v) for v in row]).status for row in rows]
    for status in ("PASS", "FAIL"):
        assert said.count(status) / 2000 == pytest.approx(0.025, abs=4 * 0.0035)
