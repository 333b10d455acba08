"""Stock as arrays: what orders ask of which counter, and who gets it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.counters import take_in_turn
from burstsim.kernels.segments import offsets_of, segment_elements, sort_pairs, sums_by

__all__ = ["reserved"]

Flags = npt.NDArray[np.bool_]

#: Capacity of a counter that cannot run out.
_PLENTY = 1 << 60


def reserved(model: Model, orders: Orders, given_back: Ticks) -> Flags:
    """Who finds stock, by the moment of reserving and then by number.

    Parameters
    ----------
    model, orders
        What is sold and who buys.
    given_back : (n,) int64
        Sweep at which an order that found stock gives it back, `NEVER` if it does not.

    Returns
    -------
    (n,) bool
        True as well for orders that never ask.
    """
    found = np.ones(len(orders), bool)
    if not model.stock.limited:
        return found
    asking = np.flatnonzero(orders.reserved < model.end)
    turns, asking = sort_pairs(orders.reserved[asking], asking)
    capacity = np.where(model.stock.on_hand < 0, _PLENTY, model.stock.on_hand)
    caps = [*model.stock.allotments.values(), *model.stock.shows.values()]
    capacity = np.append(capacity, np.array(caps, np.int64))
    demands = _demands(model, orders, asking, capacity, allotments=True)
    found[asking] = take_in_turn(
        demands, capacity, turns, given_back[asking], refuse=not model.sells_more_than_there_is
    )
    return found


def _demands(
    model: Model, orders: Orders, chosen: Indices, capacity: Indices, *, allotments: bool
) -> tuple[Indices, Indices, Indices]:
    """Offsets, counter and amount of what the chosen orders ask; only of what may run out.

    Kits are opened only on lines that touch a SKU of which more is asked than there is.
    """
    items = model.items
    lines = segment_elements(orders.line_offsets, chosen)
    item, quantity = orders.line_item[lines], orders.line_quantity[lines]
    length = np.diff(orders.line_offsets)[chosen]
    gross = np.bincount(item, quantity, minlength=len(items.names))
    leaves = np.diff(items.leaf_offsets)
    asked = sums_by(items.leaf_sku, items.leaf_count * np.repeat(gross, leaves), items.n_skus)
    scarce = asked > capacity[: items.n_skus]
    opens = np.zeros(len(items.names), bool)
    opens[np.repeat(np.arange(len(items.names)), leaves)[scarce[items.leaf_sku]]] = True

    owner = np.repeat(np.arange(len(chosen)), length)
    opened = np.flatnonzero(opens[item])
    elements = segment_elements(items.leaf_offsets, item[opened])
    each = leaves[item[opened]]
    owners = [np.repeat(owner[opened], each)]
    counters = [items.leaf_sku[elements]]
    amounts = [items.leaf_count[elements] * np.repeat(quantity[opened], each)]
    if allotments:
        channel = np.repeat(orders.channel[chosen], length)
        for number, (name, wanted) in enumerate(model.stock.allotments):
            if name in orders.channels:
                own = np.flatnonzero((item == wanted) & (channel == orders.channels.index(name)))
                owners.append(owner[own])
                counters.append(np.full(len(own), items.n_skus + number))
                amounts.append(quantity[own])
        substream = np.repeat(orders.substream[chosen], length)
        for number, show in enumerate(model.stock.shows, start=len(model.stock.allotments)):
            own = np.flatnonzero(substream == show)
            owners.append(owner[own])
            counters.append(np.full(len(own), items.n_skus + number))
            amounts.append(quantity[own])
    of, counter, amount = (np.concatenate(part) for part in (owners, counters, amounts))
    order = np.argsort(of, kind="stable")
    offsets = offsets_of(np.bincount(of, minlength=len(chosen)))
    return offsets, counter[order], amount[order]
