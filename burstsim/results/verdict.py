"""The manager's sentence: what broke, when it is over, and whether that is good enough."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from burstsim.engine.compile import Model
from burstsim.results.estimates import Check, Estimate

__all__ = ["Bottleneck", "clock_time", "find_bottleneck", "sentence", "verdict"]

#: A mean wait (seconds) that nobody would call a queue.
_NO_WAIT = 1.0

Bottleneck = dict[str, object]


def find_bottleneck(model: Model, metrics: Mapping[str, Estimate]) -> Bottleneck | None:
    """Find the zone where orders wait longest on average, or None where nobody waits.

    Returns
    -------
    dict or None
        ``warehouse stage mean_wait utilisation why``; the wait in seconds.
    """
    waits = [metrics[f"mean(wait.{zone.path})"].estimate for zone in model.zones]
    waits = [0.0 if math.isnan(wait) else wait for wait in waits]
    longest = max(waits)
    if longest <= _NO_WAIT:
        return None
    zone = model.zones[waits.index(longest)]
    share = longest / sum(waits)
    return {
        "warehouse": zone.warehouse,
        "stage": zone.stage,
        "mean_wait": longest,
        "utilisation": metrics[f"utilisation.{zone.path}"].estimate,
        "why": f"{share:.0%} of all waiting on the floor is at {zone.path}",
    }


def clock_time(start: datetime, seconds: float) -> str:
    """Say a moment as people do: 21:35, next day 13:10, or a weekday-free date further on.

    Examples
    --------
    >>> clock_time(datetime(2026, 11, 10, 20), 5700), clock_time(datetime(2026, 11, 10, 20), 61800)
    ('21:35', '13:10 next day')
    """
    moment = start + timedelta(seconds=seconds)
    days = (moment.date() - start.date()).days
    text = f"{moment:%H:%M}"
    if days == 0:
        return text
    return f"{text} next day" if days == 1 else f"{text} on {moment:%d %b}"


def sentence(
    model: Model,
    metrics: Mapping[str, Estimate],
    bottleneck: Bottleneck | None,
    checks: Sequence[Check],
) -> str:
    """Write the sentence for the top of every output."""
    start = model.scenario.start
    if not metrics["orders_placed"].estimate > 0:
        return "No orders were placed."
    clear = metrics["backlog_clear_at"]
    peak = f"{metrics['backlog_peak'].estimate:,.0f} orders"
    peak_at = clock_time(start, metrics["backlog_peak_at"].estimate)
    cleared = (
        f"is not cleared when the run ends at {clock_time(start, model.end / 1e6)}"
        if clear.at_least
        else f"clears {clock_time(start, clear.estimate)}"
    )
    if bottleneck is None:
        text = f"No stage holds orders up: backlog peaks at {peak} at {peak_at}"
    else:
        place = f"{str(bottleneck['stage']).capitalize()} at {bottleneck['warehouse']}"
        text = f"{place} is the bottleneck: backlog peaks at {peak} at {peak_at} and {cleared}"
    if metrics["unfinished"].estimate >= 0.5:
        text += f"; {metrics['unfinished'].estimate:,.0f} orders are left unshipped"
    if checks:
        text += f"; {_worst(checks)}"
    return text + "."


def verdict(checks: Sequence[Check]) -> str:
    """Sum up: FAIL before INCONCLUSIVE before PASS; ``NONE`` without thresholds."""
    statuses = {check.status for check in checks}
    for status in ("FAIL", "INCONCLUSIVE", "PASS"):
        if status in statuses:
            return status
    return "NONE"


def _worst(checks: Sequence[Check]) -> str:
    rank = {"FAIL": 0, "INCONCLUSIVE": 1, "PASS": 2}
    check = min(checks, key=lambda c: rank[c.status])
    others = sum(c.status == check.status for c in checks) - 1
    more = f" (and {others} more)" if others and check.status != "PASS" else ""
    spread = "" if check.low != check.low else f" ({_range(check)})"
    value = format_value(check.estimate, _unit(check))
    return f"{_subject(check)} {value}{spread}, needs {_needs(check)}: {check.status}{more}"


def _unit(check: Check) -> str:
    from burstsim.scenario.metrics import METRICS

    if check.threshold.nights is not None:
        return "share"
    bare = check.threshold.metric
    inner = bare[bare.index("(") + 1 : -1] if "(" in bare else bare
    for key, metric in METRICS.items():
        if inner.split(".")[0] == key.split(".")[0]:
            return metric.unit
    return ""


def _subject(check: Check) -> str:
    return "on time" if check.threshold.metric == "on_time" else check.threshold.metric


def _needs(check: Check) -> str:
    words = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
    limit = format_value(check.threshold.limit, _unit(check))
    return f"{words[check.threshold.operator]} {limit}"


def _range(check: Check) -> str:
    unit = _unit(check)
    return f"{format_value(check.low, unit)} to {format_value(check.high, unit)}"


def format_value(value: float, unit: str) -> str:
    """Write a number the way its unit is read.

    Examples
    --------
    >>> format_value(0.9713, "share"), format_value(5400, "seconds"), format_value(41200, "orders")
    ('97.1 %', '1 h 30 min', '41,200')
    """
    if value != value:
        return "n/a"
    if unit == "share":
        return f"{value * 100:.1f} %"
    if unit == "seconds":
        return _span(value)
    if unit == "hours":
        return f"{value:,.1f} h"
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 1000 else f"{value:,.1f}"


def _span(seconds: float) -> str:
    if seconds < 0:
        return "-" + _span(-seconds)
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{seconds / 60:.1f} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours >= 72:
        return f"{seconds / 86400:.1f} d"
    return f"{hours} h {minutes:02d} min"
