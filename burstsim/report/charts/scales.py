"""Axes of metrics: seconds as hours or minutes, shares in per cent, moments from the start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from burstsim.languages import ENGLISH, Words
from burstsim.report.charts.style import axis
from burstsim.report.safe import label
from burstsim.results.naming import called, key_of, metric_label
from burstsim.scenario.metrics import METRICS

__all__ = ["PLAIN", "Scale", "Telling", "scale_of"]

_HOUR, _MINUTE = 3600.0, 60.0

#: From so many of the smaller unit on the larger one is read more easily.
_MANY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How numbers are told.

    Parameters
    ----------
    start
        Moment from which seconds are counted, for moments; None where it is not known.
    words
        The reader's language.
    """

    start: datetime | None = None
    words: Words = ENGLISH


PLAIN = Telling()


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


def scale_of(metric: str, told: Telling, numbers: Iterable[float]) -> Scale:
    """Choose the unit in which a metric is drawn.

    Parameters
    ----------
    metric
        Its full name, as thresholds have it.
    told
        How its numbers are told.
    numbers
        That are drawn, in the metric's own unit; NaN where there is none.

    Examples
    --------
    >>> scale_of("p95(order_to_ship)", PLAIN, [5400.0, 9000.0])
    Scale(title='p95(order_to_ship), h', per=3600.0, tickformat='')
    >>> scale_of("on_time", PLAIN, [0.5]).tickformat
    '.4~p'
    """
    words, key = told.words, key_of(metric)
    name = label(metric_label(metric, key, words), 40)
    unit = METRICS[key].unit if key else ""
    if unit == "share" or metric.startswith("nights"):
        return Scale(title=name, tickformat=".4~p")
    if unit != "seconds":
        if unit in ("", "money"):
            return Scale(title=name)
        with_unit = words.say("{name}, {unit}", name=name, unit=called(unit, words))
        return Scale(title=with_unit)
    if key and METRICS[key].moment:
        since = f"{told.start:%H:%M}" if told.start else words.say("start")
        hours = words.say("{name}, hours after {time}", name=name, time=since)
        return Scale(title=hours, per=_HOUR)
    most = max((abs(number) for number in numbers if number == number), default=0.0)
    per, shown = 1.0, words.say("s")
    if most >= _MANY * _HOUR:
        per, shown = _HOUR, words.say("h")
    elif most >= _MANY * _MINUTE:
        per, shown = _MINUTE, words.say("min")
    with_unit = words.say("{name}, {unit}", name=name, unit=shown)
    return Scale(title=with_unit, per=per)
