"""One replication, by either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from burstsim.engine import event, vector
from burstsim.engine.compile import Model
from burstsim.engine.draws import draw_orders
from burstsim.engine.needs import SLICE, goes_by_pieces
from burstsim.engine.orders import Orders
from burstsim.engine.piece import Piece, whole_of
from burstsim.engine.slices import order_slices
from burstsim.engine.trace import Trace
from burstsim.engine.vector.streamed import pieces_of
from burstsim.engine.world import Process

__all__ = ["ENGINES", "Engine", "pieces", "simulate"]

Engine = Literal["vector", "event"]

ENGINES: dict[Engine, Callable[[Model, Orders, Sequence[Process]], Trace]] = {
    "vector": vector.simulate,
    "event": event.simulate,
}


def pieces(
    model: Model,
    replication: int,
    engine: Engine = "vector",
    processes: Sequence[Process] = (),
) -> Iterator[Piece]:
    """Run a replication, in pieces where that takes less memory; else all of it is one.

    Parameters
    ----------
    model, replication, engine, processes
        As of `simulate`.

    Yields
    ------
    Piece
        Good until the next one is asked for.
    """
    if engine == "vector" and not processes and goes_by_pieces(model):
        yield from pieces_of(model, order_slices(model, replication, SLICE))
    else:
        yield whole_of(simulate(model, replication, engine, processes))


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
