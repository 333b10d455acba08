"""How many replications are enough: a rule that stops when the intervals are narrow.

The rule is that of Hoad, Robinson and Davies (*Journal of the Operational Research Society* 61,
2010): go on until the interval's half-width is small enough, and stays so for a few more
replications, because a narrow interval is sometimes luck. With several metrics the least
precise decides, and each interval is taken at a higher confidence (Bonferroni), so that all
of them hold together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from burstsim.kernels.arrays import Floats
from burstsim.languages import ENGLISH, Words
from burstsim.results.estimates import CONFIDENCE
from burstsim.results.value import Value
from burstsim.results.wording import format_value
from burstsim.scenario.metrics import METRICS, metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import Threshold, read_thresholds

__all__ = ["MOST", "WIDTH", "Precision", "Stopping", "watched", "when_to_stop"]

#: Half-width that is asked for, and cap on replications, where nothing else is said.
WIDTH, MOST = 0.05, 400

#: What is watched where no threshold says what matters.
_OTHERWISE = "on_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What ``--reps auto`` asks for.

    Parameters
    ----------
    width
        Largest half-width of an interval: relative to the mean, and of shares in absolute terms
        (0.05 is five points of a hundred).
    least, most
        Never fewer, never more replications.
    """

    width: float = WIDTH
    least: int = 10
    most: int = MOST

    def __post_init__(self) -> None:
        """Refuse what is no precision."""
        if not 0 < self.width < 1:
            raise ValueError(f"precision must be between 0 and 1, got {self.width!r}")
        if not 2 <= self.least <= self.most:
            raise ValueError(
                f"replications must be allowed to reach at least {max(self.least, 2)}, "
                f"got {self.most!r}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """Why a run that watches its own precision ended.

    Parameters
    ----------
    replications
        How many it took.
    reached
        Whether everything watched was precise enough; else the cap ended it.
    metric
        What was least precise.
    width
        Its half-width, as `Precision.width` counts it; NaN where there is nothing to judge by.
    asked
        The half-width asked for.
    watched
        How many metrics were watched.
    """

    replications: int
    reached: bool
    metric: str
    width: float
    asked: float
    watched: int

    def __str__(self) -> str:
        return self.said(ENGLISH)

    def said(self, words: Words) -> str:
        """Say it as a sentence."""
        found, asked = (format_value(number, "share") for number in (self.width, self.asked))
        metric = self.metric
        if self.watched > 1:
            metric = words.say("{metric}, the least precise of {n},", metric=metric, n=self.watched)
        if math.isnan(self.width):
            known = words.say("{metric} has no values to judge by", metric=metric)
        else:
            known = words.say(
                "{metric} is known to ±{found} (asked: {asked})",
                metric=metric,
                found=found,
                asked=asked,
            )
        return words.say(
            "Precise enough after {n} replications: {known}"
            if self.reached
            else "Not precise enough after {n} replications: {known}",
            n=self.replications,
            known=known,
        )


def watched(scenario: Scenario, extra: Mapping[str, str]) -> dict[str, Threshold | None]:
    """Give the metrics of all thresholds, by name; without thresholds, the share on time.

    ``nights(...)`` is watched as the share of nights; its threshold says when a night holds.

    Raises
    ------
    ScenarioError
        When a threshold is not one.
    """
    thresholds = read_thresholds(scenario, {**scenario.thresholds, **extra})
    return {t.metric: t.nights for t in thresholds.values()} or {_OTHERWISE: None}


def when_to_stop(
    scenario: Scenario,
    values: Mapping[str, Sequence[Value]],
    metrics: Mapping[str, Threshold | None],
    precision: Precision,
) -> Stopping | None:
    """Say when the rule stops, or None when it needs more replications than there are.

    What it says depends on the first replications only, not on how many more are there.

    Parameters
    ----------
    scenario
        Says what the metrics are.
    values
        Every metric in every replication so far.
    metrics
        From `watched`.
    precision
        What is asked.
    """
    confidence = 1 - (1 - CONFIDENCE) / len(metrics)
    names = metric_names(scenario)
    rows = []
    for metric, nights in metrics.items():
        if nights is None:
            numbers = np.array([value.number for value in values[metric]], np.float64)
            share = METRICS[names[metric]].unit == "share"
            rows.append(_widths(numbers, confidence, absolute=share))
        else:
            rows.append(_widths_of_nights(nights, values[nights.metric], confidence))
    widths = np.array(rows)[:, : precision.most]
    n = widths.shape[1]
    widest = np.where(np.isnan(widths), np.inf, widths).max(axis=0)
    narrow = widest <= precision.width
    at = None
    for first in np.flatnonzero(narrow[precision.least - 1 :]) + precision.least:
        last = min(int(first) + _look_ahead(int(first)), precision.most)
        if last <= n and narrow[first - 1 : last].all():
            at = last
            break
    if at is None and n < precision.most:
        return None
    number = (at or precision.most) - 1
    worst = int(np.where(np.isnan(widths[:, number]), np.inf, widths[:, number]).argmax())
    return Stopping(
        replications=number + 1,
        reached=at is not None,
        metric=list(metrics)[worst],
        width=float(widths[worst, number]),
        asked=precision.width,
        watched=len(metrics),
    )


def _look_ahead(n: int) -> int:
    """Replications for which the interval must stay narrow: 5, from 100 on 5 % more."""
    return 5 * max(n, 100) // 100


def _widths(numbers: Floats, confidence: float, *, absolute: bool) -> Floats:
    """Half-width after each replication, NaN where fewer than two have a value.

    Examples
    --------
    >>> _widths(np.array([1.0, 1.0, math.nan, 1.0]), 0.95, absolute=False).tolist()
    [nan, 0.0, 0.0, 0.0]
    """
    from scipy.special import stdtrit

    known = ~np.isnan(numbers)
    n = np.cumsum(known)
    # moved next to zero, where squares lose no digits
    shift = numbers[known][0] if known.any() else 0.0
    moved = np.where(known, numbers - shift, 0.0)
    total, squares = np.cumsum(moved), np.cumsum(moved * moved)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n
        variance = np.maximum(squares - n * mean * mean, 0.0) / (n - 1)
        half = stdtrit(n - 1.0, (1 + confidence) / 2) * np.sqrt(variance / n)
        width = half if absolute else np.where(half == 0, 0.0, half / np.abs(mean + shift))
    found: Floats = np.where(n > 1, width, np.nan)
    return found


def _widths_of_nights(inner: Threshold, values: Sequence[Value], confidence: float) -> Floats:
    """Half of the span between the binomial bounds after each replication."""
    from scipy.special import betaincinv

    known = np.array([not math.isnan(value.number) for value in values], np.bool_)
    holds = np.array([inner.holds(value.number) for value in values], np.bool_) & known
    n, held = np.cumsum(known).astype(float), np.cumsum(holds).astype(float)
    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(held > 0, betaincinv(np.maximum(held, 1), n - held + 1, tail), 0.0)
        high = np.where(held < n, betaincinv(held + 1, np.maximum(n - held, 1), 1 - tail), 1.0)
    found: Floats = np.where(n > 0, (high - low) / 2, np.nan)
    return found
