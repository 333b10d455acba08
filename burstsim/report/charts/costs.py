"""What the sale costs, and for what."""

from __future__ import annotations

from collections.abc import Sequence

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.bars import Bar, bar_height, bar_layout, bar_trace
from burstsim.results.wording import rounded

__all__ = ["cost_chart"]


def cost_chart(parts: Sequence[Bar], words: Words = ENGLISH) -> Figure | None:
    """Draw the parts of the cost, the largest on top.

    Parameters
    ----------
    parts
        A bar for each part, in money.
    words
        The reader's language.
    """
    paid = sorted((part for part in parts if part.estimate > 0), key=lambda part: -part.estimate)
    if not paid:
        return None
    total = sum(part.estimate for part in paid)
    return Figure(
        title=words.say("What it costs"),
        finding=words.say(
            "{total} in all, most of it {what} ({share}).",
            total=f"{rounded(total):,f}",
            what=paid[0].name,
            share=f"{paid[0].estimate / total:.0%}",
        ),
        data=[bar_trace(paid, words.say("cost"), "@blue")],
        layout=bar_layout(words.say("money")),
        height=bar_height(len(paid)),
    )
