"""Numbers of a run folder as people read them: metrics and thresholds in tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from burstsim.languages import Words
from burstsim.report.blocks import Table
from burstsim.report.charts.bars import Bar
from burstsim.report.folder import RunFolder
from burstsim.results.naming import key_of, metric_label
from burstsim.results.wording import (
    at_least_mark,
    clock_time,
    format_interval,
    written_alike,
)
from burstsim.scenario.metrics import METRICS, Metric
from burstsim.scenario.thresholds import Threshold, parse_threshold

__all__ = ["bars_of", "metric_table", "number", "threshold_table"]


def number(value: float | None) -> float:
    """Read a number of the summary; what is undefined is NaN."""
    return math.nan if value is None else float(value)


def metric_table(run: RunFolder, names: list[str]) -> Table:
    """List metrics with their intervals."""
    several, words = run.summary["replications"] > 1, run.words
    headers = [words.say("metric"), words.say("mean" if several else "value")]
    headers += [words.say("95 % interval of the mean")] if several else []
    rows = []
    for name in names:
        found = run.metrics[name]
        key = key_of(name)
        written = _writing(run, found, METRICS[key] if key else None)
        cells = [metric_label(name, key, words), _estimate(found, written)]
        if several:
            cells.append(_interval(found, written, words))
        rows.append(cells)
    return Table(headers=headers, rows=rows, numbers=frozenset({1, 2}))


def threshold_table(run: RunFolder) -> Table | None:
    """List thresholds with what was found, its interval, and whether that is good enough."""
    thresholds: dict[str, dict[str, Any]] = run.summary["thresholds"]
    if not thresholds:
        return None
    several, words = run.summary["replications"] > 1, run.words
    rows = []
    for name, found in thresholds.items():
        written = _writing_of_threshold(run, found)
        interval = _interval(found, written, words)
        if interval and "one-sided" in str(found.get("interval")):
            interval = words.say("{interval} (95 % bounds)", interval=interval)
        expr = str(found["expr"])
        at_least = run.metrics.get(_metric_of(run, expr), {}).get("at_least", False)
        rows.append(
            [
                *([str(found["status"])]),
                expr if name == expr else f"{name}: {expr}",
                _estimate({**found, "at_least": at_least}, written),
                *([interval] if several else []),
            ]
        )
    headers = [words.say("verdict"), words.say("threshold"), words.say("found")]
    headers += [words.say("95 % interval")] if several else []
    return Table(headers=headers, rows=rows, numbers=frozenset({2, 3}), verdict=0)


def bars_of(run: RunFolder, names: dict[str, str]) -> list[Bar]:
    """Give the metrics of some names as bars, by what each is called."""
    return [
        Bar(
            name=called,
            estimate=number(found["estimate"]),
            low=number(found["low"]),
            high=number(found["high"]),
        )
        for name, called in names.items()
        if (found := run.metrics.get(name)) and found["estimate"] is not None
    ]


def _estimate(found: dict[str, Any], written: Callable[[float], str]) -> str:
    return at_least_mark(found.get("at_least")) + written(number(found["estimate"]))


def _interval(found: dict[str, Any], written: Callable[[float], str], words: Words) -> str:
    value, low, high = (number(found[end]) for end in ("estimate", "low", "high"))
    return format_interval(value, low, high, written, words)


def _writing(
    run: RunFolder, found: dict[str, Any], metric: Metric | None
) -> Callable[[float], str]:
    if metric is not None and metric.moment:
        return lambda seconds: clock_time(run.start, seconds, run.words)
    ends = (number(found[end]) for end in ("estimate", "low", "high"))
    return written_alike(str(found.get("unit", "")), *ends, words=run.words)


def _threshold(run: RunFolder, expr: str) -> Threshold | None:
    names = {name: key for name in run.metrics if (key := key_of(name))}
    try:
        return parse_threshold(expr, names, run.start)
    except ValueError:  # of a version that knows other metrics
        return None


def _metric_of(run: RunFolder, expr: str) -> str:
    threshold = _threshold(run, expr)
    return "" if threshold is None else threshold.metric


def _writing_of_threshold(run: RunFolder, found: dict[str, Any]) -> Callable[[float], str]:
    threshold = _threshold(run, str(found["expr"]))
    if threshold is not None and threshold.moment:
        return lambda seconds: clock_time(run.start, seconds, run.words)
    unit = str(run.metrics.get(threshold.metric, {}).get("unit", "")) if threshold else ""
    if threshold is not None and threshold.nights is not None:
        unit = "share"
    ends = (number(found[end]) for end in ("estimate", "low", "high"))
    return written_alike(unit, *ends, words=run.words)
