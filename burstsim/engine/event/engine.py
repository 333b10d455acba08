"""Run a replication order by order."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from burstsim.engine.clock import STOREFRONT, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.floor import Floor
from burstsim.engine.event.oms import Oms
from burstsim.engine.event.review import Review
from burstsim.engine.event.storefront import Storefront
from burstsim.engine.orders import Orders
from burstsim.engine.trace import STATES, Trace, Visits
from burstsim.units import NEVER

__all__ = ["simulate"]

Life = Generator[Signal, None, None]


class _World:
    """What the processes of one run share."""

    def __init__(self, model: Model, orders: Orders) -> None:
        self.orders = orders
        self.hold = model.hold
        self.anything_can_run_out = model.stock.limited
        self.clock = Clock(model.begin)
        self.storefront = Storefront(self.clock, model, orders)
        self.oms = Oms(self.clock, model, orders, self.storefront)
        self.review = Review(self.clock, model)
        self.floor = Floor(self.clock, model, orders)
        self.state = ["unfinished"] * len(orders)
        self.released: dict[int, int] = {}

    def life_of(self, order: int) -> Life:
        """One order, from its placement (now) until it has left the building or the sale."""
        now, paid = self.clock.now, int(self.orders.paid[order])
        if paid == NEVER:
            self.state[order] = "expired"
        if self.orders.reserved[order] == now and not (yield from self.reserve(order)):
            return
        if paid == NEVER:
            if self.orders.reserved[order] < NEVER:
                yield self.wait_until(int(self.orders.expires[order]))
                self.oms.expire(order)
            return
        if paid > now:
            yield self.wait_until(paid)
            if self.orders.reserved[order] == paid and not (yield from self.reserve(order)):
                return
        leaves = self.oms.submit(order)
        if self.orders.reviewed[order]:
            self.clock.start(self.have_reviewed(order))
        else:
            self.oms.release_from(order, self.clock.now + self.hold)
        yield leaves
        yield from self.leave(order)

    def reserve(self, order: int) -> Generator[Signal, None, bool]:
        """Ask for stock; without it the order is rejected."""
        if not self.anything_can_run_out:
            return True
        answer: list[bool] = []
        yield self.storefront.ask(order, answer)
        if not answer[0]:
            self.state[order] = "rejected"
        return answer[0]

    def have_reviewed(self, order: int) -> Life:
        """Have a paid order looked at before a sweep may take it; it is held all the same."""
        held = self.clock.now + self.hold
        yield self.review.look_at(order)
        # a sweep sees what was finished before it
        self.oms.release_from(order, max(held, self.clock.now + 1))

    def leave(self, order: int) -> Life:
        """Go the way that the sweep decided."""
        group = self.oms.group_of.get(order)
        if group is not None:
            self.released[order] = self.clock.now
            shipped = yield from self.floor.work_off(group)
            for member in group:
                self.state[member] = "shipped" if shipped else "cancelled"

    def wait_until(self, tick: int) -> Signal:
        """Something that happens at `tick` on the storefront."""
        moment = self.clock.signal()
        moment.fire(STOREFRONT, tick - self.clock.now)
        return moment

    def place(self, placed: list[int]) -> Life:
        """Start the life of every order at its moment, in order of their numbers."""
        for order, tick in enumerate(placed):
            if tick > self.clock.now:
                yield self.wait_until(tick)
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
    for order in world.oms.out:
        world.state[order] = "cancelled"
    for order in world.oms.short:
        world.state[order] = "backordered"
    leaders = sorted(world.oms.group_of)
    parcel = np.full(len(orders), -1, np.int64)
    for number, leader in enumerate(leaders):
        parcel[world.oms.group_of[leader]] = number
    visits = (
        Visits(
            **{
                what: np.array(world.floor.ticks(what, position, leaders), np.int64)
                for what in ("entered", "started", "done")
            }
        )
        for position in range(len(model.zones))
    )
    return Trace(
        model=model,
        orders=orders,
        state=np.array([STATES.index(state) for state in world.state], np.int64),
        oversold=np.array(world.storefront.oversold, np.int64),
        dropped=np.array([world.oms.dropped.get(n, NEVER) for n in range(len(orders))], np.int64),
        parcel=parcel,
        parcel_order=np.array(leaders, np.int64),
        released=np.array([world.released[leader] for leader in leaders], np.int64),
        shipped=np.array([world.floor.shipped.get(n, NEVER) for n in leaders], np.int64),
        visits=tuple(visits),
        loads=tuple(
            np.array([station.loads.get(number, 0.0) for number in leaders])
            for station in world.floor.stations
        ),
    )
