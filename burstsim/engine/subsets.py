"""Some of a replication's orders by themselves, with all that happened to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial
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


class _Once:
    """Makes new columns of old ones: what was one array stays one array.

    Parameters
    ----------
    make
        Gives a new column.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._known: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]] = {}

    def of(self, *columns: Any) -> Any:
        """Give the new column of some old ones."""
        names = tuple(map(id, columns))
        if names not in self._known:
            # they are kept, so that no others get their identity
            self._known[names] = columns, self._make(*columns)
        return self._known[names][1]


def orders_of(orders: Orders, chosen: Indices) -> Orders:
    """Only some orders, numbered anew in the order in which they stand.

    Parameters
    ----------
    orders
        All of them.
    chosen : (k,) int64
        Numbers, ascending.
    """
    if len(chosen) == len(orders):
        return orders
    lines = segment_elements(orders.line_offsets, chosen)
    inside, filled = segment_elements(orders.fillings.offsets, chosen), orders.fillings
    fillings = Fillings(
        offsets=offsets_of(np.diff(filled.offsets)[chosen]),
        sku=filled.sku[inside],
        pieces=filled.pieces[inside],
    )
    of_orders, of_lines = (_Once(partial(taken, chosen=rows)) for rows in (chosen, lines))
    offsets = offsets_of(np.diff(orders.line_offsets)[chosen])
    return _changed((orders,), of_orders, of_lines, line_offsets=offsets, fillings=fillings)


def orders_together(parts: Sequence[Orders]) -> Orders:
    """Put orders of one replication together, numbered one part after the other.

    Parameters
    ----------
    parts
        At least one, with the same names, items and people.
    """
    filled = [orders.fillings for orders in parts]
    fillings = Fillings(
        offsets=_offsets_together([each.offsets for each in filled]),
        sku=joined(*(each.sku for each in filled)),
        pieces=joined(*(each.pieces for each in filled)),
    )
    offsets = _offsets_together([orders.line_offsets for orders in parts])
    once = _Once(joined)
    every = _changed(parts, once, once, line_offsets=offsets, fillings=fillings)
    lost, diverted = (
        sum(getattr(orders, name) for orders in parts) for name in ("lost", "diverted")
    )
    return replace(every, lost=lost, diverted=diverted)


def _changed(of: Sequence[Orders], of_orders: _Once, of_lines: _Once, **others: object) -> Orders:
    """Change the columns of orders and those of lines, each in its way."""
    new: dict[str, Any] = dict(others)
    for name in (field.name for field in fields(Orders) if field.name not in others):
        columns, last = [getattr(orders, name) for orders in of], getattr(of[-1], name)
        if isinstance(last, np.ndarray):
            new[name] = (of_lines if name.startswith("line_") else of_orders).of(*columns)
        elif isinstance(last, dict):
            new[name] = {key: of_orders.of(*(each[key] for each in columns)) for key in last}
    noise = zip(*(orders.noise for orders in of), strict=True)
    return replace(of[-1], **new, noise=tuple(of_orders.of(*factors) for factors in noise))


def _offsets_together(parts: Sequence[Indices]) -> Indices:
    ends = offsets_of(np.array([int(offsets[-1]) for offsets in parts]))
    more = (offsets[1:] + end for offsets, end in zip(parts, ends.tolist(), strict=False))
    return np.concatenate((np.zeros(1, np.int64), *more))


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
