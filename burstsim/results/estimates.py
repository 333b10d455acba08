"""From the values of single replications to estimates with intervals, and to verdicts.

An estimate is the mean over replications of each replication's value; its interval is
Student's t (Law, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1). Orders of one
replication are never treated as independent. The share of nights in which something holds
has exact binomial bounds (Clopper and Pearson, *Biometrika* 26, 1934), each end a one-sided
95 % bound: a threshold asks about one of them.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from burstsim.results.metrics import Value
from burstsim.scenario.thresholds import Threshold

__all__ = ["CONFIDENCE", "UNBOUNDED", "Check", "Estimate", "Status", "check", "estimate", "take_in"]

CONFIDENCE = 0.95

UNBOUNDED = (-math.inf, math.inf)

Status = Literal["PASS", "FAIL", "INCONCLUSIVE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A metric over replications.

    Parameters
    ----------
    estimate, low, high
        Mean and its two-sided 95 % interval; without a spread to judge by (one replication) the
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
    """A threshold and how it stands.

    Parameters
    ----------
    expr
        The threshold as written.
    status
        ``PASS``, ``FAIL`` or ``INCONCLUSIVE``.
    estimate, low, high
        As in `Estimate`; of ``nights``, the share of nights, and below and above it a bound of
        one-sided 95 % confidence each (both together: a 90 % interval).
    n
        Replications that have a value.
    at_least
        Whether unfinished orders may hide a larger truth.
    unit
        Of estimate, interval and limit.
    threshold
        The threshold, parsed.
    """

    expr: str
    status: Status
    estimate: float
    low: float
    high: float
    n: int
    at_least: bool
    unit: str
    threshold: Threshold


def take_in() -> None:
    """Import what intervals need: half-way through an import an interruption may be lost.

    For commands that may be interrupted, before they run several replications.
    """
    importlib.import_module("scipy.special")


def estimate(
    values: Sequence[Value],
    bounds: tuple[float, float] = UNBOUNDED,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Average a metric over replications.

    Parameters
    ----------
    values
        The metric in each replication.
    bounds
        Least and largest number that the metric can be. The interval is cut there: it loses
        nothing but numbers that cannot be true, such as 101 % on time.
    confidence
        Of the interval.

    Examples
    --------
    >>> result = estimate([Value(1.0), Value(2.0), Value(3.0)])
    >>> result.estimate, round(result.low, 3), round(result.high, 3)
    (2.0, -0.484, 4.484)
    """
    numbers = np.array([value.number for value in values], np.float64)
    known = numbers[~np.isnan(numbers)]
    n = len(known)
    mean = math.nan
    if n:
        # rounding may push a mean past the numbers that it is the mean of
        mean = min(max(math.fsum(known) / n, float(known.min())), float(known.max()))
    half = math.nan
    if n > 1:
        from scipy.special import stdtrit  # imported here: it takes longer than a small run

        spread = float(known.std(ddof=1)) if known.min() < known.max() else 0.0
        half = float(stdtrit(n - 1, (1 + confidence) / 2)) * spread / math.sqrt(n)
    return Estimate(
        estimate=mean,
        low=math.nan if math.isnan(half) else max(mean - half, bounds[0]),
        high=math.nan if math.isnan(half) else min(mean + half, bounds[1]),
        n=n,
        at_least=any(value.at_least for value in values),
        values=tuple(numbers.tolist()),
    )


def check(
    expr: str,
    threshold: Threshold,
    values: Sequence[Value],
    *,
    unit: str = "",
    bounds: tuple[float, float] = UNBOUNDED,
    confidence: float = CONFIDENCE,
) -> Check:
    """Say whether a threshold holds, fails, or cannot be told from so many replications.

    PASS when the whole interval keeps the limit, FAIL when the whole interval breaks it; of
    ``nights`` the interval is the span between two one-sided 95 % bounds. Where
    unfinished orders flag an estimate the truth may lie higher, so it proves only what a lower
    bound can: a ``<=`` threshold FAILs when the estimate is above the limit and is INCONCLUSIVE
    otherwise, a ``>=`` threshold never FAILs.

    Parameters
    ----------
    expr
        The threshold as written.
    threshold
        The same, parsed.
    values
        The metric in each replication (the inner metric of ``nights``).
    unit
        The metric's.
    bounds
        Least and largest number that the metric can be.
    confidence
        Of the two-sided interval, and of each one-sided bound of ``nights``.
    """
    if threshold.nights is not None:
        found, unit = _share_of_nights(threshold.nights, values, confidence), "share"
    else:
        found = estimate(values, bounds, confidence)
    return Check(
        expr=expr,
        status=_status(threshold, found),
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        n=found.n,
        at_least=found.at_least,
        unit=unit,
        threshold=threshold,
    )


def _status(threshold: Threshold, found: Estimate) -> Status:
    upper = threshold.operator in ("<=", "<")
    if found.n and found.at_least and upper:
        return "INCONCLUSIVE" if threshold.holds(found.estimate) else "FAIL"
    if math.isnan(found.low):
        return "INCONCLUSIVE"
    holds = {threshold.holds(found.low), threshold.holds(found.high)}
    if holds == {True}:
        return "PASS"
    return "INCONCLUSIVE" if True in holds or found.at_least else "FAIL"


def _share_of_nights(inner: Threshold, values: Sequence[Value], confidence: float) -> Estimate:
    """Share of replications in which `inner` holds, with its binomial bounds.

    Each end is a one-sided bound with a confidence of its own, because a threshold asks about
    one of them: at 95 % 20 clean nights prove that 86 % hold, 29 that 90 % do.

    A night whose flagged value leaves open whether `inner` holds is not one that does; the
    upper bound allows for it.
    """
    from scipy.special import betaincinv

    known = [value for value in values if not math.isnan(value.number)]
    n = len(known)
    if n == 0:
        return estimate([])
    upper = inner.operator in ("<=", "<")
    keeps = [inner.holds(value.number) for value in known]
    unsure = [v.at_least and kept == upper for v, kept in zip(known, keeps, strict=True)]
    sure = [kept and not open_ for kept, open_ in zip(keeps, unsure, strict=True)]
    held, most = sum(sure), sum(sure) + sum(unsure)
    tail = 1 - confidence
    return Estimate(
        estimate=held / n,
        low=float(betaincinv(held, n - held + 1, tail)) if held else 0.0,
        high=float(betaincinv(most + 1, n - most, 1 - tail)) if most < n else 1.0,
        n=n,
        at_least=False,
        values=tuple(map(float, sure)),
    )
