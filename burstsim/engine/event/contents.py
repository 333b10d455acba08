"""What orders are made of, kits opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from burstsim.engine.orders import Orders

__all__ = ["Filled", "contents_of", "work_of"]

#: Order → SKU → pieces: what its open parts have become.
Filled = Mapping[int, Mapping[int, int]]


def contents_of(orders: Orders, members: Iterable[int], filled: Filled) -> dict[int, int]:
    """SKU → pieces of some orders."""
    items = orders.items
    needs: dict[int, int] = {}
    for order in members:
        for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
            item, quantity = int(orders.line_item[line]), int(orders.line_quantity[line])
            for leaf in range(items.leaf_offsets[item], items.leaf_offsets[item + 1]):
                sku = int(items.leaf_sku[leaf])
                needs[sku] = needs.get(sku, 0) + int(items.leaf_count[leaf]) * quantity
        for sku, pieces in filled.get(order, {}).items():
            needs[sku] = needs.get(sku, 0) + pieces
    return needs


def work_of(orders: Orders, members: Iterable[int]) -> dict[int, int]:
    """Zone → ticks of work on the kits of some orders."""
    work: dict[int, int] = {}
    for order in members:
        for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
            item, quantity = int(orders.line_item[line]), int(orders.line_quantity[line])
            for zone, ticks in enumerate(orders.items.work[item].tolist()):
                if ticks:
                    work[zone] = work.get(zone, 0) + ticks * quantity
    return work
