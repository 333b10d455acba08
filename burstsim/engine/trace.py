"""What an engine gives back: the fate of every order, every parcel's times at every zone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np

from burstsim.engine.compile import Model
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
    """

    entered: Ticks
    started: Ticks
    done: Ticks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """One replication, finished.

    Parameters
    ----------
    state : (n,) int64
        How each order ended; positions in `STATES`.
    oversold : (n,) int64
        1 for an order that was let in although there was no stock, else 0.
    parcel : (n,) int64
        The parcel that an order went into, -1 if none.
    parcel_order : (parcels,) int64
        Number of the first order in a parcel; parcels are in order of this number.
    dropped : (n,) int64
        Sweep at which an order was cancelled for lack of stock, `NEVER` for all others.
    released, shipped : (parcels,) int64
        Ticks.
    visits
        For each zone of the model.
    loads : for each zone of the model, (parcels,) float64
        Ticks of work at productivity 1, noise included; 0 where a parcel never came.
    """

    model: Model
    orders: Orders
    state: Indices
    oversold: Indices
    dropped: Ticks
    parcel: Indices
    parcel_order: Indices
    released: Ticks
    shipped: Ticks
    visits: tuple[Visits, ...]
    loads: tuple[Floats, ...]

    def per_order(self, ticks: Ticks) -> Ticks:
        """Spread a parcel's ticks over its orders; an order without a parcel gets `NEVER`."""
        if len(ticks) == 0:
            return np.full(len(self.orders), NEVER)
        return np.where(self.parcel < 0, NEVER, ticks[self.parcel])

    def columns(self) -> dict[str, Ticks]:
        """Every number of every parcel that the two engines must agree on, by name."""
        named = {
            "order": self.parcel_order,
            "released": self.released,
            "shipped": self.shipped,
        }
        for zone, visits in zip(self.model.zones, self.visits, strict=True):
            for field in fields(Visits):
                named[f"{zone.path}.{field.name}"] = getattr(visits, field.name)
        return named

    def fates(self) -> dict[str, Indices]:
        """Every number of every order that the two engines must agree on, by name."""
        return {name: getattr(self, name) for name in ("state", "oversold", "dropped", "parcel")}

    def digest(self) -> str:
        """SHA-256 (hex) over the orders and over all that happened: equal traces, equal digests."""
        sha = hashlib.sha256()
        orders = self.orders
        for column in (
            *(orders.placed, orders.paid, orders.due, orders.stream, orders.value),
            *(orders.line_offsets, orders.line_item, orders.line_quantity),
            *self.fates().values(),
            *self.columns().values(),
        ):
            sha.update(np.ascontiguousarray(column, "<i8").data)
        return sha.hexdigest()
