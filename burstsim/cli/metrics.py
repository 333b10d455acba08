"""``burstsim metrics``: what can be asked for."""

from __future__ import annotations

from burstsim.cli.common import OK
from burstsim.cli.tables import print_metrics
from burstsim.scenario.metrics import METRICS, STATISTICS

__all__ = ["command"]


def command() -> int:
    """List every metric with its unit and meaning.

    A metric over orders or tasks is asked for with a statistic: p95(order_to_ship).
    """
    rows = [
        (f"STAT({name})" if metric.statistics else name, metric.unit, metric.meaning)
        for name, metric in METRICS.items()
    ]
    print_metrics(rows, f"STAT is one of {', '.join(STATISTICS)}, as in p95(order_to_ship).")
    return OK
