"""How long orders take from payment to shipment, with the promise marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.report.blocks import Figure
from burstsim.report.charts.style import Floats, axis, filled, layout_of
from burstsim.results.wording import format_orders, format_value

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["promise_chart"]

_BARS = 48

#: Promises that differ from each other and still can be marked one by one.
_MOST_MARKS = 3

#: Promises that lie closer together than this share of the longest look like one.
_SAME = 0.02

#: A promise so many times as long as the longest span has no place in the picture.
_FAR = 3


def promise_chart(orders: pd.DataFrame) -> Figure | None:
    """Draw the distribution of order to ship, orders in time and late ones apart.

    Parameters
    ----------
    orders
        ``paid shipped due late state …``, see `frames.orders_frame`.
    """
    shipped = orders[(orders["state"] == "shipped") & orders["shipped"].notna()]
    if shipped.empty:
        return None
    hours = (shipped["shipped"] - shipped["paid"]).to_numpy(np.float64) / 3600
    minutes = bool(hours.max() < 2)
    unit, factor = ("min", 60.0) if minutes else ("h", 1.0)
    spans, late = hours * factor, shipped["late"].to_numpy(bool)
    edges = np.linspace(0, float(spans.max()) * 1.0001 or 1.0, _BARS + 1)
    marks, shapes, beyond = _promises(shipped, factor, float(spans.max()))
    data = [
        _bars(spans[~late], edges, "in time" if late.any() or shapes else "shipped", "@blue", unit)
    ]
    if late.any():
        data.append(_bars(spans[late], edges, "late", "@red", unit, pattern="/"))
    median = float(np.quantile(hours, 0.5, method="inverted_cdf"))
    finding = (
        f"Half of the orders that shipped did so within {format_value(median * 3600, 'seconds')}."
    )
    if late.any():
        finding += f" {format_orders(late.sum())} of {len(late):,} shipped late."
    finding += beyond
    promised = (shipped["due"] - shipped["paid"]).to_numpy(np.float64) / 3600
    if (~late & (hours > promised)).any():
        finding += " What is in time beyond its promise was packed in time and waited for a truck."
    waiting = int((orders["state"].isin(["unfinished", "backordered"])).sum())
    if waiting:
        finding += f" Not in the picture: {format_orders(waiting)} not shipped when the run ended."
    layout = layout_of(
        axis(f"from payment to shipped, {unit}", rangemode="tozero"),
        axis("orders", rangemode="tozero"),
        **{"barmode": "stack", "bargap": 0.04, "shapes": shapes, "annotations": marks},
        showlegend=True,
    )
    layout["hovermode"] = "closest"
    if marks:
        layout["margin"]["t"], layout["legend"]["y"] = 30, 1.1
    return Figure(title="From payment to shipped", finding=finding, data=data, layout=layout)


def _bars(
    spans: Floats, edges: Floats, name: str, colour: str, unit: str, pattern: str = ""
) -> dict[str, Any]:
    counts, _ = np.histogram(spans, edges)
    middles = (edges[:-1] + edges[1:]) / 2
    return {
        "type": "bar",
        "x": np.round(middles, 4).tolist(),
        "y": counts.tolist(),
        "width": float(edges[1] - edges[0]) * 0.96,
        "name": name,
        "marker": filled(colour, pattern),
        "hovertemplate": f"about %{{x:.2f}} {unit}: %{{y:,}} orders<extra>{name}</extra>",
    }


def _promises(
    shipped: pd.DataFrame, factor: float, longest: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Mark the promise: a line where there are few of them, a band from first to last else.

    One that lies far beyond everything would squeeze the picture: it is said instead.
    """
    promised = (shipped["due"] - shipped["paid"]).dropna().to_numpy(np.float64) / 3600 * factor
    if len(promised) == 0:
        return [], [], ""
    different = np.unique(np.round(promised, 2)).tolist()
    if different[-1] - different[0] < _SAME * different[-1]:
        different = [float(np.median(promised))]
    if different[0] > _FAR * longest:
        span = format_value(different[0] / factor * 3600, "seconds")
        return [], [], f" The promise, {span}, lies far to the right."
    dashed = {"color": "@ink", "width": 2, "dash": "dash"}
    common = {"yref": "paper", "y0": 0, "y1": 1, "line": dashed}
    if len(different) > _MOST_MARKS:
        band = {**common, "type": "rect", "x0": different[0], "x1": different[-1], "layer": "below"}
        band |= {"fillcolor": "@shade", "line": {"width": 0}}
        return [_mark((different[0] + different[-1]) / 2, "promises")], [band], ""
    return (
        [_mark(at, "promise" if at == different[0] else "") for at in different],
        [{**common, "type": "line", "x0": at, "x1": at} for at in different],
        "",
    )


def _mark(at: float, text: str) -> dict[str, Any]:
    place = {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    return {**place, "text": text}
