"""What the report measures: kernels, engine, scaling, peers, each answer held against another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.double11 import scaled
from benchmarks.month import month
from benchmarks.peers import NEVER, PEERS, missing
from burstsim.engine.run import Engine
from burstsim.kernels.stations import serve
from burstsim.results.result import Result
from burstsim.scenario.scenario import Scenario
from burstsim.studies.bench import Figure, peak_memory, spread_of, timed
from burstsim.studies.benchqueues import draw_queue, heap_loop
from burstsim.studies.benchsale import sale
from burstsim.studies.replicate import run


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    tasks: int
    customers: int
    orders: tuple[int, ...]
    compared: int
    double11: tuple[int, int, int]
    base: int
    months: tuple[int, ...]
    rounds: int


FULL = Sizes(
    tasks=200_000,
    customers=100_000,
    orders=(10_000, 30_000, 100_000, 300_000, 1_000_000),
    compared=10_000,
    double11=(200_000, 1_000_000, 100_000),
    base=100_000,
    months=(100_000, 1_000_000, 10_000_000),
    rounds=5,
)
QUICK = Sizes(
    tasks=20_000,
    customers=20_000,
    orders=(10_000, 30_000, 100_000),
    compared=5_000,
    double11=(20_000, 100_000, 10_000),
    base=20_000,
    months=(1_000_000,),
    rounds=3,
)
TOY = Sizes(
    tasks=2_000,
    customers=500,
    orders=(200, 400),
    compared=200,
    double11=(200, 400, 200),
    base=200,
    months=(400,),
    rounds=1,
)


def kernels(sizes: Sizes) -> Iterator[Figure]:
    """Station kernel against the plain loop, as medians of interleaved pairs."""
    for crew in (1, 2, 5, 10, 32, 50, 100, 200, 1000):
        for spread in (0.0, 0.3, 1.0):
            for load in (0.9, 2.0):
                queue, ratios = draw_queue(crew, load, spread, tasks=sizes.tasks), []
                for _ in range(sizes.rounds):
                    slow, starts = timed(lambda queue=queue: heap_loop(*queue))
                    quick, served = timed(lambda queue=queue: serve(*queue, NEVER))
                    assert np.array_equal(starts, served[0])
                    ratios.append(slow / quick)
                name = f"station by heapq loop, {crew} workers, load {load}, cv {spread}"
                yield spread_of("kernels", name, ratios, "times")


def placed(result: Result) -> int:
    return int(sum(value.number for value in result.values["orders_placed"]))


def engine(sizes: Sizes) -> Iterator[Figure]:
    """Whole runs by both engines, on sales of one size, digests compared."""
    for name, warehouses, rules in (
        ("one warehouse, no gifts", 1, 0),
        ("three warehouses, ten rules", 3, 10),
    ):
        scenario = sale(sizes.compared, warehouses=warehouses, rules=rules)

        def by(which: Engine, scenario: Scenario = scenario) -> tuple[float, Result]:
            return timed(lambda: run(scenario, engine=which))

        ratios, speeds = [], []
        for _ in range(min(sizes.rounds, 3)):
            slow, events = by("event")
            quick, arrays = by("vector")
            assert events.digests == arrays.digests
            ratios.append(slow / quick)
            speeds.append(placed(events) / slow)
        size = f"{sizes.compared:,} orders, {name}"
        yield spread_of("engine", f"vector by event, {size}", ratios, "times")
        yield spread_of("engine", f"event, {size}", speeds, "orders/s")


def double11(sizes: Sizes) -> Iterator[Figure]:
    """The whole of double11 by both engines, and larger by `vector` with `event` timed on less.

    Of `event` each size is timed once, of `vector` as often as of the others.
    """
    both, large, small = (scaled(orders) for orders in sizes.double11)
    all_of, many, few = (f"{orders:,}" for orders in sizes.double11)
    heavy = sale(sizes.double11[1], warehouses=3, rules=10)
    event_of = {all_of: _event(both), few: _event(small)}
    scenarios = {all_of: both, many: large, few: small}
    speeds_of = {name: _vector(scenario, sizes) for name, scenario in scenarios.items()}
    for size, timed_on in ((all_of, all_of), (many, few)):
        name = f"vector by event, double11, {size} orders"
        name += "" if size == timed_on else f", event timed on {timed_on}"
        ratios = [speed / event_of[timed_on] for speed in speeds_of[size]]
        yield spread_of("engine", name, ratios, "times")
    yield spread_of("engine", f"event, double11, {few} orders", [event_of[few]], "orders/s")
    for size in (many, few):
        yield spread_of("engine", f"vector, double11, {size} orders", speeds_of[size], "orders/s")
    name = f"vector, {many} orders, three warehouses, ten rules"
    yield spread_of("engine", name, _vector(heavy, sizes), "orders/s")


def _event(scenario: Scenario) -> float:
    """Orders a second of a whole run by `event`, whose answers `vector` gives as well."""
    seconds, events = timed(lambda: run(scenario, replications=1, engine="event"))
    assert run(scenario, replications=1).digests == events.digests
    return placed(events) / seconds


def _vector(scenario: Scenario, sizes: Sizes) -> list[float]:
    """Orders a second of whole runs by `vector`."""
    every = (timed(lambda: run(scenario, replications=1)) for _ in range(min(sizes.rounds, 3)))
    return [placed(result) / seconds for seconds, result in every]


def scaling(sizes: Sizes) -> Iterator[Figure]:
    """Nanoseconds an order of whole runs by `vector`, one thing larger at a time."""
    for orders in sizes.orders:
        scenario = sale(orders, warehouses=3, rules=10)
        yield _per_order(f"orders: {orders}", scenario, sizes, once=orders > 200_000)
    for warehouses in (1, 2, 3, 6):
        yield _per_order(
            f"warehouses: {warehouses}", sale(sizes.base, warehouses=warehouses), sizes
        )
    for rules in (0, 1, 3, 10):
        yield _per_order(f"rules: {rules}", sale(sizes.base, rules=rules), sizes)
    for count in (1, 4, 16):
        yield _per_order(f"replications: {count}", sale(sizes.base // 10), sizes, count)
    rich = sale(sizes.base, warehouses=3, rules=10)
    peak = peak_memory(lambda: run(rich))
    yield Figure("scaling", f"memory at the peak, {sizes.base:,} orders", peak, peak, peak, "MB")


def months(sizes: Sizes) -> Iterator[Figure]:
    """Sums of a month with a backlog of hours, piece by piece where that needs less memory."""
    for orders in sizes.months:
        scenario, name = month(orders), f"a month of {orders:,} orders, sums only"
        yield _per_order(name, scenario, sizes, once=orders > sizes.months[0])
        peak = peak_memory(lambda scenario=scenario: run(scenario, replications=1))
        yield Figure("scaling", f"memory at the peak, {name}", peak, peak, peak, "MB")


def _per_order(
    name: str, scenario: Scenario, sizes: Sizes, replications: int = 1, *, once: bool = False
) -> Figure:
    spans: list[float] = []
    for _ in range(1 if once else min(sizes.rounds, 3)):
        seconds, result = timed(lambda: run(scenario, replications=replications))
        spans.append(1e9 * seconds / placed(result))
    return spread_of("scaling", name, spans, "ns/order")


def peers(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Figure]:
    """Customers a second of everybody on one M/M/50 queue, every start compared."""
    queue = draw_queue(50, 0.9, 1.0, tasks=sizes.customers, noise="exponential")
    expected = heap_loop(*queue)
    for name, peer in PEERS.items():
        reason = missing(name)
        if reason:
            say(reason)
            continue
        if name == "Numba heap":
            peer(draw_queue(2, 0.9, 1.0, tasks=10))  # compiles
        speeds = []
        for _ in range(1 if name in ("SimPy", "Ciw") else sizes.rounds):
            seconds, starts = timed(lambda peer=peer: peer(queue))
            assert np.array_equal(starts, expected), name
            speeds.append(sizes.customers / seconds)
        yield spread_of("peers", name, speeds, "customers/s")
