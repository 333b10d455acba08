"""The station kernel against a plain heap loop, on the same arrays, answers compared."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.queues import NEVER, heap_in_calls, make_case, serve_in_calls
from benchmarks.station_ratios import print_ratios
from burstsim.kernels.stations import serve
from burstsim.studies.benchqueues import heap_loop


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("load", [0.7, 0.99, None])
@pytest.mark.parametrize("crew", [1, 10, 50, 200])
@pytest.mark.parametrize("kernel", ["heap", "serve"])
def test_queue(benchmark, kernel: str, crew: int, load: float | None, spread: float) -> None:
    case = make_case(crew, load, spread)
    benchmark.group = f"crew {crew}, load {load or 'drop'}, cv {spread}"
    if kernel == "heap":
        start = benchmark(heap_loop, *case)
    else:
        start, _ = benchmark(serve, *case, NEVER)
    assert np.array_equal(start, heap_loop(*case))


@pytest.mark.parametrize("size", [100, 1000])
@pytest.mark.parametrize("crew", [1, 10, 200])
@pytest.mark.parametrize("kernel", ["heap", "serve"])
def test_small_calls(benchmark, kernel: str, crew: int, size: int) -> None:
    case = make_case(crew, 0.9, 0.5, shape="sweeps")
    benchmark.group = f"crew {crew}, {size} tasks a call"
    start = benchmark(heap_in_calls if kernel == "heap" else serve_in_calls, case, size)
    assert np.array_equal(start, heap_in_calls(case, size))


def test_ratios_are_printed(capsys) -> None:
    """The table of `benchmarks.station_ratios`, on toy sizes; figures come from running it."""
    print_ratios(tasks=2_000, repeats=1, crews=(2, 50), loads=(0.7, None), spreads=(0.0, 0.5))
    assert "steady, crew 50, cv 0.5" in capsys.readouterr().out
