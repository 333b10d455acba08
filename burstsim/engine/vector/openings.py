"""The open parts of orders as arrays of single pieces."""

from __future__ import annotations

import numpy as np

from burstsim.engine.orders import Orders
from burstsim.kernels.arrays import Indices
from burstsim.kernels.counters import NO_PIECES, Pieces
from burstsim.kernels.mixing import mixed_each
from burstsim.kernels.segments import segment_elements

__all__ = ["open_pieces"]


def open_pieces(orders: Orders, chosen: Indices) -> Pieces:
    """List the open pieces of some orders: by order, line, unit and part.

    Parameters
    ----------
    orders
        The orders.
    chosen : (k,) int64
        Orders; the owner of a piece is a position in it.
    """
    items = orders.items
    if not items.pools:
        return NO_PIECES
    each = np.diff(items.open_offsets)
    lines = segment_elements(orders.line_offsets, chosen)
    owner = np.repeat(np.arange(len(chosen)), np.diff(orders.line_offsets)[chosen])
    some = np.flatnonzero(each[orders.line_item[lines]])
    lines, owner = lines[some], owner[some]
    owner = np.repeat(owner, orders.line_quantity[lines])
    item = np.repeat(orders.line_item[lines], orders.line_quantity[lines])  # unit by unit
    part = segment_elements(items.open_offsets, item)
    owner = np.repeat(np.repeat(owner, each[item]), items.open_count[part])
    pool = np.repeat(items.open_pool[part], items.open_count[part])
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    number = np.arange(len(owner)) - np.repeat(begins, np.diff(np.append(begins, len(owner))))
    bits = mixed_each(orders.surprise[chosen[owner]], number)
    return Pieces(owner, pool, bits, items.pools)
