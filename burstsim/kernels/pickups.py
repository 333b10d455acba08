"""Pickups: who leaves with which truck.

A truck takes what was ready before it comes, first ready first, as much as fits. With A(k)
parcels ready before pickup k, and room for C(k) in the first k trucks together, what has left
with them is

    L(k) = min(A(k), L(k − 1) + C(k) − C(k − 1)) = C(k) + min(0, min over j ≤ k of A(j) − C(j)),

which is the reflection of a queue with a given service (Asmussen, *Applied Probability and
Queues*, 2nd ed., III.7), one running minimum in whole numbers.
"""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["load_trucks"]


def load_trucks(ready: Ticks, times: Ticks, capacity: Indices) -> tuple[Ticks, Indices, Indices]:
    """Load parcels onto trucks, first ready first.

    Parameters
    ----------
    ready : (n,) int64
        Tick at which each parcel is ready, ascending; equal ones in their order.
    times : (k,) int64
        Ticks of the pickups, ascending; a truck takes what was ready before its tick.
    capacity : (k,) int64
        Parcels that each takes at most.

    Returns
    -------
    left : (n,) int64
        Tick of the pickup that each parcel leaves with, `NEVER` if none takes it.
    loaded, behind : (k,) int64
        Parcels that each truck took, and that it left behind though they were ready.

    Examples
    --------
    >>> left, loaded, behind = load_trucks(
    ...     np.array([1, 2, 3, 9]), np.array([3, 5, 10]), np.array([1, 9, 1])
    ... )
    >>> left.tolist(), loaded.tolist(), behind.tolist()
    ([3, 5, 5, 10], [1, 2, 1], [1, 0, 0])
    """
    there = ready.searchsorted(times)
    room = np.cumsum(np.minimum(capacity, len(ready)))  # so that no sum overflows
    gone = room + np.minimum(np.minimum.accumulate(there - room), 0)
    which = gone.searchsorted(np.arange(len(ready)), side="right")
    left: Ticks = np.append(times, NEVER)[which]
    return left, np.diff(gone, prepend=0), there - gone
