"""Pages of studies, from what they leave in their folders."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from burstsim.errors import OutputError
from burstsim.report.blocks import Block, Code, Figure, Folded, Page, Section, Table
from burstsim.report.charts.studies import frontier_chart, stress_chart
from burstsim.report.numbers import key_of, number
from burstsim.results.wording import format_interval, format_value, written_alike
from burstsim.scenario.metrics import METRICS
from burstsim.scenario.thresholds import parse_threshold

__all__ = ["size_page", "stress_page", "study_page"]

_SCHEMA = 1


def study_page(folder: Path) -> Page | None:
    """Make the page of the study that a folder holds; None where it holds none.

    Raises
    ------
    OutputError
        When what is there cannot be read, or is of a newer version.
    """
    for name, page_of in _STUDIES.items():
        file = folder / f"{name}.json"
        if not file.is_file():
            continue
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise OutputError(f"cannot read {file}: {error}") from None
        if not isinstance(found, dict) or not isinstance(found.get("schema"), int):
            raise OutputError(f"{file} says no schema: it is not of a study")
        if found["schema"] > _SCHEMA:
            raise OutputError(
                f"{file} has schema {found['schema']}, of a newer burstsim; this one reads up to "
                f"{_SCHEMA}: update burstsim, or run the study again"
            )
        try:
            return page_of(found)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise OutputError(f"{file} is not what a study writes: {error!r}") from None
    return None


def stress_page(found: Mapping[str, Any]) -> Page:
    """Make the page of a stress test from its summary (``stress.json``)."""
    varied, limit = str(found["path"]), found["limit"]
    ends = (number(limit["low"]), number(limit["high"]))
    rows = [
        [
            str(row["verdict"]),
            f"{row['level']:g}",
            str(row["expr"]),
            *_found(row),
            str(row["n"]),
        ]
        for row in found["curve"]
    ]
    headers = ["verdict", "level", "threshold", "found", "95 % interval", "replications"]
    table = Table(headers=headers, rows=rows, numbers=frozenset({1, 3, 4, 5}), verdict=0)
    return Page(
        title=f"Stress test: {found['scenario']}",
        subtitle=f"{varied} varied · {found['replications']} replications · seed {found['seed']}",
        sentence=str(found["sentence"]),
        sections=[
            Section(
                title="Where it breaks",
                blocks=list(_curves(found, None if any(map(math.isnan, ends)) else ends)),
            ),
            Section(title="Every level", blocks=[table]),
            Section(title="As data", blocks=[_folded(found)]),
        ],
    )


def size_page(found: Mapping[str, Any]) -> Page:
    """Make the page of a sizing study from its summary (``size.json``)."""
    import pandas as pd

    best, frontier = found["best"], found["frontier"]
    blocks: list[Block] = []
    if best:
        rows = [[name, f"{value:g}"] for name, value in best.items()]
        blocks.append(Table(headers=["chosen", "number"], rows=rows, numbers=frozenset({1})))
    confirmed = found.get("confirmed")
    measured = [name for name in (confirmed or {}).get("thresholds", {}) if frontier]
    figures = [
        frontier_chart(
            pd.DataFrame(frontier), value=name, metric=name, unit=str(found.get("unit", ""))
        )
        for name in measured
        if name in frontier[0]
    ]
    columns = list(frontier[0]) if frontier else []
    cells = [[_cell(row.get(column)) for column in columns] for row in frontier]
    verdict = columns.index("verdict") if "verdict" in columns else -1
    numbers = frozenset(n for n in range(len(columns)) if n != verdict)
    table = Table(headers=columns, rows=cells, numbers=numbers, verdict=verdict)
    return Page(
        title=f"Sizing: {found['scenario']}",
        subtitle=f"{found['designs']} designs · {found['replications']} replications · "
        f"seed {found['seed']}",
        sentence=str(found["sentence"]),
        verdict=str(confirmed["status"]) if confirmed else "NONE",
        top=blocks,
        sections=[
            Section(title="What more money buys", blocks=[f for f in figures if f is not None]),
            Section(title="Designs worth their cost", blocks=[table] * bool(cells)),
            Section(title="As data", blocks=[_folded(found)]),
        ],
    )


def _curves(found: Mapping[str, Any], limit: tuple[float, float] | None) -> Iterator[Figure]:
    """Draw each threshold's metric against the level, the one that breaks first before others."""
    import pandas as pd

    curve = pd.DataFrame(found["curve"])
    if curve.empty:
        return
    first = (found.get("broke_first") or {}).get("threshold")
    names = sorted(dict.fromkeys(curve["threshold"]), key=lambda name: name != first)
    for name in names:
        part = curve[curve["threshold"] == name]
        expr = str(part["expr"].iloc[0])
        metric = str(part["metric"].iloc[0])
        words = "The shaded span is where the first threshold breaks."
        figure = stress_chart(
            part.astype({"estimate": float, "low": float, "high": float}),
            varied=str(found["path"]),
            threshold=_limit_of(expr, metric),
            limit=limit,
            finding=words if limit else "No level that was tried breaks it for sure.",
        )
        if figure is not None:
            yield replace(figure, title=expr)


def _limit_of(expr: str, metric: str) -> float | None:
    """Read the limit of a threshold; of a moment it depends on the scenario's start."""
    key = key_of(metric)
    names = {} if key is None else {metric: key}
    try:
        threshold = parse_threshold(expr, names, datetime(2000, 1, 1))
    except ValueError:
        return None
    return None if threshold.moment else threshold.limit


def _found(row: Mapping[str, Any]) -> tuple[str, str]:
    """Write an estimate and its interval in the metric's unit."""
    key = key_of(str(row["metric"]))
    unit = "share" if str(row["metric"]).startswith("nights") else ""
    unit = unit or (METRICS[key].unit if key else "")
    value, low, high = (number(row[end]) for end in ("estimate", "low", "high"))
    written = written_alike(unit, value, low, high)
    return written(value), format_interval(value, low, high, written)


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    return format_value(value, "") if value == round(value) else f"{value:.4g}"


def _folded(found: Mapping[str, Any]) -> Folded:
    text = json.dumps(found, indent=1, ensure_ascii=False)
    return Folded(summary="All that was found, as JSON", blocks=[Code(text=text)])


_STUDIES: dict[str, Callable[[Mapping[str, Any]], Page]] = {
    "stress": stress_page,
    "size": size_page,
}
