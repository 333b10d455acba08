"""Bursts whose answer is arithmetic: fluid curves served piece by piece, and a drop of equals.

Arrivals are even and work is constant, so nothing is drawn and nothing is averaged. Served piece
by piece, a fluid curve is met to within an order and a task: each tolerance below says how many
orders and how much time that is.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from burstsim.engine.run import Engine
from burstsim.results.result import Result
from burstsim.scenario.reader import loads
from burstsim.studies.replicate import run
from tests.textbook.floors import agreed_answer, sale

MINUTE, HOUR = 60.0, 3600.0
ENGINES: list[Engine] = ["vector", "event"]

#: The table that the rows below were copied from, where it is at hand.
TABLE = Path(__file__).parents[2].parent / "shared" / "cases" / "queues.csv"

# Orders per minute: base 60, burst 600 for the first 10 minutes, capacity 100.
PEAK_BACKLOG = 5000.0  # Q10a, (λ1 − C)·T
CLEAR_MINUTE = 135.0  # Q10b, T + Q/(C − λ0)
P95_WAIT_MINUTES = 47.5  # Q10d, 0.95 · 50: waits are spread evenly from 0 to 50 over the orders

# 1000 orders at once, 20 workers, 3 minutes each.
MAKESPAN_MINUTES = 150.0  # Q12, ceil(n/c)·D
MEAN_CYCLE_MINUTES = 76.5  # Q12b, D(m + 1)/2 with m = n/c

COPIED = {
    "Q10a": PEAK_BACKLOG,
    "Q10b": CLEAR_MINUTE,
    "Q10d": P95_WAIT_MINUTES,
    "Q12": MAKESPAN_MINUTES,
    "Q12b": MEAN_CYCLE_MINUTES,
}


def answer(text: str, engine: Engine, **changes: object) -> Result:
    """Run a scenario in which nothing is random: its two replications are the same."""
    result = run(loads(text, set=changes), replications=2, engine=engine, check=True)
    assert result.digests[0] == result.digests[1]
    return result


def number(result: Result, name: str) -> float:
    estimate = result.estimates[name]
    assert estimate.low == estimate.estimate == estimate.high
    assert not estimate.at_least
    return estimate.estimate


def burst(workers: int) -> str:
    """A burst for a crew that does 100 a minute, however many they are."""
    demand = "burst: {shape: table, arrivals: even, rates: [[0s, 600/m], [10m, 60/m]]}"
    return sale(demand, {"desk": (workers, f"per_task: {600 * workers}ms")}, "3h")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("workers", [1, 20])
def test_burst_peaks_and_clears_like_a_fluid(workers: int, engine: Engine) -> None:
    """Pieces add an order under way for each worker, one of rounding, and the task itself."""
    orders, task = workers + 1, 0.6 * workers
    result = answer(burst(workers), engine)
    assert number(result, "backlog_peak") == pytest.approx(PEAK_BACKLOG, abs=orders)
    # the backlog climbs by 500 a minute up to the burst's end and falls by 40 a minute after it
    at = number(result, "backlog_peak_at")
    assert at == pytest.approx(10 * MINUTE, abs=orders / 40 * MINUTE)
    clear = number(result, "backlog_clear_at")
    assert clear == pytest.approx(CLEAR_MINUTE * MINUTE, abs=orders / 40 * MINUTE + task)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("workers", [1, 20])
def test_waits_of_those_who_come_before_it_clears(workers: int, engine: Engine) -> None:
    """An order more before oneself is 0.6 s more, and so is an order's step in the ranking."""
    result = answer(burst(workers), engine, horizon=f"{CLEAR_MINUTE:.0f}m")
    orders, task = workers + 1, 0.6 * workers
    assert number(result, "orders_placed") == 600 * 10 + 60 * 125
    wait = number(result, "p95(wait.house.desk)")
    assert wait == pytest.approx(P95_WAIT_MINUTES * MINUTE, abs=orders * 0.6 + task)
    mean = number(result, "mean(wait.house.desk)")
    assert mean == pytest.approx(25 * MINUTE, abs=orders * 0.6 + task)


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_orders_at_once_exactly(engine: Engine) -> None:
    demand = "drop: {shape: instant, at: 0s, orders: 1000}"
    result = answer(sale(demand, {"desk": (20, "per_task: 3m")}, "1h"), engine)
    assert number(result, "max(order_to_ship)") == MAKESPAN_MINUTES * MINUTE
    assert number(result, "mean(order_to_ship)") == MEAN_CYCLE_MINUTES * MINUTE
    # 50 rounds of 3 minutes: exactly 48 of them hold at least 95 %
    assert number(result, "p95(order_to_ship)") == math.ceil(0.95 * 50) * 3 * MINUTE
    assert number(result, "backlog_peak") == 1000
    assert number(result, "backlog_clear_at") == (MAKESPAN_MINUTES - 3) * MINUTE
    assert number(result, "utilisation.house.desk") == 1.0


