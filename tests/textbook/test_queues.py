"""Queues whose long-run averages textbooks know, told as scenarios and simulated by both engines.

How a number is judged. Each replication gives one value; the 99.9 % Student t interval over the
replications' values must contain the textbook's. Orders of one replication are never treated as
independent. Every floor starts empty while the textbook's has run for ever, so the first orders
of each replication are left out: `warm_up` is at least seven relaxation times of the queue
(for M/M/c, 1 / (√(cμ) − √λ)²; the distance from the steady state shrinks by e in each), so that
what remains of the empty start is below a thousandth. The replications of the vector engine are
so long that the interval's half-width is below 5 % of the expected value: no test passes by being
vague. The event engine, some hundred times slower, gets shorter replications, whose wider
interval must contain the value too, and on each of them both engines must give the same ticks.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import stdtrit

from burstsim.engine.trace import Trace
from burstsim.scenario.reader import loads
from burstsim.units import HOUR, MINUTE, NEVER, SECOND
from tests.textbook.floors import Stages, agreed_answer, sale, vector_answer

CONFIDENCE = 0.999
SHARPNESS = 0.05
EVENT_SHARPNESS = 0.5

#: The table that the rows below were copied from, where it is at hand.
TABLE = Path(__file__).parents[2].parent / "shared" / "cases" / "queues.csv"

Times = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """The orders of a replication that count, the warm-up left out.

    Parameters
    ----------
    waits, cycles
        Ticks from arriving at the first stage to work starting there, and to leaving the last.
    per_hour
        The rate at which orders arrive.
    """

    waits: Times
    cycles: Times
    per_hour: float


@dataclass(frozen=True)
class Plan:
    """So many replications of so many orders that count."""

    replications: int
    orders: int


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A textbook queue, its known answer, and how long to run it.

    Parameters
    ----------
    name
        Of the test, and of the demand stream: draws are keyed by it, so no two tests share theirs.
    row
        Number in the table of cases, None where the value has another source.
    event
        None where the event engine would need minutes to leave the empty start behind: then the
        engines are only compared tick by tick on two short replications.
    """

    name: str
    row: str | None
    expected: float
    source: str
    answer: Callable[[Judged], float]
    per_hour: float
    stages: Stages
    warm_up: int
    vector: Plan
    event: Plan | None


def share_that_waits(judged: Judged) -> float:
    return float((judged.waits > 0).mean())


def mean_wait(unit: int) -> Callable[[Judged], float]:
    return lambda judged: float(judged.waits.mean()) / unit


def number_waiting(judged: Judged) -> float:
    """Lq = λ·Wq (Little)."""
    return judged.per_hour * float(judged.waits.mean()) / HOUR


def mean_cycle(unit: int) -> Callable[[Judged], float]:
    return lambda judged: float(judged.cycles.mean()) / unit


def cycle_p95(unit: int) -> Callable[[Judged], float]:
    """Quantile of one replication; over replications these are averaged, never pooled."""
    return lambda judged: float(np.quantile(judged.cycles, 0.95, method="inverted_cdf")) / unit


