"""The laws of kits: open parts become what they may, and builds make kits out of parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from burstsim.engine.fillings import filling_lines
from burstsim.engine.trace import STATES, Trace
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import offsets_of, segment_elements, segment_sums, sums_by

__all__ = ["brought", "contents_of", "filling_laws", "parts_used"]


def filling_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law of kits that the trace breaks."""
    orders, items, found = trace.orders, trace.orders.items, trace.orders.fillings
    opens = segment_sums(items.open_count, items.open_offsets)[orders.line_item]
    asked = segment_sums(opens * orders.line_quantity, orders.line_offsets)
    asks = (orders.reserved < trace.model.end) & (trace.state != STATES.index("rejected"))
    if not np.array_equal(segment_sums(found.pieces, found.offsets), np.where(asks, asked, 0)):
        yield "every open part of an order that is let in becomes something, and no other"
    allowed = np.zeros((len(items.pools), items.n_skus), bool)
    for number, pool in enumerate(items.pools):
        allowed[number, [m for place, m in enumerate(pool.members) if pool.may_be(place)]] = True
    lines = np.flatnonzero(np.diff(items.open_offsets)[orders.line_item])
    part = segment_elements(items.open_offsets, orders.line_item[lines])
    order = np.repeat(np.arange(len(orders)), np.diff(orders.line_offsets))[lines]
    order = np.repeat(order, np.diff(items.open_offsets)[orders.line_item[lines]])
    # pools that each order's pieces may be taken from
    own = offsets_of(np.bincount(order, minlength=len(orders)))
    for row, sku in zip(found.order.tolist(), found.sku.tolist(), strict=True):
        if not allowed[items.open_pool[part[own[row] : own[row + 1]]], sku].any():
            yield "open parts become what their kits name"
            break
    if (trace.made > trace.parts_for).any():
        yield "no more kits are made than there were parts on sale for"
    planned = np.array([plan.quantity for plan in trace.model.plans], np.int64)
    if (trace.parts_for > planned).any() or (trace.made < 0).any():
        yield "no more kits are made than planned"


def contents_of(trace: Trace, lines: npt.NDArray[np.bool_]) -> Indices:
    """Pieces of each SKU in the chosen order lines, kits opened: (skus,) int64."""
    orders, items = trace.orders, trace.orders.items
    sold = sums_by(orders.line_item[lines], orders.line_quantity[lines], len(items.names))
    counts = items.leaf_count * np.repeat(sold, np.diff(items.leaf_offsets))
    pieces = sums_by(items.leaf_sku, counts, items.n_skus)
    # what open parts became is in the first line of its order that has any
    home = filling_lines(orders.line_offsets, np.diff(items.open_offsets)[orders.line_item] > 0)
    some = lines[home[orders.fillings.order]]
    filled = orders.fillings.sku[some], orders.fillings.pieces[some]
    return pieces + sums_by(*filled, items.n_skus)


def parts_used(trace: Trace, kits: Indices, house: int | None = None) -> Indices:
    """Pieces of each SKU that builds, of one warehouse or all, used up: (skus,) int64."""
    used = np.zeros(trace.orders.items.n_skus, np.int64)
    for plan, count in zip(trace.model.plans, kits.tolist(), strict=True):
        if house in (None, plan.house):
            for sku, each in plan.needs.items():
                used[sku] += each * count
    return used


def brought(trace: Trace, kits: Indices, house: int | None = None) -> Indices:
    """Pieces that came to one warehouse, or all, before the end: (skus,) int64.

    Parameters
    ----------
    trace
        A finished replication.
    kits : (builds,) int64
        How many kits each build made.
    house
        The warehouse, None for all.
    """
    came = np.zeros(trace.orders.items.n_skus, np.int64)
    left = kits.tolist()
    for step in trace.model.steps:
        if not step.needs and not step.counted:
            more = step.amount
            if step.build >= 0:
                more = min(more, left[step.build])
                left[step.build] -= more
            if house in (None, step.house):
                came[step.counter] += more
    return came
