"""How many times faster than the plain heap loop the station kernel is, over a grid.

``python -m benchmarks.station_ratios`` prints a line per crew and spread of work, a column per
load; it takes some minutes. Each figure is the median of interleaved pairs on the same arrays,
and the answers are compared each time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from benchmarks.queues import NEVER, heap_in_calls, make_case, serve_in_calls
from burstsim.kernels.stations import serve
from burstsim.studies.benchqueues import Queue, heap_loop

CREWS = (1, 2, 5, 8, 10, 16, 24, 32, 50, 100, 200, 500, 1000)
LOADS = (0.5, 0.7, 0.9, 0.99, 1.2, 2.0, None)
SPREADS = (0.0, 0.1, 0.3, 0.5, 1.0, 2.0)
SHAPES = ("steady", "sweeps")


def ratio(case: Queue, repeats: int, size: int | None = None) -> float:
    """Return how many times faster than the loop the kernel is: median of interleaved pairs."""
    ratios = []
    for _ in range(repeats):
        begin = time.process_time()
        loop = heap_loop(*case) if size is None else heap_in_calls(case, size)
        middle = time.process_time()
        start = serve(*case, NEVER)[0] if size is None else serve_in_calls(case, size)
        end = time.process_time()
        assert np.array_equal(loop, start)
        ratios.append((middle - begin) / (end - middle))
    return float(np.median(ratios))


def print_line(label: str, values: list[float]) -> None:
    """Print one line of the table, its smallest value last."""
    cells = " ".join(f"{value:6.2f}" for value in values)
    print(f"{label:34s} {cells}   least {min(values):.2f}")


def print_ratios(
    tasks: int = 200_000,
    repeats: int = 5,
    crews: Sequence[int] = CREWS,
    loads: Sequence[float | None] = LOADS,
    spreads: Sequence[float] = SPREADS,
) -> None:
    """Print the whole table."""
    print("load: " + ", ".join("drop" if load is None else str(load) for load in loads))
    for shape in SHAPES:
        for crew in crews:
            for spread in spreads:
                cases = (make_case(crew, load, spread, tasks=tasks, shape=shape) for load in loads)
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


if __name__ == "__main__":
    print_ratios()
