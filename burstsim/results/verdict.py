"""The manager's sentence: what broke, when it is over, and whether that is good enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from burstsim.engine.compile import Model
from burstsim.results.bottleneck import Bottleneck, subject
from burstsim.results.estimates import Check, Estimate
from burstsim.results.giftwords import gifts_short
from burstsim.results.wording import (
    clock_time,
    format_interval,
    format_limit,
    format_orders,
    written_alike,
)
from burstsim.units import SECOND

__all__ = ["sentence", "verdict", "verdict_of", "writing_of"]

#: A backlog that clears within so many seconds of its peak only waited for a truck.
_AT_ONCE = 60.0

#: From so many nights on the sentence says what one night of ten is like.
_TEN_NIGHTS = 10


def sentence(
    model: Model,
    metrics: Mapping[str, Estimate],
    bottleneck: Bottleneck | None,
    checks: Sequence[Check],
    sold_out: Sequence[str] = (),
) -> str:
    """Write the sentence for the top of every output; `sold_out` says what stock ran out."""
    if metrics["orders_placed"].estimate > 0:
        parts = [_course(model, metrics, bottleneck), *_unshipped(metrics["unfinished"])]
        parts += [*gifts_short(model, metrics), *sold_out]
    else:
        parts = ["No orders were placed"]
    if checks:
        parts.append(_judgement(model.scenario.start, checks))
    return "; ".join(parts) + "."


def verdict(checks: Sequence[Check]) -> str:
    """Sum up thresholds; see `verdict_of`."""
    return verdict_of([check.status for check in checks])


def verdict_of(statuses: Sequence[str]) -> str:
    """Sum up: FAIL before INCONCLUSIVE before PASS; ``NONE`` of nothing."""
    return next((s for s in ("FAIL", "INCONCLUSIVE", "PASS") if s in statuses), "NONE")


def _course(model: Model, metrics: Mapping[str, Estimate], bottleneck: Bottleneck | None) -> str:
    """Say how high the backlog climbs, and when it is gone."""
    at = clock_time(model.scenario.start, metrics["backlog_peak_at"].estimate)
    peak = f"backlog peaks at {format_orders(metrics['backlog_peak'].estimate)} at {at}"
    cleared = _cleared(model, metrics["backlog_clear_at"])
    cut_short = metrics["backlog_clear_at"].estimate - metrics["backlog_peak_at"].estimate
    if cut_short < _AT_ONCE and any(carriers.each for carriers in model.carriers):
        # nothing waits at a stage any more: what is open stands packed at the dock
        cleared = "goes with the trucks"
    if bottleneck is None:
        return f"No stage holds orders up: {peak} and {cleared}"
    return f"{subject(bottleneck)}: {peak} and {cleared}"


def _cleared(model: Model, clear: Estimate) -> str:
    start, end = model.scenario.start, model.end / SECOND
    nights = sorted(clear.values)
    # waiting that outlasts the run is counted until its end, and nothing else ends there
    never = sum(night == end for night in nights)
    if never:
        some = "" if never == len(nights) else f" in {never} of {len(nights)} nights"
        return f"is not cleared{some} when the run ends at {clock_time(start, end)}"
    text = f"clears {clock_time(start, clear.estimate)}"
    if len(nights) >= _TEN_NIGHTS:
        late = clock_time(start, nights[len(nights) * 9 // 10])
        if late != clock_time(start, clear.estimate):
            text += f", in one night of ten not before {late}"
    return text


def _unshipped(unfinished: Estimate) -> list[str]:
    if not unfinished.estimate > 0:
        return []
    average = "on average " if unfinished.n > 1 else ""
    orders = format_orders(unfinished.estimate)
    are = "is" if orders.endswith("order") else "are"
    return [f"{average}{orders} {are} left unshipped"]


def _judgement(start: datetime, checks: Sequence[Check]) -> str:
    """Say how the threshold stands that stands worst, and how many stand like it."""
    status = verdict(checks)
    alike = [check for check in checks if check.status == status]
    worst = alike[0]
    text = f"{_finding(start, worst)}, needs {_needs(start, worst)}: {status}"
    if status == "INCONCLUSIVE":
        text += f", {_doubt(worst)}"
    if len(checks) > 1:
        one = len(alike) == 1
        those = f"{len(alike)} of {len(checks)}"
        if len(alike) == len(checks):
            those = "both" if len(checks) == 2 else f"all {len(checks)}"
        verb = {
            "FAIL": "fails" if one else "fail",
            "INCONCLUSIVE": "is open" if one else "are open",
            "PASS": "hold",
        }
        text += f" ({those} thresholds {verb[status]})"
    return text


def writing_of(start: datetime, check: Check) -> Callable[[float], str]:
    """Choose how the numbers of a threshold are written: as moments, or by their unit."""
    if check.threshold.moment:
        return lambda number: clock_time(start, number)
    return written_alike(check.unit, check.estimate, check.low, check.high)


def _limit(start: datetime, check: Check) -> str:
    limit = check.threshold.limit
    if check.threshold.moment:
        return clock_time(start, limit)
    return format_limit(limit, check.unit)


def _finding(start: datetime, check: Check) -> str:
    """Say what was found, such as ``97.1 % on time (96.8 to 97.4 %)``."""
    written = writing_of(start, check)
    value = written(check.estimate)
    limit = check.threshold.limit
    # written alike but not equal: 51.97 % where 52 % is needed
    alike = value.replace(".0 %", " %") == _limit(start, check)
    if check.estimate != limit and alike:
        above, below = ("after", "before") if check.threshold.moment else ("above", "below")
        value = f"just {above if check.estimate > limit else below} {value}"
    if check.at_least:
        value = f"{'not before' if check.threshold.moment else 'at least'} {value}"
    interval = format_interval(check.estimate, check.low, check.high, written)
    if interval and check.threshold.nights is not None:
        interval = f"95 % bounds {interval}"
    return _said(check, value) + (f" ({interval})" if interval else "")


def _said(check: Check, value: str) -> str:
    metric = check.threshold.metric
    if check.threshold.nights is not None:
        inner = metric[metric.index("(") + 1 : -1].strip()
        return f"{inner} in {value} of nights"
    if metric == "on_time":
        return f"{value} on time"
    statistic, _, of = metric.partition("(")
    if of == "order_to_ship)" and statistic.startswith("p"):
        return f"{statistic[1:]} % of orders ship within {value}"
    return f"{metric} is {value}"


def _needs(start: datetime, check: Check) -> str:
    words = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
    if check.threshold.moment:
        words = {"<=": "at the latest", ">=": "at the earliest", "<": "before", ">": "after"}
    return f"{words[check.threshold.operator]} {_limit(start, check)}"


def _doubt(check: Check) -> str:
    """Say why it cannot be told, and so what would help."""
    if check.n == 0:
        return "there is nothing to measure"
    if check.at_least:
        return "unfinished orders may take longer"
    if check.n == 1:
        return "one replication cannot tell"
    return "more replications are needed to tell"