# Where a row has no unit of time, its unit is a minute here (an hour in the tandem).
QUEUES = [
    Queue(
        name="Q02",
        row="Q02",
        expected=0.533333333333,
        source="Erlang C, 8/15",
        answer=share_that_waits,
        per_hour=120,
        stages={"desk": (2, "per_task: 40s, dist: exponential")},
        warm_up=500,
        vector=Plan(20, 30_000),
        event=Plan(10, 4_000),
    ),
    Queue(
        name="Q02-wait",
        row=None,
        expected=32.0,  # seconds; stands in the derivation of Q02
        source="Erlang C: Wq = P(wait) / (cμ − λ)",
        answer=mean_wait(SECOND),
        per_hour=120,
        stages={"desk": (2, "per_task: 40s, dist: exponential")},
        warm_up=500,
        vector=Plan(20, 60_000),
        event=Plan(10, 4_000),
    ),
    Queue(
        name="Q03",
        row="Q03",
        expected=0.216940480906,
        source="Erlang C",
        answer=share_that_waits,
        per_hour=5400,
        stages={"desk": (100, "per_task: 60s, dist: exponential")},
        warm_up=2_500,
        vector=Plan(30, 300_000),
        event=Plan(12, 8_000),
    ),
    Queue(
        name="Q03d",
        row="Q03d",
        expected=3.5522288554,
        source="wait and service convoluted; first come, first served",
        answer=cycle_p95(MINUTE),
        per_hour=5400,
        stages={"desk": (92, "per_task: 60s, dist: exponential")},
        warm_up=65_000,
        vector=Plan(20, 300_000),
        event=None,
    ),
    *(
        Queue(
            name=f"Q04-{distribution}",
            row="Q04",
            expected=2.71111111111,
            source="Pollaczek and Khinchine; Banks et al., Able and Baker, print 2.711",
            answer=number_waiting,
            per_hour=2,  # one in 30 minutes
            # variance 400 min², so the standard deviation is 20 of the mean 24
            stages={"desk": (1, f"per_task: 24m, cv: {20 / 24!r}, dist: {distribution}")},
            warm_up=600,
            vector=Plan(20, 150_000),
            event=Plan(12, 5_000),
        )
        for distribution in ("gamma", "lognormal")
    ),
    Queue(
        name="Q05",
        row="Q05",
        expected=2.00000000006,
        source="ρ / (2(1 − ρ)) = 2",
        answer=mean_wait(MINUTE),
        per_hour=48,
        stages={"desk": (1, "per_task: 60s")},
        warm_up=600,
        vector=Plan(20, 100_000),
        event=Plan(12, 5_000),
    ),
    Queue(
        name="Q06",
        row="Q06",
        expected=0.344582050327,
        source="Crommelin's embedded chain",
        answer=mean_wait(MINUTE),
        per_hour=540,
        stages={"desk": (10, "per_task: 60s")},
        warm_up=2_500,
        vector=Plan(30, 200_000),
        event=Plan(12, 8_000),
    ),
    Queue(
        name="Q08",
        row="Q08",
        expected=2.40789739855,
        source="Burke and Jackson: the sum of three M/M/c sojourns",
        answer=mean_cycle(HOUR),
        per_hour=8,
        stages={
            "pick": (3, "uph: 3, dist: exponential"),
            "pack": (1, "uph: 10, dist: exponential"),
            "ship": (5, "uph: 2, dist: exponential"),
        },
        warm_up=2_000,
        vector=Plan(20, 80_000),
        event=Plan(12, 5_000),
    ),
    Queue(
        name="Q16",
        row="Q16",
        expected=14.9786613678,
        source="the sojourn is exponential with rate μ − λ",
        answer=cycle_p95(MINUTE),
        per_hour=48,
        stages={"desk": (1, "per_task: 60s, dist: exponential")},
        warm_up=600,
        vector=Plan(20, 150_000),
        event=Plan(12, 5_000),
    ),
    Queue(
        name="Erlang-C",
        row=None,
        expected=0.1741319,
        source="documentation of pyworkforce: 100 in 30 min of 3 min each need 14 people",
        answer=share_that_waits,
        per_hour=200,
        stages={"desk": (14, "per_task: 3m, dist: exponential")},
        warm_up=500,
        vector=Plan(20, 100_000),
        event=Plan(12, 6_000),
    ),
    Queue(
        name="Erlang-C-level",
        row=None,
        expected=0.8883500,
        source="same: the share that waits at most 20 s",
        answer=lambda judged: float((judged.waits <= 20 * SECOND).mean()),
        per_hour=200,
        stages={"desk": (14, "per_task: 3m, dist: exponential")},
        warm_up=500,
        vector=Plan(20, 30_000),
        event=Plan(12, 3_000),
    ),
]
#: Rows that are judged on their own further down.
BUNDLES, BUNDLE_ROW = 3.5, "Q14"
FIRST_DELAYS = 2.12449


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Middle and half-width of Student's t interval over replications."""
    spread = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    quantile = float(stdtrit(len(values) - 1, (1 + CONFIDENCE) / 2))
    return math.fsum(values) / len(values), quantile * spread


