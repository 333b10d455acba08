"""Thresholds: ``p95(order_to_ship) <= 24h``, parsed and never evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.scenario.comparisons import compare, holds, read_limit
from burstsim.scenario.metrics import METRICS, Metric, metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.units import SECOND, parse_moment

__all__ = ["Threshold", "parse_threshold", "read_thresholds"]

_NUMBER = re.compile(r"-?[\d.]+")
_SHARE = Metric("share", "Share of replications.")
_STATISTIC = re.compile(r"(\w+)\s*\(\s*(.+?)\s*\)")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A metric compared with a limit.

    Parameters
    ----------
    metric
        Name as in `burstsim.scenario.metrics.metric_names`.
    operator
        One of ``>= <= > <``.
    limit
        In the metric's own unit (seconds, hours, shares from 0 to 1, counts).
    nights
        When set, the threshold is on the share of replications in which this one holds, and
        `metric` is the text of the whole ``nights(...)``.
    moment
        Whether the limit is a moment, in seconds since ``start``.
    """

    metric: str
    operator: str
    limit: float
    nights: Threshold | None = None
    moment: bool = False

    def holds(self, value: float) -> bool:
        """Whether one value keeps the limit."""
        return holds(value, self.operator, self.limit)


def _limit(text: str, metric: Metric, start: datetime) -> float:
    """Read a limit in the metric's unit; spans of time need one of their own."""
    body = text.strip().strip("\"'")
    if metric.moment and not _NUMBER.fullmatch(body):
        return parse_moment(body).resolve(start) / SECOND
    return read_limit(text, metric.unit)


def parse_threshold(text: str, names: Mapping[str, str], start: datetime) -> Threshold:
    """Parse ``METRIC OPERATOR LIMIT`` or ``nights(METRIC OPERATOR LIMIT) OPERATOR SHARE``.

    Parameters
    ----------
    text
        The expression.
    names
        The scenario's metric names (`burstsim.scenario.metrics.metric_names`).
    start
        The scenario's; a time of day is its first occurrence at or after it.

    Raises
    ------
    ValueError
        Saying which part is wrong; a suggestion, where there is one, follows ``"; "``.

    Examples
    --------
    >>> names, start = {"backlog_clear_at": "backlog_clear_at"}, datetime(2026, 11, 10, 20)
    >>> parse_threshold("backlog_clear_at <= 08:00", names, start).limit / 3600
    12.0
    """
    body, parts = text.strip(), compare(text)
    if nights := re.match(r"nights\s*\(", body):
        inner_end = body.rfind(")")
        outer = compare("nights " + body[inner_end + 1 :].strip())
        if inner_end < nights.end() or outer is None:
            raise ValueError("must read as nights(on_time >= 0.98) >= 0.9 does")
        inner = parse_threshold(body[nights.end() : inner_end], names, start)
        if inner.nights is not None:
            raise ValueError("must not have nights inside nights")
        limit = _limit(outer.limit, _SHARE, start)
        return Threshold(body[: inner_end + 1], outer.operator, limit, nights=inner)
    if parts is None:
        raise ValueError(
            "must compare a metric with a limit by >=, <=, > or <, such as on_time >= 0.98"
        )
    left = parts.left
    if statistic := _STATISTIC.fullmatch(left):
        left = f"{statistic[1]}({statistic[2]})"
    if left not in names:
        if parts.turned:
            raise ValueError(f"must begin with the metric; write the metric first: {parts.turned}")
        hint = did_you_mean(left, names) or "such as on_time, unfinished or p95(order_to_ship)"
        if f"p95({left})" in names:
            hint = f"it differs from order to order: ask for p95({left}) or mean({left})"
        raise ValueError(f"names no metric of this scenario: {left}; {hint}")
    metric = METRICS[names[left]]
    limit = _limit(parts.limit, metric, start)
    return Threshold(left, parts.operator, limit, moment=metric.moment)


def read_thresholds(scenario: Scenario, expressions: Mapping[str, str]) -> dict[str, Threshold]:
    """Parse expressions by name that stand outside the scenario's file.

    Raises
    ------
    ScenarioError
        With every one that is wrong. A problem's path is the name; an expression that is its
        own name is not said again as the value.
    """
    names = metric_names(scenario)
    found: dict[str, Threshold] = {}
    problems = []
    for name, text in expressions.items():
        try:
            if not isinstance(text, str):
                raise ValueError("must be text, such as on_time >= 0.98")
            found[name] = parse_threshold(text, names, scenario.start)
        except ValueError as error:
            rule, _, hint = str(error).partition("; ")
            value = "" if text == name else str(text)
            problems.append(Problem(rule=rule, path=name, value=value, hint=hint))
    if problems:
        raise ScenarioError(problems)
    return found
