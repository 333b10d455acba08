"""Queues served in one call or in many."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.stations import serve
from burstsim.studies.benchqueues import Queue, draw_queue, heap_loop

Ticks = npt.NDArray[np.int64]

OPENING = 300_000_000_000
SWEEP = 60_000_000
NEVER = 1 << 60


def make_case(
    crew: int,
    load: float | None,
    spread: float,
    *,
    tasks: int = 20_000,
    shape: str = "steady",
    noise: str = "lognormal",
) -> Queue:
    """Draw a queue, whose tasks come once a minute if its shape is sweeps."""
    queue = draw_queue(crew, load, spread, tasks=tasks, noise=noise, opening=OPENING)
    if shape == "sweeps":
        return queue._replace(ready=-(-queue.ready // SWEEP) * SWEEP)
    return queue


def heap_in_calls(case: Queue, size: int) -> Ticks:
    """Serve stretch by stretch with the plain loop, each from the same free times."""
    parts = [
        heap_loop(case.ready[at : at + size], case.work[at : at + size], case.free)
        for at in range(0, case.ready.size, size)
    ]
    return np.concatenate(parts)


def serve_in_calls(case: Queue, size: int) -> Ticks:
    """Serve stretch by stretch with the kernel, each from the same free times."""
    parts = [
        serve(case.ready[at : at + size], case.work[at : at + size], case.free, NEVER)[0]
        for at in range(0, case.ready.size, size)
    ]
    return np.concatenate(parts)