def judge(values: Sequence[float], expected: float, engine: str, sharpness: float) -> None:
    """The interval contains what is expected and is narrow enough to mean something."""
    middle, half = interval(values)
    print(f"{engine}: expected {expected:.6g}, got {middle:.6g} ± {half / expected:.2%}")
    assert abs(middle - expected) <= half
    assert half < sharpness * expected


def arrivals_until(orders: int) -> float:
    """Expected number of Poisson arrivals that makes fewer than `orders` all but impossible."""
    return orders + 6 * math.sqrt(orders) + 20


def text_of(queue: Queue, orders: int) -> str:
    """The queue as a scenario that surely places `orders` after the warm-up."""
    minutes = math.ceil(60 * arrivals_until(queue.warm_up + orders) / queue.per_hour)
    demand = f"{queue.name}: {{shape: steady, rate: {queue.per_hour}/h}}"
    return sale(demand, queue.stages, f"{minutes}m")


def judged(queue: Queue, trace: Trace, orders: int) -> Judged:
    """Leave the warm-up out, and whatever was placed beyond the orders that count."""
    counted = slice(queue.warm_up, queue.warm_up + orders)
    first, last = trace.visits[0], trace.visits[-1]
    done = last.done[counted]
    assert len(done) == orders
    assert (done < NEVER).all()
    return Judged(
        waits=(first.started - first.entered)[counted].astype(np.float64),
        cycles=(done - first.entered[counted]).astype(np.float64),
        per_hour=queue.per_hour,
    )


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_vector_engine_finds_the_textbook_answer(queue: Queue) -> None:
    plan = queue.vector
    scenario = loads(text_of(queue, plan.orders))
    values = []
    for replication in range(plan.replications):
        trace = vector_answer(scenario, replication)
        values.append(queue.answer(judged(queue, trace, plan.orders)))
    judge(values, queue.expected, "vector", SHARPNESS)


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_event_engine_finds_the_same(queue: Queue) -> None:
    if queue.event is None:
        short = sale(
            f"{queue.name}: {{shape: steady, rate: {queue.per_hour}/h}}", queue.stages, "2h"
        )
        for replication in range(2):
            assert len(agreed_answer(loads(short), replication).orders) > 10_000
        return
    plan = queue.event
    scenario = loads(text_of(queue, plan.orders))
    values = []
    for replication in range(plan.replications):
        trace = agreed_answer(scenario, replication)
        values.append(queue.answer(judged(queue, trace, plan.orders)))
    judge(values, queue.expected, "event", EVENT_SHARPNESS)


# Q14, M^[X]/M/1: bundles of 1 to 5 single-line orders of the same moment, one worker.
# L = ρ(1 + E[X²]/E[X]) / (2(1 − ρ)) = 3.5 lines in the system.


def write_bundles(path: Path, minutes: float, draw: np.random.Generator) -> None:
    """Write an order log of Poisson bundles, 0.2 a minute, until at least `minutes`."""
    count = math.ceil(arrivals_until(math.ceil(0.2 * minutes)))
    moments = np.cumsum(draw.exponential(5 * MINUTE, count)).astype(np.int64)
    moments = np.repeat(moments, draw.integers(1, 6, count))
    stamps = np.datetime_as_string(np.datetime64("2026-01-01", "us") + moments, unit="us")
    rows = [f"{number},ITEM,1,{stamp}" for number, stamp in enumerate(stamps.tolist())]
    path.write_text("\n".join(["order,sku,quantity,time", *rows, ""]), encoding="utf-8")


def lines_in_system(trace: Trace, begin: int, end: int) -> float:
    """Average over the time [begin, end) of the number of orders entered and not done."""
    visits = trace.visits[0]
    present = np.clip(visits.done, begin, end) - np.clip(visits.entered, begin, end)
    return float(present.sum()) / (end - begin)


