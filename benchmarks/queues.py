"""Queues to serve: drawn once, given to every contender alike."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.baseline import heap_loop
from burstsim.kernels.stations import serve

Ticks = npt.NDArray[np.int64]

MEAN_WORK = 60_000_000
OPENING = 300_000_000_000
SWEEP = 60_000_000
NEVER = 1 << 60


class Case(NamedTuple):
    """A queue to serve."""

    ready: Ticks
    work: Ticks
    free: Ticks


def make_case(
    crew: int,
    load: float | None,
    spread: float,
    *,
    tasks: int = 20_000,
    shape: str = "steady",
    noise: str = "lognormal",
) -> Case:
    """Draw a queue; no load means that everything arrives at once."""
    draw = np.random.default_rng([crew, tasks, int(spread * 10)])
    if load is None:
        ready = np.full(tasks, OPENING)
    else:
        gaps = draw.exponential(MEAN_WORK / crew / load, tasks)
        ready = OPENING + np.cumsum(gaps).astype(np.int64)
    if shape == "sweeps":
        ready = -(-ready // SWEEP) * SWEEP
    if spread == 0:
        work = np.full(tasks, MEAN_WORK)
    elif noise == "exponential":
        work = draw.exponential(MEAN_WORK, tasks).astype(np.int64) + 1
    else:
        sigma = np.sqrt(np.log1p(spread**2))
        work = (MEAN_WORK * draw.lognormal(-(sigma**2) / 2, sigma, tasks)).astype(np.int64) + 1
    return Case(ready, work, np.full(crew, OPENING))


def heap_in_calls(case: Case, size: int) -> Ticks:
    """Serve stretch by stretch with the plain loop, each from the same free times."""
    parts = [
        heap_loop(case.ready[at : at + size], case.work[at : at + size], case.free)
        for at in range(0, case.ready.size, size)
    ]
    return np.concatenate(parts)


def serve_in_calls(case: Case, size: int) -> Ticks:
    """Serve stretch by stretch with the kernel, each from the same free times."""
    parts = [
        serve(case.ready[at : at + size], case.work[at : at + size], case.free, NEVER)[0]
        for at in range(0, case.ready.size, size)
    ]
    return np.concatenate(parts)
