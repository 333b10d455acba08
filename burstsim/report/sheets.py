"""A run as sheets for a spreadsheet: inputs, summary, thresholds, hourly, definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from burstsim.languages import ENGLISH, Words
from burstsim.report.charts.style import Floats, zone_name
from burstsim.report.folder import RunFolder
from burstsim.results.naming import called, key_of
from burstsim.results.summary import INTERVALS
from burstsim.results.verdict import STATUSES
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


def sheets_of(run: RunFolder, words: Words = ENGLISH) -> list[Sheet]:
    """Put the sheets of a run together, from its folder alone.

    Parameters
    ----------
    run
        The folder.
    words
        The language of names, headers and meanings; what machines read is English.
    """
    found = [
        Sheet(
            name=words.say("inputs"),
            headers=[words.say("key"), words.say("value")],
            rows=list(_flat("", run.scenario)),
        ),
        _summary(run, words),
        _thresholds(run, words),
        _hourly(run, words),
        _definitions(run, words),
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


def _summary(run: RunFolder, words: Words) -> Sheet:
    rows = [
        (
            name,
            *(found[key] for key in ("estimate", "low", "high", "n")),
            called(str(found["unit"]), words),
        )
        for name, found in run.metrics.items()
    ]
    headers = [
        *(words.say("metric"), words.say("estimate"), words.say("low (95 %)")),
        *(words.say("high (95 %)"), words.say("replications"), words.say("unit")),
    ]
    return Sheet(name=words.say("summary"), headers=headers, rows=rows)


def _thresholds(run: RunFolder, words: Words) -> Sheet:
    rows = [
        (
            *(name, found.get("expr"), _said(found.get("status"), STATUSES, words)),
            *(found.get(key) for key in ("estimate", "low", "high")),
            _said(found.get("interval"), INTERVALS, words),
        )
        for name, found in run.summary["thresholds"].items()
    ]
    headers = [
        *(words.say("name"), words.say("threshold"), words.say("verdict"), words.say("estimate")),
        *(words.say("low"), words.say("high"), words.say("interval")),
    ]
    return Sheet(name=words.say("thresholds"), headers=headers, rows=rows)


def _said(found: Cell, known: Sequence[str], words: Words) -> Cell:
    """Say what is one of our own texts."""
    return words.say(str(found)) if found in known else found


def _definitions(run: RunFolder, words: Words) -> Sheet:
    rows = []
    for name in run.metrics:
        if (key := key_of(name)) is not None:
            metric = METRICS[key]
            unit = called(metric.unit, words)
            if metric.moment:
                unit = words.say("{unit} (a moment, counted from start)", unit=unit)
            rows.append((name, unit, words.say(metric.meaning)))
    headers = [words.say("metric"), words.say("unit"), words.say("meaning")]
    return Sheet(name=words.say("definitions"), headers=headers, rows=rows)


def _hourly(run: RunFolder, words: Words) -> Sheet | None:
    """Say by the hour, of the first replication, what came and went and how it stood."""
    flow, timeline = run.table("flow"), run.table("timeline")
    if flow is None or timeline is None or flow.empty:
        return None
    said = {
        "placed": words.say("placed"),
        "paid": words.say("paid"),
        "released": words.say("released"),
        "shipped": words.say("shipped"),
    }
    names = list(said)
    counts = flow.groupby("time", sort=True)[[*names, "open"]].sum()
    ends = counts.groupby(_hours(counts.index.to_numpy(np.float64))).last()
    happened = ends[names].diff().fillna(ends)
    columns: dict[str, pd.Series[Any]] = {said[name]: happened[name] for name in names}
    columns[words.say("open at the end")] = ends["open"]
    several = timeline["warehouse"].nunique() > 1
    for key, part in timeline.groupby(["warehouse", "stage", "zone"], sort=False, observed=True):
        name = zone_name(*map(str, key), several=several)
        by_hour = part.groupby(_hours(part["time"].to_numpy(np.float64)))
        columns[words.say("{zone}: most waiting", zone=name)] = by_hour["waiting"].max()
        columns[words.say("{zone}: mean busy", zone=name)] = by_hour["busy"].mean().round(2)
        columns[words.say("{zone}: mean workers", zone=name)] = by_hour["workers"].mean().round(2)
    rows = []
    for hour_number in ends.index:
        moment = run.start + timedelta(seconds=int(hour_number) * _HOUR)
        cells = [column.get(hour_number) for column in columns.values()]
        rows.append((f"{moment:%Y-%m-%d %H:%M}", *(_plain(cell) for cell in cells)))
    return Sheet(name=words.say("hourly"), headers=[words.say("hour from"), *columns], rows=rows)


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
