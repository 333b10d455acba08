"""How the stock of SKUs that ran out ran down."""

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
)
from burstsim.report.safe import labels
from burstsim.results.wording import clock_time

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["stock_chart"]

_MOST_LINES = len(COLOURS)


def stock_chart(stock: pd.DataFrame, start: datetime, words: Words = ENGLISH) -> Figure | None:
    """Draw how much is left of each SKU that ran out, as a share of the most there was.

    Parameters
    ----------
    stock
        ``time sku left``, SKUs in the order in which they ran out, see `stockframes.stock_frame`.
    start
        The scenario's.
    words
        The reader's language.
    """
    if stock.empty:
        return None
    data: list[dict[str, Any]] = []
    said = []
    groups = list(stock.groupby("sku", sort=False, observed=True))
    # some room behind the last change, or the line that has come to 0 would not be seen
    first, last = float(stock["time"].min()), float(stock["time"].max())
    end = last + 0.08 * (last - first)
    shown = groups[:_MOST_LINES]
    names = labels([str(sku) for sku, _ in shown])
    for (sku, part), name in zip(shown, names, strict=True):
        left = part["left"].to_numpy(np.float64)
        empty = float(part["time"].iloc[int((left <= 0).argmax())])
        said.append(
            words.say("{sku} at {time}", sku=str(sku), time=clock_time(start, empty, words))
        )
        most = max(float(left.max()), 1.0)
        kept = thin(left)
        # a step holds until the next one, and the last until the end of the picture
        times = [*part["time"].iloc[kept], end]
        pieces = [*left[kept].tolist(), float(left[-1])]
        shape = {**line(COLOURS[len(data)], DASHES[len(data)]), "shape": "hv"}
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": moments(start, times),
                "y": [round(count / most * 100, 2) for count in pieces],
                "customdata": pieces,
                "name": name,
                "line": shape,
                "hovertemplate": words.say("%{{customdata:,}} left"),
            }
        )
    finding = words.say("Nothing was left of {skus}.", skus=words.listed(said[:3]))
    if len(groups) > 3:
        finding = words.say(
            "Nothing was left of {skus} and {n} more SKUs.",
            skus=words.listed(said[:3]),
            n=len(groups) - 3,
        )
    if len(groups) > _MOST_LINES:
        finding += words.gap + words.say("The {n} that ran out first are shown.", n=_MOST_LINES)
    return Figure(
        title=words.say("Stock that ran out"),
        finding=finding,
        data=data,
        layout=layout_of(
            time_axis(words),
            axis(words.say("% left"), rangemode="tozero"),
            showlegend=True,
        ),
    )
