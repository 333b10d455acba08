"""Run a replication order by order."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from burstsim.engine.clock import FINISH, STOREFRONT, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.oms import Oms
from burstsim.engine.event.station import Station
from burstsim.engine.orders import Orders
from burstsim.engine.trace import Trace, Visits
from burstsim.units import NEVER

__all__ = ["simulate"]

Life = Generator[Signal, None, None]


class _World:
    """What the processes of one run share."""

    def __init__(self, model: Model, orders: Orders) -> None:
        self.paid = orders.paid.tolist()
        self.clock = Clock(model.begin)
        self.oms = Oms(self.clock, model.cycle)
        self.transfers = [zone.transfer for zone in model.zones[:-1]]
        self.stations = [
            Station(self.clock, zone, load)
            for zone, load in zip(model.zones, orders.loads, strict=True)
        ]
        self.released = [NEVER] * len(orders)
        self.shipped = [NEVER] * len(orders)

    def life_of(self, order: int) -> Life:
        """One order, from its placement (now) to the end of the last stage."""
        if self.paid[order] == NEVER:
            return
        if self.paid[order] > self.clock.now:
            payment = self.clock.signal()
            payment.fire(STOREFRONT, self.paid[order] - self.clock.now)
            yield payment
        yield self.oms.release()
        self.released[order] = self.clock.now
        for station, transfer in zip(self.stations, [*self.transfers, 0], strict=True):
            yield station.serve(order)
            if transfer:
                moved = self.clock.signal()
                moved.fire(FINISH, transfer)
                yield moved
        self.shipped[order] = self.clock.now

    def place(self, placed: list[int]) -> Life:
        """Start the life of every order at its moment, in order of their numbers."""
        for order, tick in enumerate(placed):
            if tick > self.clock.now:
                moment = self.clock.signal()
                moment.fire(STOREFRONT, tick - self.clock.now)
                yield moment
            self.clock.start(self.life_of(order))


def simulate(model: Model, orders: Orders) -> Trace:
    """Run every order as a process of its own until the end.

    Parameters
    ----------
    model
        The compiled scenario.
    orders
        The orders of the replication.
    """
    world = _World(model, orders)
    world.clock.start(world.place(orders.placed.tolist()))
    world.clock.run(model.end)
    released = np.array(world.released, np.int64)
    parcel_order = np.flatnonzero(released < NEVER)
    visits = (
        Visits(
            entered=np.array(station.entered, np.int64)[parcel_order],
            started=np.array(station.started, np.int64)[parcel_order],
            done=np.array(station.done, np.int64)[parcel_order],
        )
        for station in world.stations
    )
    return Trace(
        model=model,
        orders=orders,
        parcel_order=parcel_order,
        released=released[parcel_order],
        shipped=np.array(world.shipped, np.int64)[parcel_order],
        visits=tuple(visits),
    )
