"""Pages of studies, from what they leave in their folders."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from burstsim.errors import OutputError
from burstsim.languages import phrase
from burstsim.report.blocks import Block, Figure, Folded, Page, Prose, Section, Table
from burstsim.report.charts.scales import Telling
from burstsim.report.charts.studies import frontier_chart, stress_chart
from burstsim.report.comparepage import compare_page
from burstsim.report.numbers import number
from burstsim.report.plantable import crew_table, plan_table
from burstsim.report.studyparts import Study, limit_of, made_sections, short_paths
from burstsim.report.sweeppage import sweep_page
from burstsim.results.naming import key_of
from burstsim.results.wording import format_interval, format_value, metric_written, written_alike
from burstsim.studies.saving import MADE

__all__ = ["size_page", "stress_page", "study_in", "study_page"]

_SCHEMA = 1

#: Rows of a plan that are shown at once.
_MOST_ROWS = 60

#: Columns of designs, and what they are called; others are crews and thresholds.
_HEADS = {"n": phrase("replications"), "cost": phrase("cost"), "verdict": phrase("verdict")}


def study_page(folder: Path) -> Page | None:
    """Make the page of the study that a folder holds; None where it holds none.

    Raises
    ------
    OutputError
        When what is there cannot be read, or is of a newer version.
    """
    name = study_in(folder)
    if name is None:
        return None
    file = folder / f"{name}.json"
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
        made_of = folder / MADE
        made = json.loads(made_of.read_text("utf-8")) if made_of.is_file() else {}
        return _STUDIES[name](Study(found=found, made=made, folder=folder))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise OutputError(f"{file} is not what a study writes: {error!r}") from None


def study_in(folder: Path) -> str | None:
    """Name the kind of study that a folder holds, such as ``sweep``; None where it holds none."""
    return next((name for name in _STUDIES if (folder / f"{name}.json").is_file()), None)


def stress_page(study: Study) -> Page:
    """Make the page of a stress test (``stress.json``)."""
    found, told = study.found, study.told(str(study.found["scenario"]))
    words = told.words
    varied, limit = str(found["path"]), found["limit"]
    ends = (number(limit["low"]), number(limit["high"]))
    rows = [
        [
            str(row["verdict"]),
            f"{row['level']:g}",
            str(row["expr"]),
            *_found(row, told),
            str(row["n"]),
        ]
        for row in found["curve"]
    ]
    headers = [words.say("verdict"), words.say("level"), words.say("threshold")]
    headers += [words.say("found"), words.say("95 % interval"), words.say("replications")]
    table = Table(headers=headers, rows=rows, numbers=frozenset({1, 3, 4, 5}), verdict=0)
    return Page(
        words=words,
        title=words.say("Stress test: {name}", name=found["scenario"]),
        subtitle=words.say(
            "{path} varied · {n} replications · seed {seed}",
            path=varied,
            n=found["replications"],
            seed=found["seed"],
        ),
        sentence=str(found["sentence"]),
        sections=[
            Section(
                title=words.say("Where it breaks"),
                blocks=list(_curves(study, None if any(map(math.isnan, ends)) else ends)),
            ),
            Section(title=words.say("Every level"), blocks=[table]),
            *made_sections(study),
        ],
    )


def size_page(study: Study) -> Page:
    """Make the page of a sizing study (``size.json``)."""
    import pandas as pd

    found, told = study.found, study.told(str(study.found["scenario"]))
    words = told.words
    best, frontier = found["best"], found["frontier"]
    blocks: list[Block] = []
    crew, plan = study.table("crew"), study.table("plan")
    if best and crew is not None:
        blocks.append(crew_table(crew, words))
    elif best:
        rows = [[name, f"{value:g}"] for name, value in best.items()]
        blocks.append(
            Table(
                headers=[words.say("chosen"), words.say("number")],
                rows=rows,
                numbers=frozenset({1}),
            )
        )
    if notes := [*map(str, found.get("notes", ()))]:
        blocks.append(Prose(lines=notes))
    confirmed = found.get("confirmed")
    judged = _judged(found)
    figures = []
    for name, (expr, metric) in judged.items():
        figure = frontier_chart(
            pd.DataFrame(frontier),
            value=name,
            metric=metric,
            unit=str(found.get("unit", "")),
            threshold=limit_of(expr, metric, told.start),
            told=told,
        )
        # one design alone shows nothing that the table does not
        if figure is not None and len(frontier) > 1:
            figures.append(replace(figure, title=expr))
    columns = list(frontier[0]) if frontier else []
    knobs = [column for column in columns if "." in column and column not in judged]
    heads_of = {column: words.say(text) for column, text in _HEADS.items()}
    heads_of |= {**dict(zip(knobs, short_paths(knobs), strict=True))}
    cells = [
        [_cell(column, row.get(column), judged, told) for column in columns] for row in frontier
    ]
    heads = [
        judged[column][0] if column in judged else heads_of.get(column, column)
        for column in columns
    ]
    hours: list[Block] = []
    if plan is not None and told.start is not None:
        laid_out = plan_table(plan, told.start, words)
        summary = words.say("All {n} rows", n=f"{len(laid_out.rows):,}")
        many = len(laid_out.rows) > _MOST_ROWS
        hours.append(Folded(summary=summary, blocks=[laid_out]) if many else laid_out)
    verdict = columns.index("verdict") if "verdict" in columns else -1
    numbers = frozenset(n for n in range(len(columns)) if n != verdict)
    table = Table(headers=heads, rows=cells, numbers=numbers, verdict=verdict)
    return Page(
        words=words,
        title=words.say("Sizing: {name}", name=found["scenario"]),
        subtitle=words.count(
            found["designs"],
            "{designs} design · {n} replications · seed {seed}",
            "{designs} designs · {n} replications · seed {seed}",
            designs=found["designs"],
            n=found["replications"],
            seed=found["seed"],
        ),
        sentence=str(found["sentence"]),
        verdict=str(confirmed["status"]) if confirmed else "NONE",
        top=blocks,
        sections=[
            Section(title=words.say("What more money buys"), blocks=figures),
            Section(title=words.say("Designs worth their cost"), blocks=[table] * bool(cells)),
            Section(title=words.say("The plan hour by hour"), blocks=hours),
            *made_sections(study),
        ],
    )


def _curves(study: Study, limit: tuple[float, float] | None) -> Iterator[Figure]:
    """Draw each threshold's metric against the level, the one that breaks first before others."""
    import pandas as pd

    found, told = study.found, study.told(str(study.found["scenario"]))
    words = told.words
    curve = pd.DataFrame(found["curve"])
    if curve.empty:
        return
    first = (found.get("broke_first") or {}).get("threshold")
    names = sorted(dict.fromkeys(curve["threshold"]), key=lambda name: name != first)
    for name in names:
        part = curve[curve["threshold"] == name]
        expr = str(part["expr"].iloc[0])
        metric = str(part["metric"].iloc[0])
        finding = words.say(
            "The shaded span is where the first threshold breaks."
            if limit
            else "No level that was tried breaks it for sure."
        )
        figure = stress_chart(
            part.astype({"estimate": float, "low": float, "high": float}),
            varied=str(found["path"]),
            threshold=limit_of(expr, metric, told.start),
            limit=limit,
            finding=finding,
            told=told,
        )
        if figure is not None:
            yield replace(figure, title=expr)


