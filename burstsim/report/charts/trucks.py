"""What trucks carried, and what they left behind."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.style import axis, filled, layout_of, moments, time_axis

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["truck_chart"]


def truck_chart(trucks: pd.DataFrame, start: datetime, words: Words = ENGLISH) -> Figure | None:
    """Draw the load of the pickups of each moment against what the trucks can carry.

    Parameters
    ----------
    trucks
        ``time warehouse carrier capacity loaded left_behind``, a row for each pickup; a capacity
        that is missing has no bound. Without these columns there is no picture.
    start
        The scenario's.
    words
        The reader's language.
    """
    if not {"time", "capacity", "loaded", "left_behind"} <= set(trucks.columns):
        return None
    came = trucks[(trucks["loaded"] > 0) | (trucks["left_behind"] > 0)]
    if came.empty:
        return None
    moment = came.groupby("time", sort=True)
    table = moment[["loaded", "left_behind"]].sum()
    # of several trucks at once one without a bound can carry everything
    room = moment["capacity"].agg(lambda sizes: sizes.sum(skipna=False))
    times = moments(start, table.index.to_numpy())
    taken = {"y": table["loaded"].tolist(), "name": words.say("taken"), "marker": filled("@blue")}
    left = {"y": table["left_behind"].tolist(), "name": words.say("left behind")}
    data: list[dict[str, Any]] = [
        {"type": "bar", "x": times, **taken},
        {"type": "bar", "x": times, **left, "marker": filled("@red", "/")},
    ]
    if room.notna().any():
        dash = {"symbol": "line-ew-open", "size": 22, "color": "@ink", "line": {"width": 2}}
        sizes = [None if size != size else float(size) for size in room]
        mark = {"mode": "markers", "x": times, "y": sizes, "marker": dash}
        data.append({"type": "scatter", **mark, "name": words.say("room on the trucks")})
    behind = int((came["left_behind"] > 0).sum())
    took = {"pickups": f"{len(came):,}", "parcels": f"{int(came['loaded'].sum()):,}"}
    finding = words.say("{pickups} pickups took {parcels} parcels and left none behind.", **took)
    if behind:
        finding = words.say(
            "{pickups} pickups took {parcels} parcels; {n} of them left some behind.",
            n=f"{behind:,}",
            **took,
        )
    layout = layout_of(
        time_axis(words),
        axis(words.say("parcels"), rangemode="tozero"),
        **{"barmode": "stack", "showlegend": True},
    )
    return Figure(title=words.say("Trucks"), finding=finding, data=data, layout=layout)
