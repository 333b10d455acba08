"""Parcels' times in the zones: kept for those of a zone's warehouse only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["Rows", "Visits", "rows_of"]

Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Which parcels belong to which warehouse; what a zone knows, it knows of those of its own.

    Parameters
    ----------
    count
        All parcels of the run.
    of_house : for each warehouse, (m,) int64
        Its parcels, ascending.
    place : (parcels,) int64
        Position of each parcel among those of its warehouse.
    """

    count: int
    of_house: tuple[Indices, ...]
    place: Indices

    def within(self, parcels: Indices) -> Indices:
        """Say where some parcels stand among those of their warehouse."""
        return parcels if len(self.of_house) == 1 else self.place[parcels]

    def narrow(self, house: int, column: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Take a column of all parcels for those of one warehouse."""
        return column if len(self.of_house) == 1 else column[self.of_house[house]]

    def spread(self, house: int, column: npt.NDArray[Number], others: float) -> npt.NDArray[Number]:
        """Put a column of one warehouse's parcels at those of all, with `others` elsewhere."""
        if len(self.of_house) == 1:
            return column
        every = np.full(self.count, others, column.dtype)
        every[self.of_house[house]] = column
        return every


def rows_of(warehouse: Indices, houses: int) -> Rows:
    """Say which parcels are whose.

    Parameters
    ----------
    warehouse : (parcels,) int64
        Warehouse of each parcel.
    houses
        How many warehouses there are.
    """
    count = len(warehouse)
    if houses == 1:
        everybody = np.arange(count)
        return Rows(count=count, of_house=(everybody,), place=everybody)
    of_house = tuple(np.flatnonzero(warehouse == house) for house in range(houses))
    place = np.empty(count, np.int64)
    for mine in of_house:
        place[mine] = np.arange(len(mine))
    return Rows(count=count, of_house=of_house, place=place)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """Visits of one zone by the parcels of its warehouse; what did not happen is `NEVER`.

    Parameters
    ----------
    rows : (m,) int64
        The parcels, ascending; the same array for all zones of a warehouse.
    entered, started, done : (m,) int64
        Ticks before the end.
    task : (m,) int64, optional
        Where parcels go on tours: the first parcel of each one's tour, -1 for those that
        are on none. Without tours every parcel is a task of its own.
    """

    rows: Indices
    entered: Ticks
    started: Ticks
    done: Ticks
    task: Indices | None = None

    def tasks(self) -> Visits:
        """Count every task once, where its first parcel is: the visits of all others are left out.

        What people do is told by tasks, what happens to parcels by all visits.
        """
        if self.task is None:
            return self
        first = self.task == self.rows
        entered, started, done = (
            np.where(first, ticks, NEVER) for ticks in (self.entered, self.started, self.done)
        )
        return Visits(rows=self.rows, entered=entered, started=started, done=done)
