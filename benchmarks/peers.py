"""Other engines on the same queue: the same arrays in, the same start ticks out.

Drawing lies outside every timer, and so does compiling. A peer that is not installed is left
out, with the reason; ``pip install -e ".[bench]"`` brings them all.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from burstsim.kernels.stations import serve
from burstsim.studies.benchqueues import Queue, heap_loop

Ticks = npt.NDArray[np.int64]
Peer = Callable[[Queue], Ticks]

NEVER = 1 << 60

#: Peer → library that it needs beyond burstsim's own.
NEEDS = {"Ciw": "ciw", "Numba heap": "numba"}


def by_burstsim(queue: Queue) -> Ticks:
    return serve(*queue, NEVER)[0]


def by_loop(queue: Queue) -> Ticks:
    return heap_loop(*queue)


def by_simpy(queue: Queue) -> Ticks:
    """Serve with one process per customer and a resource, as SimPy's own examples do."""
    import simpy

    environment = simpy.Environment()
    crew = simpy.Resource(environment, capacity=len(queue.free))
    starts: list[int] = []

    def customer(work: int) -> Iterator[Any]:
        with crew.request() as turn:
            yield turn
            starts.append(environment.now)
            yield environment.timeout(work)

    def source() -> Iterator[Any]:
        gaps = np.diff(queue.ready, prepend=0).tolist()
        for gap, work in zip(gaps, queue.work.tolist(), strict=True):
            yield environment.timeout(gap)
            environment.process(customer(work))

    environment.process(source())
    environment.run()
    return np.array(starts, np.int64)


def by_ciw(queue: Queue) -> Ticks:
    """Serve with Ciw, whose floats hold these whole ticks exactly."""
    import ciw

    gaps = np.diff(queue.ready, prepend=0).astype(float).tolist()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, float("inf")])],
        service_distributions=[ciw.dists.Sequential(queue.work.astype(float).tolist())],
        number_of_servers=[len(queue.free)],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(len(queue.ready), method="Finish")
    records = sorted(simulation.get_all_records(), key=lambda record: record.id_number)
    return np.array([record.service_start_date for record in records]).astype(np.int64)


_compiled: list[Callable[..., Ticks]] = []


def by_numba(queue: Queue) -> Ticks:
    """Serve with a binary heap in compiled code: what no interpreter can do better."""
    if not _compiled:
        import numba

        _compiled.append(numba.njit(_heap))
    return _compiled[0](queue.ready, queue.work, queue.free.copy())


def _heap(ready: Ticks, work: Ticks, heap: Ticks) -> Ticks:
    crew, starts = heap.size, np.empty(ready.size, np.int64)
    for task in range(ready.size):
        start = max(heap[0], ready[task])
        starts[task] = start
        finish, hole = start + work[task], 0
        while True:
            child = 2 * hole + 1
            if child >= crew:
                break
            if child + 1 < crew and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= finish:
                break
            heap[hole] = heap[child]
            hole = child
        heap[hole] = finish
    return starts


PEERS: dict[str, Peer] = {
    "burstsim station": by_burstsim,
    "heapq loop": by_loop,
    "SimPy": by_simpy,
    "Ciw": by_ciw,
    "Numba heap": by_numba,
}


def missing(peer: str) -> str | None:
    """Say why a peer cannot take part, None if it can."""
    needed = NEEDS.get(peer)
    if needed is None or importlib.util.find_spec(needed) is not None:
        return None
    return f'{peer} left out: {needed} is not installed (pip install -e ".[bench]")'
