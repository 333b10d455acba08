"""Turns of minutes at which it is worth while to look at a zone."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import MINUTE, NEVER

__all__ = ["turns_with"]


def turns_with(came: Ticks) -> Indices:
    """List the turns of minutes before which something came: (turns,) int64, ascending.

    Parameters
    ----------
    came : (n,) int64
        Ticks, ascending.
    """
    if len(came) == 0:
        return np.empty(0, np.int64)
    first, last = int(came[0]) // MINUTE, int(came[-1]) // MINUTE
    if last - first < len(came) // 8:  # look at each minute rather than at each arrival
        edges = np.arange(first, last + 2)
        return edges[1:][np.flatnonzero(np.diff(came.searchsorted(edges * MINUTE)))]
    turns = came // MINUTE + 1
    return turns[np.flatnonzero(np.diff(turns, prepend=-NEVER))]
