"""Columns that need less memory than a number for each row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices

__all__ = ["joined", "lean", "rest_of", "shared", "taken"]

Kind = TypeVar("Kind", bound=np.generic)


def joined(*columns: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
    """Give columns one after the other; one value throughout stays one value.

    Parameters
    ----------
    *columns : (any,) any

    Examples
    --------
    >>> joined(lean(np.array([7, 7])), lean(np.array([7, 7, 7]))).strides
    (0,)
    """
    some = [column for column in columns if len(column)]
    if len(some) < 2:
        return some[0] if some else columns[0]
    if all(column.strides == (0,) and column[0] == some[0][0] for column in some):
        return np.broadcast_to(some[0][0], sum(map(len, some)))
    return np.concatenate(some)


def lean(column: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
    """Give a column of one value throughout the memory of one value; all others as they are.

    Such a column can be read like any other, but not be written to.

    Parameters
    ----------
    column : (n,) any

    Examples
    --------
    >>> lean(np.array([7, 7, 7])).strides, lean(np.array([7, 8, 7])).strides
    ((0,), (8,))
    """
    if len(column) == 0 or column.strides == (0,):
        return column
    first = column[0]
    # most columns that are not the same throughout differ in one of three places
    if column[-1] != first or column[len(column) // 2] != first or not (column == first).all():
        return column
    return np.broadcast_to(first, len(column))


def rest_of(column: npt.NDArray[Kind], begin: int) -> npt.NDArray[Kind]:
    """Give what stands from a row on; of nothing nothing is kept of what it was cut from.

    Parameters
    ----------
    column : (n,) any
    begin
        From 0 to n.

    Examples
    --------
    >>> rest_of(np.arange(3), 2).tolist(), rest_of(np.arange(3), 3).base is None
    ([2], True)
    """
    return column[begin:] if begin < len(column) else np.empty(0, column.dtype)


def shared(columns: Iterable[npt.NDArray[Kind]]) -> list[npt.NDArray[Kind]]:
    """Give columns that say the same as one and the same array, the first of them.

    Parameters
    ----------
    columns : (any,) any

    Examples
    --------
    >>> first, again = shared([np.array([1, 2]), np.array([1, 2])])
    >>> first is again
    True
    """
    found: list[npt.NDArray[Kind]] = []
    for column in columns:
        found.append(next((known for known in found if _same(known, column)), column))
    return found


def taken(column: npt.NDArray[Kind], chosen: Indices) -> npt.NDArray[Kind]:
    """Give some rows of a column; one value throughout stays one value.

    Parameters
    ----------
    column : (n,) any
    chosen : (k,) int64

    Examples
    --------
    >>> taken(lean(np.array([7, 7, 7])), np.array([0, 2])).strides
    (0,)
    """
    if column.strides == (0,) and len(column):
        return np.broadcast_to(column[0], len(chosen))
    return column[chosen]


def _same(some: npt.NDArray[Kind], others: npt.NDArray[Kind]) -> bool:
    """Whether two columns say the same; most that do not differ in one of three places."""
    if some is others or len(some) != len(others) or some.dtype != others.dtype:
        return some is others
    few = slice(None, None, max(len(some) // 2, 1))
    return np.array_equal(some[few], others[few]) and np.array_equal(some, others)
