"""Stock as arrays: what orders ask of which counter, and who gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.fillings import Fillings, fillings_of
from burstsim.engine.orders import Orders
from burstsim.engine.vector.openings import open_pieces
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.counters import Pieces, Step, take_in_turn
from burstsim.kernels.segments import offsets_of, segment_elements, sort_pairs, sums_by

__all__ = ["GivenBack", "Reserved", "allotted", "reserved"]

Flags = npt.NDArray[np.bool_]

#: Capacity of a counter that cannot run out.
_PLENTY = 1 << 60


@dataclass(frozen=True, slots=True, eq=False)
class GivenBack:
    """What goes back on sale.

    Parameters
    ----------
    tick : (n,) int64
        Sweep at which an order that found stock gives all of it back, `NEVER` if it does not.
    last : (n,) bool
        Whether it does so at the end of that sweep.
    steps
        What comes back of orders that do not give back everything, in order of their ticks; each
        happens before anything else that the model has in store for its sweep.
    """

    tick: Ticks
    last: Flags
    steps: tuple[Step, ...] = ()

    def same(self, other: GivenBack) -> bool:
        """Whether both say the same."""
        pairs = (self.tick, other.tick), (self.last, other.last)
        return self.steps == other.steps and all(np.array_equal(*pair) for pair in pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Reserved:
    """Who found stock.

    Parameters
    ----------
    found : (n,) bool
        Who found all that he asked for; True as well for orders that never ask.
    fillings
        What open parts became, of all that are let in.
    parts_for
        Build → kits for which there were parts on sale.
    """

    found: Flags
    fillings: Fillings
    parts_for: dict[int, int]


def reserved(
    model: Model, orders: Orders, given_back: GivenBack, missing: Mapping[int, int]
) -> Reserved:
    """Who finds stock, by the moment of reserving and then by number.

    Parameters
    ----------
    model, orders
        What is sold and who buys.
    given_back
        What goes back on sale, and when.
    missing
        Step of the model that is a count of a shelf → pieces that it finds missing.
    """
    found, items = np.ones(len(orders), bool), orders.items
    parts_for = {step.build: step.amount for step in model.steps if step.needs}
    if not model.stock.limited and not items.pools:
        return Reserved(found, orders.fillings, parts_for)
    asking = np.flatnonzero(orders.reserved < model.end)
    turns, asking = sort_pairs(orders.reserved[asking], asking)
    capacity = np.where(model.stock.on_hand < 0, _PLENTY, model.stock.on_hand)
    caps = [*model.stock.allotments.values(), *model.stock.shows.values()]
    capacity = np.append(capacity, np.array(caps, np.int64))
    pieces = open_pieces(orders, asking)
    steps = tuple(
        replace(step, counted=False, amount=-missing.get(number, 0)) if step.counted else step
        for number, step in enumerate(model.steps)
    )
    if given_back.steps:
        steps = tuple(sorted((*given_back.steps, *steps), key=attrgetter("tick")))
    taken = take_in_turn(
        _demands(model, orders, asking, (capacity, steps), pieces),
        capacity,
        (turns, given_back.tick[asking], given_back.last[asking]),
        refuse=not model.sells_more_than_there_is,
        pieces=pieces,
        steps=steps,
    )
    found[asking] = taken.served
    some = np.flatnonzero(taken.counter >= 0)
    return Reserved(
        found,
        fillings_of(len(orders), asking[pieces.owner[some]], taken.counter[some], items.n_skus),
        parts_for | taken.made,
    )


def _demands(
    model: Model,
    orders: Orders,
    chosen: Indices,
    supply: tuple[Indices, tuple[Step, ...]],
    pieces: Pieces,
) -> tuple[Indices, Indices, Indices]:
    """Offsets, counter and amount of what the chosen orders ask; only of what may run out.

    Kits are opened only on lines that touch a SKU of which more may be asked than there is.
    """
    items, (capacity, steps) = orders.items, supply
    lines = segment_elements(orders.line_offsets, chosen)
    item, quantity = orders.line_item[lines], orders.line_quantity[lines]
    length = np.diff(orders.line_offsets)[chosen]
    gross = np.bincount(item, quantity, minlength=len(items.names))
    leaves = np.diff(items.leaf_offsets)
    asked = sums_by(items.leaf_sku, items.leaf_count * np.repeat(gross, leaves), items.n_skus)
    counts = np.bincount(pieces.pool, minlength=len(pieces.pools))
    for pool, count in zip(pieces.pools, counts.tolist(), strict=True):
        asked[list(pool.members)] += count
    for step in steps:
        if step.amount < 0:  # allotments only gain
            asked[step.counter] -= step.amount
        for sku, each in step.needs:
            asked[sku] += each * step.amount
    scarce = asked > capacity[: items.n_skus]
    opens = np.zeros(len(items.names), bool)
    opens[np.repeat(np.arange(len(items.names)), leaves)[scarce[items.leaf_sku]]] = True

    owner = np.repeat(np.arange(len(chosen)), length)
    opened = np.flatnonzero(opens[item])
    elements = segment_elements(items.leaf_offsets, item[opened])
    each_of = leaves[item[opened]]
    owners = [np.repeat(owner[opened], each_of)]
    counters = [items.leaf_sku[elements]]
    amounts = [items.leaf_count[elements] * np.repeat(quantity[opened], each_of)]
    own, counter = allotted(model, orders, (lines, chosen[owner]))
    owners.append(owner[own])
    counters.append(counter)
    amounts.append(quantity[own])
    of, counter, amount = (np.concatenate(part) for part in (owners, counters, amounts))
    order = np.argsort(of, kind="stable")
    offsets = offsets_of(np.bincount(of, minlength=len(chosen)))
    return offsets, counter[order], amount[order]


def allotted(
    model: Model, orders: Orders, lines: tuple[Indices, Indices]
) -> tuple[Indices, Indices]:
    """Say which order lines ask an allotment, or the stock of a show, for all their units.

    Parameters
    ----------
    model, orders
        What is sold and who buys.
    lines : ((m,) int64, (m,) int64)
        Lines, and the order of each.

    Returns
    -------
    place, counter : (k,) int64
        Position in `lines`, and the counter; a line may ask several.
    """
    line, order = lines
    bought, channel = orders.items.parent[orders.line_item[line]], orders.channel[order]
    places, counters = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    own_of = [
        (bought == wanted) & (channel == orders.channels.index(name))
        if name in orders.channels
        else np.zeros(len(line), bool)
        for name, wanted in model.stock.allotments
    ]
    own_of += [orders.substream[order] == show for show in model.stock.shows]
    for number, own in enumerate(own_of, start=orders.items.n_skus):
        places.append(np.flatnonzero(own))
        counters.append(np.full(len(places[-1]), number))
    return np.concatenate(places), np.concatenate(counters)
