"""How long orders take from payment to shipment, with the promise marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.languages import ENGLISH, Words
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


def promise_chart(orders: pd.DataFrame, words: Words = ENGLISH) -> Figure | None:
    """Draw the distribution of order to ship, orders in time and late ones apart.

    Parameters
    ----------
    orders
        ``paid shipped due late state …``, see `rowtables.order_rows`.
    words
        The reader's language.
    """
    shipped = orders[(orders["state"] == "shipped") & orders["shipped"].notna()]
    if shipped.empty:
        return None
    hours = (shipped["shipped"] - shipped["paid"]).to_numpy(np.float64) / 3600
    minutes = bool(hours.max() < 2)
    unit, factor = (words.say("min"), 60.0) if minutes else (words.say("h"), 1.0)
    about = words.say("about %{{x:.2f}} {unit}: %{{y:,}} orders", unit=unit)
    spans, late = hours * factor, shipped["late"].to_numpy(bool)
    edges = np.linspace(0, float(spans.max()) * 1.0001 or 1.0, _BARS + 1)
    marks, shapes, beyond = _promises(shipped, factor, float(spans.max()), words)
    name = words.say("in time" if late.any() or shapes else "shipped")
    data = [_bars(spans[~late], edges, name, about, filled("@blue"))]
    if late.any():
        data.append(_bars(spans[late], edges, words.say("late"), about, filled("@red", "/")))
    median = float(np.quantile(hours, 0.5, method="inverted_cdf"))
    findings = [
        words.say(
            "Half of the orders that shipped did so within {span}.",
            span=format_value(median * 3600, "seconds", words=words),
        )
    ]
    if late.any():
        findings.append(
            words.say(
                "{orders} of {all} shipped late.",
                orders=format_orders(late.sum(), words),
                all=f"{len(late):,}",
            )
        )
    findings += beyond
    promised = (shipped["due"] - shipped["paid"]).to_numpy(np.float64) / 3600
    if (~late & (hours > promised)).any():
        findings.append(
            words.say(
                "What is in time beyond its promise was packed in time and waited for a truck."
            )
        )
    waiting = int((orders["state"].isin(["unfinished", "backordered"])).sum())
    if waiting:
        findings.append(
            words.say(
                "Not in the picture: {orders} not shipped when the run ended.",
                orders=format_orders(waiting, words),
            )
        )
    finding = words.gap.join(findings)
    layout = layout_of(
        axis(words.say("from payment to shipped, {unit}", unit=unit), rangemode="tozero"),
        axis(words.say("orders"), rangemode="tozero"),
        **{"barmode": "stack", "bargap": 0.04, "shapes": shapes, "annotations": marks},
        showlegend=True,
    )
    layout["hovermode"] = "closest"
    if marks:
        layout["margin"]["t"], layout["legend"]["y"] = 30, 1.1
    title = words.say("From payment to shipped")
    return Figure(title=title, finding=finding, data=data, layout=layout)


def _bars(
    spans: Floats, edges: Floats, name: str, about: str, marker: dict[str, Any]
) -> dict[str, Any]:
    counts, _ = np.histogram(spans, edges)
    middles = (edges[:-1] + edges[1:]) / 2
    return {
        "type": "bar",
        "x": np.round(middles, 4).tolist(),
        "y": counts.tolist(),
        "width": float(edges[1] - edges[0]) * 0.96,
        "name": name,
        "marker": marker,
        "hovertemplate": f"{about}<extra>{name}</extra>",
    }


def _promises(
    shipped: pd.DataFrame, factor: float, longest: float, words: Words
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
    """Mark the promise: a line where there are few of them, a band from first to last else.

    One that lies far beyond everything would squeeze the picture: it is said instead.
    """
    promised = (shipped["due"] - shipped["paid"]).dropna().to_numpy(np.float64) / 3600 * factor
    if len(promised) == 0:
        return [], [], []
    different = np.unique(np.round(promised, 2)).tolist()
    if different[-1] - different[0] < _SAME * different[-1]:
        different = [float(np.median(promised))]
    if different[0] > _FAR * longest:
        span = format_value(different[0] / factor * 3600, "seconds", words=words)
        return [], [], [words.say("The promise, {span}, lies far to the right.", span=span)]
    dashed = {"color": "@ink", "width": 2, "dash": "dash"}
    common = {"yref": "paper", "y0": 0, "y1": 1, "line": dashed}
    if len(different) > _MOST_MARKS:
        band = {**common, "type": "rect", "x0": different[0], "x1": different[-1], "layer": "below"}
        band |= {"fillcolor": "@shade", "line": {"width": 0}}
        return [_mark((different[0] + different[-1]) / 2, words.say("promises"))], [band], []
    promise = words.say("promise")
    return (
        [_mark(at, promise if at == different[0] else "") for at in different],
        [{**common, "type": "line", "x0": at, "x1": at} for at in different],
        [],
    )


def _mark(at: float, text: str) -> dict[str, Any]:
    place = {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    return {**place, "text": text}
