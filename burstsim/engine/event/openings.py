"""What the open parts of an order become, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from burstsim.engine.orders import Orders
from burstsim.kernels.mixing import among, mixed
from burstsim.kernels.pools import Pool

__all__ = ["fill", "open_pieces"]


def open_pieces(orders: Orders, order: int) -> Iterator[Pool]:
    """Yield what each open piece of an order is taken from: by line, unit and part."""
    items = orders.items
    for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
        opens = items.forms[int(orders.line_item[line])].opens
        for _ in range(int(orders.line_quantity[line])):
            for pool, count in opens.items():
                for _ in range(count):
                    yield items.pools[pool]


def fill(
    orders: Orders,
    order: int,
    left: Mapping[int, int],
    taken: Mapping[int, int],
    *,
    oversell: bool,
) -> tuple[dict[int, int], bool]:
    """Decide what the open pieces of an order become.

    Parameters
    ----------
    orders, order
        Whose they are.
    left
        SKU → pieces that are on sale; only of SKUs of which there is an end.
    taken
        SKU → pieces of them that the order takes anyway.
    oversell
        Whether something is taken where nothing is there.

    Returns
    -------
    found
        SKU → pieces.
    fits
        Whether there was something for every piece.
    """
    found: dict[int, int] = {}
    fits = True
    for number, pool in enumerate(open_pieces(orders, order)):
        weights = pool.weights or (1,) * len(pool.members)
        choice = [
            (sku, weight) for sku, weight in zip(pool.members, weights, strict=True) if weight
        ]
        there = [
            (sku, weight)
            for sku, weight in choice
            if sku not in left or left[sku] > taken.get(sku, 0) + found.get(sku, 0)
        ]
        if not there:
            fits = False
            if not oversell:
                return {}, False
            there = choice
        sku = there[0][0]
        if pool.weights is not None:
            ticket = among(
                mixed(int(orders.surprise[order]), number), sum(weight for _, weight in there)
            )
            for sku, weight in there:  # noqa: B007 - it is the one at which the loop ends
                if ticket < weight:
                    break
                ticket -= weight
        found[sku] = found.get(sku, 0) + 1
    return found, fits
