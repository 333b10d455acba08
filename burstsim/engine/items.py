"""The catalogue as arrays, every kit opened to its leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import offsets_of
from burstsim.scenario.catalog import Catalog
from burstsim.scenario.demand import Replay
from burstsim.scenario.scenario import Scenario

__all__ = ["Items", "items_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """The catalogue as arrays: SKUs first, then kits, with every kit opened to its leaves.

    Parameters
    ----------
    names
        Items; the first `n_skus` are SKUs.
    price : (items,) int64
        Cents.
    leaf_offsets : (items+1,) int64
    leaf_sku, leaf_count : (leaves,) int64
        The SKUs of each item and how many; a SKU is its own leaf.
    pieces : (items,) int64
        Units in one of the item, kits opened.
    work : (items, zones) int64
        Ticks of work on one of the item, as a kit, at each station.
    parent : (items,) int64
        The item of the catalogue that it is; its own number but for what buyers put together.
    """

    names: tuple[str, ...]
    n_skus: int
    price: Ticks
    leaf_offsets: Indices
    leaf_sku: Indices
    leaf_count: Indices
    pieces: Indices
    work: Ticks
    parent: Indices

    @property
    def asked(self) -> tuple[Indices, Indices, Indices]:
        """Offsets, item and count of what a buyer asks for with each item, kits opened."""
        return self.leaf_offsets, self.leaf_sku, self.leaf_count


def items_of(scenario: Scenario, zones: list[dict[str, int]], stations: int) -> Items:
    """Put all items into arrays: SKUs of the catalogue, then those that logs add, then kits.

    Parameters
    ----------
    scenario
        The catalogue, and the logs.
    zones
        For each warehouse: stage that kits may be worked on at → its station; ``""`` where
        nothing is said, or no such stage is there.
    stations
        How many stations there are.
    """
    catalog = scenario.catalog
    added = [
        sku
        for stream in scenario.demand.values()
        if isinstance(stream, Replay)
        for sku in stream.log.skus
        if sku not in catalog.skus and sku not in catalog.kits
    ]
    skus = list(dict.fromkeys([*catalog.skus, *added]))
    leaves = _leaves(catalog, {sku: number for number, sku in enumerate(skus)})
    price = [catalog.skus[sku].price if sku in catalog.skus else 0 for sku in skus]
    for kit in catalog.kits.values():
        price.append(-1 if kit.price is None else kit.price)
    names = (*skus, *catalog.kits)
    offsets = offsets_of(np.array([len(leaves[name]) for name in names], np.int64))
    leaf_sku = np.array([sku for name in names for sku in leaves[name]], np.int64)
    leaf_count = np.array([n for name in names for n in leaves[name].values()], np.int64)
    prices = np.array(price, np.int64)
    for number in np.flatnonzero(prices < 0):
        part = slice(offsets[number], offsets[number + 1])
        prices[number] = (prices[leaf_sku[part]] * leaf_count[part]).sum()
    return Items(
        names=names,
        n_skus=len(skus),
        price=prices,
        leaf_offsets=offsets,
        leaf_sku=leaf_sku,
        leaf_count=leaf_count,
        work=_work(catalog, names, zones, stations),
        parent=np.arange(len(names)),
        pieces=np.add.reduceat(leaf_count, offsets[:-1]) if len(names) else leaf_count,
    )


def _work(
    catalog: Catalog, names: tuple[str, ...], zones: list[dict[str, int]], count: int
) -> Ticks:
    """Ticks of work on one of each item at each station, that on kits within it included."""
    work = np.zeros((len(names), count), np.int64)
    numbers = {name: number for number, name in enumerate(names)}
    done = set(catalog.skus)
    waiting = list(catalog.kits)
    while waiting:
        name = waiting.pop()
        kit = catalog.kits[name]
        inside = [] if kit.kind == "prekit" else [part for part in kit.needs if part in numbers]
        missing = [part for part in inside if part in catalog.kits and part not in done]
        if missing:
            waiting += [name, *missing]
            continue
        if name in done:
            continue
        done.add(name)
        if kit.kind != "prekit":
            for stages in zones:
                if stages:
                    zone = stages.get(kit.zone or "", stages[""])
                    work[numbers[name], zone] += kit.work
        for part in inside:
            work[numbers[name]] += work[numbers[part]] * kit.needs[part].quantity
    return work


def _leaves(catalog: Catalog, numbers: dict[str, int]) -> dict[str, dict[int, int]]:
    """Open every item: SKU number → count, components that meet again added up."""
    leaves: dict[str, dict[int, int]] = {sku: {number: 1} for sku, number in numbers.items()}
    waiting = list(catalog.kits)
    while waiting:
        name = waiting.pop()
        missing = [part for part in catalog.kits[name].needs if part not in leaves]
        if missing:
            waiting += [name, *missing]
            continue
        opened: dict[int, int] = {}
        for part, count in catalog.kits[name].needs.items():
            for sku, each in leaves[part].items():
                opened[sku] = opened.get(sku, 0) + count.quantity * each
        leaves[name] = opened
    return leaves
