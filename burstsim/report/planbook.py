"""The workbook of a sizing study: the shift leader's plan, the crew, what more money buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burstsim.report.sheets import Cell, Sheet
from burstsim.studies.sized import Size

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["plan_sheets"]


def plan_sheets(found: Size) -> list[Sheet]:
    """Lay a design out as sheets; none where no design holds.

    Parameters
    ----------
    found
        What sizing found.
    """
    if found.best is None:
        return []
    tables = {"Plan": found.plan, "Crew": found.crew, "Frontier": found.frontier}
    answer = Sheet(name="Answer", headers=["answer"], rows=[[found.sentence]])
    return [*(_sheet(name, table) for name, table in tables.items()), answer]


def _sheet(name: str, table: pd.DataFrame) -> Sheet:
    headers = [str(column).replace("_", " ") for column in table.columns]
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
