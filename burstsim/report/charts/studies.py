"""Pictures of studies: a stress curve, a sizing frontier, a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.clipping import arrows_of, reach_of
from burstsim.report.charts.scales import PLAIN, Scale, Telling, scale_of
from burstsim.report.charts.style import COLOURS, DASHES, axis, layout_of, line
from burstsim.report.safe import label, labels
from burstsim.results.naming import called, key_of, metric_label

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LOOKS",
    "compare_chart",
    "frontier_chart",
    "points_of",
    "scaled",
    "stress_chart",
    "threshold_line",
]


#: Verdict → colour and symbol of a design.
LOOKS = {
    "PASS": ("@blue", "circle"),
    "FAIL": ("@red", "x"),
    "INCONCLUSIVE": ("@orange", "diamond"),
}


def stress_chart(
    curve: pd.DataFrame,
    *,
    varied: str,
    threshold: float | None,
    limit: tuple[float, float] | None = None,
    finding: str = "",
    told: Telling = PLAIN,
) -> Figure | None:
    """Draw a metric against the level of stress, with its threshold and the breaking point.

    Parameters
    ----------
    curve
        ``level metric estimate low high``, a row for each level that was run; ``low`` and ``high``
        may be missing.
    varied
        What the level is of, such as ``demand_scale``.
    threshold
        The limit that must be kept, in the metric's unit; None where it cannot be drawn.
    limit
        Levels between which it breaks.
    finding
        A sentence; else the breaking point is said.
    told
        How numbers are told.
    """
    table = curve.dropna(subset=["estimate"]).sort_values("level")
    if table.empty:
        return None
    words, levels = told.words, table["level"].tolist()
    metric = str(table["metric"].iloc[0])
    scale = scale_of(metric, told, table["estimate"].tolist())
    data = [
        points_of(scaled(table, scale), "level", label(metric_label(metric, key_of(metric), words)))
    ]
    lines = {} if threshold is None else threshold_line(threshold / scale.per, words)
    shapes: list[dict[str, Any]] = lines.get("shapes", [])
    if limit is not None:
        low, high = limit
        zone = {"type": "rect", "x0": low, "x1": high, "yref": "paper", "y0": 0, "y1": 1}
        shapes.append({**zone, "fillcolor": "@shade", "line": line("@red", "dot", 1)})
        finding = finding or words.say(
            "It breaks between {low} and {high} times {varied}.",
            low=f"{low:g}",
            high=f"{high:g}",
            varied=varied,
        )
    marks = lines.get("annotations", [])
    layout = layout_of(axis(label(varied)), scale.axis(), shapes=shapes, annotations=marks)
    layout["showlegend"] = False
    finding = finding or words.say(
        "It holds at every level from {low} to {high}.",
        low=f"{levels[0]:g}",
        high=f"{levels[-1]:g}",
    )
    return Figure(title=words.say("Where it breaks"), finding=finding, data=data, layout=layout)


def frontier_chart(
    designs: pd.DataFrame,
    *,
    value: str,
    metric: str,
    unit: str = "",
    threshold: float | None = None,
    told: Telling = PLAIN,
) -> Figure | None:
    """Draw designs by cost and metric, those that hold apart, and the cheapest of them marked.

    Parameters
    ----------
    designs
        ``cost verdict`` and a column named `value`; a verdict is PASS, FAIL or INCONCLUSIVE.
        ``low high`` are drawn where they are there.
    value
        Column of the metric's estimate.
    metric
        What it is of.
    unit
        Of the cost.
    threshold
        The limit that must be kept, in the metric's unit; None where it cannot be drawn.
    told
        How numbers are told.
    """
    table = designs.dropna(subset=["cost", value]).assign(estimate=designs[value])
    if table.empty:
        return None
    words, scale = told.words, scale_of(metric, told, table["estimate"].tolist())
    table = scaled(table, scale)
    data = []
    for verdict, (colour, symbol) in LOOKS.items():
        part = table[table["verdict"] == verdict]
        if not part.empty:
            trace = points_of(part, "cost", words.say(verdict), colour, symbol)
            data.append({**trace, "mode": "markers"})
    holds = table[table["verdict"] == "PASS"].nsmallest(1, "cost")
    if not holds.empty:
        ring = {"size": 18, "symbol": "circle-open", "color": "@ink", "line": {"width": 2}}
        place = {"x": holds["cost"].tolist(), "y": holds["estimate"].tolist()}
        rest = {"mode": "markers", "name": words.say("cheapest that holds"), "marker": ring}
        data.append({"type": "scatter", **place, **rest, "hoverinfo": "skip"})
    cost = words.say("cost")
    if unit:
        cost = words.say("{name}, {unit}", name=cost, unit=label(called(unit, words)))
    layout = layout_of(axis(cost, tickformat=",~f"), scale.axis(), showlegend=True)
    layout["hovermode"] = "closest"
    finding = ""
    if threshold is not None:
        layout |= threshold_line(threshold / scale.per, words)
        finding = words.say("The dashed line is the threshold.")
    title = words.say("What it costs to hold")
    return Figure(title=title, finding=finding, data=data, layout=layout)


def compare_chart(
    differences: pd.DataFrame, *, names: tuple[str, str], words: Words = ENGLISH
) -> Figure | None:
    """Draw paired differences with their intervals, each against its own scale.

    Parameters
    ----------
    differences
        ``metric estimate low high base``: second less first, and the first one's value; drawn as
        a share of it, so that metrics of different units stand side by side. ``said``, where it
        is there, is the difference in the metric's own unit, and stands below the name.
    names
        Of the first and the second.
    words
        The reader's language.
    """
    table = differences.dropna(subset=["estimate", "base"])
    table = table[table["base"] != 0]
    if table.empty:
        return None
    share = table[["estimate", "low", "high"]].div(table["base"].abs(), axis=0) * 100
    called_so = [metric_label(str(name), key_of(str(name)), words) for name in table["metric"]]
    share = share.assign(
        metric=labels(called_so, 34),
        low=share["low"].fillna(share["estimate"]),
        high=share["high"].fillna(share["estimate"]),
    )
    reach = reach_of(share)
    seen = share
    if reach is not None:
        ends = ["estimate", "low", "high"]
        seen = share.assign(**{end: share[end].clip(-reach, reach) for end in ends})
    trace: dict[str, Any] = {
        **{"type": "scatter", "mode": "markers", "name": words.say("difference")},
        "y": share["metric"].tolist(),
        "x": seen["estimate"].tolist(),
        "customdata": share["estimate"].tolist(),
        "marker": {"color": "@blue", "size": 9, "symbol": "square"},
        "error_x": {**_whiskers(seen), "color": "@ink"},
        "hovertemplate": "%{y}: %{customdata:+.1f} %<extra></extra>",
    }
    ticks = trace["y"]
    if "said" in table:
        # below the name: beside the mark it would lie on whiskers and lines
        told = [label(str(said)) for said in table["said"]]
        ticks = [f"{name}<br>{said}" for name, said in zip(ticks, told, strict=True)]
    rows = {"tickmode": "array", "tickvals": trace["y"], "ticktext": ticks}
    zero = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1}
    layout = layout_of(
        axis(words.say("difference, %")),
        axis("", range=[len(table) - 0.5, -0.5], type="category", **rows),
        **{"shapes": [{**zero, "line": line("@ink", "dash", 1)}], "showlegend": False},
    )
    layout["hovermode"] = "closest"
    finding = words.say(
        "{side} less {first}; where the whisker crosses 0 nothing is proven.",
        side=names[1],
        first=names[0],
    )
    data = [trace]
    if reach is not None:
        data.append(arrows_of(share, reach, trace["y"]))
        # what lies beyond has an arrow, and no mark where it is not
        out = share["estimate"].abs() > reach
        trace["marker"]["opacity"] = [0 if beyond else 1 for beyond in out]
        arrow = words.say("Where there is an arrow it goes on beyond the picture.")
        finding = f"{finding}{words.gap}{arrow}"
    return Figure(
        title=words.say("What changes"),
        finding=finding,
        data=data,
        layout=layout,
        height=110 + 38 * max(len(table), 2),
    )


def _whiskers(table: pd.DataFrame) -> dict[str, Any]:
    """Describe intervals; where there is none, or no column of them, a point stands alone."""
    ends = [table[end] if end in table else table["estimate"] for end in ("low", "high")]
    below, above = (table["estimate"] - ends[0]), (ends[1] - table["estimate"])
    whiskers = {"type": "data", "symmetric": False, "thickness": 1.4, "width": 4}
    return {
        **whiskers,
        "array": above.fillna(0).tolist(),
        "arrayminus": below.fillna(0).tolist(),
    }


def scaled(table: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Give estimates and intervals in the unit of an axis."""
    ends = [end for end in ("estimate", "low", "high") if end in table]
    return table.assign(**{end: table[end] / scale.per for end in ends})


def threshold_line(limit: float, words: Words = ENGLISH) -> dict[str, Any]:
    """Describe the line that a threshold is across a picture, with its name."""
    across = {"xref": "paper", "x0": 0, "x1": 1, "y0": limit, "y1": limit}
    place = {"xref": "paper", "x": 1, "xanchor": "right", "y": limit, "yanchor": "bottom"}
    return {
        "shapes": [{"type": "line", **across, "line": line("@ink", "dash")}],
        "annotations": [{**place, "text": words.say("threshold"), "showarrow": False}],
    }


def points_of(
    table: pd.DataFrame, x: str, name: str, colour: str = COLOURS[0], symbol: str = "circle"
) -> dict[str, Any]:
    """Describe estimates with their intervals as marks on a line."""
    return {
        **{"type": "scatter", "mode": "lines+markers", "name": name},
        "x": table[x].tolist(),
        "y": table["estimate"].tolist(),
        "error_y": {**_whiskers(table), "color": colour},
        "line": line(colour, DASHES[0]),
        "marker": {"color": colour, "size": 8, "symbol": symbol},
    }
