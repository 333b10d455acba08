"""How many parcels wait at each zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.style import (
    COLOURS,
    DASHES,
    axis,
    layout_of,
    line,
    moments,
    thin,
    time_axis,
    zone_name,
)
from burstsim.report.safe import labels
from burstsim.results.wording import clock_time

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["queue_chart"]

_MOST_LINES = len(COLOURS)


def queue_chart(timeline: pd.DataFrame, start: datetime, words: Words = ENGLISH) -> Figure | None:
    """Draw the queue of each zone over time; of many zones those with the longest queues.

    Parameters
    ----------
    timeline
        ``time warehouse stage zone waiting busy workers work_left``, see `frames.Minutes.timeline`.
    start
        The scenario's.
    words
        The reader's language.
    """
    several = timeline["warehouse"].nunique() > 1
    keys = ["warehouse", "stage", "zone"]
    zones = {
        zone_name(*map(str, key), several=several): part
        for key, part in timeline.groupby(keys, sort=False, observed=True)
    }
    longest = {name: int(part["waiting"].max()) for name, part in zones.items()}
    shown = sorted((name for name in zones if longest[name]), key=lambda name: -longest[name])
    if not shown:
        return None
    worst = shown[0]
    chosen = set(shown[:_MOST_LINES])
    last = max(float(zones[name].loc[zones[name]["waiting"] > 0, "time"].max()) for name in chosen)
    data: list[dict[str, Any]] = []
    lines = [name for name in zones if name in chosen]  # in the order of the floor
    for name, shown_as in zip(lines, labels(lines), strict=True):
        part = zones[name]
        part = part[part["time"] <= last + 60]
        kept = part.iloc[thin(part["waiting"].to_numpy(np.float64))]
        style = line(COLOURS[len(data)], DASHES[len(data)])
        times = moments(start, kept["time"].to_numpy())
        queue = {"x": times, "y": kept["waiting"].tolist(), "name": shown_as, "line": style}
        data.append({"type": "scatter", "mode": "lines", **queue})
    part = zones[worst]
    at = float(part["time"].iloc[int(part["waiting"].to_numpy().argmax())])
    finding = words.say(
        "Most wait at {zone}: {parcels} parcels at {time}.",
        zone=worst,
        parcels=f"{longest[worst]:,}",
        time=clock_time(start, at, words),
    )
    if len(shown) > _MOST_LINES:
        finding += words.gap + words.say(
            "Of {all} zones the {n} with the longest queues are shown.",
            all=len(shown),
            n=_MOST_LINES,
        )
    y = axis(words.say("parcels waiting"), rangemode="tozero")
    return Figure(
        title=words.say("Queues"),
        finding=finding,
        data=data,
        layout=layout_of(time_axis(words), y, showlegend=True),
    )
