"""What orders are made of, kits opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from burstsim.engine.orders import Orders

__all__ = ["Line", "added_up", "lines_of"]


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


def lines_of(orders: Orders, members: Iterable[int]) -> list[Line]:
    """Lines of some orders, one order after another."""
    items = orders.items
    lines = []
    for order in members:
        for number in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
            item, quantity = int(orders.line_item[number]), int(orders.line_quantity[number])
            needs: dict[int, int] = {}
            for leaf in range(items.leaf_offsets[item], items.leaf_offsets[item + 1]):
                sku = int(items.leaf_sku[leaf])
                needs[sku] = needs.get(sku, 0) + int(items.leaf_count[leaf]) * quantity
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
