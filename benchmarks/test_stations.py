"""The station kernel against a plain heap loop, on the same arrays, answers compared.

``pytest benchmarks/test_stations.py -k ratio -s`` prints how many times faster the kernel is,
over a grid of crews, loads and spreads of work.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.baseline import heap_loop
from burstsim.kernels.stations import serve

Ticks = npt.NDArray[np.int64]

MEAN_WORK = 60_000_000
OPENING = 300_000_000_000
SWEEP = 60_000_000
NEVER = 1 << 60

CREWS = (1, 2, 5, 8, 10, 16, 24, 32, 50, 100, 200, 500, 1000)
LOADS = (0.5, 0.7, 0.9, 0.99, 1.2, 2.0, None)
SPREADS = (0.0, 0.1, 0.3, 0.5, 1.0, 2.0)
SHAPES = ("steady", "sweeps")


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


@pytest.mark.parametrize("size", [100, 1000])
@pytest.mark.parametrize("crew", [1, 10, 200])
@pytest.mark.parametrize("kernel", ["heap", "serve"])
def test_small_calls(benchmark, kernel: str, crew: int, size: int) -> None:
    case = make_case(crew, 0.9, 0.5, shape="sweeps")
    benchmark.group = f"crew {crew}, {size} tasks a call"
    start = benchmark(heap_in_calls if kernel == "heap" else serve_in_calls, case, size)
    assert np.array_equal(start, heap_in_calls(case, size))


def ratio(case: Case, repeats: int, size: int | None = None) -> float:
    """Return how many times faster than the loop the kernel is: median of interleaved pairs."""
    ratios = []
    for _ in range(repeats):
        begin = time.perf_counter()
        loop = heap_loop(*case) if size is None else heap_in_calls(case, size)
        middle = time.perf_counter()
        start = serve(*case, NEVER)[0] if size is None else serve_in_calls(case, size)
        end = time.perf_counter()
        assert np.array_equal(loop, start)
        ratios.append((middle - begin) / (end - middle))
    return float(np.median(ratios))


def print_line(label: str, values: list[float]) -> None:
    """Print one line of the table, its smallest value last."""
    cells = " ".join(f"{value:6.2f}" for value in values)
    print(f"{label:34s} {cells}   least {min(values):.2f}")


def test_ratio_table(benchmark, capsys) -> None:
    full = benchmark.enabled
    tasks, repeats = (200_000, 5) if full else (2_000, 1)
    crews = CREWS if full else (2, 50)
    loads = LOADS if full else (0.7, None)
    with capsys.disabled():
        if not full:
            print("\ntoy sizes: run without --benchmark-disable for figures")
        print("\nload: " + ", ".join("drop" if load is None else str(load) for load in loads))
        for shape in SHAPES:
            for crew in crews:
                for spread in SPREADS if full else (0.0, 0.5):
                    cases = (
                        make_case(crew, load, spread, tasks=tasks, shape=shape) for load in loads
                    )
                    values = [ratio(case, repeats) for case in cases]
                    print_line(f"{shape}, crew {crew}, cv {spread}", values)
        for crew in crews:
            cases = (make_case(crew, load, 1.0, tasks=tasks, noise="exponential") for load in loads)
            print_line(f"exponential, crew {crew}", [ratio(case, repeats) for case in cases])
        for size in (100, 300, 1000):
            for crew in crews:
                cases = (make_case(crew, load, 0.5, tasks=tasks, shape="sweeps") for load in loads)
                values = [ratio(case, repeats, size) for case in cases]
                print_line(f"calls of {size}, crew {crew}", values)
    benchmark(lambda: None)
