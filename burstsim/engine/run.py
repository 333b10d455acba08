"""One replication, by either engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from burstsim.engine import event, vector
from burstsim.engine.compile import Model
from burstsim.engine.draws import draw_orders
from burstsim.engine.orders import Orders
from burstsim.engine.trace import Trace
from burstsim.engine.world import Process

__all__ = ["ENGINES", "Engine", "simulate"]

Engine = Literal["vector", "event"]

ENGINES: dict[Engine, Callable[[Model, Orders, Sequence[Process]], Trace]] = {
    "vector": vector.simulate,
    "event": event.simulate,
}


def simulate(
    model: Model,
    replication: int,
    engine: Engine = "vector",
    processes: Sequence[Process] = (),
) -> Trace:
    """Draw the orders of a replication and run them.

    Parameters
    ----------
    model
        From `burstsim.engine.compile.compile_scenario`.
    replication
        Number of the replication, from 0.
    engine
        ``"vector"`` or ``"event"``; both give the same trace.
    processes
        Users' own; see `burstsim.engine.world`.
    """
    return ENGINES[engine](model, draw_orders(model, replication), processes)
