"""When a run may end: the rule step by step, and how often its intervals are right."""

from __future__ import annotations

import math

import numpy as np
import pytest

from burstsim.results.estimates import estimate
from burstsim.results.precision import Precision, Stopping, watched, when_to_stop
from burstsim.results.value import Value
from burstsim.scenario.scenario import Scenario
from tests.scenarios import scenario_of, small

MEAN = "mean(order_to_ship)"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return scenario_of(small(promises={"all": {"within": "10m"}}))


def stopped(
    scenario: Scenario, numbers: list[float], precision: Precision, metric: str = MEAN
) -> Stopping | None:
    values = {metric: [Value(number) for number in numbers]}
    return when_to_stop(scenario, values, {metric: None}, precision)


def by_the_book(numbers: list[float], precision: Precision) -> int | None:
    """Where the rule stops, asked of the printed intervals one replication at a time."""

    def narrow(n: int) -> bool:
        found = estimate([Value(number) for number in numbers[:n]])
        return (found.high - found.low) / 2 <= precision.width * abs(found.estimate)

    for n in range(precision.least, len(numbers) + 1):
        ahead = min(n + 5 * max(n, 100) // 100, precision.most)
        if ahead <= len(numbers) and all(narrow(m) for m in range(n, ahead + 1)):
            return ahead
    return None


@pytest.mark.parametrize("seed", range(8))
def test_it_stops_where_the_book_says(scenario: Scenario, seed: int) -> None:
    numbers = np.random.default_rng(seed).normal(100.0, 25.0 + 5 * seed, 200).tolist()
    precision = Precision(width=0.1, most=200)
    expected = by_the_book(numbers, precision)
    found = stopped(scenario, numbers, precision)
    assert expected is not None
    assert found is not None
    assert (found.replications, found.reached) == (expected, True)
    # the rule looks back only: neither earlier nor later looks change it
    for n in range(2, 200, 7):
        again = stopped(scenario, numbers[:n], precision)
        assert (again is None) if n < expected else (again == found), n


def test_a_cap_ends_it_and_is_said(scenario: Scenario) -> None:
    numbers = np.random.default_rng(1).lognormal(0, 1, 40).tolist()
    assert stopped(scenario, numbers[:39], Precision(width=0.01, most=40)) is None
    found = stopped(scenario, numbers, Precision(width=0.01, most=40))
    assert found is not None
    assert (found.replications, found.reached, found.metric) == (40, False, MEAN)
    assert str(found).startswith("Not precise enough after 40 replications: mean(order_to_ship) is")


def test_equal_values_need_the_least_and_the_look_ahead(scenario: Scenario) -> None:
    for number in (0.0, 7.0):
        found = stopped(scenario, [number] * 15, Precision(width=0.01))
        assert found is not None
        assert (found.replications, found.width) == (15, 0.0)
        assert stopped(scenario, [number] * 14, Precision(width=0.01)) is None


def test_what_has_no_value_is_never_precise(scenario: Scenario) -> None:
    assert stopped(scenario, [math.nan] * 30, Precision(width=0.1, most=31)) is None
    found = stopped(scenario, [math.nan] * 31, Precision(width=0.1, most=31))
    assert found is not None
    assert not found.reached
    assert "has no values to judge by" in str(found)


def test_shares_are_taken_as_they_are(scenario: Scenario) -> None:
    numbers = [0.01, 0.03] * 10  # half-width 0.005, a quarter of the mean
    assert stopped(scenario, numbers, Precision(width=0.02), "on_time") is not None
    assert stopped(scenario, numbers, Precision(width=0.02), MEAN) is None


def test_thresholds_are_watched_and_the_worst_decides(scenario: Scenario) -> None:
    assert watched(scenario, {}) == {"on_time": None}
    texts = {"a": f"{MEAN} <= 1h", "b": "nights(on_time >= 0.9) >= 0.8"}
    metrics = watched(scenario, texts)
    assert list(metrics) == [MEAN, "nights(on_time >= 0.9)"]
    values = {MEAN: [Value(5.0)] * 400, "on_time": [Value(1.0)] * 400}
    found = when_to_stop(scenario, values, metrics, Precision(width=0.05))
    assert found is not None
    # n clean nights are known to ±(1 - 0.0125^(1/n)) / 2, with half of 5 % for each of two
    least = next(n for n in range(1, 400) if (1 - 0.0125 ** (1 / n)) / 2 <= 0.05)
    assert (found.replications, found.metric) == (least + 5, "nights(on_time >= 0.9)")
    assert found.watched == 2


@pytest.mark.parametrize("changes", [{"width": 0.0}, {"width": 1.0}, {"most": 9}, {"least": 1}])
def test_what_is_no_precision(changes: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Precision(**changes)  # type: ignore[arg-type]


def test_a_run_that_stops_itself_is_nearly_as_often_right(scenario: Scenario) -> None:
    """Of normal values, 400 runs: nominal 95 %, at least 90 % (standard error 1.1 %)."""
    draws = np.random.default_rng(20261125)
    right = 0
    for _ in range(400):
        numbers = draws.normal(100.0, 30.0, 200).tolist()
        found = stopped(scenario, numbers, Precision(width=0.1, most=200))
        assert found is not None
        interval = estimate([Value(number) for number in numbers[: found.replications]])
        right += interval.low <= 100.0 <= interval.high
    assert right / 400 >= 0.90
