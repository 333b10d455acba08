"""A queue with two classes, in which nobody is interrupted: Cobham's waits, by both engines.

M/M/1 with arrivals 0.3 (high) and 0.5 (low) a minute and work of a minute on average:
W₀ = λ·E[S²]/2 = 0.8; high ones wait W₀/(1 − 0.3) = 8/7, low ones W₀/((1 − 0.3)(1 − 0.8)) = 40/7.
Conservation: 0.3·8/7 + 0.5·40/7 = 0.8·4, what first come, first served gives.
"""

from __future__ import annotations

import csv

import numpy as np
import pytest

from burstsim.engine.trace import Trace
from burstsim.scenario.reader import loads
from burstsim.units import MINUTE, NEVER
from tests.textbook.floors import agreed_answer, sale, vector_answer
from tests.textbook.test_queues import EVENT_SHARPNESS, SHARPNESS, TABLE, judge

HIGH, LOW = 1.14285714286, 5.71428571429

WARM_UP, SPAN = 2_000, 60_000  # minutes


def waits(trace: Trace, tier: int, span: int) -> float:
    """Mean wait in minutes of the members of a tier that come after the warm-up."""
    begin, end = WARM_UP * MINUTE, (WARM_UP + span) * MINUTE
    placed = trace.orders.placed
    counted = (trace.orders.tier == tier) & (placed >= begin) & (placed < end)
    visits = trace.visits[0]
    assert (visits.started[counted] < NEVER).all()
    return float((visits.started - visits.entered)[counted].mean()) / MINUTE


@pytest.mark.parametrize(
    ("engine", "replications", "span", "sharpness"),
    [("vector", 20, SPAN, SHARPNESS), ("event", 12, 8_000, EVENT_SHARPNESS)],
    ids=["vector", "event"],
)
def test_cobhams_waits(engine: str, replications: int, span: int, sharpness: float) -> None:
    rates = {"high": ("18/h", 2), "low": ("30/h", 1)}
    demand = ", ".join(
        f"{name}: {{shape: steady, rate: {rate}, customers: {{new: 1, tiers: {{{tier}: 1}}}}, "
        "basket: {weights: {ITEM: 1}}}"
        for name, (rate, tier) in rates.items()
    )
    text = sale(
        f"{demand}, none: {{shape: instant, at: 0s, orders: 0}}",
        {"desk": (1, "per_task: 60s, dist: exponential")},
        f"{WARM_UP + span}m",
    )
    scenario = loads(text.replace("desk: {", "desk: {discipline: class, "))
    answer = agreed_answer if engine == "event" else vector_answer
    traces = [answer(scenario, replication) for replication in range(replications)]
    judge([waits(trace, 2, span) for trace in traces], HIGH, engine, sharpness)
    judge([waits(trace, 1, span) for trace in traces], LOW, engine, sharpness)


def test_the_order_of_service_changes_no_moment_at_which_the_worker_is_busy() -> None:
    """Whoever is next, equal work is done at the same moments (conservation)."""
    demand = "queue: {shape: steady, rate: 48/h, customers: {new: 1, tiers: {1: 1, 2: 1}}}"
    text = sale(demand, {"desk": (1, "per_task: 60s")}, "40h")
    plain = agreed_answer(loads(text))
    done = [np.sort(plain.visits[0].done)]
    for discipline in ("class", "size", "promise"):
        keyed = text.replace("desk: {", f"desk: {{discipline: {discipline}, ")
        done.append(np.sort(agreed_answer(loads(keyed)).visits[0].done))
    assert all(np.array_equal(ticks, done[0]) for ticks in done)


@pytest.mark.skipif(not TABLE.exists(), reason="the table of cases is not at hand")
def test_numbers_are_those_of_the_table() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        table = {row["id"]: float(row["expected"]) for row in csv.DictReader(file)}
    assert (table["Q18a"], table["Q18b"]) == (HIGH, LOW)