@pytest.mark.parametrize(
    ("engine", "plan", "sharpness"),
    # Plan.orders is in minutes here; 0.6 lines a minute
    [("vector", Plan(20, 60_000), SHARPNESS), ("event", Plan(12, 8_000), EVENT_SHARPNESS)],
    ids=["vector", "event"],
)
def test_bundles_of_lines(tmp_path: Path, engine: str, plan: Plan, sharpness: float) -> None:
    """Each replication has a log of its own; the first 1000 minutes are the warm-up."""
    warm_up = 1000
    answer = agreed_answer if engine == "event" else vector_answer
    demand = "bundles: {shape: replay, file: bundles.csv}"
    text = sale(demand, {"desk": (1, "per_task: 60s, dist: exponential")}, "3000d")
    values = []
    for replication in range(plan.replications):
        draw = np.random.default_rng([14, replication])
        write_bundles(tmp_path / "bundles.csv", warm_up + plan.orders, draw)
        trace = answer(loads(text, folder=tmp_path), replication)
        assert trace.orders.placed[-1] > (warm_up + plan.orders) * MINUTE
        values.append(lines_in_system(trace, warm_up * MINUTE, (warm_up + plan.orders) * MINUTE))
    judge(values, BUNDLES, engine, sharpness)


# The mean of the first 25 delays of an M/M/1 queue that starts empty, ρ = 0.9, mean time between
# arrivals 1: exactly 2.12449 (the chain of the number found by an arrival); Law, Simulation
# Modeling and Analysis, prints 2.12. A terminating run: no warm-up. One replication holds many
# separate starts: demand for 66 minutes, in which 25 orders arrive but for one time in millions,
# then none for long enough that the floor is surely empty at the next start, which is asserted.

ROUND, OPEN, COUNTED = 360, 66, 25


def mean_of_first_delays(trace: Trace, rounds: int) -> float:
    placed, visits = trace.orders.placed, trace.visits[0]
    begins = np.arange(rounds) * ROUND * MINUTE
    first = np.searchsorted(placed, begins)
    last = np.append(first[1:], len(placed)) - 1
    assert (last - first >= COUNTED - 1).all()
    assert (visits.done[last][:-1] <= begins[1:]).all(), "every round starts empty"
    delays = (visits.started - visits.entered)[first[:, None] + np.arange(COUNTED)]
    assert (delays[:, 0] == 0).all()
    return float(delays.mean()) / MINUTE


@pytest.mark.parametrize(
    ("engine", "replications", "rounds", "sharpness"),
    [("vector", 40, 600, SHARPNESS), ("event", 12, 60, EVENT_SHARPNESS)],
    ids=["vector", "event"],
)
def test_first_delays_from_empty(
    engine: str, replications: int, rounds: int, sharpness: float
) -> None:
    answer = agreed_answer if engine == "event" else vector_answer
    rates = ", ".join(f"[{n * ROUND}m, 1/m], [{n * ROUND + OPEN}m, 0/m]" for n in range(rounds))
    demand = f"first-delays: {{shape: table, rates: [{rates}]}}"
    work = {"desk": (1, "per_task: 54s, dist: exponential")}
    scenario = loads(sale(demand, work, f"{rounds * ROUND}m"))
    values = [
        mean_of_first_delays(answer(scenario, replication), rounds)
        for replication in range(replications)
    ]
    judge(values, FIRST_DELAYS, engine, sharpness)


@pytest.mark.skipif(not TABLE.exists(), reason="the table of cases is not at hand")
def test_numbers_are_those_of_the_table() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        table = {row["id"]: float(row["expected"]) for row in csv.DictReader(file)}
    copied = {queue.row: queue.expected for queue in QUEUES if queue.row}
    copied[BUNDLE_ROW] = BUNDLES
    assert copied.keys() == {"Q02", "Q03", "Q03d", "Q04", "Q05", "Q06", "Q08", "Q14", "Q16"}
    assert copied == {row: table[row] for row in copied}
