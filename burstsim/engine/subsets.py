"""Some of a replication's orders by themselves, with all that happened to them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from burstsim.engine.fillings import Fillings
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.orders import Orders
from burstsim.engine.trace import Trace
from burstsim.engine.visits import Visits, rows_of
from burstsim.kernels.arrays import Indices
from burstsim.kernels.columns import joined, taken
from burstsim.kernels.segments import offsets_of, segment_elements

__all__ = ["orders_of", "orders_together", "trace_of"]

_OF_ORDERS = ("state", "oversold", "held", "dropped", "taken")

_OF_PARCELS = (
    *("parcel_part", "parcel_warehouse", "pieces", "lines", "sent"),
    *("released", "done", "shipped", "carrier", "left"),
)


def orders_of(orders: Orders, chosen: Indices) -> Orders:
    """Only some orders, numbered anew in the order in which they stand.

    Parameters
    ----------
    orders
        All of them.
    chosen : (k,) int64
        Numbers, ascending.
    """
    lines = segment_elements(orders.line_offsets, chosen)
    cut: dict[str, Any] = {}
    for field in fields(orders):
        value = getattr(orders, field.name)
        if isinstance(value, np.ndarray) and value is not orders.line_offsets:
            cut[field.name] = taken(value, lines if field.name.startswith("line_") else chosen)
        elif isinstance(value, dict):
            cut[field.name] = {name: taken(column, chosen) for name, column in value.items()}
    cut["line_offsets"] = offsets_of(np.diff(orders.line_offsets)[chosen])
    cut["noise"] = tuple(taken(factors, chosen) for factors in orders.noise)
    inside, filled = segment_elements(orders.fillings.offsets, chosen), orders.fillings
    cut["fillings"] = Fillings(
        offsets=offsets_of(np.diff(filled.offsets)[chosen]),
        sku=filled.sku[inside],
        pieces=filled.pieces[inside],
    )
    return replace(orders, **cut)


def orders_together(some: Orders, others: Orders) -> Orders:
    """Put orders together with others of the same replication, which are numbered after them.

    Parameters
    ----------
    some, others
        With the same names, items and people; of those the latter are taken.
    """
    both: dict[str, Any] = {}
    for field in fields(Orders):
        mine, theirs = getattr(some, field.name), getattr(others, field.name)
        if isinstance(mine, np.ndarray) and mine is not some.line_offsets:
            both[field.name] = joined(mine, theirs)
        elif isinstance(mine, dict):
            both[field.name] = {name: joined(mine[name], theirs[name]) for name in mine}
    noise = zip(some.noise, others.noise, strict=True)
    filled, more = some.fillings, others.fillings
    both["fillings"] = Fillings(
        offsets=_offsets_together(filled.offsets, more.offsets),
        sku=joined(filled.sku, more.sku),
        pieces=joined(filled.pieces, more.pieces),
    )
    return replace(
        others,
        **both,
        line_offsets=_offsets_together(some.line_offsets, others.line_offsets),
        noise=tuple(joined(*factors) for factors in noise),
        lost=some.lost + others.lost,
        diverted=some.diverted + others.diverted,
    )


def _offsets_together(some: Indices, others: Indices) -> Indices:
    return np.concatenate((some, others[1:] + some[-1]))


def trace_of(trace: Trace, chosen: Indices) -> Trace:
    """Only what happened to some orders of which none shares a parcel with one left out.

    Crews, pickups, kits and counts of shelves stay as they are: they are of no order.

    Parameters
    ----------
    trace
        What happened to all of them.
    chosen : (k,) int64
        Numbers of the orders, ascending.
    """
    number = np.full(len(trace.orders), -1)
    number[chosen] = np.arange(len(chosen))
    parcels = np.flatnonzero(number[trace.parcel_order] >= 0)
    row = np.full(len(trace.parcel_order) + 1, -1)  # the last one is for -1, no parcel
    row[parcels] = np.arange(len(parcels))
    gifts = np.flatnonzero(number[trace.gifts.order] >= 0)
    table = {f.name: taken(getattr(trace.gifts, f.name), gifts) for f in fields(GiftTable)}
    table["order"] = number[table["order"]]
    rows = rows_of(taken(trace.parcel_warehouse, parcels), len(trace.model.chains))
    within = [trace.rows.within(parcels[mine]) for mine in rows.of_house]
    houses = [zone.house for zone in trace.model.zones]
    columns: dict[str, Any] = {name: taken(getattr(trace, name), chosen) for name in _OF_ORDERS}
    columns |= {name: taken(getattr(trace, name), parcels) for name in _OF_PARCELS}
    return replace(
        trace,
        orders=orders_of(trace.orders, chosen),
        source=taken(trace.source, segment_elements(trace.orders.line_offsets, chosen)),
        parcel=row[trace.parcel[chosen]],
        parcel_order=number[trace.parcel_order[parcels]],
        rows=rows,
        visits=tuple(
            _visits_of(visits, rows.of_house[house], within[house], row)
            for house, visits in zip(houses, trace.visits, strict=True)
        ),
        loads=tuple(
            taken(loads, within[house]) for house, loads in zip(houses, trace.loads, strict=True)
        ),
        gifts=GiftTable(**table),
        **columns,
    )


def _visits_of(visits: Visits, rows: Indices, within: Indices, row: Indices) -> Visits:
    """Only the visits of some parcels: those at some places among their warehouse's."""
    return Visits(
        rows=rows,
        entered=taken(visits.entered, within),
        started=taken(visits.started, within),
        done=taken(visits.done, within),
        task=None if visits.task is None else row[visits.task[within]],
    )
