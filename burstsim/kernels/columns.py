"""Columns that need less memory than a number for each row."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["lean"]

Kind = TypeVar("Kind", bound=np.generic)


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
