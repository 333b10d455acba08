"""Time of whole runs against orders, warehouses, gift rules and replications."""

from __future__ import annotations

import pytest

from benchmarks.month import month
from burstsim.scenario.scenario import Scenario
from burstsim.studies.benchsale import sale
from burstsim.studies.replicate import run

HUNDRED_THOUSAND = 100_000


def take(benchmark, scenario: Scenario, replications: int = 1) -> None:
    """Time a run; with timing off, hold its answer against the event engine's."""
    full = benchmark.enabled
    result = benchmark.pedantic(
        run,
        (scenario,),
        {"replications": replications},
        rounds=3 if full else 1,
        warmup_rounds=1 if full else 0,
    )
    placed = sum(value.number for value in result.values["orders_placed"])
    benchmark.extra_info["orders"] = placed
    if full:
        benchmark.extra_info["ns_per_order"] = 1e9 * benchmark.stats["median"] / placed
    else:
        slow = run(scenario, replications=replications, engine="event")
        assert result.digests == slow.digests


@pytest.mark.benchmark(group="orders, three warehouses, ten rules")
@pytest.mark.parametrize("orders", [10_000, 100_000, 1_000_000])
def test_orders(benchmark, orders: int) -> None:
    orders = orders if benchmark.enabled else orders // 2_000
    take(benchmark, sale(orders, warehouses=3, rules=10))


@pytest.mark.benchmark(group="warehouses, 100k orders")
@pytest.mark.parametrize("warehouses", [1, 2, 3, 6])
def test_warehouses(benchmark, warehouses: int) -> None:
    orders = HUNDRED_THOUSAND if benchmark.enabled else 500
    take(benchmark, sale(orders, warehouses=warehouses))


@pytest.mark.benchmark(group="gift rules, 100k orders")
@pytest.mark.parametrize("rules", [0, 1, 3, 10])
def test_rules(benchmark, rules: int) -> None:
    orders = HUNDRED_THOUSAND if benchmark.enabled else 500
    take(benchmark, sale(orders, rules=rules))


@pytest.mark.benchmark(group="replications of 10k orders")
@pytest.mark.parametrize("replications", [1, 4, 16])
def test_replications(benchmark, replications: int) -> None:
    orders = 10_000 if benchmark.enabled else 100
    take(benchmark, sale(orders), replications if benchmark.enabled else min(replications, 3))


@pytest.mark.benchmark(group="a month, sums only")
@pytest.mark.parametrize("orders", [1_000_000, 4_000_000])
def test_months(benchmark, orders: int) -> None:
    take(benchmark, month(orders if benchmark.enabled else orders // 2_000))
