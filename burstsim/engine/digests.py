"""A digest of columns of whole numbers, each hashed no wider than its numbers are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from burstsim.kernels.arrays import Indices

__all__ = ["digest_of"]

_WIDTHS = tuple(np.dtype(f"<i{size}") for size in (1, 2, 4, 8))


def digest_of(columns: Iterable[Indices]) -> str:
    """SHA-256 (hex) of columns: equal for equal numbers, whatever type holds them.

    Of each column the number of rows and the width are hashed before the rows, so that no two
    lists of columns give the same bytes; a column of one number is told by that.

    Parameters
    ----------
    columns : (any,) int64
        In an order that means something.

    Examples
    --------
    >>> digest_of([np.array([1, 2])]) == digest_of([np.array([1]), np.array([2])])
    False
    """
    sha = hashlib.sha256()
    for column in columns:
        if len(column) == 0:
            sha.update(b"0;")
            continue
        some = column[:1] if column.strides == (0,) else column
        least, most = int(some.min()), int(some.max())
        if least == most:
            sha.update(b"%d=%d;" % (len(column), least))
            continue
        width = next(w for w in _WIDTHS if np.iinfo(w).min <= least and most <= np.iinfo(w).max)
        sha.update(b"%d:%d;" % (len(column), width.itemsize))
        sha.update(np.ascontiguousarray(column, width).data)
    return sha.hexdigest()
