"""What orders draw on: stock by SKU, allotments by channel and item; as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from burstsim.engine.items import Items
from burstsim.engine.substreams import substreams
from burstsim.kernels.arrays import Indices
from burstsim.scenario.scenario import Scenario

__all__ = ["Stock", "stock_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stock:
    """What can be sold.

    Parameters
    ----------
    on_hand : (skus,) int64
        Pieces on the shelf less the safety stock, over all warehouses; -1 is unlimited.
    shelves : (warehouses, skus) int64
        The same for each warehouse.
    allotments
        (channel, item number) → units that the channel may sell.
    shows
        Sub-stream that is an item of a show → units that may be sold of it.
    built
        SKUs that builds make or use up.
    closed
        Warehouse that is not open at first → (skus,) int64 what is in it then, as in `shelves`,
        where it has nothing that has an end.
    """

    on_hand: Indices
    shelves: Indices
    allotments: dict[tuple[str, int], int]
    shows: dict[int, int]
    built: frozenset[int] = frozenset()
    closed: dict[int, Indices] = field(default_factory=dict)

    @property
    def limited(self) -> bool:
        """Whether anything can run out at all."""
        return bool((self.on_hand >= 0).any()) or bool(self.allotments) or bool(self.shows)


def stock_of(scenario: Scenario, items: Items, held: Indices) -> Stock:
    """Add up the stock of the warehouses; one without a stock section has everything.

    Parameters
    ----------
    scenario, items
        The warehouses and the catalogue.
    held : (skus,) int64
        Pieces that are on the shelves and sold already.
    """
    numbers = {name: number for number, name in enumerate(items.names)}
    houses = {name: number for number, name in enumerate(scenario.warehouses)}
    first = next(iter(houses))
    shelves = np.zeros((len(scenario.warehouses), items.n_skus), np.int64)
    for shelf, warehouse in zip(shelves, scenario.warehouses.values(), strict=True):
        if warehouse.stock is None:
            shelf[:] = -1
            continue
        for sku, pieces in warehouse.stock.items():
            shelf[numbers[sku]] = max(pieces - warehouse.safety_stock.get(sku, 0), 0)
    counted = {} if scenario.initial is None else scenario.initial.counted(first)
    for name, found in counted.items():
        safety, shelf = scenario.warehouses[name].safety_stock, shelves[houses[name]]
        for sku, pieces in found.items():
            shelf[numbers[sku]] = max(pieces - safety.get(sku, 0), 0)
    closed = {
        houses[name]: shelves[houses[name]].copy()
        for name, house in scenario.warehouses.items()
        if not house.open
    }
    for number in closed:
        shelves[number] = np.minimum(shelves[number], 0)
    on_hand = np.maximum(shelves.sum(axis=0) - held, 0)
    on_hand = np.where((shelves < 0).any(axis=0), -1, on_hand)
    allotments = {
        (channel, numbers[item]): pieces
        for channel, given in scenario.sellable.items()
        for item, pieces in given.items()
    }
    made = {
        numbers[build.kit]
        for warehouse in scenario.warehouses.values()
        for build in warehouse.builds.values()
    }
    shows = {
        number: sub.stock
        for number, sub in enumerate(substreams(scenario))
        if sub.stock is not None
    }
    built = {sku for kit, needs in items.built.items() if kit in made for sku in (kit, *needs)}
    return Stock(
        on_hand=on_hand,
        shelves=shelves,
        allotments=allotments,
        shows=shows,
        built=frozenset(built),
        closed=closed,
    )
