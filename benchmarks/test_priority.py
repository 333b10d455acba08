"""Priorities: how many tasks a second the loop over a heap serves."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.queues import NEVER, make_case
from burstsim.kernels.stations import serve
from burstsim.kernels.stations.priority import serve_by_priority


@pytest.mark.benchmark(group="priorities, 200k tasks")
@pytest.mark.parametrize("load", [0.9, None])
@pytest.mark.parametrize("crew", [10, 200])
def test_by_priority(benchmark, crew: int, load: float | None) -> None:
    ready, work, free = make_case(crew, load, 1.0, tasks=200_000)
    numbers = np.arange(len(ready))
    keys = np.random.default_rng(1).integers(0, 3, len(ready))

    def run() -> int:
        start, _, _ = serve_by_priority((ready, keys, numbers), work, free, [], NEVER)
        return int(start.max())

    benchmark(run)
    # equal keys are first come, first served
    same = serve_by_priority((ready, keys * 0, numbers), work, free, [], NEVER)
    assert np.array_equal(same[0], serve(ready, work, free, NEVER)[0])
