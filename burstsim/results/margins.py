"""What is earned with goods: their margins, line by line."""

from __future__ import annotations

from functools import cache

import numpy as np

from burstsim.engine.items import Items
from burstsim.engine.orders import Orders
from burstsim.kernels.arrays import Ticks
from burstsim.kernels.segments import segment_sums
from burstsim.scenario.catalog import Catalog

__all__ = ["goods_costs", "line_margins", "margins_are_known"]


def margins_are_known(catalog: Catalog) -> bool:
    """Whether the catalogue gives the margin of any SKU; without one nothing can be said."""
    return any(sku.margin is not None for sku in catalog.skus.values())


def line_margins(orders: Orders, catalog: Catalog) -> Ticks:
    """Cents that are earned with each order line: what it was sold for less what it costs.

    Parameters
    ----------
    orders
        The orders.
    catalog
        Prices and margins.

    Returns
    -------
    (lines,) int64
    """
    costs = goods_costs(orders.items, catalog)
    margins: Ticks = orders.line_net - costs[orders.line_item] * orders.line_quantity
    return margins


def goods_costs(items: Items, catalog: Catalog) -> Ticks:
    """Cents that one of each item costs the merchant: its price less its margin, kits opened.

    A SKU without a margin earns nothing: it costs its price. Of parts with alternatives the
    part itself counts, of mystery pieces the mean by weight, rounded to whole cents.
    """
    leaves = np.zeros(items.n_skus, np.int64)
    for number, name in enumerate(items.names[: items.n_skus]):
        sku = catalog.skus.get(name)
        if sku is not None:
            leaves[number] = sku.price - (sku.margin or 0)

    @cache
    def of_shelf(number: int) -> int:
        """Cost of what stands on a shelf: a prekit costs what its parts do."""
        parts = items.built.get(number)
        if parts is None:
            return int(leaves[number])
        return sum(of_shelf(part) * count for part, count in parts.items())

    for number in items.built:
        leaves[number] = of_shelf(number)
    pools = [0] * len(items.pools)
    for number, pool in enumerate(items.pools):
        weights = pool.weights or (1,)
        pairs = list(zip(pool.members, weights, strict=False))
        total = sum(weight for _, weight in pairs)
        pools[number] = (2 * sum(int(leaves[sku]) * weight for sku, weight in pairs) + total) // (
            2 * total
        )
    fixed = segment_sums(leaves[items.leaf_sku] * items.leaf_count, items.leaf_offsets)
    each = np.array(pools, np.int64)[items.open_pool] if pools else items.open_pool
    return fixed + segment_sums(each * items.open_count, items.open_offsets)
