"""What should have been where: the stock that would have been enough on most nights.

Of every replication the pieces are counted that its orders asked of the first warehouse of
their routes, whether they got them or not; a quantile over replications is the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.items import Items
from burstsim.engine.trace import Trace
from burstsim.engine.vector.contents import by_leaf
from burstsim.kernels.arrays import Indices
from burstsim.kernels.columns import taken
from burstsim.kernels.segments import segment_elements, sums_by
from burstsim.results.facts import CANCELLED, EXPIRED, REJECTED, Facts, Flags
from burstsim.results.spelling import spelt_out
from burstsim.results.totals import Totals
from burstsim.units import NEVER

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEVEL", "Asked", "asked_of", "count_asked", "quantile", "stock_needed", "tell_asked"]

#: Share of nights for which the stock should be enough, where nothing else is said.
LEVEL = 0.95


class Asked(NamedTuple):
    """What one replication asked of shelves; what is not listed was not asked for.

    Parameters
    ----------
    place : (k,) int64
        Warehouse times the number of SKUs, plus the SKU; ascending.
    pieces : (k,) int64
    """

    place: Indices
    pieces: Indices


def asked_of(known: Trace | Facts) -> Asked:
    """Count what orders of a replication asked of the first warehouses of their routes.

    Parameters
    ----------
    known
        A finished replication, perhaps with what has been computed of it.
    """
    totals, facts = Totals(), Facts.of(known)
    count_asked(facts, totals)
    return tell_asked(facts.trace, totals)


def count_asked(facts: Facts, totals: Totals) -> None:
    """Add up what orders that are over asked for: SKUs, and parts with alternatives."""
    trace, orders, model = facts.trace, facts.orders, facts.model
    items, houses = orders.items, len(model.chains)
    wants, lengths = _wants(facts), facts.lengths
    pieces = orders.line_quantity * np.repeat(wants, lengths)
    places = np.repeat(facts.route, lengths), orders.line_item
    bought = _by_item(places, pieces, (houses, len(items.pieces)))
    table = trace.gifts
    adds = np.array([rule.spec.source == "add" for rule in model.rules], bool)
    rows = np.flatnonzero((table.item >= 0) & adds[table.rule] & wants[table.order])
    places = facts.route[table.order[rows]], table.item[rows]
    given = _by_item(places, taken(table.proposed, rows), bought.shape)
    totals.add_all("asked", np.concatenate([by_leaf(items, count) for count in bought + given]))
    totals.add_all("asked of pools", _open_parts(items, bought))


def tell_asked(trace: Trace, totals: Totals) -> Asked:
    """Tell what was asked of shelves, with what builds of kits asked of them.

    Parameters
    ----------
    trace
        The items, and how many kits there were parts for.
    totals
        Of all orders.
    """
    items, total = trace.orders.items, totals.column("asked").copy()
    for key in np.flatnonzero(asked := totals.column("asked of pools")).tolist():
        at, pool = key // len(items.pools) * items.n_skus, items.pools[key % len(items.pools)]
        weights = pool.weights or (1,)
        for sku, weight in zip(pool.members, weights, strict=False):
            total[at + sku] += -(-int(asked[key]) * weight // sum(weights))
    for plan, kits in zip(trace.model.plans, trace.parts_for.tolist(), strict=True):
        for part, each in plan.needs.items():
            total[plan.house * items.n_skus + part] += each * kits
    place = np.flatnonzero(total)
    return Asked(place, total[place])


def _wants(facts: Facts) -> Flags:
    """Orders that wanted their goods: paid, or refused before they could be, not cancelled."""
    state, orders, end = facts.trace.state, facts.orders, facts.model.end
    refused = (state == REJECTED) & (orders.paid < end) & (orders.cancelled >= end)
    alive = (state != REJECTED) & (state != EXPIRED) & (state != CANCELLED)
    found: Flags = alive | refused | (facts.trace.dropped < NEVER)
    return found


def _by_item(places: tuple[Indices, Indices], count: Indices, shape: tuple[int, ...]) -> Indices:
    """Count pieces by warehouse and item."""
    houses, items = shape
    return sums_by(places[0] * items + places[1], count, houses * items).reshape(shape)


def _open_parts(items: Items, bought: Indices) -> Indices:
    """Pieces that were asked of each pool at each warehouse, the pools of a warehouse together.

    They are of parts with alternatives the first of them, of mystery kits all by weight.
    """
    houses, pools = len(bought), len(items.pools)
    if pools == 0:
        return np.zeros(0, np.int64)
    house, item = np.nonzero(bought)
    parts = segment_elements(items.open_offsets, item)
    each = np.diff(items.open_offsets)[item]
    pieces = items.open_count[parts] * np.repeat(bought[house, item], each)
    keys = np.repeat(house, each) * pools + items.open_pool[parts]
    return sums_by(keys, pieces, houses * pools)


def quantile(values: Indices, level: float) -> Indices:
    """Smallest value of each row that at least a share `level` of the row does not exceed.

    Examples
    --------
    >>> quantile(np.array([[3, 1, 2, 4]]), 0.75).tolist()
    [3]
    """
    return np.quantile(values, level, axis=1, method="inverted_cdf").astype(np.int64)


def stock_needed(
    model: Model, names: tuple[str, ...], asked: Sequence[Asked], level: float
) -> pd.DataFrame:
    """Say how much of each SKU each warehouse should have had.

    Columns: ``warehouse sku stock inbound needed short``: pieces on sale there at first (NaN
    without an end), those that trucks and builds were to bring before the end, those that were
    enough in a share `level` of the replications, and what is missing from them. What was
    neither there nor asked for is left out.

    Parameters
    ----------
    model
        The stock.
    names
        Items, by number.
    asked
        What each replication asked.
    level
        Share of nights, above 0 and at most 1.

    Raises
    ------
    ValueError
        When `level` is no such share.
    """
    import pandas as pd

    if not 0 < level <= 1:
        raise ValueError(f"level must be above 0 and at most 1, got {level!r}")
    n_skus, shelves = model.items.n_skus, model.stock.shelves
    inbound = np.zeros(shelves.shape, np.int64)
    for step in model.steps:
        if not step.needs and not step.counted:
            inbound[step.house, step.counter] += step.amount
    there = np.flatnonzero((shelves > 0) | (inbound > 0))
    place = np.unique(np.concatenate((there, *(found.place for found in asked))))
    values = np.zeros((len(place), len(asked)), np.int64)
    for number, found in enumerate(asked):
        values[np.searchsorted(place, found.place), number] = found.pieces
    needed = quantile(values, level) if len(place) else np.zeros(0, np.int64)
    stock, more = shelves.reshape(-1)[place], inbound.reshape(-1)[place]
    return pd.DataFrame(
        {
            "warehouse": spelt_out(place // n_skus, model.network.names),
            "sku": pd.Series([names[sku] for sku in (place % n_skus).tolist()], dtype="str"),
            "stock": np.where(stock < 0, np.nan, stock.astype(np.float64)),
            "inbound": more,
            "needed": needed,
            "short": np.where(stock < 0, 0, np.maximum(needed - stock - more, 0)),
        }
    )
