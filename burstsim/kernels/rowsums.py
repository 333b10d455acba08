"""Rows of numbers hashed one by one and added up: the same for any order and any grouping of rows.

A row's numbers are added up, each times an odd constant of its column, modulo 2^64 (the
multilinear hash of Carter and Wegman, *Universal classes of hash functions*, 1979), and the sum is
mixed: one number that changes always changes the hash of its row. Two sums with different
constants, kept beside each other, make chance collisions as unlikely as with 128 bits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.mixing import mixed, mixed_each

__all__ = ["RowSums"]

Bits = npt.NDArray[np.uint64]

#: Rows that are hashed together: they and two sums fit into a processor's second cache.
_AT_ONCE = 1 << 14

_ALL = (1 << 64) - 1

_LANES = 2


class RowSums:
    """Hashes of the rows of a table, added up.

    Parameters
    ----------
    table
        A number for the table: the same row has other hashes in another one.

    Attributes
    ----------
    rows, sums
        How many rows there were, and the sums of their hashes modulo 2^64.

    Examples
    --------
    >>> whole, parts = RowSums(0), RowSums(0)
    >>> whole.add([np.array([1, 2, 3]), np.array([7, 7, 8])])
    >>> parts.add([np.array([3]), np.array([8])])
    >>> parts.add([np.array([2, 1]), np.array([7, 7])])
    >>> parts.sums == whole.sums
    True
    """

    def __init__(self, table: int) -> None:
        self.rows = 0
        self.sums = [0] * _LANES
        self._table = table
        self._factors: list[tuple[int, ...]] = []

    def add(self, columns: Sequence[Indices]) -> None:
        """Add the rows of some columns.

        Parameters
        ----------
        columns : each (n,) int64
            As many as ever, in the same order.
        """
        for first in range(0, len(columns[0]), _AT_ONCE):
            self._add(columns, slice(first, first + _AT_ONCE))
        self.rows += len(columns[0])

    def _add(self, columns: Sequence[Indices], rows: slice) -> None:
        count = len(columns[0][rows])
        hashes, scaled = np.zeros((_LANES, count), np.uint64), np.empty(count, np.uint64)
        same = [0] * _LANES
        for number, column in enumerate(columns):
            for lane, factor in enumerate(self._factors_of(number)):
                if column.strides == (0,):  # one value throughout
                    same[lane] += int(column[0]) * factor
                    continue
                np.multiply(column[rows].view(np.uint64), np.uint64(factor), out=scaled)
                hashes[lane] += scaled
        nothing = np.zeros(count, np.int64)
        for lane in range(_LANES):
            bits = mixed_each(hashes[lane] + np.uint64(same[lane] & _ALL), nothing)
            self.sums[lane] = (self.sums[lane] + int(bits.sum())) & _ALL

    def _factors_of(self, column: int) -> tuple[int, ...]:
        """Odd constants of a column, one for each sum."""
        for number in range(len(self._factors), column + 1):
            self._factors.append(
                tuple(mixed(self._table, _LANES * number + lane) | 1 for lane in range(_LANES))
            )
        return self._factors[column]
