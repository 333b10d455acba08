"""Order management as arrays: when each order leaves, with whom, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.fillings import Fillings
from burstsim.engine.orders import Orders
from burstsim.engine.vector.stock import GivenBack, reserved
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.queues import leave_together, take_by_rate
from burstsim.kernels.segments import sort_pairs
from burstsim.kernels.stations import serve
from burstsim.units import NEVER

__all__ = ["Departures", "departures"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Departures:
    """How the order management deals with each order.

    Parameters
    ----------
    accepted : (n,) bool
        Whether the order was let in: rejected ones found no stock.
    oversold : (n,) bool
        Whether it was let in although there was no stock.
    leaves : (n,) int64
        Sweep at which it leaves for the floor, `NEVER` if it does not before the end.
    leader : (n,) int64
        Number of the order at the head of the parcel that it leaves in; its own if alone.
    in_turn : (k,) int64
        Those who were let in and have paid before the end, by (payment, number).
    fillings
        What open parts of orders became.
    parts_for
        Build → kits for which there were parts on sale.
    """

    accepted: Flags
    oversold: Flags
    leaves: Ticks
    leader: Indices
    in_turn: Indices
    fillings: Fillings
    parts_for: dict[int, int]


def departures(
    model: Model,
    orders: Orders,
    missing: Mapping[int, int] | None = None,
    returned: GivenBack | None = None,
) -> Departures:
    """Work out who finds stock and when everybody leaves.

    Parameters
    ----------
    model, orders
        The rules and the orders.
    missing
        Step of the model that is a count of a shelf → pieces that it finds missing.
    returned
        What orders that had been taken give back after all.

    Notes
    -----
    The two hang together: who finds stock decides who is in the queues, and cancelled orders
    give stock back unless they have left before. So: guess that everybody finds stock, work
    out who leaves when, from that who finds stock, and again until nothing changes. Every
    pass settles at least all that happens before the first wrong guess, because nothing acts
    back in time; what does not change any more is the answer.
    """
    accepted = np.ones(len(orders), bool)
    while True:
        leaves, leader, in_turn = _passage(model, orders, accepted)
        back = np.where(leaves < NEVER, NEVER, np.minimum(orders.cancelled, orders.expires))
        back = np.where(back < model.end, model.sweeps.after(back), NEVER)
        given_back = GivenBack(back, np.zeros(len(back), bool))
        if returned is not None:
            given_back = GivenBack(
                tick=np.where(leaves < NEVER, returned.tick, back),
                last=(leaves < NEVER) & returned.last,
                steps=returned.steps,
            )
        stock = reserved(model, orders, given_back, missing or {})
        found = stock.found
        if model.sells_more_than_there_is or (found == accepted).all():
            break
        accepted = found
    return Departures(
        accepted=accepted,
        oversold=~found & accepted,
        leaves=leaves,
        leader=leader,
        in_turn=in_turn,
        fillings=stock.fillings,
        parts_for=stock.parts_for,
    )


def _passage(model: Model, orders: Orders, accepted: Flags) -> tuple[Ticks, Indices, Indices]:
    """When orders leave, behind whom, and in whose turn, given who was let in."""
    leaves, leader = np.full(len(orders), NEVER), np.arange(len(orders))
    present = np.flatnonzero(accepted & (orders.paid < model.end) & (orders.enters < 0))
    paid, present = sort_pairs(orders.paid[present], present)
    gone = orders.cancelled[present]
    ready = paid + model.hold
    seen = np.flatnonzero(orders.reviewed[present])
    if len(seen):
        work = np.full(len(seen), model.review_work)
        start, _ = serve(paid[seen], work, np.full(model.reviewers, model.begin), NEVER)
        # a sweep sees what was finished before it
        ready[seen] = np.maximum(ready[seen], start + work + 1)
    taken = model.sweeps.after(np.maximum(ready, model.begin))
    taken = _limited(model, taken, gone)
    if model.merge:
        customer = orders.customer[present]
        alone = np.where(customer < 0, -1 - np.arange(len(present)), customer)
        regions, owners = int(orders.region.max(initial=0)) + 1, len(orders.owners) + 1
        key = (alone * regions + orders.region[present]) * owners + orders.owner[present] + 1
        oldest = np.maximum(paid + model.merge, model.begin)
        trigger = np.maximum(taken, model.sweeps.after(oldest))
        when, first = leave_together(key, trigger, taken, gone)
        leader[present] = present[first]
    else:
        when = np.where(gone <= taken, NEVER, taken)
    leaves[present] = np.where(when < model.end, when, NEVER)
    return leaves, leader, present


def _limited(model: Model, taken: Ticks, gone: Ticks) -> Ticks:
    """Hold back what a sweep may not take any more."""
    if model.per_sweep is None and not model.spacing:
        return taken
    if not model.spacing:
        assert model.per_sweep is not None
        in_order = np.sort(taken)
        if (in_order[model.per_sweep :] > in_order[: -model.per_sweep]).all():
            return taken  # no sweep has more than it may take
    return take_by_rate(taken, gone, model.per_sweep or 1, model.spacing, model.sweeps.after)
