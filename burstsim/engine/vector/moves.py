"""Rows that get other numbers when some are forgotten and others come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices

__all__ = ["Moves"]

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Where rows go: those that stay keep their order.

    Parameters
    ----------
    count
        How many rows there are afterwards.
    place : (n,) int64
        New number of each row, -1 for what is forgotten.
    """

    count: int
    place: Indices

    def of(self, column: npt.NDArray[Kind], new: object) -> npt.NDArray[Kind]:
        """Give a column afterwards, with `new` for those who come.

        Parameters
        ----------
        column : (n,) any
        new
            One value, or one for each row afterwards.
        """
        stays = np.flatnonzero(self.place >= 0)
        moved = np.empty(self.count, column.dtype)
        moved[...] = new
        moved[self.place[stays]] = column[stays]
        return moved

    def together(
        self, old: npt.NDArray[Kind], new: npt.NDArray[Kind], places: Indices
    ) -> npt.NDArray[Kind]:
        """Give a column afterwards; one value throughout stays one value.

        Parameters
        ----------
        old : (n,) any
        new : (m,) any
            Of those who come.
        places : (m,) int64
            Where these stand afterwards.
        """
        both = [column for column in (old, new) if len(column)]
        if both and all(column.strides == (0,) and column[0] == both[0][0] for column in both):
            return np.broadcast_to(both[0][0], self.count)
        moved = self.of(old, old.dtype.type(0))
        moved[places] = new
        return moved

    def among(self, mine: Indices, those: Indices, position: Indices) -> Moves:
        """Say how rows of one kind move among themselves.

        Parameters
        ----------
        mine, those : (m,) and (k,) int64
            Rows of the kind, before and afterwards.
        position : (count,) int64
            Where each row stands afterwards among those of its kind.
        """
        place = self.place[mine]
        stays = np.flatnonzero(place >= 0)  # there may be no row at all afterwards
        within = np.full(len(place), -1)
        within[stays] = position[place[stays]]
        return Moves(len(those), within)

    def numbers(self, rows: Indices) -> Indices:
        """Give the new numbers of some rows, of which none is forgotten."""
        return self.place[rows]
