"""Run a replication as whole batches between control actions."""

from __future__ import annotations

import numpy as np

from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.sweeps import sweep_after
from burstsim.engine.trace import Trace
from burstsim.engine.vector.floor import Floor

__all__ = ["simulate"]


def simulate(model: Model, orders: Orders) -> Trace:
    """Run all orders as arrays until the end.

    Parameters
    ----------
    model
        The compiled scenario.
    orders
        The orders of the replication.
    """
    released = sweep_after(orders.paid, model.cycle)
    parcel_order = np.flatnonzero(released < model.end)
    released = released[parcel_order]
    everybody = len(parcel_order) == len(orders)
    loads = orders.loads if everybody else tuple(load[parcel_order] for load in orders.loads)

    clock = Clock(model.begin)
    floor = Floor(clock, model, loads)
    floor.release(released)
    clock.run(model.end)
    visits = floor.finish(model.end)
    return Trace(
        model=model,
        orders=orders,
        parcel_order=parcel_order,
        released=released,
        shipped=visits[-1].done,
        visits=visits,
    )
