"""What orders are made of, kits opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from burstsim.engine.orders import Orders

__all__ = ["Filled", "Line", "added_up", "contents_of", "lines_of"]

#: Order → SKU → pieces: what its open parts have become.
Filled = Mapping[int, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order, kits opened; it never splits.

    Parameters
    ----------
    number
        Its position among all lines.
    needs
        SKU → pieces.
    work
        Station → ticks of work on kits.
    """

    number: int
    needs: dict[int, int]
    work: dict[int, int]


def lines_of(orders: Orders, members: Iterable[int], filled: Filled) -> list[Line]:
    """Lines of some orders, one order after another.

    What open parts of an order have become is in the first of its lines that has any.
    """
    items = orders.items
    lines = []
    for order in members:
        open_parts = dict(filled.get(order, {}))
        for number in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
            item, quantity = int(orders.line_item[number]), int(orders.line_quantity[number])
            needs: dict[int, int] = {}
            for leaf in range(items.leaf_offsets[item], items.leaf_offsets[item + 1]):
                sku = int(items.leaf_sku[leaf])
                needs[sku] = needs.get(sku, 0) + int(items.leaf_count[leaf]) * quantity
            if items.open_offsets[item] < items.open_offsets[item + 1]:
                for sku, pieces in open_parts.items():
                    needs[sku] = needs.get(sku, 0) + pieces
                open_parts = {}
            work = {
                zone: ticks * quantity
                for zone, ticks in enumerate(items.work[item].tolist())
                if ticks
            }
            lines.append(Line(number, needs, work))
    return lines


def added_up(lines: Iterable[Line]) -> dict[int, int]:
    """SKU → pieces of some lines."""
    needs: dict[int, int] = {}
    for line in lines:
        for sku, pieces in line.needs.items():
            needs[sku] = needs.get(sku, 0) + pieces
    return needs


def contents_of(orders: Orders, members: Iterable[int], filled: Filled) -> dict[int, int]:
    """SKU → pieces of some orders."""
    return added_up(lines_of(orders, members, filled))
