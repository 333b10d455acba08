"""The largest number that is inside at once, of sorted moments of coming and leaving."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks

__all__ = ["most_inside"]

#: Arrivals that are bounded together, and parts of those that are bounded or looked at next.
_BLOCKS = ((64, 8), (8, 1))


def most_inside(came: Ticks, left: Ticks, before: int = 0) -> tuple[int, int]:
    """Most that are inside at once, and the first tick at which so many are.

    What leaves in the tick in which it comes is not inside. Within a block of arrivals there
    can be no more inside than at its first one and all others of the block: only blocks that can
    reach the most of the first ones are looked at in full.

    Parameters
    ----------
    came, left : (n,) and (m,) int64
        Ticks, ascending.
    before
        How many are inside when nobody of these has come or left yet.

    Returns
    -------
    most, tick
        Both 0 where nobody is ever inside when somebody comes.

    Examples
    --------
    >>> most_inside(np.array([1, 2, 2, 5]), np.array([2, 4, 4]))
    (2, 2)
    """
    count = len(came)
    if count == 0:
        return 0, 0
    rows = np.arange(0, count, _BLOCKS[0][0])
    for size, part in _BLOCKS:
        inside = rows + 1 - left.searchsorted(came[rows], side="right")
        blocks = rows[inside + size > inside.max()]
        rows = (blocks[:, None] + np.arange(0, size, part)).ravel()
        rows = rows[: rows.searchsorted(count)]
    inside = rows + 1 - left.searchsorted(came[rows], side="right")
    at = int(inside.argmax())  # of several in one tick the last one counts all
    most = before + int(inside[at])
    return (most, int(came[rows[at]])) if most > 0 else (0, 0)
