"""What orders are made of, kits opened, as arrays."""

from __future__ import annotations

import numpy as np

from burstsim.engine.fillings import filling_lines
from burstsim.engine.items import Items
from burstsim.engine.orders import Orders
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import segment_elements, segment_sums, sums_by

__all__ = ["by_leaf", "contents", "leaves_of", "line_pieces", "opened"]


def opened(items: Items, item: Indices, count: Indices) -> tuple[Indices, Indices, Indices]:
    """Open items to their leaves.

    Parameters
    ----------
    items
        The items of the replication.
    item, count : (m,) int64
        How many of what.

    Returns
    -------
    source, sku, pieces : (leaves,) int64
        Position in `item`, and how many of which SKU.
    """
    each = np.diff(items.leaf_offsets)[item]
    leaf = segment_elements(items.leaf_offsets, item)
    source = np.arange(len(item))
    if (each != 1).any():
        source = np.repeat(source, each)
        count = count[source]
    return source, items.leaf_sku[leaf], items.leaf_count[leaf] * count


def contents(orders: Orders, groups: Indices, members: Indices) -> tuple[Indices, Indices, Indices]:
    """Leaves of groups of orders.

    Parameters
    ----------
    orders
        The orders.
    groups : (g+1,) int64
        Where each group begins in `members`.
    members : (m,) int64
        Orders.

    Returns
    -------
    group, sku, pieces : (leaves,) int64
        A SKU may come several times.
    """
    lines = segment_elements(orders.line_offsets, members)
    group = np.repeat(np.arange(len(groups) - 1), np.diff(groups))
    owner = np.repeat(group, np.diff(orders.line_offsets)[members])
    source, sku, pieces = opened(orders.items, orders.line_item[lines], orders.line_quantity[lines])
    if len(orders.fillings.sku) == 0:
        return owner[source], sku, pieces
    member, *filled = orders.fillings.of(members)
    columns = zip((owner[source], sku, pieces), (group[member], *filled), strict=True)
    every, skus, counts = (np.concatenate(pair) for pair in columns)
    return every, skus, counts


def leaves_of(orders: Orders, lines: Indices) -> tuple[Indices, Indices, Indices]:
    """Leaves of order lines, what open parts of their orders have become included.

    Parameters
    ----------
    orders
        The orders.
    lines : (m,) int64
        Positions of lines, each at most once.

    Returns
    -------
    source, sku, pieces : (leaves,) int64
        Position in `lines`, and how many of which SKU; a SKU may come several times.
    """
    items = orders.items
    source, sku, pieces = opened(items, orders.line_item[lines], orders.line_quantity[lines])
    if len(orders.fillings.sku) == 0:
        return source, sku, pieces
    is_open = np.diff(items.open_offsets)[orders.line_item] > 0
    home = filling_lines(orders.line_offsets, is_open)
    order = np.searchsorted(orders.line_offsets, lines, side="right") - 1
    mine = np.flatnonzero(home[order] == lines)
    member, *filled = orders.fillings.of(order[mine])
    columns = zip((source, sku, pieces), (mine[member], *filled), strict=True)
    every, skus, counts = (np.concatenate(pair) for pair in columns)
    return every, skus, counts


def line_pieces(orders: Orders) -> Indices:
    """Count the pieces of each order line, kits opened: (lines,) int64.

    What open parts of an order have become counts where it travels, as in `leaves_of`.
    """
    items = orders.items
    each = segment_sums(items.leaf_count, items.leaf_offsets)
    pieces: Indices = each[orders.line_item] * orders.line_quantity
    if len(orders.fillings.sku):
        is_open = np.diff(items.open_offsets)[orders.line_item] > 0
        home = filling_lines(orders.line_offsets, is_open)
        there = np.flatnonzero(home >= 0)
        pieces[home[there]] += segment_sums(orders.fillings.pieces, orders.fillings.offsets)[there]
    return pieces


def by_leaf(items: Items, count: Indices) -> Indices:
    """Pieces of each SKU in so many of each item, kits opened, open parts left out.

    Parameters
    ----------
    items
        The items of the replication.
    count : (items,) int64

    Returns
    -------
    (skus,) int64
    """
    some = np.flatnonzero(count)
    _, sku, pieces = opened(items, some, count[some])
    return sums_by(sku, pieces, items.n_skus)
