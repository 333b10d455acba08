"""Why orders are late."""

from __future__ import annotations

from collections.abc import Sequence

from burstsim.report.blocks import Figure
from burstsim.report.charts.bars import Bar, bar_height, bar_layout, bar_trace

__all__ = ["late_chart"]


def late_chart(causes: Sequence[Bar]) -> Figure | None:
    """Draw how many orders are late because of what, the usual cause on top.

    Parameters
    ----------
    causes
        A bar for each cause, in orders; every late order has one.
    """
    found = sorted((bar for bar in causes if bar.estimate > 0), key=lambda bar: -bar.estimate)
    if not found:
        return None
    total = sum(bar.estimate for bar in found)
    share = found[0].estimate / total
    return Figure(
        title="Why orders are late",
        finding=f"Of {total:,.0f} late orders {share:.0%} lost most of their time to "
        f"{found[0].name}.",
        data=[bar_trace(found, "late orders", "@red", "/")],
        layout=bar_layout("orders"),
        height=bar_height(len(found)),
    )
