"""A run as sheets for a spreadsheet: inputs, summary, thresholds, hourly, definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from burstsim.report.charts.style import Floats, zone_name
from burstsim.report.folder import RunFolder
from burstsim.report.numbers import key_of
from burstsim.scenario.metrics import METRICS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cell", "Sheet", "sheets_of"]

Cell = str | float | int | None

_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A named table; text stays text and numbers stay numbers.

    Parameters
    ----------
    name
        Of the sheet, or of a file.
    headers
        Of the columns.
    rows
        Each as long as `headers`; None is an empty cell.
    """

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def sheets_of(run: RunFolder) -> list[Sheet]:
    """Put the sheets of a run together, from its folder alone."""
    found = [
        Sheet(name="inputs", headers=["key", "value"], rows=list(_flat("", run.scenario))),
        _summary(run),
        _thresholds(run),
        _hourly(run),
        _definitions(run),
    ]
    return [sheet for sheet in found if sheet is not None]


def _flat(path: str, value: Any) -> Iterator[tuple[Cell, Cell]]:
    """Give every value of the scenario with its path, as ``--set`` writes it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(f"{path}[{number}]", inner)
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else value


def _summary(run: RunFolder) -> Sheet:
    rows = [
        (name, *(found[key] for key in ("estimate", "low", "high", "n", "unit")))
        for name, found in run.metrics.items()
    ]
    headers = ["metric", "estimate", "low (95 %)", "high (95 %)", "replications", "unit"]
    return Sheet(name="summary", headers=headers, rows=rows)


def _thresholds(run: RunFolder) -> Sheet:
    keys = ("expr", "status", "estimate", "low", "high", "interval")
    rows = [
        (name, *(found.get(key) for key in keys))
        for name, found in run.summary["thresholds"].items()
    ]
    headers = ["name", "threshold", "verdict", "estimate", "low", "high", "interval"]
    return Sheet(name="thresholds", headers=headers, rows=rows)


def _definitions(run: RunFolder) -> Sheet:
    rows = []
    for name in run.metrics:
        if (key := key_of(name)) is not None:
            metric = METRICS[key]
            moment = " (a moment, counted from start)" if metric.moment else ""
            rows.append((name, metric.unit + moment, metric.meaning))
    return Sheet(name="definitions", headers=["metric", "unit", "meaning"], rows=rows)


def _hourly(run: RunFolder) -> Sheet | None:
    """Say by the hour, of the first replication, what came and went and how it stood."""
    flow, timeline = run.table("flow"), run.table("timeline")
    if flow is None or timeline is None or flow.empty:
        return None
    names = ["placed", "paid", "released", "shipped"]
    counts = flow.groupby("time", sort=True)[[*names, "open"]].sum()
    ends = counts.groupby(_hours(counts.index.to_numpy(np.float64))).last()
    happened = ends[names].diff().fillna(ends)
    columns: dict[str, pd.Series[Any]] = {name: happened[name] for name in names}
    columns["open at the end"] = ends["open"]
    several = timeline["warehouse"].nunique() > 1
    for key, part in timeline.groupby(["warehouse", "stage", "zone"], sort=False, observed=True):
        name = zone_name(*map(str, key), several=several)
        by_hour = part.groupby(_hours(part["time"].to_numpy(np.float64)))
        columns[f"{name}: most waiting"] = by_hour["waiting"].max()
        columns[f"{name}: mean busy"] = by_hour["busy"].mean().round(2)
        columns[f"{name}: mean workers"] = by_hour["workers"].mean().round(2)
    rows = []
    for hour_number in ends.index:
        moment = run.start + timedelta(seconds=int(hour_number) * _HOUR)
        cells = [column.get(hour_number) for column in columns.values()]
        rows.append((f"{moment:%Y-%m-%d %H:%M}", *(_plain(cell) for cell in cells)))
    return Sheet(name="hourly", headers=["hour from", *columns], rows=rows)


def _hours(turns: Floats) -> npt.NDArray[np.int64]:
    """Hour that each turn of a minute tells of: it is about what happened before it.

    The first turn is the beginning, and belongs to what follows.
    """
    hours: npt.NDArray[np.int64] = (np.maximum(turns - 1, turns[0]) // _HOUR).astype(np.int64)
    return hours


def _plain(cell: Any) -> Cell:
    if cell is None or cell != cell:
        return None
    number = float(cell)
    return int(number) if number == int(number) else number
