"""Verdicts after several looks: how often they are wrong, and when they stop."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from burstsim.errors import ScenarioError
from burstsim.scenario.metrics import metric_names
from burstsim.studies.evaluate import Sample
from burstsim.studies.pool import Pool
from burstsim.studies.trials import LOOKS, Trials, thresholds_of
from tests.scenarios import scenario_of, small

SCENARIO = scenario_of(small(thresholds={"few": "unfinished <= 100"}))


class Drawn(Trials):
    """Trials whose replications are drawn from a normal distribution."""

    def of(self, mean: float, seed: int) -> Trials:
        values = np.random.default_rng(seed).normal(mean, 20, LOOKS[-1])
        object.__setattr__(self, "values", values)
        return self

    def sample(self, scenario: object, count: int, first: int = 0) -> Sample:
        values = self.values[:count]  # type: ignore[attr-defined]
        return Sample(
            scenario=SCENARIO,
            replications=range(count),
            values=dict.fromkeys(metric_names(SCENARIO), values),
            at_least=dict.fromkeys(metric_names(SCENARIO), np.zeros(count, bool)),
            traces=("",) * count,
        )


def drawn() -> Drawn:
    return Drawn(pool=Pool(), thresholds=SCENARIO.thresholds)


@pytest.mark.parametrize("wrong", ["PASS", "FAIL"])
def test_verdicts_are_seldom_wrong(wrong: str) -> None:
    """Of a mean that lies a hair on the wrong side, at most 2.5 % of verdicts are wrong.

    In 500 tries more would be wrong than the bound below in one of a thousand series.
    """
    mean, tries = (100.001 if wrong == "PASS" else 99.999), 500
    found = [drawn().of(mean, seed).judge(SCENARIO).status for seed in range(tries)]
    assert found.count(wrong) <= stats.binom.ppf(0.999, tries, 0.025)


def test_clear_cases_need_one_look_and_close_ones_all() -> None:
    assert drawn().of(500, 1).judge(SCENARIO).replications == LOOKS[0]
    assert drawn().of(500, 1).judge(SCENARIO).status == "FAIL"
    assert drawn().of(100, 3).judge(SCENARIO).replications == LOOKS[-1]


def test_a_level_on_the_limit_is_no_longer_looked_at() -> None:
    exact = drawn().of(100, 1)
    object.__setattr__(exact, "values", 100 + np.random.default_rng(1).normal(0, 0.01, 32))
    found = exact.judge(SCENARIO)
    assert found.on_the_limit
    assert found.replications == LOOKS[0]


def test_a_study_needs_a_threshold() -> None:
    with pytest.raises(ScenarioError, match="nothing can break"):
        thresholds_of(scenario_of(small()))
    assert thresholds_of(scenario_of(small()), {"a": "unfinished <= 1"}) == {"a": "unfinished <= 1"}
