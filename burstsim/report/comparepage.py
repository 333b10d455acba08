"""The page of a comparison, from its summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from burstsim.report.blocks import Block, Folded, Page, Prose, Section, Table
from burstsim.report.charts.studies import compare_chart
from burstsim.report.numbers import number
from burstsim.report.studyparts import Study, made_sections
from burstsim.studies.comparewords import change_text, headlines, row_text

__all__ = ["compare_page"]

_ENDS = ("first", "second", "low", "high")


def compare_page(study: Study) -> Page:
    """Make the page of a comparison (``compare.json``)."""
    found = study.found
    sides: Mapping[str, Mapping[str, Any]] = found["sides"]
    rules = _rules(sides)
    how = [f"held against {found['first']}"]
    if "replications" in found:
        how += [f"{found['replications']} replications each", f"seed {found['seed']}"]
    return Page(
        title=f"Comparison: {', '.join(sides)}",
        subtitle=" · ".join(how),
        sentence=str(found["sentence"]),
        verdict=str(found["verdict"]),
        top=[] if rules is None else [rules],
        sections=[
            Section(title="What changes", blocks=list(_pictures(study))),
            Section(title="Numbers", blocks=list(_numbers(study))),
            *made_sections(study),
        ],
    )


def _rows(side: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the differences of a side; what is undefined is NaN."""
    return [
        {
            **{end: number(found.get(end)) for end in _ENDS},
            "difference": number(found["estimate"]),
            "metric": metric,
            "unit": str(found["unit"]),
        }
        for metric, found in side["differences"].items()
    ]


def _told(side: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return headlines(_rows(side), [str(rule.get("metric", "")) for rule in side["fail_on"]])


def _rules(sides: Mapping[str, Mapping[str, Any]]) -> Table | None:
    rows = []
    for name, side in sides.items():
        changes = {row["metric"]: change_text(row) for row in _rows(side)}
        for rule in side["fail_on"]:
            change = changes.get(str(rule.get("metric")), ("", ""))
            rows.append([str(rule["status"]), str(rule["expr"]), name, *change])
    headers = ["verdict", "forbidden change", "side", "found", "95 % interval"]
    return Table(headers=headers, rows=rows, numbers=frozenset({3, 4}), verdict=0) if rows else None


def _pictures(study: Study) -> Iterator[Block]:
    import pandas as pd

    sides, first = study.found["sides"], str(study.found["first"])
    for name, side in sides.items():
        told = _told(side)
        if not told:
            continue
        table = pd.DataFrame(
            {
                "metric": [row["metric"] for row in told],
                "estimate": [row["difference"] for row in told],
                "low": [row["low"] for row in told],
                "high": [row["high"] for row in told],
                "base": [row["first"] for row in told],
                "said": [change_text(row)[0] for row in told],
            }
        )
        figure = compare_chart(table, names=(first, name))
        if figure is not None:
            yield replace(figure, title=f"{name} against {first}")
        if nothing := [row["metric"] for row in told if row["first"] == 0]:
            listed = ", ".join(nothing)
            yield Prose(lines=[f"In the table only, since they are 0 with {first}: {listed}."])
    if not any(_told(side) for side in sides.values()):
        yield Prose(lines=["None of the metrics that are looked at first is any different."])


def _numbers(study: Study) -> Iterator[Block]:
    for name, side in study.found["sides"].items():
        told, every = _told(side), _rows(side)
        if told:
            yield _table(study, name, told)
        whole = [_table(study, name, every)]
        several = f" of {name}" if len(study.found["sides"]) > 1 else ""
        yield Folded(summary=f"All {len(every):,} metrics{several}", blocks=whole)
    if not all(side["paired"] for side in study.found["sides"].values()):
        words = "Sides of another seed share no random numbers: their intervals are wider."
        yield Prose(lines=[words])


def _table(study: Study, name: str, rows: list[Any]) -> Table:
    first = str(study.found["first"])
    starts = study.start_of(first), study.start_of(name)
    cells = [[row["metric"], *row_text(row, starts)] for row in rows]
    headers = ["metric", first, name, "difference", "95 % interval"]
    return Table(headers=headers, rows=cells, numbers=frozenset({1, 2, 3, 4}), stacked=True)
