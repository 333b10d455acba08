"""Pictures of studies: a stress curve, a sizing frontier, a sweep, a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.report.blocks import Figure
from burstsim.report.charts.style import COLOURS, DASHES, axis, layout_of, line
from burstsim.report.safe import label, labels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare_chart", "frontier_chart", "stress_chart", "sweep_chart"]


#: Verdict → colour and symbol of a design.
_LOOKS = {
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
    """
    table = curve.dropna(subset=["estimate"]).sort_values("level")
    if table.empty:
        return None
    levels = table["level"].tolist()
    data = [_points(table, "level", label(str(table["metric"].iloc[0])))]
    shapes: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    if threshold is not None:
        across = {"xref": "paper", "x0": 0, "x1": 1, "y0": threshold, "y1": threshold}
        shapes.append({"type": "line", **across, "line": line("@ink", "dash")})
        place = {"xref": "paper", "x": 1, "xanchor": "right", "y": threshold, "yanchor": "bottom"}
        marks.append({**place, "text": "threshold", "showarrow": False})
    if limit is not None:
        low, high = limit
        zone = {"type": "rect", "x0": low, "x1": high, "yref": "paper", "y0": 0, "y1": 1}
        shapes.append({**zone, "fillcolor": "@shade", "line": line("@red", "dot", 1)})
        finding = finding or f"It breaks between {low:g} and {high:g} times {varied}."
    layout = layout_of(
        axis(label(varied)), axis(data[-1]["name"]), shapes=shapes, annotations=marks
    )
    layout["showlegend"] = False
    finding = finding or f"It holds at every level from {levels[0]:g} to {levels[-1]:g}."
    return Figure(title="Where it breaks", finding=finding, data=data, layout=layout)


def frontier_chart(
    designs: pd.DataFrame, *, value: str, metric: str, unit: str = "", finding: str = ""
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
    finding
        A sentence below the picture.
    """
    table = designs.dropna(subset=["cost", value]).assign(estimate=designs[value])
    if table.empty:
        return None
    data = []
    for verdict, (colour, symbol) in _LOOKS.items():
        part = table[table["verdict"] == verdict]
        if not part.empty:
            trace = _points(part, "cost", verdict, colour, symbol)
            data.append({**trace, "mode": "markers"})
    holds = table[table["verdict"] == "PASS"].nsmallest(1, "cost")
    if not holds.empty:
        ring = {"size": 18, "symbol": "circle-open", "color": "@ink", "line": {"width": 2}}
        place = {"x": holds["cost"].tolist(), "y": holds["estimate"].tolist()}
        rest = {"mode": "markers", "name": "cheapest that holds", "marker": ring}
        data.append({"type": "scatter", **place, **rest, "hoverinfo": "skip"})
    cost = f"cost, {label(unit)}" if unit else "cost"
    layout = layout_of(axis(cost), axis(label(metric)), showlegend=True)
    layout["hovermode"] = "closest"
    return Figure(title="What it costs to hold", finding=finding, data=data, layout=layout)


def sweep_chart(grid: pd.DataFrame, *, x: str, y: str | None, metric: str) -> Figure | None:
    """Draw a metric over one varied value as a line, over two as a heat map.

    Parameters
    ----------
    grid
        A row for each point: the varied values in columns named `x` and `y`, ``estimate`` and,
        for a line, ``low`` and ``high``.
    x, y
        What was varied; `y` None for a line.
    metric
        What ``estimate`` is of.
    """
    table = grid.dropna(subset=["estimate"])
    if table.empty:
        return None
    if y is None:
        table = table.sort_values(x)
        data = [_points(table, x, label(metric))]
        layout = layout_of(axis(label(x)), axis(label(metric)), showlegend=False)
        return Figure(title=f"{metric} over {x}", finding="", data=data, layout=layout)
    cells = table.pivot_table(index=y, columns=x, values="estimate", aggfunc="mean")
    heat = {
        "type": "heatmap",
        "x": labels([str(value) for value in cells.columns]),
        "y": labels([str(value) for value in cells.index]),
        "z": [[None if np.isnan(v) else float(v) for v in row] for row in cells.to_numpy()],
        **{"colorscale": "Cividis", "xgap": 2, "ygap": 2},
        "colorbar": {"title": {"text": ""}, "thickness": 12, "len": 1},
    }
    if cells.size <= 120:
        heat["texttemplate"] = "%{z:.4~g}"
    layout = layout_of(
        axis(label(x), type="category"), axis(label(y), type="category"), hovermode="closest"
    )
    height = 160 + 36 * len(cells.index)
    return Figure(
        title=f"{metric} over {x} and {y}", finding="", data=[heat], layout=layout, height=height
    )


def compare_chart(differences: pd.DataFrame, *, names: tuple[str, str]) -> Figure | None:
    """Draw paired differences with their intervals, each against its own scale.

    Parameters
    ----------
    differences
        ``metric estimate low high base``: second less first, and the first one's value; drawn as
        a share of it, so that metrics of different units stand side by side.
    names
        Of the first and the second.
    """
    table = differences.dropna(subset=["estimate", "base"])
    table = table[table["base"] != 0]
    if table.empty:
        return None
    share = table[["estimate", "low", "high"]].div(table["base"].abs(), axis=0) * 100
    share = share.assign(metric=labels([str(name) for name in table["metric"]], 34))
    trace = {
        **{"type": "scatter", "mode": "markers", "name": "difference"},
        "y": share["metric"].tolist(),
        "x": share["estimate"].tolist(),
        "marker": {"color": "@blue", "size": 9, "symbol": "square"},
        "error_x": {**_whiskers(share), "color": "@ink"},
        "hovertemplate": "%{y}: %{x:+.1f} %<extra></extra>",
    }
    zero = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1}
    layout = layout_of(
        axis("difference, %"),
        axis("", range=[len(table) - 0.5, -0.5], type="category"),
        **{"shapes": [{**zero, "line": line("@ink", "dash", 1)}], "showlegend": False},
    )
    layout["hovermode"] = "closest"
    finding = f"{names[1]} less {names[0]}; where the whisker crosses 0 nothing is proven."
    return Figure(
        title="What changes",
        finding=finding,
        data=[trace],
        layout=layout,
        height=110 + 30 * max(len(table), 2),
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


def _points(
    table: pd.DataFrame, x: str, name: str, colour: str = COLOURS[0], symbol: str = "circle"
) -> dict[str, Any]:
    return {
        **{"type": "scatter", "mode": "lines+markers", "name": name},
        "x": table[x].tolist(),
        "y": table["estimate"].tolist(),
        "error_y": {**_whiskers(table), "color": colour},
        "line": line(colour, DASHES[0]),
        "marker": {"color": colour, "size": 8, "symbol": symbol},
    }
