"""``burstsim metrics``: what can be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from burstsim.cli.common import OK
from burstsim.cli.options import LanguageOption
from burstsim.cli.tables import print_metrics
from burstsim.languages import ENGLISH, Words, words_of
from burstsim.results.naming import called, metric_label
from burstsim.scenario.metrics import METRICS, STATISTICS

__all__ = ["command"]


def command(
    language: LanguageOption = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As a page of documentation (docs/metrics.md).")
    ] = False,
) -> int:
    """List every metric with its unit and meaning.

    A metric over orders or tasks is asked for with a statistic: p95(order_to_ship).
    """
    words = ENGLISH if language is None else words_of(language.value)
    rows = [
        (
            metric_label(f"STAT({name})" if metric.statistics else name, name, words),
            called(metric.unit, words),
            words.say(metric.meaning),
        )
        for name, metric in METRICS.items()
    ]
    note = words.say(
        "STAT is one of {statistics}, as in p95(order_to_ship).",
        statistics=words.listed(STATISTICS),
    )
    if markdown:
        print("\n".join(_page(rows, note, words)))
    else:
        print_metrics(rows, note, words)
    return OK


def _page(rows: Iterable[tuple[str, str, str]], note: str, words: Words) -> Iterator[str]:
    """Write the lines of a page in Markdown, a row for each metric."""
    yield f"# {words.say('What the metrics mean')}"
    yield ""
    yield words.say(
        "Thresholds, reports and files call them by these names. {note}"
        " This page is written by `{command}`.",
        note=note,
        command="burstsim metrics --markdown > docs/metrics.md",
    )
    yield ""
    yield _row(words.say("metric"), words.say("unit"), words.say("meaning"))
    yield "|---|---|---|"
    for name, unit, meaning in rows:
        yield _row(f"`{name}`", unit, meaning)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
