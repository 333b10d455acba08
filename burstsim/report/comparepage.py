"""The page of a comparison, from its summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from burstsim.languages import Words
from burstsim.report.blocks import Block, Folded, Page, Prose, Section, Table
from burstsim.report.charts.studies import compare_chart
from burstsim.report.numbers import number
from burstsim.report.studyparts import Study, made_sections
from burstsim.results.naming import key_of, metric_label
from burstsim.studies.comparewords import change_text, headlines, row_text

__all__ = ["compare_page"]

_ENDS = ("first", "second", "low", "high")


def compare_page(study: Study) -> Page:
    """Make the page of a comparison (``compare.json``)."""
    words, found = study.words, study.found
    sides: Mapping[str, Mapping[str, Any]] = found["sides"]
    rules = _rules(sides, words)
    how = [words.say("held against {first}", first=found["first"])]
    if "replications" in found:
        count = found["replications"]
        how.append(words.count(count, "{n} replication each", "{n} replications each", n=count))
        how.append(words.say("seed {seed}", seed=found["seed"]))
    return Page(
        words=words,
        title=words.say("Comparison: {names}", names=words.listed(sides)),
        subtitle=" · ".join(how),
        sentence=str(found["sentence"]),
        verdict=str(found["verdict"]),
        top=[] if rules is None else [rules],
        sections=[
            Section(title=words.say("What changes"), blocks=list(_pictures(study))),
            Section(title=words.say("Numbers"), blocks=list(_numbers(study))),
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


def _rules(sides: Mapping[str, Mapping[str, Any]], words: Words) -> Table | None:
    rows = []
    for name, side in sides.items():
        changes = {row["metric"]: change_text(row, words) for row in _rows(side)}
        for rule in side["fail_on"]:
            change = changes.get(str(rule.get("metric")), ("", ""))
            rows.append([str(rule["status"]), str(rule["expr"]), name, *change])
    headers = [words.say("verdict"), words.say("forbidden change"), words.say("side")]
    headers += [words.say("found"), words.say("95 % interval")]
    return Table(headers=headers, rows=rows, numbers=frozenset({3, 4}), verdict=0) if rows else None


def _pictures(study: Study) -> Iterator[Block]:
    import pandas as pd

    words, sides, first = study.words, study.found["sides"], str(study.found["first"])
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
                "said": [change_text(row, words)[0] for row in told],
            }
        )
        figure = compare_chart(table, names=(first, name), words=words)
        if figure is not None:
            yield replace(figure, title=words.say("{side} against {first}", side=name, first=first))
        if nothing := [row["metric"] for row in told if row["first"] == 0]:
            said = words.say(
                "In the table only, since they are 0 with {first}: {names}.",
                first=first,
                names=words.listed(nothing),
            )
            yield Prose(lines=[said])
    if not any(_told(side) for side in sides.values()):
        said = words.say("None of the metrics that are looked at first is any different.")
        yield Prose(lines=[said])


def _numbers(study: Study) -> Iterator[Block]:
    words, several = study.words, len(study.found["sides"]) > 1
    for name, side in study.found["sides"].items():
        told, every = _told(side), _rows(side)
        if told:
            yield _table(study, name, told)
        whole = [_table(study, name, every)]
        summary = words.say("All {n} metrics", n=f"{len(every):,}")
        if several:
            summary = words.say("All {n} metrics of {side}", n=f"{len(every):,}", side=name)
        yield Folded(summary=summary, blocks=whole)
    if not all(side["paired"] for side in study.found["sides"].values()):
        said = words.say(
            "Sides of another seed share no random numbers: their intervals are wider."
        )
        yield Prose(lines=[said])


def _table(study: Study, name: str, rows: list[Any]) -> Table:
    words, first = study.words, str(study.found["first"])
    starts = study.start_of(first), study.start_of(name)
    cells = [
        [metric_label(row["metric"], key_of(row["metric"]), words), *row_text(row, starts, words)]
        for row in rows
    ]
    headers = [words.say("metric"), first, name, words.say("difference")]
    headers.append(words.say("95 % interval"))
    return Table(headers=headers, rows=cells, numbers=frozenset({1, 2, 3, 4}), stacked=True)
