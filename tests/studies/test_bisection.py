"""Bisection on answers made by hand: sharp limits, doubtful levels, responses that turn back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.results.estimates import Status
from burstsim.studies.bisection import Ladder, falls_back, find_limit


@given(limit=st.floats(1.01, 19.5), doubt=st.floats(0, 0.05))
def test_the_limit_is_enclosed(limit: float, doubt: float) -> None:
    def look(level: float) -> Status:
        if abs(level / limit - 1) <= doubt:
            return "INCONCLUSIVE"
        return "PASS" if level < limit else "FAIL"

    found = find_limit(look, Ladder(low=1, high=20))
    assert found.monotone
    if found.low is None:
        assert look(1.0) == "INCONCLUSIVE"
        return
    if found.high is None:
        assert look(20.0) == "INCONCLUSIVE"
        return
    assert found.low < limit < found.high
    assert found.high / found.low - 1 <= 2 * doubt / (1 - doubt) + 0.05


@given(limit=st.integers(3, 40))
def test_steps_are_kept(limit: int) -> None:
    found = find_limit(lambda x: "PASS" if x <= limit else "FAIL", Ladder(low=1, high=50, step=1))
    assert (found.low, found.high) == (limit, limit + 1)


def test_broken_from_the_start() -> None:
    found = find_limit(lambda x: "PASS" if x < 0.7 else "FAIL", Ladder(low=1, high=20))
    assert (found.low, found.high) == (None, 1)
    lower = find_limit(lambda x: "PASS" if x < 0.7 else "FAIL", Ladder(low=1, high=20), below=0.1)
    assert lower.low is not None
    assert lower.high is not None
    assert lower.low < 0.7 <= lower.high <= lower.low * 1.011


def test_never_broken() -> None:
    found = find_limit(lambda x: "PASS", Ladder(low=1, high=20))
    assert (found.low, found.high) == (20, None)


def test_a_response_that_turns_back_is_told() -> None:
    """It breaks between 2 and 3 and holds again above: the answer is the first break."""
    found = find_limit(lambda x: "FAIL" if 2 < x < 3 else "PASS", Ladder(low=1, high=20))
    assert not found.monotone
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 2 < found.high


def test_few_levels_beyond_the_break_are_looked_at() -> None:
    found = find_limit(lambda x: "PASS" if x < 1.2 else "FAIL", Ladder(low=1, high=1000))
    assert max(found.looked) < 10


@pytest.mark.parametrize(
    ("curve", "rising", "at"),
    [
        ([(1, 0, 1), (2, 2, 3), (3, 0, 1)], True, 3),
        ([(1, 0, 1), (2, 2, 3), (3, 1, 2.5)], True, None),
        ([(1, 0.9, 1), (2, 0.7, 0.8), (3, 0.85, 0.9)], False, 3),
        ([], True, None),
    ],
)
def test_curves_that_turn_back(
    curve: list[tuple[float, float, float]], rising: bool, at: float | None
) -> None:
    assert falls_back(curve, rising=rising) == at
