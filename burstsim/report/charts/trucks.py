"""What trucks carried, and what they left behind."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from burstsim.report.blocks import Figure
from burstsim.report.charts.style import axis, filled, layout_of, moments, time_axis

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["truck_chart"]


def truck_chart(trucks: pd.DataFrame, start: datetime) -> Figure | None:
    """Draw the load of each pickup against what the truck can carry.

    Parameters
    ----------
    trucks
        ``time capacity loaded left``: parcels that a pickup could take, took and left behind; a
        capacity that is missing has no bound. Without these columns there is no picture.
    start
        The scenario's.
    """
    if trucks.empty or not {"time", "loaded", "left"} <= set(trucks.columns):
        return None
    table = trucks.groupby("time", sort=True)[["loaded", "left"]].sum()
    times = moments(start, table.index.to_numpy())
    common = {"type": "bar", "x": times}
    loaded = {"y": table["loaded"].tolist(), "name": "taken", "marker": {"color": "@blue"}}
    marker = filled("@red", "/")
    data = [
        {**common, **loaded},
        {**common, "y": table["left"].tolist(), "name": "left behind", "marker": marker},
    ]
    behind = int((table["left"] > 0).sum())
    finding = f"{len(table):,} pickups took {int(table['loaded'].sum()):,} parcels"
    finding += f"; {behind} of them left some behind." if behind else " and left none behind."
    return Figure(
        title="Trucks",
        finding=finding,
        data=data,
        layout=layout_of(
            time_axis(),
            axis("parcels", rangemode="tozero"),
            **{"barmode": "stack", "showlegend": True},
        ),
    )
