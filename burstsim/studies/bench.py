"""What this machine does: orders a second, the engines and kernels against each other, memory."""

from __future__ import annotations

import os
import platform
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from burstsim.engine.run import Engine
from burstsim.errors import InvariantError
from burstsim.kernels.stations import serve
from burstsim.results.result import Result
from burstsim.scenario.scenario import Scenario
from burstsim.studies.benchqueues import draw_queue, heap_loop
from burstsim.studies.benchsale import sale
from burstsim.studies.replicate import run

__all__ = ["Bench", "Figure", "Machine", "bench", "machine", "peak_memory", "spread_of", "timed"]

T = TypeVar("T")

#: Later than any task here starts.
_NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Machine:
    """What a figure was measured on.

    Parameters
    ----------
    cpu
        Its model, as the system names it.
    cores
        Cores that the system shows.
    system, python, numpy
        Names and versions.
    load
        Mean number of running processes of the last minute when measuring began, -1 where the
        system does not tell.
    """

    cpu: str
    cores: int
    system: str
    python: str
    numpy: str
    load: float


def machine() -> Machine:
    """Say what this machine is."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        numpy=np.__version__,
        load=round(load, 2),
    )


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "unknown"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: the median of some rounds, and the range of them.

    Parameters
    ----------
    group
        ``kernels``, ``engine``, ``scaling`` or ``peers``.
    name
        What was measured.
    value, low, high
        Median, least and largest.
    unit
        ``times``, ``orders/s``, ``customers/s``, ``ns/order`` or ``MB``.
    """

    group: str
    name: str
    value: float
    low: float
    high: float
    unit: str

    @property
    def more_is_better(self) -> bool:
        """Whether a larger value is the better one."""
        return self.unit not in ("ns/order", "MB")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of this process's processor time, and the answer.

    Processor time leaves out what others do on the same cores; all that is measured here works
    on one core, so that on a quiet machine it equals the time on the wall.
    """
    begin = time.process_time()
    answer = work()
    return max(time.process_time() - begin, 1e-9), answer


def spread_of(group: str, name: str, values: list[float], unit: str) -> Figure:
    """Figure of some rounds."""
    return Figure(group, name, float(np.median(values)), min(values), max(values), unit)


def peak_memory(work: Callable[[], object]) -> float:
    """Megabytes allocated at the peak, beyond those before; a run of its own, as it is slowed."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@dataclass(frozen=True, slots=True)
class Bench:
    """What was found.

    Parameters
    ----------
    machine
        Where.
    figures
        What.
    words
        What it means, a sentence each.
    """

    machine: Machine
    figures: tuple[Figure, ...]
    words: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Say it in plain data."""
        return {
            "schema": 1,
            "machine": asdict(self.machine),
            "figures": [asdict(figure) for figure in self.figures],
            "words": list(self.words),
        }


def bench(
    *, orders: int = 100_000, crews: tuple[int, ...] = (1, 10, 50, 200, 1000), rounds: int = 3
) -> Bench:
    """Measure this machine; takes less than a minute as it stands.

    Parameters
    ----------
    orders
        Of the larger sales; the engines are compared on a tenth.
    crews
        Sizes at which the station kernel is compared with the plain loop.
    rounds
        Of each measurement.

    Raises
    ------
    InvariantError
        When two ways to the same answer give different ones.
    """
    here = machine()
    plain, rich = sale(orders), sale(orders, warehouses=3, rules=10)
    figures = [
        _speed("one warehouse, no gifts", plain, rounds),
        _speed("three warehouses, ten gift rules", rich, rounds),
        _engines(sale(max(orders // 10, 1), warehouses=3, rules=10)),
        *(_kernel(crew, rounds) for crew in crews),
    ]
    peak = peak_memory(lambda: run(rich))
    figures.append(
        Figure("scaling", f"memory at the peak, {orders:,} orders", peak, peak, peak, "MB")
    )
    return Bench(here, tuple(figures), tuple(_words(figures, orders)))


def _count(result: Result) -> int:
    return int(result.values["orders_placed"][0].number)


def _speed(name: str, scenario: Scenario, rounds: int) -> Figure:
    """Orders a second of whole replications: drawn, run, measured, hashed, broken down."""
    speeds = []
    for _ in range(rounds):
        seconds, result = timed(lambda: run(scenario))
        speeds.append(_count(result) / seconds)
    return spread_of("engine", f"whole run, {name}", speeds, "orders/s")


def _engines(scenario: Scenario) -> Figure:
    """Say how many times faster the vector engine is, with equal answers."""

    def by(engine: Engine) -> tuple[float, Result]:
        return timed(lambda: run(scenario, engine=engine))

    slow, events = by("event")
    ratios = []
    for _ in range(3):
        quick, arrays = by("vector")
        if arrays.digests != events.digests:
            raise InvariantError("the engines differ on the benchmark's sale")
        ratios.append(slow / quick)
    return spread_of("engine", f"vector by event, {_count(events):,} orders", ratios, "times")


def _kernel(crew: int, rounds: int) -> Figure:
    """Say how many times faster than the plain loop a station is served, with equal answers."""
    queue, ratios = draw_queue(crew, 0.9, 0.3), []
    for _ in range(rounds):
        slow, starts = timed(lambda: heap_loop(*queue))
        quick, served = timed(lambda: serve(*queue, _NEVER))
        if not np.array_equal(starts, served[0]):
            raise InvariantError(f"kernel and loop differ with {crew} workers")
        ratios.append(slow / quick)
    return spread_of("kernels", f"station by heapq loop, {crew:,} workers", ratios, "times")


def _words(figures: list[Figure], orders: int) -> list[str]:
    """Say what the figures mean for somebody who plans to run something."""
    rich, ratio = figures[1].value, figures[2].value
    kernels = [figure for figure in figures if figure.group == "kernels"]
    worst = min(kernels, key=lambda figure: figure.value)
    peak = figures[-1].value
    return [
        f"A sale of {orders:,} orders with three warehouses and ten gift rules takes about "
        f"{orders / rich:.2f} s a replication on one core; "
        f"30 replications take {30 * orders / rich:.0f} s.",
        f"The vector engine is {ratio:.0f} times as fast as the event engine, "
        "with the same answer for every order.",
        f"Where the station kernel gains least, it is {worst.value:.1f} times as fast as the "
        f"plain loop ({worst.name.split(', ')[1]}).",
        f"A replication of {orders:,} orders needs {peak:.0f} MB at its peak, "
        f"{1000 * peak / orders:.1f} kB an order.",
    ]