# A drop of B = 10,000 orders that decays with τ = 600 s meets μ = 500 an hour (the project's notes
# on warehouses, fluid backlog): 9,518 open at 2,872 s = τ·ln(B/(τμ)), clear after B/μ = 20.0 h.
ORDERS, DECAY, PER_HOUR = 10_000, 600.0, 500
OPEN_AT_PEAK, PEAK_AT, CLEAR_HOURS = 9518, 2872, 20.0


def drop(workers: int) -> str:
    half_life = f"{DECAY * math.log(2):.6f}s"
    demand = (
        f"drop: {{shape: drop, at: 0s, orders: {ORDERS}, half_life: {half_life}, arrivals: even}}"
    )
    return sale(demand, {"desk": (workers, f"uph: {PER_HOUR / workers:g}")}, "28h")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("workers", [1, 10])
def test_drop_piles_up_and_clears_like_a_fluid(workers: int, engine: Engine) -> None:
    """The top is flat: k orders below it is √(2kτ/μ) away from it, μ in orders per second."""
    result = answer(drop(workers), engine)
    orders, task = workers + 1, HOUR / PER_HOUR * workers
    assert number(result, "orders_placed") == ORDERS
    assert number(result, "backlog_peak") == pytest.approx(OPEN_AT_PEAK, abs=orders)
    flat = math.sqrt(2 * orders * DECAY / (PER_HOUR / HOUR))
    assert number(result, "backlog_peak_at") == pytest.approx(PEAK_AT, abs=flat)
    # waiting ends when the last task begins
    clear = number(result, "backlog_clear_at")
    assert clear == pytest.approx(CLEAR_HOURS * HOUR, abs=orders * HOUR / PER_HOUR + task)


def test_drop_is_open_as_the_fluid_says_at_every_moment() -> None:
    """Placed B(1 − e^(−t/τ)) less done μt, over the 20 hours, by both engines."""
    trace = agreed_answer(loads(drop(1)))
    seconds = np.array([60, 600, 1800, PEAK_AT, 7200, 36_000, 71_000])
    ticks = seconds * 1_000_000
    placed = np.searchsorted(trace.orders.placed, ticks, side="right")
    done = np.searchsorted(np.sort(trace.shipped), ticks, side="right")
    fluid = -ORDERS * np.expm1(-seconds / DECAY) - seconds * PER_HOUR / HOUR
    assert np.abs(placed - done - fluid).max() <= 2
    assert round(float(fluid[3])) == OPEN_AT_PEAK


@pytest.mark.skipif(not TABLE.exists(), reason="the table of cases is not at hand")
def test_numbers_are_those_of_the_table() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        table = {row["id"]: float(row["expected"]) for row in csv.DictReader(file)}
    assert {row: table[row] for row in COPIED} == COPIED
