"""Thresholds: ``p95(order_to_ship) <= 24h``, parsed and never evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from burstsim.errors import did_you_mean
from burstsim.scenario.metrics import METRICS
from burstsim.units import HOUR, SECOND, parse_duration

__all__ = ["Threshold", "parse_threshold"]

_COMPARISON = re.compile(r"(?P<left>.+?)\s*(?P<operator>>=|<=|>|<)\s*(?P<limit>[^<>=]+)")
_LONGEST = 500
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
    """

    metric: str
    operator: str
    limit: float
    nights: Threshold | None = None

    def holds(self, value: float) -> bool:
        """Whether one value keeps the limit."""
        if self.operator == ">=":
            return value >= self.limit
        if self.operator == "<=":
            return value <= self.limit
        return value > self.limit if self.operator == ">" else value < self.limit


def _limit(text: str, unit: str) -> float:
    """Read a limit in the metric's unit; spans of time need one of their own."""
    body = text.strip()
    if unit in ("seconds", "hours") and not re.fullmatch(r"-?[\d.]+", body):
        return parse_duration(body) / (SECOND if unit == "seconds" else HOUR)
    percent = unit == "share" and body.endswith("%")
    try:
        number = float(body.removesuffix("%") if percent else body)
    except ValueError:
        wanted = {"seconds": "a duration such as 24h", "share": "a share such as 0.98 or 98%"}
        raise ValueError(f"must compare with {wanted.get(unit, 'a number')}") from None
    if unit == "seconds" and number != 0:
        raise ValueError(f"must compare with a duration; did you mean {body}s or {body}h?")
    if not abs(number) < 1e15:
        raise ValueError("must compare with a number of ordinary size")
    number = number / 100 if percent else number
    if unit == "share" and not 0 <= number <= 1:
        hint = f"; did you mean {body}%?" if 1 < number <= 100 and not percent else ""
        raise ValueError(f"must compare with a share from 0 to 1, or 0% to 100%{hint}")
    return number


def parse_threshold(text: str, names: Mapping[str, str]) -> Threshold:
    """Parse ``METRIC OPERATOR LIMIT`` or ``nights(METRIC OPERATOR LIMIT) OPERATOR SHARE``.

    Parameters
    ----------
    text
        The expression.
    names
        The scenario's metric names (`burstsim.scenario.metrics.metric_names`).

    Raises
    ------
    ValueError
        Saying which part is wrong, with a suggestion where there is one.

    Examples
    --------
    >>> parse_threshold("p95(order_to_ship) <= 24h", {"p95(order_to_ship)": "order_to_ship"})
    Threshold(metric='p95(order_to_ship)', operator='<=', limit=86400.0, nights=None)
    """
    if len(text) > _LONGEST:
        raise ValueError(f"must have at most {_LONGEST} characters")
    body = text.strip()
    if sign := re.search("≥|≤|=>|=<|==|!=", body):
        better = {"≥": ">=", "=>": ">=", "≤": "<=", "=<": "<="}.get(sign[0], ">= or <=")
        raise ValueError(f"must compare by >=, <=, > or <; write {better} instead of {sign[0]}")
    if nights := re.match(r"nights\s*\(", body):
        inner_end = body.rfind(")")
        outer = _COMPARISON.fullmatch("nights " + body[inner_end + 1 :].strip())
        if inner_end < nights.end() or outer is None:
            raise ValueError("must read as nights(on_time >= 0.98) >= 0.9 does")
        inner = parse_threshold(body[nights.end() : inner_end], names)
        if inner.nights is not None:
            raise ValueError("must not have nights inside nights")
        limit = _limit(outer["limit"], "share")
        return Threshold(body[: inner_end + 1], outer["operator"], limit, nights=inner)
    match = _COMPARISON.fullmatch(body)
    if match is None:
        raise ValueError(
            "must compare a metric with a limit by >=, <=, > or <, such as on_time >= 0.98"
        )
    left = match["left"].strip()
    if statistic := _STATISTIC.fullmatch(left):
        left = f"{statistic[1]}({statistic[2]})"
    if left not in names:
        hint = did_you_mean(left, names)
        if f"p95({left})" in names:
            hint = f"it differs from order to order: ask for p95({left}) or mean({left})"
        raise ValueError(f"names no metric of this scenario: {left}; {hint}")
    return Threshold(left, match["operator"], _limit(match["limit"], METRICS[names[left]].unit))
