"""Rows of a comparison as people read them, on the console and on the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from burstsim.languages import ENGLISH, Words
from burstsim.results.wording import format_interval, format_value, metric_written, written_alike

__all__ = ["change_text", "headlines", "row_text"]

#: Metrics that are told of where they differ; the others are one click, or one file, away.
_HEADLINES = (
    *("orders_shipped", "unfinished", "on_time", "orders_late", "fill_rate", "lost_sales"),
    *("p50(order_to_ship)", "p95(order_to_ship)", "max(order_to_ship)"),
    *("backlog_peak", "backlog_peak_at", "backlog_clear_at", "worker_hours", "penalty_total"),
    *("cost_total", "profit"),
)


def headlines(rows: Iterable[Mapping[str, Any]], ruled: Collection[str]) -> list[Mapping[str, Any]]:
    """Choose what is told of: metrics with a rule, and headlines that differ.

    Parameters
    ----------
    rows
        With ``metric`` and ``difference``.
    ruled
        Metrics that a rule is on.
    """
    order = {name: place for place, name in enumerate(dict.fromkeys([*ruled, *_HEADLINES]))}

    def is_told(row: Mapping[str, Any]) -> bool:
        change = row["difference"]
        differs = not math.isnan(change) and change != 0
        return row["metric"] in ruled or (differs and row["metric"] in order)

    return sorted(filter(is_told, rows), key=lambda row: order[row["metric"]])


def row_text(
    row: Mapping[str, Any],
    starts: tuple[datetime | None, datetime | None],
    words: Words = ENGLISH,
) -> tuple[str, str, str, str]:
    """Write a row: the first side, the other one, the difference, its interval.

    Moments are times of day, and their difference a span.

    Parameters
    ----------
    row
        ``metric unit first second difference low high``; NaN where something is undefined.
    starts
        Moments from which the seconds of either side are counted; None where it is not known.
    words
        The reader's language.

    Examples
    --------
    >>> start = datetime(2026, 11, 10, 20)
    >>> row = {"metric": "backlog_clear_at", "unit": "seconds", "first": 36000.0, "second": 43200.0}
    >>> row_text({**row, "difference": 7200.0, "low": 6600.0, "high": 7800.0}, (start, start))
    ('06:00 next day', '08:00 next day', '+2 h', '+1 h 50 min to +2 h 10 min')
    """
    ends = row["first"], row["second"]
    first, second = (
        metric_written(row["metric"], start, *ends, words=words)(end)
        for start, end in zip(starts, ends, strict=True)
    )
    return first, second, *change_text(row, words)


def change_text(row: Mapping[str, Any], words: Words = ENGLISH) -> tuple[str, str]:
    """Write a difference and its interval, each with its sign.

    Examples
    --------
    >>> row = {"metric": "on_time", "unit": "share", "difference": 0.01, "low": -0.005}
    >>> change_text({**row, "high": 0.025, "first": 0.9, "second": 0.91})
    ('+1.0 points', '-0.5 to +2.5 points')
    """
    signed = _signed(_change_of(row, words))
    change = row["difference"]
    return signed(change), format_interval(change, row["low"], row["high"], signed, words)


def _change_of(row: Mapping[str, Any], words: Words) -> Callable[[float], str]:
    if row["unit"] == "share":  # 10 % more of a share would be something else
        return lambda share: _points(share, words)
    if row["unit"] == "seconds":
        return lambda seconds: format_value(seconds, "seconds", words=words)
    # with the digits of the difference: two large numbers may be close to each other
    return written_alike(row["unit"], row["difference"], row["low"], row["high"], words=words)


def _signed(written: Callable[[float], str]) -> Callable[[float], str]:
    return lambda number: ("+" if number > 0 else "") + written(number)


def _points(share: float, words: Words) -> str:
    if math.isnan(share):
        return format_value(share, "share", words=words)
    return words.say("{share} points", share=f"{share * 100:.1f}")
