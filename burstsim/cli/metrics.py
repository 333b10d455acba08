"""``burstsim metrics``: what can be asked for."""

from __future__ import annotations

from burstsim.cli.common import OK
from burstsim.cli.options import LanguageOption
from burstsim.cli.tables import print_metrics
from burstsim.languages import ENGLISH, words_of
from burstsim.results.naming import called, metric_label
from burstsim.scenario.metrics import METRICS, STATISTICS

__all__ = ["command"]


def command(language: LanguageOption = None) -> int:
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
    print_metrics(rows, note, words)
    return OK
