"""From the scenario to arrays: everything that is the same in every replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.crews import Crew, crew_of
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import offsets_of
from burstsim.scenario.catalog import Catalog
from burstsim.scenario.demand import Replay
from burstsim.scenario.floor import Work
from burstsim.scenario.promises import Promise
from burstsim.scenario.scenario import Scenario
from burstsim.units import HOUR

__all__ = ["Items", "Model", "Zone", "compile_scenario"]


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
    """

    names: tuple[str, ...]
    n_skus: int
    price: Ticks
    leaf_offsets: Indices
    leaf_sku: Indices
    leaf_count: Indices
    pieces: Indices

    def number(self, name: str) -> int:
        """Position of an item."""
        return self.names.index(name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zone:
    """A station of the floor: one queue, a crew, the work of a task.

    Parameters
    ----------
    path
        ``warehouse.stage``, its name in metrics and random streams.
    base, per_line, per_unit
        Ticks of work of a task, of each different SKU and of each piece, allowance included.
    transfer
        Ticks from done here to arriving at the next stage.
    """

    path: str
    warehouse: str
    stage: str
    base: float
    per_line: float
    per_unit: float
    dist: str
    variation: float
    transfer: int
    crew: Crew


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A scenario as the engines see it.

    Parameters
    ----------
    begin, end
        Ticks at which the clock begins and the run stops; what would happen at `end` does not.
    cycle
        Ticks between sweeps; 0 means at once.
    promises
        First that matches holds; see `promise_of`.
    zones
        In the order of the stages.
    """

    scenario: Scenario
    begin: int
    end: int
    cycle: int
    items: Items
    promises: tuple[Promise, ...]
    zones: tuple[Zone, ...]

    def promise_of(self, channel: str) -> Promise | None:
        """Find the promise that holds for a channel's orders, the first that matches."""
        for promise in self.promises:
            if promise.where.channel is None or channel in promise.where.channel:
                return promise
        return None


def compile_scenario(scenario: Scenario) -> Model:
    """Turn a validated scenario into arrays."""
    return Model(
        scenario=scenario,
        begin=scenario.begin,
        end=scenario.end,
        cycle=scenario.oms.cycle,
        items=_items(scenario),
        promises=tuple(scenario.promises.values()),
        zones=_zones(scenario),
    )


def _zones(scenario: Scenario) -> tuple[Zone, ...]:
    zones = []
    for name, warehouse in scenario.warehouses.items():
        for stage_name, stage in warehouse.stages.items():
            shifts = warehouse.shifts.get(stage_name, {})
            base, per_line, per_unit = _ticks_of(stage.work)
            variation = stage.work.variation
            zones.append(
                Zone(
                    path=f"{name}.{stage_name}",
                    warehouse=name,
                    stage=stage_name,
                    base=base,
                    per_line=per_line,
                    per_unit=per_unit,
                    dist=stage.work.dist if variation else "constant",
                    variation=variation,
                    transfer=stage.transfer,
                    crew=crew_of(stage, shifts, scenario.start, scenario.begin, scenario.end),
                )
            )
    return tuple(zones)


def _ticks_of(work: Work) -> tuple[float, float, float]:
    """Ticks per task, line and unit, whichever way the work is said."""
    longer = 1.0 + work.allowance
    if work.uph is None:
        return work.per_task * longer, work.per_line * longer, work.per_unit * longer
    ticks = HOUR / work.uph * longer
    return (
        ticks if work.per == "order" else 0.0,
        ticks if work.per == "line" else 0.0,
        ticks if work.per == "unit" else 0.0,
    )


def _items(scenario: Scenario) -> Items:
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
        pieces=np.add.reduceat(leaf_count, offsets[:-1]) if len(names) else leaf_count,
    )


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
                opened[sku] = opened.get(sku, 0) + count * each
        leaves[name] = opened
    return leaves
