"""Turns of minutes at which it is worth while to look at a zone."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices
from burstsim.results.flows import Flow
from burstsim.units import MINUTE, NEVER

__all__ = ["turns_with"]


def turns_with(flow: Flow) -> Indices:
    """List the turns of minutes before which something came: (turns,) int64, ascending."""
    if len(flow.came) == 0:
        return np.empty(0, np.int64)
    first, last = int(flow.came[0]) // MINUTE, int(flow.came[-1]) // MINUTE
    if last - first < len(flow.came) // 8:  # look at each minute rather than at each arrival
        edges = np.arange(first, last + 2)
        return edges[1:][np.flatnonzero(np.diff(flow.came.searchsorted(edges * MINUTE)))]
    turns = flow.came // MINUTE + 1
    return turns[np.flatnonzero(np.diff(turns, prepend=-NEVER))]
