"""Lying bars with an interval: one row for each name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from burstsim.report.charts.style import axis, filled, layout_of
from burstsim.report.safe import labels

__all__ = ["Bar", "bar_height", "bar_layout", "bar_trace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A name with an estimate; low and high are NaN where there is no interval."""

    name: str
    estimate: float
    low: float
    high: float


def bar_trace(bars: Sequence[Bar], name: str, colour: str, pattern: str = "") -> dict[str, Any]:
    """Describe a row of bars, their intervals as whiskers."""
    known = [not math.isnan(bar.low) and not math.isnan(bar.high) for bar in bars]
    pairs = list(zip(bars, known, strict=True))
    above = [bar.high - bar.estimate if there else 0.0 for bar, there in pairs]
    below = [bar.estimate - bar.low if there else 0.0 for bar, there in pairs]
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": labels([bar.name for bar in bars]),
        "x": [bar.estimate for bar in bars],
        "name": name,
        "marker": filled(colour, pattern),
        "hovertemplate": "%{y}: %{x:,.1f}<extra>" + name + "</extra>",
    }
    if any(above) or any(below):
        whiskers = {"type": "data", "symmetric": False, "array": above, "arrayminus": below}
        trace["error_x"] = {**whiskers, "color": "@ink", "thickness": 1.2, "width": 3}
    return trace


def bar_layout(title: str, **more: Any) -> dict[str, Any]:
    """Describe the axes of lying bars, first name on top."""
    layout = layout_of(
        axis(title, rangemode="tozero"),
        axis("", autorange="reversed", type="category", showgrid=False),
        bargap=0.25,
        **more,
    )
    layout["hovermode"] = "closest"
    return layout


def bar_height(rows: int) -> int:
    """Give each row room for its name."""
    return 110 + 34 * max(rows, 2)
