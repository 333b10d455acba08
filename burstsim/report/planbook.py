"""The workbook of a sizing study: the shift leader's plan, the crew, what more money buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burstsim.languages import Words, phrase
from burstsim.report.sheets import Cell, Sheet
from burstsim.studies.sized import Size

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["plan_sheets"]

#: Columns of the tables, and what they are called.
_HEADS = {
    "hour": phrase("hour"),
    "warehouse": phrase("warehouse"),
    "station": phrase("station"),
    "orders_in": phrase("orders in"),
    "work_hours": phrase("work hours"),
    "needed": phrase("needed"),
    "rostered": phrase("rostered"),
    "gap": phrase("gap"),
    "backlog_orders": phrase("backlog orders"),
    "backlog_hours": phrase("backlog hours"),
    "name": phrase("name"),
    "number": phrase("number"),
    "planned": phrase("planned"),
    "hours": phrase("hours"),
    "cost": phrase("cost"),
    "verdict": phrase("verdict"),
    "n": phrase("n"),
}


def plan_sheets(found: Size) -> list[Sheet]:
    """Lay a design out as sheets; none where no design holds.

    Parameters
    ----------
    found
        What sizing found.
    """
    if found.best is None:
        return []
    words = found.words
    tables = {
        words.say("Plan"): found.plan,
        words.say("Crew"): found.crew,
        words.say("Frontier"): _judged(found.frontier, words),
    }
    lines = [[line] for line in (found.sentence, *found.notes)]
    answer = Sheet(name=words.say("Answer"), headers=[words.say("answer")], rows=lines)
    return [*(_sheet(name, table, words) for name, table in tables.items()), answer]


def _judged(frontier: pd.DataFrame, words: Words) -> pd.DataFrame:
    return frontier.assign(verdict=frontier["verdict"].map(words.say))


def _sheet(name: str, table: pd.DataFrame, words: Words) -> Sheet:
    # names of crews and thresholds are the user's
    headers = [
        words.say(_HEADS[column]) if column in _HEADS else str(column).replace("_", " ")
        for column in table.columns
    ]
    rows = [[_cell(value) for value in row] for row in table.itertuples(index=False)]
    return Sheet(name=name, headers=headers, rows=rows)


def _cell(value: object) -> Cell:
    """Give numbers as numbers, moments as people write them, everything else as text."""
    import pandas as pd

    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(value)
