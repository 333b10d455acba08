"""Orders in against orders out, and the backlog between them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.style import axis, layout_of, line, moments, thin, time_axis
from burstsim.results.wording import clock_time, format_orders

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flow_chart"]


def flow_chart(flow: pd.DataFrame, start: datetime, words: Words = ENGLISH) -> Figure | None:
    """Draw orders paid and shipped so far over time, and how many are open.

    Parameters
    ----------
    flow
        ``time warehouse placed paid released shipped open``, see `frames.Minutes.flow`.
    start
        The scenario's.
    words
        The reader's language.
    """
    table = flow.groupby("time", sort=True)[["paid", "shipped", "open"]].sum()
    if table.empty or table["paid"].max() == 0:
        return None
    # after the last change there is nothing to see
    moved = np.flatnonzero(np.diff(table.to_numpy(), axis=0, prepend=0).any(axis=1))
    table = table.iloc[: moved[-1] + 2]
    waiting = table["open"].to_numpy(np.float64)
    peak = int(waiting.argmax())
    kept = table.iloc[thin(waiting)]
    times = moments(start, kept.index.to_numpy(np.float64))
    common = {"type": "scatter", "mode": "lines", "x": times}
    data = [
        {
            **common,
            "y": kept["shipped"].tolist(),
            "name": words.say("shipped"),
            "line": line("@green"),
        },
        {
            **{**common, "y": kept["paid"].tolist(), "name": words.say("paid")},
            **{"line": line("@blue", "dash"), "fill": "tonexty", "fillcolor": "@shade"},
        },
        {
            **{**common, "y": kept["open"].tolist(), "name": words.say("open: the backlog")},
            "line": line("@red", "dot"),
        },
    ]
    at = float(table.index[peak])
    finding = words.say(
        "The shaded gap is the backlog: at most {orders} paid and not yet shipped, at {time}.",
        orders=format_orders(waiting[peak], words),
        time=clock_time(start, at, words),
    )
    layout = layout_of(time_axis(words), axis(words.say("orders"), rangemode="tozero"))
    title = words.say("Orders in and orders out")
    return Figure(title=title, finding=finding, data=data, layout=layout, height=380)
