"""Intervals against scipy, and verdicts at every boundary."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from burstsim.results.estimates import Check, check, estimate
from burstsim.results.metrics import Value
from burstsim.scenario.thresholds import Threshold


def values(*numbers: float, flagged: bool = False) -> list[Value]:
    return [Value(number, flagged) for number in numbers]


def judged(operator: str, limit: float, given_: list[Value]) -> Check:
    return check("text", Threshold("metric", operator, limit), given_)


def nights(outer: tuple[str, float], inner: tuple[str, float], given_: list[Value]) -> Check:
    threshold = Threshold("nights(metric)", *outer, nights=Threshold("metric", *inner))
    return check("text", threshold, given_)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
@settings(max_examples=100, deadline=None)
def test_interval_is_students(numbers: list[float]) -> None:
    found = estimate(values(*numbers))
    spread = stats.sem(numbers)
    assert found.estimate == pytest.approx(np.mean(numbers), rel=1e-9, abs=1e-9)
    if spread > 1e-6:
        low, high = stats.t.interval(0.95, len(numbers) - 1, np.mean(numbers), spread)
        assert found.low == pytest.approx(low, rel=1e-6, abs=1e-6)
        assert found.high == pytest.approx(high, rel=1e-6, abs=1e-6)


def test_equal_values_have_an_exact_interval() -> None:
    found = estimate(values(0.1, 0.1, 0.1))
    assert (found.low, found.estimate, found.high) == (0.1, 0.1, 0.1)


def test_one_value_has_no_interval() -> None:
    found = estimate(values(5.0))
    assert found.estimate == 5
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_undefined_values_are_left_out() -> None:
    found = estimate(values(1.0, math.nan, 3.0))
    assert (found.estimate, found.n) == (2, 2)
    assert found.values[0] == 1
    assert math.isnan(found.values[1])
    nothing = estimate(values(math.nan))
    assert nothing.n == 0
    assert math.isnan(nothing.estimate)


def test_one_flag_flags_the_estimate() -> None:
    assert estimate([Value(1.0), Value(2.0, True)]).at_least


def test_interval_keeps_to_what_can_be() -> None:
    found = estimate(values(0.99, 1.0, 1.0), bounds=(0.0, 1.0))
    assert found.high == 1
    assert found.low == estimate(values(0.99, 1.0, 1.0)).low
    assert judged(">=", 0.0, values(0, 0, 9)).status == "INCONCLUSIVE"
    threshold = Threshold("metric", ">=", 0.0)
    assert check("text", threshold, values(0, 0, 9), bounds=(0.0, math.inf)).status == "PASS"


FOUND = estimate(values(1.0, 2.0, 3.0))


@pytest.mark.parametrize(
    ("operator", "limit", "status"),
    [
        (">=", FOUND.low, "PASS"),
        (">", FOUND.low, "INCONCLUSIVE"),
        (">", np.nextafter(FOUND.low, -9), "PASS"),
        (">=", np.nextafter(FOUND.low, 9), "INCONCLUSIVE"),
        (">=", FOUND.high, "INCONCLUSIVE"),
        (">", FOUND.high, "FAIL"),
        (">=", np.nextafter(FOUND.high, 9), "FAIL"),
        ("<=", FOUND.high, "PASS"),
        ("<", FOUND.high, "INCONCLUSIVE"),
        ("<", np.nextafter(FOUND.high, 9), "PASS"),
        ("<=", np.nextafter(FOUND.high, -9), "INCONCLUSIVE"),
        ("<=", FOUND.low, "INCONCLUSIVE"),
        ("<", FOUND.low, "FAIL"),
        ("<=", np.nextafter(FOUND.low, -9), "FAIL"),
    ],
)
def test_verdict_is_where_the_interval_lies(operator: str, limit: float, status: str) -> None:
    assert judged(operator, limit, values(1.0, 2.0, 3.0)).status == status


@pytest.mark.parametrize(
    ("operator", "status"), [(">=", "PASS"), ("<=", "PASS"), (">", "FAIL"), ("<", "FAIL")]
)
def test_a_limit_that_is_met_exactly(operator: str, status: str) -> None:
    assert judged(operator, 2.0, values(2.0, 2.0)).status == status


@pytest.mark.parametrize("operator", [">=", "<=", ">", "<"])
@pytest.mark.parametrize("numbers", [(5.0,), (math.nan, math.nan), (math.nan, 5.0)])
def test_without_an_interval_nothing_can_be_told(operator: str, numbers: tuple[float]) -> None:
    assert judged(operator, 1.0, values(*numbers)).status == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("operator", "limit", "status"),
    [
        ("<=", 3.0, "INCONCLUSIVE"),  # the truth may be above
        ("<=", 2.0, "INCONCLUSIVE"),
        ("<", 2.0, "FAIL"),
        ("<=", 1.999, "FAIL"),  # by the estimate, though the interval reaches below
        (">=", 2.0, "INCONCLUSIVE"),
        (">=", -9.0, "PASS"),  # more makes it only better
        (">=", 99.0, "INCONCLUSIVE"),  # and might make it good
    ],
)
def test_flagged_estimates(operator: str, limit: float, status: str) -> None:
    assert judged(operator, limit, values(1.0, 2.0, 3.0, flagged=True)).status == status


def test_one_flagged_replication_above_the_limit_fails() -> None:
    assert judged("<=", 1.0, values(2.0, flagged=True)).status == "FAIL"
    assert judged("<=", 1.0, values(math.nan)).status == "INCONCLUSIVE"


@pytest.mark.parametrize(("held", "n"), [(0, 7), (1, 7), (4, 9), (7, 7), (20, 20), (29, 29)])
def test_share_of_nights_is_clopper_pearson(held: int, n: int) -> None:
    numbers = [1.0] * held + [0.0] * (n - held)
    found = nights((">=", 0.5), (">=", 1.0), values(*numbers))
    # each end is a 95 % bound by itself, so the two together are a 90 % interval
    expected = stats.binomtest(held, n).proportion_ci(0.90, "exact")
    assert found.estimate == held / n
    assert found.low == pytest.approx(expected.low)
    assert found.high == pytest.approx(expected.high)
    assert found.unit == "share"


def test_verdict_of_nights() -> None:
    clean = values(*[1.0] * 20)
    assert nights((">=", 0.86), (">=", 1.0), clean).status == "PASS"
    assert nights((">=", 0.87), (">=", 1.0), clean).status == "INCONCLUSIVE"
    assert nights((">=", 0.90), (">=", 1.0), values(*[1.0] * 29)).status == "PASS"
    assert nights((">=", 0.5), (">=", 2.0), clean).status == "FAIL"


def test_nights_that_nobody_can_judge_are_left_out() -> None:
    found = nights((">=", 0.5), (">=", 1.0), values(1.0, 1.0, math.nan))
    assert (found.estimate, found.n) == (1.0, 2)
    assert nights((">=", 0.5), (">=", 1.0), values(math.nan)).status == "INCONCLUSIVE"


def test_flagged_nights_leave_the_share_open() -> None:
    """Twenty nights under the limit so far, all with orders open: no proof either way."""
    open_ = values(*[1.0] * 20, flagged=True)
    found = nights((">=", 0.5), ("<=", 2.0), open_)
    assert (found.estimate, found.low, found.high) == (0.0, 0.0, 1.0)
    assert found.status == "INCONCLUSIVE"
    # above the limit already: more makes it only worse
    assert nights((">=", 0.5), ("<=", 0.5), open_).status == "FAIL"
    # at least as much as asked for: more makes it only better
    assert nights((">=", 0.5), (">=", 1.0), open_).status == "PASS"
