"""The plan of a sizing study hour by hour, and the crew, as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from burstsim.languages import Words, phrase
from burstsim.report.blocks import Table
from burstsim.results.wording import clock_time, format_value

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["crew_table", "plan_table"]

_CREW = (phrase("what"), phrase("number"), phrase("as planned"), phrase("hours on the roster"))
_PLAN = (
    *(phrase("hour"), phrase("station"), phrase("orders in"), phrase("work hours")),
    *(phrase("needed"), phrase("rostered"), phrase("gap"), phrase("backlog")),
    phrase("backlog hours"),
)


def crew_table(crew: pd.DataFrame, words: Words) -> Table:
    """Lay out a design: number, what the scenario has, and hours on the roster of each crew.

    Parameters
    ----------
    crew
        ``name number planned hours``.
    words
        The reader's language.
    """
    rows = [
        [
            str(row["name"]),
            f"{row['number']:g}",
            str(row["planned"]),
            format_value(row["hours"], "hours", words=words) if row["hours"] else "-",
        ]
        for row in crew.to_dict("records")
    ]
    return Table(headers=[*map(words.say, _CREW)], rows=rows, numbers=frozenset({1, 2, 3}))


def plan_table(plan: pd.DataFrame, start: datetime, words: Words) -> Table:
    """Lay out the hours in which there is anything to do.

    Parameters
    ----------
    plan
        As `studies.plan.plan_of` makes it.
    start
        Of the scenario.
    words
        The reader's language.
    """
    busy = plan[(plan["orders_in"] > 0) | (plan["backlog_orders"] > 0)]
    rows = [
        [
            clock_time(start, (row["hour"] - start).total_seconds(), words),
            f"{row['warehouse']}.{row['station']}",
            *(f"{row['orders_in']:,.0f}", f"{row['work_hours']:,.1f}", f"{row['needed']:,}"),
            *(f"{row['rostered']:,.1f}", f"{row['gap']:+,.1f}"),
            *(f"{row['backlog_orders']:,.0f}", f"{row['backlog_hours']:,.1f}"),
        ]
        for row in busy.to_dict("records")
    ]
    headers = [*map(words.say, _PLAN)]
    return Table(headers=headers, rows=rows, numbers=frozenset(range(2, len(headers))))
