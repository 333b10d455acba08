"""The bar for the station kernel: the shortest honest loop in plain Python."""

from __future__ import annotations

from heapq import heapreplace

import numpy as np
import numpy.typing as npt

Ticks = npt.NDArray[np.int64]


def heap_loop(ready: Ticks, work: Ticks, free: Ticks) -> Ticks:
    """Start ticks of a first-come-first-served queue; ``free`` ascending, hence a heap."""
    crew: list[int] = free.tolist()
    starts: list[int] = []
    note, replace = starts.append, heapreplace
    for moment, duration in zip(ready.tolist(), work.tolist(), strict=True):
        first = crew[0]
        start = first if first > moment else moment
        note(start)
        replace(crew, start + duration)
    return np.array(starts, dtype=np.int64)
