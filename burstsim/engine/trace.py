"""What an engine gives back: the fate of every order, every parcel's times at every zone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np

from burstsim.engine.carriers import PickupTable
from burstsim.engine.compile import Model
from burstsim.engine.crews import Crew
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.orders import Orders
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.units import NEVER

__all__ = ["STATES", "Trace", "Visits"]

#: How an order can end; `Trace.state` holds positions in it.
STATES = ("shipped", "unfinished", "backordered", "expired", "rejected", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """Every parcel's visit to one zone; what did not happen before the end is `NEVER`.

    Parameters
    ----------
    entered, started, done : (parcels,) int64
        Ticks.
    task : (parcels,) int64, optional
        Where parcels go on tours: row of the first parcel of each one's tour, -1 for those that
        are on none. Without tours every parcel is a task of its own.
    """

    entered: Ticks
    started: Ticks
    done: Ticks
    task: Indices | None = None

    def tasks(self) -> Visits:
        """Count every task once, where its first parcel is: the visits of all others are left out.

        What people do is told by tasks, what happens to parcels by all visits.
        """
        if self.task is None:
            return self
        first = self.task == np.arange(len(self.task))
        entered, started, done = (
            np.where(first, ticks, NEVER) for ticks in (self.entered, self.started, self.done)
        )
        return Visits(entered=entered, started=started, done=done)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """One replication, finished.

    Parameters
    ----------
    source : (lines,) int64
        Warehouse that each order line came from, -1 if it was not sent.
    state : (n,) int64
        How each order ended; positions in `STATES`.
    oversold : (n,) int64
        1 for an order that was let in although there was no stock, else 0.
    held : (n,) int64
        1 for an order that waited for a gift at some time, else 0.
    dropped : (n,) int64
        Sweep at which an order was cancelled for lack of stock, `NEVER` for all others.
    taken : (n,) int64
        Sweep at which an order left the order management, with those it leaves together with.
    parcel : (n,) int64
        The parcel that an order's goods went into, -1 if none.
    parcel_order, parcel_part : (parcels,) int64
        Number of the first order in a parcel, and which of its parcels it is: 0 the goods, 1
        gifts beside them, 2 gifts after them, from 3 on gifts of one rule that came into stock
        later. Parcels are in order of (order, part, warehouse).
    parcel_warehouse : (parcels,) int64
        Position of the warehouse that it leaves from.
    pieces, lines : (parcels,) int64
        Units and different SKUs in a parcel, kits opened.
    sent, released, done, shipped : (parcels,) int64
        Ticks: sent to its warehouse by a sweep, released to the floor there, done at its last
        stage, and shipped.
    carrier : (parcels,) int64
        Position of the carrier among those of the warehouse, -1 where there is none.
    left : (parcels,) int64
        1 for a parcel that left the floor because its orders were cancelled, else 0.
    visits
        For each zone of the model.
    loads : for each zone of the model, (parcels,) float64
        Ticks of work at productivity 1, noise included; 0 where a parcel has none. That of a
        tour stands at its first parcel. On tours, and where goods come back, there is work only
        on what came; elsewhere on all that was sent to the warehouse, whether it came or not.
    crews
        For each zone of the model, who was there.
    pickups
        Every truck that came.
    gifts
        What the rules proposed and the shelf gave.
    parts_for, made : (builds,) int64
        Kits of each build for which there were parts on sale, and those of them for which they
        were on the shelf: so many were made.
    missing : (steps,) int64
        Pieces that each count of a shelf found missing; 0 for all other steps.
    """

    model: Model
    orders: Orders
    source: Indices
    state: Indices
    oversold: Indices
    held: Indices
    dropped: Ticks
    taken: Ticks
    parcel: Indices
    parcel_order: Indices
    parcel_part: Indices
    parcel_warehouse: Indices
    pieces: Indices
    lines: Indices
    sent: Ticks
    released: Ticks
    done: Ticks
    shipped: Ticks
    carrier: Indices
    left: Indices
    visits: tuple[Visits, ...]
    loads: tuple[Floats, ...]
    crews: tuple[Crew, ...]
    pickups: PickupTable
    gifts: GiftTable
    parts_for: Indices
    made: Indices
    missing: Indices

    def per_order(self, ticks: Ticks) -> Ticks:
        """Spread a parcel's ticks over its orders; an order without a parcel gets `NEVER`."""
        if len(ticks) == 0:
            return np.full(len(self.orders), NEVER)
        return np.where(self.parcel < 0, NEVER, ticks[self.parcel])

    def order_shipped(self) -> Ticks:
        """Tick at which the last parcel of each order was shipped, `NEVER` if one is not.

        A parcel of gifts that left the floor cancelled does not count, cancelled goods do.
        """
        return self.per_order(self.last(self.shipped))

    def per_order_count(self) -> Indices:
        """How many parcels each order is in."""
        if len(self.parcel_order) == 0:
            return np.zeros(len(self.orders), np.int64)
        parcels = np.bincount(self.parcel_order, minlength=len(self.orders))
        first = self.parcel_order[np.maximum(self.parcel, 0)]
        return np.where(self.parcel < 0, 0, parcels[first])

    def last(self, ticks: Ticks) -> Ticks:
        """Largest of some ticks over all parcels of the same orders, for each parcel."""
        if (np.diff(self.parcel_order) > 0).all():
            return ticks
        counts = np.where((self.left == 1) & (self.parcel_part > 0), np.iinfo(np.int64).min, ticks)
        begins = np.flatnonzero(np.diff(self.parcel_order, prepend=-1))
        lengths = np.diff(np.append(begins, len(ticks)))
        return np.repeat(np.maximum.reduceat(counts, begins), lengths)

    def stage_visits(self, stage: int) -> Visits:
        """When each parcel came to a stage, was begun in one of its zones, and done in all."""
        visits = [self.visits[zone] for zone in self.model.stages[stage].zones]
        if len(visits) == 1:
            return visits[0]
        done = [np.where(visit.entered < NEVER, visit.done, -NEVER) for visit in visits]
        last = np.maximum.reduce(done)
        return Visits(
            entered=np.minimum.reduce([visit.entered for visit in visits]),
            started=np.minimum.reduce([visit.started for visit in visits]),
            done=np.where(last == -NEVER, NEVER, last),
        )

    def line_parcels(self) -> Indices:
        """Parcel that every order line went into, -1 where it was not sent: (lines,) int64."""
        goods = np.flatnonzero(self.parcel_part == 0)
        order = np.repeat(np.arange(len(self.orders)), np.diff(self.orders.line_offsets))
        found = np.full(len(order), -1)
        sent = np.flatnonzero(self.source >= 0)
        if len(sent) == 0:
            return found
        houses = len(self.model.chains)
        keys = self.parcel_order[goods] * houses + self.parcel_warehouse[goods]
        leader = self.parcel_order[self.parcel[order[sent]]]
        found[sent] = goods[np.searchsorted(keys, leader * houses + self.source[sent])]
        return found

    def columns(self) -> dict[str, Ticks]:
        """Every number of every parcel that the two engines must agree on, by name."""
        own = (
            "parcel_order",
            "parcel_part",
            "parcel_warehouse",
            "pieces",
            "lines",
            "sent",
            "released",
            "done",
            "shipped",
            "carrier",
            "left",
        )
        named = {name: getattr(self, name) for name in own}
        for zone, visits in zip(self.model.zones, self.visits, strict=True):
            for field in fields(Visits):
                column = getattr(visits, field.name)
                if column is not None:
                    named[f"{zone.path}.{field.name}"] = column
        return named

    def fates(self) -> dict[str, Indices]:
        """Every number of every order that the two engines must agree on, by name."""
        names = ("state", "oversold", "held", "dropped", "taken", "parcel")
        return {name: getattr(self, name) for name in names}

    def fillings(self) -> dict[str, Indices]:
        """Say what open parts of orders became, a row per order and SKU."""
        found = self.orders.fillings
        return {"order": found.order, "sku": found.sku, "pieces": found.pieces}

    def digest(self) -> str:
        """SHA-256 (hex) over the orders and over all that happened: equal traces, equal digests."""
        sha = hashlib.sha256()
        orders = self.orders
        for column in (
            *(orders.placed, orders.paid, orders.due, orders.stream, orders.value),
            *(orders.line_offsets, orders.line_item, orders.line_quantity),
            *self.fillings().values(),
            *(self.parts_for, self.made),
            *self.fates().values(),
            *self.columns().values(),
            self.source,
            *(getattr(self.pickups, field.name) for field in fields(PickupTable)),
            *(getattr(self.gifts, field.name) for field in fields(GiftTable)),
        ):
            sha.update(np.ascontiguousarray(column, "<i8").data)
        return sha.hexdigest()
