"""What an engine gives back: the fate of every order, every parcel's times at every zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from burstsim.engine.carriers import PickupTable
from burstsim.engine.compile import Model
from burstsim.engine.crews import Crew
from burstsim.engine.digests import digest_of
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.orders import Orders
from burstsim.engine.visits import Rows, Visits
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.units import NEVER

__all__ = ["STATES", "Trace"]

#: How an order can end; `Trace.state` holds positions in it.
STATES = ("shipped", "unfinished", "backordered", "expired", "rejected", "cancelled")

_OF_PARCELS = (
    *("parcel_order", "parcel_part", "parcel_warehouse", "pieces", "lines"),
    *("sent", "released", "done", "shipped", "carrier", "left"),
)


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
    rows
        Which parcels belong to which warehouse.
    visits
        For each zone of the model, of the parcels of its warehouse.
    loads : for each zone of the model, (m,) float64
        Ticks of work at productivity 1, noise included, of the parcels of its warehouse; 0 where
        a parcel has none. That of a tour stands at its first parcel. On tours, and where goods
        come back, there is work only on what came; elsewhere on all that was sent to the
        warehouse, whether it came or not.
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
    rows: Rows
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
            rows=visits[0].rows,
            entered=np.minimum.reduce([visit.entered for visit in visits]),
            started=np.minimum.reduce([visit.started for visit in visits]),
            done=np.where(last == -NEVER, NEVER, last),
        )

    def everywhere(self, zone: int) -> Visits:
        """Give a zone's visits with a row for every parcel of the run."""
        house, visits = self.model.zones[zone].house, self.visits[zone]
        entered, started, done = (
            self.rows.spread(house, ticks, NEVER)
            for ticks in (visits.entered, visits.started, visits.done)
        )
        task = None if visits.task is None else self.rows.spread(house, visits.task, -1)
        every = np.arange(self.rows.count)
        return Visits(rows=every, entered=entered, started=started, done=done, task=task)

    def loads_everywhere(self, zone: int) -> Floats:
        """Give the work in a zone with a row for every parcel of the run: (parcels,) float64."""
        return self.rows.spread(self.model.zones[zone].house, self.loads[zone], 0.0)

    def line_parcels(self) -> Indices:
        """Parcel that every order line went into, -1 where it was not sent: (lines,) int64."""
        if len(self.parcel_order) == 0:
            return np.full(len(self.source), -1)
        main = np.repeat(self.parcel, np.diff(self.orders.line_offsets))
        found = np.where(self.source >= 0, main, -1)
        # what comes from elsewhere than most of its order is in another parcel
        split = np.flatnonzero((found >= 0) & (self.parcel_warehouse[main] != self.source))
        if len(split):
            goods, houses = np.flatnonzero(self.parcel_part == 0), len(self.model.chains)
            keys = self.parcel_order[goods] * houses + self.parcel_warehouse[goods]
            wanted = self.parcel_order[main[split]] * houses + self.source[split]
            found[split] = goods[np.searchsorted(keys, wanted)]
        return found

    def columns(self) -> dict[str, Ticks]:
        """Every number of every parcel that the two engines must agree on, by name."""
        named = {name: getattr(self, name) for name in _OF_PARCELS}
        for number, zone in enumerate(self.model.zones):
            visits = self.everywhere(number)
            named |= {f"{zone.path}.{name}": column for name, column in _columns_of(visits)}
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
        """SHA-256 (hex) over the orders and over all that happened: equal traces, equal digests.

        What other columns imply is left out: whose the rows of a zone are is told by the
        warehouses of the parcels, and when gifts were decided by the sweeps that took the orders.
        """
        orders, gifts = self.orders, [f.name for f in fields(GiftTable) if f.name != "decided"]
        return digest_of(
            (
                *(orders.placed, orders.paid, orders.due, orders.stream, orders.value),
                *(np.diff(orders.line_offsets), orders.line_item, orders.line_quantity),
                *self.fillings().values(),
                *(self.parts_for, self.made, self.missing),
                *self.fates().values(),
                *(getattr(self, name) for name in _OF_PARCELS),
                *(column for visits in self.visits for _, column in _columns_of(visits)),
                self.source,
                *(getattr(self.pickups, field.name) for field in fields(PickupTable)),
                *(getattr(self.gifts, name) for name in gifts),
            )
        )


def _columns_of(visits: Visits) -> Iterator[tuple[str, Indices]]:
    """Give the columns of a zone that the two engines must agree on."""
    for name in ("entered", "started", "done"):
        yield name, getattr(visits, name)
    if visits.task is not None:
        yield "task", visits.task
