"""Pictures of a sweep: a line, a heat map, points scattered along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.report.blocks import Figure
from burstsim.report.charts.scales import PLAIN, Scale, Telling, scale_of
from burstsim.report.charts.studies import LOOKS, points_of, scaled, threshold_line
from burstsim.report.charts.style import axis, layout_of
from burstsim.report.safe import label, labels
from burstsim.results.naming import key_of, metric_label
from burstsim.results.wording import metric_written

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["heat_chart", "spread_chart", "sweep_chart"]

#: Verdict → sign in a cell; colour there is the metric's.
_SIGNS = {"PASS": "✓ ", "FAIL": "✗ ", "INCONCLUSIVE": "? "}

#: Cells up to which each says its number.
_MOST_TEXTS = 80


def sweep_chart(
    grid: pd.DataFrame,
    *,
    x: str,
    y: str | None,
    metric: str,
    told: Telling = PLAIN,
    threshold: float | None = None,
) -> Figure | None:
    """Draw a metric over one varied value as a line, over two as a heat map.

    Parameters
    ----------
    grid
        A row for each point: the varied values in columns named `x` and `y`, ``estimate`` and,
        for a line, ``low`` and ``high``; ``verdict`` where there is one.
    x, y
        What was varied; `y` None for a line.
    metric
        What ``estimate`` is of.
    told
        How numbers are told.
    threshold
        The limit that must be kept, for a line.
    """
    if y is not None:
        return heat_chart(grid, x=x, y=y, metric=metric, told=told)
    table = grid.dropna(subset=["estimate"])
    if table.empty:
        return None
    words, scale = told.words, _scale_of(table, metric, told)
    shown = metric_label(metric, key_of(metric), words)
    drawn = scaled(table, scale)
    numeric = _is_numeric(table, x)
    if numeric:
        drawn = drawn.sort_values(x)
    else:
        drawn[x] = labels([str(value) for value in drawn[x]])
    data = [points_of(drawn, x, label(shown))]
    across = axis(label(x), **({} if numeric else {"type": "category"}))
    layout = layout_of(across, scale.axis(), showlegend=False)
    findings = [words.say("Whiskers are 95 % intervals.")] if "low" in table else []
    if threshold is not None:
        layout |= threshold_line(threshold / scale.per, words)
        findings.insert(0, words.say("The dashed line is the threshold."))
    heading = words.say("{metric} over {x}", metric=shown, x=x)
    return Figure(title=heading, finding=words.gap.join(findings), data=data, layout=layout)


def heat_chart(
    grid: pd.DataFrame,
    *,
    x: str,
    y: str,
    metric: str,
    told: Telling = PLAIN,
    span: tuple[float, float] | None = None,
) -> Figure | None:
    """Draw a metric over two varied values as a heat map.

    Parameters
    ----------
    grid, x, y, metric, told
        As for `sweep_chart`.
    span
        Lowest and highest value of the colours, where several pictures share them.
    """
    table = grid.dropna(subset=["estimate"])
    if table.empty:
        return None
    words, scale = told.words, _scale_of(table, metric, told)
    columns, rows = (list(dict.fromkeys(_sorted(table[name].tolist()))) for name in (x, y))
    numbers: list[list[float | None]] = [[None] * len(columns) for _ in rows]
    texts = [[""] * len(columns) for _ in rows]
    written = metric_written(metric, told.start, *table["estimate"].tolist(), words=words)
    signs = table["verdict"] if "verdict" in table else [""] * len(table)
    for across, up, value, verdict in zip(
        table[x], table[y], table["estimate"], signs, strict=True
    ):
        row, column = rows.index(up), columns.index(across)
        numbers[row][column] = float(value) / scale.per
        texts[row][column] = _SIGNS.get(verdict, "") + written(value)
    heat: dict[str, Any] = {
        "type": "heatmap",
        "x": labels([str(value) for value in columns]),
        "y": labels([str(value) for value in rows]),
        **{"z": numbers, "text": texts},
        **{"colorscale": "Cividis", "xgap": 2, "ygap": 2},
        "hovertemplate": "%{x} · %{y}: %{text}<extra></extra>",
        "colorbar": {"title": {"text": ""}, "thickness": 12, "len": 1},
    }
    if scale.tickformat:
        heat["colorbar"]["tickformat"] = scale.tickformat
    known = [number for row in numbers for number in row if number is not None]
    if len(set(known)) == 1:
        heat["showscale"] = False
    if span is not None:
        heat |= {"zmin": span[0] / scale.per, "zmax": span[1] / scale.per}
    said = len(rows) * len(columns) <= _MOST_TEXTS
    if said:
        heat["texttemplate"] = "%{text}"
    findings = [words.say("Yellow is more of {what}, dark blue is less.", what=scale.title)]
    if said and any(sign in _SIGNS for sign in signs):
        findings.append(words.say("✓ keeps every threshold, ✗ does not, ? cannot be told."))
    layout = layout_of(
        axis(label(x), type="category"), axis(label(y, 20), type="category"), hovermode="closest"
    )
    return Figure(
        title=words.say(
            "{metric} over {x} and {y}",
            metric=metric_label(metric, key_of(metric), words),
            x=x,
            y=y,
        ),
        finding=words.gap.join(findings),
        data=[heat],
        layout=layout,
        height=160 + 36 * len(rows),
    )


def spread_chart(
    points: pd.DataFrame, *, x: str, metric: str, told: Telling = PLAIN
) -> Figure | None:
    """Draw points that are no grid along one varied value, all others being different as well.

    Parameters
    ----------
    points, x, metric, told
        As for `sweep_chart`.
    """
    table = points.dropna(subset=["estimate"])
    if table.empty:
        return None
    words, scale = told.words, _scale_of(table, metric, told)
    drawn = scaled(table, scale)
    numeric = _is_numeric(table, x)
    if not numeric:
        drawn[x] = [label(str(value)) for value in drawn[x]]
    data = []
    stands = drawn["verdict"] if "verdict" in drawn else drawn["estimate"].map(lambda _: "NONE")
    for verdict, (colour, symbol) in {**LOOKS, "NONE": ("@blue", "circle")}.items():
        part = drawn[stands == verdict]
        if not part.empty:
            data.append(
                {**points_of(part, x, words.say(verdict), colour, symbol), "mode": "markers"}
            )
    across = axis(label(x), **({} if numeric else {"type": "category"}))
    layout = layout_of(across, scale.axis(), showlegend=not (stands == "NONE").all())
    layout["hovermode"] = "closest"
    finding = words.say("Each point has other values of what else was varied, too.")
    shown = metric_label(metric, key_of(metric), words)
    heading = words.say("{metric} along {x}", metric=shown, x=x)
    return Figure(title=heading, finding=finding, data=data, layout=layout)


def _scale_of(table: pd.DataFrame, metric: str, told: Telling) -> Scale:
    return scale_of(metric, told, table["estimate"].tolist())


def _is_numeric(table: pd.DataFrame, x: str) -> bool:
    return all(isinstance(v, int | float | np.number) and v is not True for v in table[x])


def _sorted(values: list[Any]) -> list[Any]:
    """Sort numbers; what is text stays in the order in which it was given."""
    numeric = all(isinstance(value, int | float) for value in values)
    return sorted(values) if numeric else values
