"""One answer to what a metric is and whether a threshold holds, for runs and studies alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from burstsim.results.estimates import CONFIDENCE, Check, check
from burstsim.results.value import Value
from burstsim.scenario.metrics import METRICS, Metric, metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds

__all__ = ["bounds_of", "judge"]


def bounds_of(metric: Metric) -> tuple[float, float]:
    """Least and largest number that a metric can be."""
    least = -math.inf if metric.signed else 0.0
    return least, 1.0 if metric.unit == "share" else math.inf


def judge(
    scenario: Scenario,
    expr: str,
    values: Mapping[str, Sequence[Value]],
    confidence: float = CONFIDENCE,
) -> Check:
    """Compare a metric with a limit, with its interval.

    Parameters
    ----------
    scenario
        Says which metrics there are, and when it starts.
    expr
        A threshold, such as ``"on_time >= 0.98"``.
    values
        Every metric in every replication.
    confidence
        Of the interval.

    Raises
    ------
    ScenarioError
        When the expression is not one, or names no metric of the scenario.
    """
    threshold = read_thresholds(scenario, {expr: expr})[expr]
    name = (threshold.nights or threshold).metric
    metric = METRICS[metric_names(scenario)[name]]
    return check(
        expr,
        threshold,
        values[name],
        unit=metric.unit,
        bounds=bounds_of(metric),
        confidence=confidence,
    )
