"""Why orders are late."""

from __future__ import annotations

from collections.abc import Sequence

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.bars import Bar, bar_height, bar_layout, bar_trace
from burstsim.results.wording import rounded

__all__ = ["late_chart"]


def late_chart(causes: Sequence[Bar], words: Words = ENGLISH) -> Figure | None:
    """Draw how many orders are late because of what, the usual cause on top.

    Parameters
    ----------
    causes
        A bar for each cause, in orders; every late order has one.
    words
        The reader's language.
    """
    found = sorted((bar for bar in causes if bar.estimate > 0), key=lambda bar: -bar.estimate)
    if not found:
        return None
    total = sum(bar.estimate for bar in found)
    share = found[0].estimate / total
    return Figure(
        title=words.say("Why orders are late"),
        finding=words.say(
            "Of {n} late orders {share} lost most of their time to {cause}.",
            n=f"{rounded(total):,f}",
            share=f"{share:.0%}",
            cause=found[0].name,
        ),
        data=[bar_trace(found, words.say("late orders"), "@red", "/")],
        layout=bar_layout(words.say("orders")),
        height=bar_height(len(found)),
    )
