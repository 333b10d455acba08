"""Run a replication order by order."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import fields, replace

import numpy as np

from burstsim.engine.carriers import pickup_table
from burstsim.engine.clock import FINISH, STOREFRONT, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.control.plane import Control
from burstsim.engine.control.policies import Policies
from burstsim.engine.event.allocation import Group
from burstsim.engine.event.floor import Floor
from burstsim.engine.event.levers import Levers
from burstsim.engine.event.oms import Oms
from burstsim.engine.event.parcels import Parcel
from burstsim.engine.event.release import Release
from burstsim.engine.event.review import Review
from burstsim.engine.event.storefront import Storefront
from burstsim.engine.event.uncollected import uncollected
from burstsim.engine.fillings import fillings_of
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.orders import Orders
from burstsim.engine.shipments import MAIN
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.visits import Visits, rows_of
from burstsim.engine.world import Process, start
from burstsim.units import NEVER

__all__ = ["simulate"]

#: Columns of the table of gifts that each row has for itself.
_OF_ROW = ("rule", "option", "place", "house", "item", "proposed", "granted", "later")

Life = Generator[Signal, None, None]


class _World:
    """What the processes of one run share."""

    def __init__(self, model: Model, orders: Orders, processes: Sequence[Process]) -> None:
        self.orders = orders
        self.hold = model.hold
        self.nothing_to_ask = not model.stock.limited and not orders.items.pools
        self.clock = Clock(model.begin)
        self.storefront = Storefront(self.clock, model, orders)
        self.floor = Floor(self.clock, model, orders)
        floor = self.floor
        self.release = Release(self.clock, model, orders, floor, (self.begin, self.leave))
        send = self.release.send
        self.oms = Oms(self.clock, model, orders, self.storefront, send, floor.open_parcels)
        self.review = Review(self.clock, model)
        self.rejected: set[int] = set()
        self.levers = Levers(model, orders, self.release, self.oms)
        self.control = Control(self.clock, model, orders, floor, self.levers)
        Policies(self.control)
        start(self.control, processes)

    def life_of(self, order: int) -> Life:
        """One order, from its placement (now) until it is paid or out of the sale."""
        now, paid = self.clock.now, int(self.orders.paid[order])
        if not self.levers.lets_in(order):
            self.rejected.add(order)
            return
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
        self.levers.note_payment(order)
        self.oms.submit(order)
        if self.orders.reviewed[order]:
            yield from self.have_reviewed(order)
        else:
            self.oms.release_from(order, paid + self.hold)

    def reserve(self, order: int) -> Generator[Signal, None, bool]:
        """Ask for stock; without it the order is rejected."""
        if self.nothing_to_ask:
            return True
        answer: list[bool] = []
        yield self.storefront.ask(order, answer)
        if not answer[0]:
            self.rejected.add(order)
            self.levers.count(order, -1)
        return answer[0]

    def have_reviewed(self, order: int) -> Life:
        """Have a paid order looked at before a sweep may take it; it is held all the same."""
        held = self.clock.now + self.hold
        yield self.review.look_at(order)
        # a sweep sees what was finished before it
        self.oms.release_from(order, max(held, self.clock.now + 1))

    def begin(self, parcel: Parcel) -> None:
        """Have a parcel that was released go its way."""
        self.clock.start(self.way_of(parcel))

    def leave(self, parcel: Parcel) -> None:
        """Note that a parcel was cancelled before it was released; it comes back."""
        self.oms.allocation.take_back(parcel, self.clock.now)
        if parcel.part == MAIN:
            self.oms.allocation.leave_floor(parcel, self.clock.now, shipped=False)

    def way_of(self, parcel: Parcel) -> Life:
        """One parcel, until it has left the building or the sale."""
        shipped = yield from self.floor.work_off(parcel)
        if parcel.part == MAIN:
            group = self.oms.allocation.leave_floor(parcel, self.clock.now, shipped=shipped)
            if not group.on_the_way and not group.left:
                self.come_back(group)

    def come_back(self, group: Group) -> None:
        """Have goods come back that have all been shipped now, if their buyer sends them."""
        first, delay = group.members[0], int(self.orders.back_after[group.members[0]])
        for house in group.goods if delay < NEVER else ():
            self.clock.start(self.way_back(self.floor.parcels[first, MAIN, house], delay))

    def way_back(self, parcel: Parcel, delay: int) -> Life:
        """One parcel, from its shipment (now) until its return is worked off."""
        arrives = self.clock.signal()
        arrives.fire(FINISH, delay)
        yield arrives
        yield from self.floor.take_back(parcel)

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
            if self.orders.enters[order] >= 0:
                self.oms.allocation.resume(order, int(self.orders.enters[order]), self.clock.now)
            else:
                self.clock.start(self.life_of(order))


@uncollected()
def simulate(model: Model, orders: Orders, processes: Sequence[Process] = ()) -> Trace:
    """Run every order as a process of its own until the end.

    Parameters
    ----------
    model
        The compiled scenario.
    orders
        The orders of the replication.
    processes
        Users' own; see `burstsim.engine.world`.
    """
    orders = replace(orders, due=orders.due.copy())  # levers may promise anew
    world = _World(model, orders, processes)
    world.clock.start(world.place(orders.placed.tolist()))
    world.clock.run(model.end)
    floor, allocation = world.floor, world.oms.allocation
    parcels = sorted(floor.parcels)
    first_row: dict[int, int] = {}  # of the goods; those of one group stand together
    for row, number in enumerate(parcels):
        first_row.setdefault(number[0], row)
    parcel = np.full(len(orders), -1, np.int64)
    for leader in allocation.sent:
        parcel[allocation.groups[leader].members] = first_row[leader]
    place = {number: row for row, number in enumerate(parcels)}
    warehouse = np.array([number[2] for number in parcels], np.int64)
    rows = rows_of(warehouse, len(world.floor.model.chains))
    own = [[parcels[row] for row in mine.tolist()] for mine in rows.of_house]
    visits = (
        Visits(
            rows=rows.of_house[zone.house],
            **{
                what: np.array(floor.ticks(what, position, own[zone.house]), np.int64)
                for what in ("entered", "started", "done")
            },
            task=None if zone.tour is None else np.array(tasks, np.int64),
        )
        for position, zone in enumerate(model.zones)
        for leader in [floor.stations[position].leader]
        for tasks in [[place[leader[n]] if n in leader else -1 for n in own[zone.house]]]
    )
    count = range(len(orders))
    plans = range(len(model.plans))
    filled = [
        (order, sku)
        for order, found in world.storefront.filled.items()
        for sku, pieces in found.items()
        for _ in range(pieces)
    ]
    pieces = np.array(filled, np.int64).reshape(-1, 2).T
    builds = world.oms.builds
    model = world.levers.changed
    return Trace(
        model=model,
        source=np.array(_sources(world), np.int64),
        orders=replace(
            orders, fillings=fillings_of(len(orders), pieces[0], pieces[1], orders.items.n_skus)
        ),
        state=np.array([STATES.index(state) for state in _states(world)], np.int64),
        oversold=np.array(world.storefront.oversold, np.int64),
        held=np.array([order in allocation.held for order in count], np.int64),
        dropped=np.array([allocation.dropped.get(order, NEVER) for order in count], np.int64),
        taken=np.array(_taken(world), np.int64),
        parcel=parcel,
        parcel_order=np.array([number[0] for number in parcels], np.int64),
        parcel_part=np.array([number[1] for number in parcels], np.int64),
        parcel_warehouse=warehouse,
        pieces=np.array([sum(floor.parcels[n].contents.values()) for n in parcels], np.int64),
        lines=np.array([len(floor.parcels[n].contents) for n in parcels], np.int64),
        sent=np.array([floor.sent[number] for number in parcels], np.int64),
        released=np.array([floor.released.get(number, NEVER) for number in parcels], np.int64),
        done=np.array([floor.done.get(number, NEVER) for number in parcels], np.int64),
        shipped=np.array([floor.shipped.get(number, NEVER) for number in parcels], np.int64),
        carrier=np.array([floor.carriers.carrier.get(number, -1) for number in parcels], np.int64),
        left=np.array([number in floor.left for number in parcels], np.int64),
        rows=rows,
        visits=tuple(visits),
        loads=tuple(
            np.array([floor.load(position, n) for n in own[zone.house]], np.float64)
            for position, zone in enumerate(model.zones)
        ),
        crews=world.control.staff.crews(),
        pickups=pickup_table(floor.carriers.pickups),
        gifts=_gifts(world),
        parts_for=np.array([builds.taken.get(plan, 0) for plan in plans], np.int64),
        made=np.array([builds.made.get(plan, 0) for plan in plans], np.int64),
        missing=np.array(
            [builds.missing.get(step, 0) for step in range(len(model.steps))], np.int64
        ),
    )


def _states(world: _World) -> list[str]:
    """How every order ended."""
    chains = world.floor.model.chains
    paid, floor, allocation = world.orders.paid.tolist(), world.floor, world.oms.allocation
    states = ["expired" if tick == NEVER else "unfinished" for tick in paid]
    for order in world.rejected:
        states[order] = "rejected"
    for order in world.oms.out | allocation.out:
        states[order] = "cancelled"
    for group in allocation.waiting:
        for order in group.members:
            states[order] = "backordered"
    open_groups = {n[0] for n in floor.parcels if n not in floor.shipped and n not in floor.left}
    for leader in allocation.sent:
        state = "unfinished" if leader in open_groups else "shipped"
        if any((leader, MAIN, house) in floor.left for house in range(len(chains))):
            state = "cancelled"
        for order in allocation.groups[leader].members:
            states[order] = state
    return states


def _taken(world: _World) -> list[int]:
    """Give the sweep that took each order."""
    taken = [NEVER] * len(world.orders)
    for group in world.oms.allocation.groups.values():
        for order in group.members:
            taken[order] = group.decided
    return taken


def _sources(world: _World) -> list[int]:
    """Give the warehouse that every order line came from."""
    sources = [-1] * len(world.orders.line_item)
    for group in world.oms.allocation.groups.values():
        for house, lines in group.goods.items():
            for line in lines:
                sources[line.number] = house
    return sources


def _gifts(world: _World) -> GiftTable:
    """Put together the gifts of all orders, by order, rule, option and place."""
    groups = world.oms.allocation.groups
    rows = [
        (leader, *(getattr(row, name) for name in _OF_ROW), groups[leader].decided)
        for leader in sorted(groups)
        for row in groups[leader].rows
    ]
    columns = np.array(rows, np.int64).reshape(-1, len(fields(GiftTable))).T
    return GiftTable(
        **{f.name: column for f, column in zip(fields(GiftTable), columns, strict=True)}
    )
