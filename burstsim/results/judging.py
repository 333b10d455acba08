"""One answer to what a metric is and whether a threshold holds, for runs and studies alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from burstsim.results.estimates import Check, check
from burstsim.results.value import Value
from burstsim.scenario.metrics import METRICS, metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds

__all__ = ["bounds_of", "judge"]


def bounds_of(unit: str) -> tuple[float, float]:
    """Least and largest number that a metric of a unit can be; nothing here can be negative."""
    return 0.0, 1.0 if unit == "share" else math.inf


def judge(scenario: Scenario, expr: str, values: Mapping[str, Sequence[Value]]) -> Check:
    """Compare a metric with a limit, with its interval.

    Parameters
    ----------
    scenario
        Says which metrics there are, and when it starts.
    expr
        A threshold, such as ``"on_time >= 0.98"``.
    values
        Every metric in every replication.

    Raises
    ------
    ScenarioError
        When the expression is not one, or names no metric of the scenario.
    """
    threshold = read_thresholds(scenario, {expr: expr})[expr]
    name = (threshold.nights or threshold).metric
    unit = METRICS[metric_names(scenario)[name]].unit
    return check(expr, threshold, values[name], unit=unit, bounds=bounds_of(unit))
