"""Whole replications: the vector engine against the event engine, answers compared.

Each run draws the orders, simulates and measures them; the scenario is `configs/double11.yaml`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.run import ENGINES, Engine, simulate
from burstsim.results.metrics import measure
from burstsim.scenario.reader import load

CONFIG = Path(__file__).parents[1] / "configs" / "double11.yaml"


def model_of(scale: float) -> Model:
    return compile_scenario(load(CONFIG, set={"demand_scale": scale}))


def replication(model: Model, engine: Engine) -> str:
    trace = simulate(model, 0, engine)
    measure(trace)
    return trace.digest()


@pytest.mark.benchmark(group="whole replication of double11, 106k orders")
@pytest.mark.parametrize("engine", ENGINES)
def test_replication(benchmark, engine: Engine) -> None:
    model = model_of(1.0 if benchmark.enabled else 0.02)
    rounds = 20 if engine == "vector" else 3
    digest = benchmark.pedantic(replication, (model, engine), rounds=rounds, warmup_rounds=1)
    benchmark.extra_info["orders"] = len(draw_orders(model, 0))
    assert digest == replication(model, "vector")


@pytest.mark.benchmark(group="parts of a vector replication, 106k orders")
@pytest.mark.parametrize("part", ["draw", "simulate", "measure"])
def test_part(benchmark, part: str) -> None:
    model = model_of(1.0 if benchmark.enabled else 0.02)
    orders = draw_orders(model, 0)
    trace = ENGINES["vector"](model, orders)
    if part == "draw":
        again = benchmark(draw_orders, model, 0)
        assert (again.placed == orders.placed).all()
    elif part == "simulate":
        assert benchmark(ENGINES["vector"], model, orders).digest() == trace.digest()
    else:
        assert benchmark(measure, trace) == measure(trace)
