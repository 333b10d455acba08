"""The catalogue as arrays, every kit opened to its leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from burstsim.engine.forms import Choose, Form, Forms
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.pools import Pool
from burstsim.kernels.segments import offsets_of, segment_sums
from burstsim.scenario.demand import Replay
from burstsim.scenario.scenario import Scenario

__all__ = ["Items", "items_of", "with_forms"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """Items as arrays: what stands on shelves first, then kits, opened to their leaves.

    On shelves stand the SKUs of the catalogue, those that logs add, and prekits; where this
    package says SKU of an array's index, it means all of them.

    Parameters
    ----------
    names
        Items; the first `n_skus` stand on shelves.
    price : (items,) int64
        Cents.
    leaf_offsets : (items+1,) int64
    leaf_sku, leaf_count : (leaves,) int64
        The SKUs that are always in each item and how many; a SKU is its own leaf.
    open_offsets : (items+1,) int64
    open_pool, open_count : (opens,) int64
        Pools that pieces of each item are taken from when stock is taken, and how many.
    ask_offsets : (items+1,) int64
    ask_item, ask_count : (asks,) int64
        What a buyer asks for with each item: see `asked`.
    pieces : (items,) int64
        Units in one of the item, kits opened.
    work : (items, zones) int64
        Ticks of work on one of the item, as a kit, at each station.
    parent : (items,) int64
        The item of the catalogue that it is; its own number but for what buyers put together.
    pools
        What may stand for one another.
    forms
        What the arrays are made of, for each item.
    chooses
        Kit → what its buyer may choose.
    built
        Prekit → the SKUs that it is made of.
    """

    names: tuple[str, ...]
    n_skus: int
    price: Ticks
    leaf_offsets: Indices
    leaf_sku: Indices
    leaf_count: Indices
    open_offsets: Indices
    open_pool: Indices
    open_count: Indices
    ask_offsets: Indices
    ask_item: Indices
    ask_count: Indices
    pieces: Indices
    work: Ticks
    parent: Indices
    pools: tuple[Pool, ...]
    forms: tuple[Form, ...]
    chooses: dict[int, Choose] = field(default_factory=dict)
    built: dict[int, dict[int, int]] = field(default_factory=dict)

    @property
    def asked(self) -> tuple[Indices, Indices, Indices]:
        """Offsets, item and count of what a buyer asks for with each item, kits opened.

        Of a part with alternatives that is the first of them, of a mystery kit the kit itself.
        """
        return self.ask_offsets, self.ask_item, self.ask_count


def items_of(scenario: Scenario, zones: list[dict[str, int]], stations: int) -> Items:
    """Put all items into arrays: SKUs of the catalogue and of logs, prekits, other kits.

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
    prekits = [name for name, kit in catalog.kits.items() if kit.kind == "prekit"]
    shelved = tuple(dict.fromkeys([*catalog.skus, *added, *prekits]))
    names = (*shelved, *(name for name in catalog.kits if name not in prekits))
    forms = Forms(catalog, names, zones)
    return _arrays(
        names=names,
        n_skus=len(shelved),
        price=_prices(scenario, names, forms),
        parent=np.arange(len(names)),
        pools=tuple(forms.pools),
        forms=tuple(forms.forms[name] for name in names),
        zones=stations,
        chooses=forms.chooses,
        built=forms.built,
    )


def with_forms(items: Items, new: Iterable[tuple[int, str, Form]]) -> Items:
    """Add items that buyers put together: (the kit, name, what is in it) of each."""
    parents, names, forms = zip(*new, strict=True)
    parent = np.concatenate((items.parent, np.array(parents, np.int64)))
    return _arrays(
        names=(*items.names, *names),
        n_skus=items.n_skus,
        price=items.price[parent],
        parent=parent,
        pools=items.pools,
        forms=(*items.forms, *forms),
        zones=items.work.shape[1],
        chooses=items.chooses,
        built=items.built,
    )


def _arrays(
    *,
    names: tuple[str, ...],
    forms: tuple[Form, ...],
    zones: int,
    **same: object,
) -> Items:
    columns = {}
    for what, name, value in (
        ("leaf", "sku", "leaves"),
        ("open", "pool", "opens"),
        ("ask", "item", "asked"),
    ):
        pairs = [getattr(form, value) for form in forms]
        columns[f"{what}_offsets"] = offsets_of(np.array([len(pair) for pair in pairs], np.int64))
        columns[f"{what}_{name}"] = np.array([key for pair in pairs for key in pair], np.int64)
        counts = [count for pair in pairs for count in pair.values()]
        columns[f"{what}_count"] = np.array(counts, np.int64)
    work = np.zeros((len(names), zones), np.int64)
    for number, form in enumerate(forms):
        for zone, ticks in form.work.items():
            work[number, zone] = ticks
    pieces = segment_sums(columns["leaf_count"], columns["leaf_offsets"])
    pieces = pieces + segment_sums(columns["open_count"], columns["open_offsets"])
    return Items(names=names, forms=forms, work=work, pieces=pieces, **columns, **same)  # type: ignore[arg-type]


def _prices(scenario: Scenario, names: tuple[str, ...], forms: Forms) -> Ticks:
    """Cents of each item; a kit without a price costs the sum of its parts."""
    catalog = scenario.catalog
    prices: dict[int, int] = {}
    waiting = list(range(len(names)))[::-1]
    while waiting:
        number = waiting.pop()
        kit = catalog.kits.get(names[number])
        if kit is None:
            sku = catalog.skus.get(names[number])
            prices[number] = sku.price if sku else 0
            continue
        if kit.price is not None:
            prices[number] = kit.price
            continue
        form = forms.forms[names[number]]
        inside = {**form.asked, **form.choices} if kit.kind != "prekit" else forms.built[number]
        missing = [part for part in inside if part not in prices]
        if missing:
            waiting += [number, *missing]
        else:
            prices[number] = sum(prices[part] * count for part, count in inside.items())
    return np.array([prices[number] for number in range(len(names))], np.int64)
