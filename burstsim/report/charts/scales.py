"""Axes of metrics: seconds as hours or minutes, shares in per cent, moments from the start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from burstsim.report.charts.style import axis
from burstsim.report.safe import label
from burstsim.results.naming import key_of
from burstsim.scenario.metrics import METRICS

__all__ = ["Scale", "scale_of"]

_HOUR, _MINUTE = 3600.0, 60.0

#: From so many of the smaller unit on the larger one is read more easily.
_MANY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How numbers of a metric are laid out along an axis.

    Parameters
    ----------
    title
        Of the axis.
    per
        How much of the metric's own unit one of the axis is: 3600 for hours.
    tickformat
        Plotly's (d3's) format of the numbers; empty for its own choice.
    """

    title: str
    per: float = 1.0
    tickformat: str = ""

    def axis(self, **more: Any) -> dict[str, Any]:
        """Describe the axis."""
        shown = {"tickformat": self.tickformat} if self.tickformat else {}
        return axis(self.title, **shown, **more)


def scale_of(metric: str, start: datetime | None, numbers: Iterable[float]) -> Scale:
    """Choose the unit in which a metric is drawn.

    Parameters
    ----------
    metric
        Its full name, as thresholds have it.
    start
        Moment from which its seconds are counted, for moments; None where it is not known.
    numbers
        That are drawn, in the metric's own unit; NaN where there is none.

    Examples
    --------
    >>> scale_of("p95(order_to_ship)", None, [5400.0, 9000.0])
    Scale(title='p95(order_to_ship), h', per=3600.0, tickformat='')
    >>> scale_of("on_time", None, [0.5]).tickformat
    '.4~p'
    """
    name, key = label(metric, 40), key_of(metric)
    unit = METRICS[key].unit if key else ""
    if unit == "share" or metric.startswith("nights"):
        return Scale(title=name, tickformat=".4~p")
    if unit != "seconds":
        return Scale(title=f"{name}, {unit}" if unit and unit != "money" else name)
    if key and METRICS[key].moment:
        since = f"{start:%H:%M}" if start else "start"
        return Scale(title=f"{name}, hours after {since}", per=_HOUR)
    most = max((abs(number) for number in numbers if number == number), default=0.0)
    if most >= _MANY * _HOUR:
        return Scale(title=f"{name}, h", per=_HOUR)
    if most >= _MANY * _MINUTE:
        return Scale(title=f"{name}, min", per=_MINUTE)
    return Scale(title=f"{name}, s")