def _found(row: Mapping[str, Any], told: Telling) -> tuple[str, str]:
    """Write an estimate and its interval in the metric's unit."""
    metric = str(row["metric"])
    value, low, high = (number(row[end]) for end in ("estimate", "low", "high"))
    words = told.words
    written = metric_written(metric, told.start, value, low, high, words=words)
    if metric.startswith("nights"):
        written = written_alike("share", value, low, high, words=words)
    return written(value), format_interval(value, low, high, written, words)


def _judged(found: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Give expression and metric of each threshold that designs were tried against, by name."""
    confirmed: Mapping[str, Any] = (found.get("confirmed") or {}).get("thresholds", {})
    columns = found["frontier"][0] if found["frontier"] else {}
    return {
        name: (str(check.get("expr", name)), str(check.get("metric", name)))
        for name, check in confirmed.items()
        if name in columns
    }


def _cell(
    column: str,
    value: object,
    judged: Mapping[str, tuple[str, str]],
    told: Telling,
) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    metric = judged[column][1] if column in judged else ""
    if metric.startswith("nights"):
        return format_value(value, "share", words=told.words)
    if metric and key_of(metric):
        return metric_written(metric, told.start, value, words=told.words)(value)
    return format_value(value, "", words=told.words) if value == round(value) else f"{value:.4g}"


_STUDIES: dict[str, Callable[[Study], Page]] = {
    "stress": stress_page,
    "size": size_page,
    "sweep": sweep_page,
    "compare": compare_page,
}
