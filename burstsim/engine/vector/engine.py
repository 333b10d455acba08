"""Run a replication as whole batches between control actions."""

from __future__ import annotations

import numpy as np

from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.oms import departures
from burstsim.engine.vector.parcels import pack_parcels
from burstsim.kernels.arrays import Indices
from burstsim.units import NEVER

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
    leaving = departures(model, orders)
    parcels = pack_parcels(model, orders, leaving)

    clock = Clock(model.begin)
    floor = Floor(clock, model, parcels.loads, parcels.gone)
    floor.release(parcels.released)
    clock.run(model.end)
    visits = floor.finish(model.end)
    shipped = visits[-1].done

    state: Indices = np.full(len(orders), STATES.index("unfinished"))
    state[orders.paid == NEVER] = STATES.index("expired")
    state[~leaving.accepted] = STATES.index("rejected")
    inside = parcels.parcel >= 0
    # who is paid, let in and gone before leaving is out at the first sweep that sees it
    waiting = leaving.accepted & (orders.paid < NEVER) & ~inside
    state[waiting & parcels.short] = STATES.index("backordered")
    state[waiting & parcels.out] = STATES.index("cancelled")
    fate = np.where(shipped < NEVER, STATES.index("shipped"), STATES.index("unfinished"))
    fate[floor.left] = STATES.index("cancelled")
    state[inside] = fate[parcels.parcel[inside]]
    return Trace(
        model=model,
        orders=orders,
        state=state,
        oversold=leaving.oversold.astype(np.int64),
        dropped=parcels.dropped,
        parcel=parcels.parcel,
        parcel_order=parcels.order,
        released=parcels.released,
        shipped=shipped,
        visits=visits,
        loads=parcels.loads,
    )
