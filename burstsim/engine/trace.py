"""What an engine gives back: every parcel's times at every zone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["Trace", "Visits"]


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
    parcel_order : (parcels,) int64
        Number of the order that a parcel belongs to; parcels are in order of this number.
    released, shipped : (parcels,) int64
        Ticks.
    visits
        For each zone of the model.
    """

    model: Model
    orders: Orders
    parcel_order: Indices
    released: Ticks
    shipped: Ticks
    visits: tuple[Visits, ...]

    def columns(self) -> dict[str, Ticks]:
        """Everything that the two engines must agree on, by name, per parcel."""
        named = {
            "order": self.parcel_order,
            "released": self.released,
            "shipped": self.shipped,
        }
        for zone, visits in zip(self.model.zones, self.visits, strict=True):
            for field in fields(Visits):
                named[f"{zone.path}.{field.name}"] = getattr(visits, field.name)
        return named

    def digest(self) -> str:
        """SHA-256 (hex) over the orders and over `columns`: equal traces, equal digests."""
        sha = hashlib.sha256()
        orders = self.orders
        for column in (
            *(orders.placed, orders.paid, orders.due, orders.stream, orders.value),
            *(orders.line_offsets, orders.line_item, orders.line_quantity),
            *self.columns().values(),
        ):
            sha.update(np.ascontiguousarray(column, "<i8").data)
        return sha.hexdigest()
