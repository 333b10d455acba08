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
    rows = []
    for name, metric in METRICS.items():
        shown = f"{'|'.join(STATISTICS)}({name})" if metric.statistics else name
        rows.append((shown, metric.unit, metric.meaning))
    print_metrics(rows)
    return OK
