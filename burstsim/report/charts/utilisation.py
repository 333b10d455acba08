"""How busy each zone is over time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.style import axis, layout_of, moments, time_axis, zone_name
from burstsim.report.safe import labels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["utilisation_chart"]

_MOST_COLUMNS, _MOST_ROWS = 72, 30

#: Spans that people read a clock in, in seconds.
_SPANS = (300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


def utilisation_chart(
    timeline: pd.DataFrame, start: datetime, words: Words = ENGLISH
) -> Figure | None:
    """Draw how much of each crew is busy, a row for each zone.

    Where nobody is there, there is no colour.

    Parameters
    ----------
    timeline
        ``time warehouse stage zone waiting busy workers work_left``, see `frames.Minutes.timeline`.
    start
        The scenario's.
    words
        The reader's language.
    """
    staffed = timeline[timeline["workers"] > 0]
    busy = staffed.loc[staffed["busy"] > 0, "time"]
    if busy.empty:
        return None
    staffed = staffed[staffed["time"] <= busy.max()]
    first = float(staffed["time"].min())
    extent = max(float(busy.max()) - first, 60.0)
    span = next((s for s in _SPANS if extent / s <= _MOST_COLUMNS), 86400)
    first = first // span * span
    columns = int((float(busy.max()) - first) // span) + 1
    keys = ["warehouse", "stage", "zone"]
    several = timeline["warehouse"].nunique() > 1
    names, rows = [], []
    for key, part in staffed.groupby(keys, sort=False, observed=True):
        place = ((part["time"].to_numpy() - first) // span).astype(np.intp)
        worked = np.minimum(part["busy"], part["workers"]).to_numpy(np.float64)
        there = np.bincount(place, part["workers"], minlength=columns)
        share = np.bincount(place, worked, minlength=columns) / np.where(there > 0, there, np.nan)
        names.append(zone_name(*map(str, key), several=several))
        rows.append([None if np.isnan(s) else round(float(s) * 100, 1) for s in share])
    full = [sum(s is not None and s >= 99 for s in row) * span / 3600 for row in rows]
    most = int(np.argmax(full))
    beyond = len(names) - _MOST_ROWS
    finding = words.say("No crew is busy throughout for long.")
    if full[most] >= 0.5:
        finding = words.say(
            "{zone} works at its limit for about {hours} h.",
            zone=names[most],
            hours=f"{full[most]:,.1f}",
        )
    finding += words.gap + words.say("The brighter, the busier; gaps: nobody on shift.")
    if beyond > 0:
        busiest = sorted(sorted(range(len(names)), key=lambda row: -full[row])[:_MOST_ROWS])
        names, rows = [names[row] for row in busiest], [rows[row] for row in busiest]
        finding += words.gap + words.say(
            "The {n} busiest of {all} are shown.", n=_MOST_ROWS, all=_MOST_ROWS + beyond
        )
    heat = {
        "type": "heatmap",
        "x": moments(start, [first + (column + 0.5) * span for column in range(columns)]),
        "y": labels(names),
        "z": rows,
        **{"zmin": 0, "zmax": 100, "xgap": 1, "ygap": 2, "colorscale": "Cividis"},
        "colorbar": {"ticksuffix": " %", "thickness": 12, "len": 1},
        "hovertemplate": words.say("%{{x|%a %H:%M}}  %{{y}}: %{{z:.0f}} % busy<extra></extra>"),
        "hoverongaps": False,
    }
    return Figure(
        title=words.say("How busy each crew is"),
        finding=finding,
        data=[heat],
        layout=layout_of(
            time_axis(words, showgrid=False),
            axis("", autorange="reversed", type="category", showgrid=False),
            hovermode="closest",
        ),
        height=130 + 34 * max(len(names), 2),
    )
