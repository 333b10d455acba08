"""Gifts promised against gifts granted: by rule, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from burstsim.languages import ENGLISH, Words
from burstsim.report.blocks import Figure
from burstsim.report.charts.bars import Bar, bar_height, bar_layout, bar_trace
from burstsim.report.charts.style import axis, layout_of, line, moments, thin, time_axis
from burstsim.results.wording import clock_time, rounded

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["gift_chart", "gift_run_chart"]

_MOST_RULES = 24


def gift_chart(
    proposed: Sequence[Bar], granted: Sequence[Bar], words: Words = ENGLISH
) -> Figure | None:
    """Draw what each rule promised and what was granted, with intervals.

    Parameters
    ----------
    proposed, granted
        A bar for each rule, the same rules in the same order.
    words
        The reader's language.
    """
    pairs = [(p, g) for p, g in zip(proposed, granted, strict=True) if p.estimate > 0]
    if not pairs:
        return None
    pairs.sort(key=lambda pair: pair[1].estimate - pair[0].estimate)
    worst, given = pairs[0]
    finding = words.say("Every gift that was promised was there.")
    if worst.estimate > given.estimate:
        finding = words.say(
            "{rule} is furthest short: {n} of {all} pieces granted.",
            rule=worst.name,
            n=f"{rounded(given.estimate):,f}",
            all=f"{rounded(worst.estimate):,f}",
        )
    if len(pairs) > _MOST_RULES:
        finding += words.gap + words.say(
            "The {n} rules furthest short of {all} are shown.", n=_MOST_RULES, all=len(pairs)
        )
    pairs = pairs[:_MOST_RULES]
    return Figure(
        title=words.say("Gifts promised and granted"),
        finding=finding,
        data=[
            bar_trace([pair[0] for pair in pairs], words.say("promised"), "@orange", "/"),
            bar_trace([pair[1] for pair in pairs], words.say("granted"), "@blue"),
        ],
        layout=bar_layout(words.say("pieces"), barmode="group"),
        height=bar_height(len(pairs)) + 10 * len(pairs),
    )


def gift_run_chart(
    gift_flow: pd.DataFrame, start: datetime, words: Words = ENGLISH
) -> Figure | None:
    """Draw gifts promised and granted so far, where some were short.

    Parameters
    ----------
    gift_flow
        ``time rule sku proposed granted short``, see `giftframes.GiftFlow`.
    start
        The scenario's.
    words
        The reader's language.
    """
    if gift_flow.empty or gift_flow["short"].sum() == 0:
        return None
    table = gift_flow.groupby("time", sort=True)[["proposed", "granted", "short"]].sum()
    first = float(table.index[int((table["short"] > 0).to_numpy().argmax())])
    so_far = table.cumsum()
    kept = so_far.iloc[thin(so_far["proposed"].to_numpy(np.float64))]
    # a row is told of a minute that has gone by
    times = moments(start, kept.index.to_numpy(np.float64) + 60)
    common = {"type": "scatter", "mode": "lines", "x": times}
    granted = {"y": kept["granted"].tolist(), "name": words.say("granted"), "line": line("@blue")}
    proposed = {"y": kept["proposed"].tolist(), "name": words.say("promised")}
    return Figure(
        title=words.say("When gifts ran short"),
        finding=words.say(
            "The first gift is short at {time}; the shaded gap is what was promised and not there.",
            time=clock_time(start, first, words),
        ),
        data=[
            {**common, **granted},
            {
                **{**common, **proposed, "line": line("@orange", "dash")},
                **{"fill": "tonexty", "fillcolor": "@shade"},
            },
        ],
        layout=layout_of(time_axis(words), axis(words.say("pieces so far"), rangemode="tozero")),
    )
