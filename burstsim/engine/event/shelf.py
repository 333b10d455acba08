"""The shelves of all warehouses, and tries to take an order's goods and gifts from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from burstsim.engine.compile import Model
from burstsim.engine.items import Items
from burstsim.engine.orders import Orders

__all__ = ["GiftRow", "Shelf"]


@dataclass(slots=True)
class GiftRow:
    """Pieces of one item that a rule gives to the orders of a parcel.

    `house` is the warehouse that they come from, or would; -1 if none was asked.
    """

    rule: int
    option: int
    place: int
    house: int
    item: int
    proposed: int = 0
    granted: int = 0
    later: int = 0


class Shelf:
    """Pieces on the shelves, of SKUs of which there is an end.

    Parameters
    ----------
    model, orders
        The stock, and the items of the replication.
    """

    def __init__(self, model: Model, orders: Orders) -> None:
        self.items: Items = orders.items
        self.left = [
            {sku: pieces for sku, pieces in enumerate(shelf) if pieces >= 0}
            for shelf in model.stock.shelves.tolist()
        ]

    def has(self, house: int, needs: Mapping[int, int]) -> bool:
        """Whether a warehouse has all of it."""
        left = self.left[house]
        return all(left.get(sku, pieces) >= pieces for sku, pieces in needs.items())

    def put(self, house: int, sku: int, pieces: int) -> None:
        """Put pieces on a shelf, or take them off."""
        if sku in self.left[house]:
            self.left[house][sku] += pieces

    def take_parts(self, house: int, needs: Mapping[int, int], kits: int) -> int:
        """Take the parts of at most so many kits; for how many they are there."""
        left = self.left[house]
        for sku, each in needs.items():
            kits = min(kits, int(left.get(sku, kits * each)) // each)
        for sku, each in needs.items():
            self.put(house, sku, -each * kits)
        return kits

    def count(self, house: int, sku: int, found: int) -> int:
        """Find so many pieces on a shelf; how many are missing from what should be there."""
        missing = max(int(self.left[house].get(sku, 0)) - found, 0)
        self.put(house, sku, -missing)
        return missing

    def leaves(self, item: int) -> dict[int, int]:
        """SKU → pieces of one of an item of fixed parts."""
        items = self.items
        span = slice(items.leaf_offsets[item], items.leaf_offsets[item + 1])
        skus: list[int] = items.leaf_sku[span].tolist()
        counts: list[int] = items.leaf_count[span].tolist()
        return dict(zip(skus, counts, strict=True))

    def available(self, house: int, item: int, wanted: int) -> int:
        """How many of an item a warehouse has, at most as many as wanted."""
        for sku, count in self.leaves(item).items():
            wanted = min(wanted, self.left[house].get(sku, wanted * count) // count)
        return wanted
