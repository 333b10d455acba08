"""From the values of single replications to estimates with intervals, and to verdicts.

An estimate is the mean over replications of each replication's value; its interval is
Student's t (Law, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1). Orders of one
replication are never treated as independent. The share of nights in which something holds
has the exact binomial interval (Clopper and Pearson, *Biometrika* 26, 1934).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from burstsim.results.metrics import Value
from burstsim.scenario.thresholds import Threshold

__all__ = ["CONFIDENCE", "Check", "Estimate", "Status", "check", "estimate"]

CONFIDENCE = 0.95

Status = Literal["PASS", "FAIL", "INCONCLUSIVE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A metric over replications.

    Parameters
    ----------
    estimate, low, high
        Mean and its 95 % interval; without a spread to judge by (one replication) the
        interval is NaN.
    n
        Replications that have a value.
    at_least
        Whether unfinished orders may hide a larger truth.
    values
        One per replication, NaN where it is undefined.
    """

    estimate: float
    low: float
    high: float
    n: int
    at_least: bool
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A threshold and how it stands."""

    expr: str
    status: Status
    estimate: float
    low: float
    high: float
    threshold: Threshold


def estimate(values: Sequence[Value]) -> Estimate:
    """Average a metric over replications.

    Examples
    --------
    >>> result = estimate([Value(1.0), Value(2.0), Value(3.0)])
    >>> result.estimate, round(result.low, 3), round(result.high, 3)
    (2.0, -0.484, 4.484)
    """
    numbers = np.array([value.number for value in values], np.float64)
    known = numbers[~np.isnan(numbers)]
    n = len(known)
    mean = math.fsum(known) / n if n else math.nan
    half = math.nan
    if n > 1:
        from scipy.special import stdtrit  # imported here: it takes longer than a small run

        spread = float(known.std(ddof=1)) if known.min() < known.max() else 0.0
        half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * spread / math.sqrt(n)
    return Estimate(
        estimate=mean,
        low=mean - half,
        high=mean + half,
        n=n,
        at_least=any(value.at_least for value in values),
        values=tuple(numbers.tolist()),
    )


def check(expr: str, threshold: Threshold, values: Sequence[Value]) -> Check:
    """Say whether a threshold holds, fails, or cannot be told from so many replications.

    PASS when the whole interval keeps the limit, FAIL when the whole interval breaks it. A
    ``<=`` threshold on a flagged estimate FAILs when the estimate is above the limit and is
    INCONCLUSIVE otherwise, because the truth may lie higher.

    Parameters
    ----------
    expr
        The threshold as written.
    threshold
        The same, parsed.
    values
        The metric in each replication (the inner metric of ``nights``).
    """
    if threshold.nights is not None:
        low, high, middle = _share_of_nights(threshold.nights, values)
    else:
        found = estimate(values)
        low, high, middle = found.low, found.high, found.estimate
        if found.at_least and threshold.operator in ("<=", "<"):
            status: Status = "INCONCLUSIVE" if threshold.holds(middle) else "FAIL"
            return Check(
                expr=expr, status=status, estimate=middle, low=low, high=high, threshold=threshold
            )
    verdicts = {threshold.holds(low), threshold.holds(high)}
    if math.isnan(low) or len(verdicts) == 2:
        status = "INCONCLUSIVE"
    else:
        status = "PASS" if verdicts == {True} else "FAIL"
    return Check(expr=expr, status=status, estimate=middle, low=low, high=high, threshold=threshold)


def _share_of_nights(inner: Threshold, values: Sequence[Value]) -> tuple[float, float, float]:
    """Low, high and estimate of the share of replications in which `inner` holds."""
    from scipy.special import betaincinv

    upper = inner.operator in ("<=", "<")
    known = [value for value in values if not math.isnan(value.number)]
    n = len(known)
    if n == 0:
        return math.nan, math.nan, math.nan
    held = sum(inner.holds(v.number) and not (upper and v.at_least) for v in known)
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(held, n - held + 1, tail)) if held else 0.0
    high = float(betaincinv(held + 1, n - held, 1 - tail)) if held < n else 1.0
    return low, high, held / n
