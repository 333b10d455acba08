"""The page of a sweep, from its summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

from burstsim.report.blocks import Block, Figure, Folded, Page, Section, Table
from burstsim.report.charts.sweeps import heat_chart, spread_chart, sweep_chart
from burstsim.report.numbers import number
from burstsim.report.studyparts import Study, limit_of, made_sections, short_paths
from burstsim.results.naming import key_of, metric_label
from burstsim.results.verdict import verdict_of
from burstsim.results.wording import format_interval, metric_written

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sweep_page"]

#: Metrics with pictures of their own; those of further ones are one click away.
_MOST_SHOWN = 2

#: Heat maps of one metric, one for each combination of what the two axes do not show.
_MOST_MAPS = 9

#: Rows of the table that are shown at once.
_MOST_ROWS = 60


def sweep_page(study: Study) -> Page:
    """Make the page of a sweep (``sweep.json``)."""
    words, found = study.words, study.found
    points = found["points"]
    count = len(points)
    how = [
        words.say("{paths} varied", paths=words.listed(found["vary"])),
        words.count(count, "{n} point", "{n} points", n=f"{count:,}"),
    ]
    if each := {point["replications"] for point in points}:
        ends = "–".join(map(str, sorted({min(each), max(each)})))
        how.append(words.count(max(each), "{n} replication each", "{n} replications each", n=ends))
    how.append(words.say("seed {seed}", seed=found["seed"]))
    pictures: list[list[Figure]] = [list(_pictures(study, name)) for name in _metrics(study)]
    shown: list[Block] = [figure for part in pictures[:_MOST_SHOWN] for figure in part]
    more: list[Block] = [figure for part in pictures[_MOST_SHOWN:] for figure in part]
    if more:
        shown.append(Folded(summary=words.say("Pictures of further metrics"), blocks=more))
    return Page(
        words=words,
        title=words.say("Sweep: {name}", name=found["scenario"]),
        subtitle=" · ".join(how),
        sentence=str(found["sentence"]),
        verdict=_verdict([str(point["verdict"]) for point in points]),
        sections=[
            Section(title=words.say("What changes"), blocks=shown),
            Section(title=words.say("Every point"), blocks=_table(study)),
            *made_sections(study),
        ],
    )


def _verdict(stands: list[str]) -> str:
    """Give the verdict that all points have; of different ones there is none."""
    return verdict_of(stands) if len(set(stands)) == 1 else "NONE"


def _metrics(study: Study) -> list[str]:
    """Name the metrics of any point, in the order in which they are told."""
    return list(dict.fromkeys(name for p in study.found["points"] for name in p["metrics"]))


def _paths(study: Study) -> tuple[list[str], list[str]]:
    """Give what was varied: paths, and what they are called where there is little room."""
    paths = [str(path) for path in study.found["vary"]]
    return paths, short_paths(paths)


def _frame(study: Study, metric: str) -> pd.DataFrame:
    import pandas as pd

    paths, short = _paths(study)
    rows: list[dict[str, Any]] = [
        {
            **{name: point["values"][path] for name, path in zip(short, paths, strict=True)},
            **{end: number(point["metrics"][metric][end]) for end in ("estimate", "low", "high")},
            "verdict": str(point["verdict"]),
        }
        for point in study.found["points"]
    ]
    return pd.DataFrame(rows)


def _pictures(study: Study, metric: str) -> Iterator[Figure]:
    """Draw a metric: a line over one axis, heat maps over several, else points along each."""
    table, (_, paths) = _frame(study, metric), _paths(study)
    told = study.told(str(study.found["scenario"]))
    drawn: list[Figure | None]
    if len(paths) == 1:
        limits = (
            limit_of(str(expr), metric, told.start)
            for expr in study.found.get("thresholds", {}).values()
        )
        threshold = next((limit for limit in limits if limit is not None), None)
        drawn = [
            sweep_chart(table, x=paths[0], y=None, metric=metric, told=told, threshold=threshold)
        ]
    elif (maps := _maps(table, paths)) is not None:
        known = table["estimate"].dropna()
        span = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        drawn = []
        for where, part in maps:
            figure = heat_chart(part, x=paths[0], y=paths[1], metric=metric, told=told, span=span)
            if figure is not None and where:
                figure = replace(
                    figure,
                    title=told.words.say("{title}, where {where}", title=figure.title, where=where),
                )
            drawn.append(figure)
    else:
        drawn = [spread_chart(table, x=path, metric=metric, told=told) for path in paths]
    yield from (figure for figure in drawn if figure is not None)


def _maps(table: pd.DataFrame, paths: list[str]) -> list[tuple[str, pd.DataFrame]] | None:
    """Cut a grid into maps of the first two axes; None of what is no grid, or has too many."""
    distinct = [len(set(map(str, table[path]))) for path in paths]
    cells = len({tuple(map(str, row)) for row in table[paths].itertuples(index=False)})
    rest = paths[2:]
    if cells != prod(distinct) or prod(distinct[2:]) > _MOST_MAPS:
        return None
    if not rest:
        return [("", table)]
    texts = table[rest].astype(str)
    return [
        (
            ", ".join(f"{path} = {value}" for path, value in zip(rest, values, strict=True)),
            table[(texts == list(values)).all(axis=1)],
        )
        for values in dict.fromkeys(texts.itertuples(index=False, name=None))
    ]


def _table(study: Study) -> list[Block]:
    """List all points; many of them are folded away."""
    paths, short = _paths(study)
    names = _metrics(study)
    words, start = study.words, study.start_of(str(study.found["scenario"]))
    rows = []
    for point in study.found["points"]:
        cells = [str(point["verdict"]), *(str(point["values"][path]) for path in paths)]
        for name in names:
            found = point["metrics"][name]
            value, low, high = (number(found[end]) for end in ("estimate", "low", "high"))
            written = metric_written(name, start, value, low, high, words=words)
            interval = format_interval(value, low, high, written, words)
            said = written(value)
            if interval:
                said = words.say("{value} ({interval})", value=said, interval=interval)
            cells.append(said)
        rows.append(cells)
    heads = (metric_label(name, key_of(name), words) for name in names)
    headers = [words.say("verdict"), *short, *heads]
    numbers = frozenset(range(1, len(headers)))
    table = Table(headers=headers, rows=rows, numbers=numbers, verdict=0)
    if all(row[0] == "NONE" for row in rows):
        rows = [row[1:] for row in rows]
        numbers = frozenset(range(len(headers) - 1))
        table = Table(headers=headers[1:], rows=rows, numbers=numbers)
    if len(rows) <= _MOST_ROWS:
        return [table]
    return [Folded(summary=words.say("All {n} points", n=f"{len(rows):,}"), blocks=[table])]
