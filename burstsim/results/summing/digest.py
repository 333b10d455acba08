"""A digest of a replication that comes in pieces: the same whatever the pieces are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from burstsim.engine.carriers import PickupTable
from burstsim.engine.digests import digest_of
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices
from burstsim.kernels.columns import taken
from burstsim.kernels.rowsums import RowSums

__all__ = ["RowDigest"]

_GIFTS = tuple(f.name for f in fields(GiftTable) if f.name not in ("order", "decided"))

_OF_PARCELS = (
    *("parcel_part", "parcel_warehouse", "pieces", "lines"),
    *("sent", "released", "done", "shipped", "carrier", "left"),
)


class RowDigest:
    """Adds up hashes of all that happened to each order that is over.

    It holds the numbers that `Trace.digest` does, each in a row that also says of which order,
    line, parcel or gift it is; no row knows where it stands in the trace.
    """

    def __init__(self) -> None:
        self._sums: dict[str, RowSums] = {}

    def add(self, trace: Trace, number: Indices) -> None:
        """Add orders.

        Parameters
        ----------
        trace
            What happened to them, and to nobody else.
        number : (n,) int64
            Their numbers in the whole replication.
        """
        for name, columns in _tables(trace, number):
            if name not in self._sums:
                self._sums[name] = RowSums(len(self._sums))
            self._sums[name].add(columns)

    def hex(self, trace: Trace) -> str:
        """SHA-256 (hex) of the sums and of what is of no order.

        Parameters
        ----------
        trace
            The last piece: pickups, kits that were made, and counts of shelves.
        """
        table = trace.pickups
        pickups = (getattr(table, field.name) for field in fields(PickupTable))
        rest = digest_of((*pickups, trace.parts_for, trace.made, trace.missing))
        sha = hashlib.sha256(rest.encode())
        for name, sums in self._sums.items():
            sha.update(f"{name}:{sums.rows}:{sums.sums};".encode())
        return sha.hexdigest()


def _tables(trace: Trace, number: Indices) -> Iterator[tuple[str, list[Indices]]]:
    """Give all that happened, a table after the other, always the same ones."""
    orders, gifts, fillings = trace.orders, trace.gifts, trace.orders.fillings
    lengths = np.diff(orders.line_offsets)
    yield (
        "orders",
        [
            *(number, orders.placed, orders.paid, orders.due, orders.stream, orders.value, lengths),
            *(trace.state, trace.oversold, trace.held, trace.dropped, trace.taken),
            *_goods(trace, number),
        ],
    )
    place = np.arange(len(orders.line_item)) - np.repeat(orders.line_offsets[:-1], lengths)
    of_line = orders.line_item, orders.line_quantity, trace.source
    yield "lines", [np.repeat(number, lengths), place, *of_line]
    yield "fillings", [number[fillings.order], fillings.sku, fillings.pieces]
    yield "gifts", [number[gifts.order], *(getattr(gifts, name) for name in _GIFTS)]
    whose = number[trace.parcel_order]
    columns = [whose, *(getattr(trace, name) for name in _OF_PARCELS)]
    for house, rows in enumerate(trace.rows.of_house):
        mine = [trace.rows.narrow(house, column) for column in columns]
        for zone, visits in zip(trace.model.zones, trace.visits, strict=True):
            if zone.house != house:
                continue
            mine += [visits.entered, visits.started, visits.done]
            if visits.task is not None:
                first = np.where(visits.task < 0, -1, whose[visits.task])
                mine += [first, np.where(visits.task < 0, -1, trace.parcel_part[visits.task])]
        assert len(mine[0]) == len(rows)
        yield f"parcels of {house}", mine


def _goods(trace: Trace, number: Indices) -> tuple[Indices, Indices, Indices]:
    """Say which parcel each order's goods are in: its first order, part and warehouse, else -1."""
    columns = number[trace.parcel_order], trace.parcel_part, trace.parcel_warehouse
    if len(trace.parcel_order) == 0:
        none = np.full(len(number), -1)
        return none, none, none
    nowhere = np.flatnonzero(trace.parcel < 0)
    first, part, house = (taken(column, trace.parcel) for column in columns)
    if len(nowhere):
        first, part, house = first.copy(), part.copy(), house.copy()
        for column in (first, part, house):
            column[nowhere] = -1
    return first, part, house
