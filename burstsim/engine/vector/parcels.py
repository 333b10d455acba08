"""From departures to parcels: who leaves together, with what work, from what stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.sweeps import sweep_after
from burstsim.engine.vector.oms import Departures
from burstsim.engine.vector.stock import allocated, merged_lines
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import offsets_of, segment_elements, segment_sums
from burstsim.units import NEVER

__all__ = ["Parcels", "pack_parcels"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parcels:
    """Parcels in order of the number of their first order.

    Parameters
    ----------
    parcel : (n,) int64
        Each order's parcel, -1 without one.
    short, out : (n,) bool
        Orders that found no stock on the shelf, and orders that a sweep dropped as cancelled.
    dropped : (n,) int64
        Sweep at which an order was cancelled for lack of stock, else `NEVER`.
    order : (p,) int64
        First order of each parcel.
    released, gone : (p,) int64
        Tick of release, and the tick at which the last order in it is cancelled.
    loads : for each zone, (p,) float64
        Ticks of work at productivity 1, noise included.
    """

    parcel: Indices
    short: Flags
    out: Flags
    dropped: Ticks
    order: Indices
    released: Ticks
    gone: Ticks
    loads: tuple[Floats, ...]


def pack_parcels(model: Model, orders: Orders, leaving: Departures) -> Parcels:
    """Put the orders that leave together into parcels, as far as there is stock."""
    count = len(orders)
    members = np.flatnonzero(leaving.leaves < NEVER)
    short = np.zeros(count, bool)
    if model.merge:
        # group by group in order of the groups' numbers, within a group in order of payment
        leader = leaving.leader[members]
        members = members[np.lexsort((members, orders.paid[members], leader))]
    groups = _boundaries(leaving.leader[members])
    if model.sells_more_than_there_is and model.stock.limited:
        has_stock = _from_the_shelf(model, orders, leaving, groups, members)
        kept = np.repeat(has_stock, np.diff(groups))
        short[members[~kept]] = True
        members = members[kept]
        groups = _boundaries(leaving.leader[members])
    first = members[groups[:-1]]
    parcel = np.full(count, -1)
    parcel[members] = np.repeat(np.arange(len(first)), np.diff(groups))
    if len(members) == len(first):
        pieces, lines = orders.pieces[first], orders.pick_lines[first]
        gone = orders.cancelled[first]
    else:
        pieces = segment_sums(orders.pieces[members], groups)
        lines = merged_lines(model, orders, groups, members)
        gone = np.maximum.reduceat(orders.cancelled[members], groups[:-1])
    loads = []
    for zone, noise in zip(model.zones, orders.noise, strict=True):
        work = np.full(len(first), zone.base)
        # the same sums in the same order as for a single parcel, to the last bit
        work = work + zone.per_line * lines if zone.per_line else work
        work = work + zone.per_unit * pieces if zone.per_unit else work
        loads.append(work * noise[first])
    out = (leaving.leaves == NEVER) & _seen(model, orders.cancelled)
    dropped = np.full(count, NEVER)
    if model.when_short == "cancel":
        out |= short
        dropped[short] = leaving.leaves[short]
    else:
        out |= short & _seen(model, orders.cancelled)
    return Parcels(
        parcel=parcel,
        short=short,
        out=out,
        dropped=dropped,
        order=first,
        released=leaving.leaves[first],
        gone=gone,
        loads=tuple(loads),
    )


def _seen(model: Model, cancelled: Ticks) -> Flags:
    """Whether a sweep before the end comes after the cancellation."""
    seen = cancelled < model.end
    seen[seen] = sweep_after(cancelled[seen], model.cycle) < model.end
    return seen


def _from_the_shelf(
    model: Model, orders: Orders, leaving: Departures, groups: Indices, members: Indices
) -> Flags:
    """Which groups find stock, taken in the order of leaving, then of payment and number."""
    first = members[groups[:-1]]
    turn = np.lexsort((first, orders.paid[first], leaving.leaves[first]))
    in_turn = members[segment_elements(groups, turn)]
    found = np.empty(len(first), bool)
    found[turn] = allocated(model, orders, offsets_of(np.diff(groups)[turn]), in_turn)
    return found


def _boundaries(leader: Indices) -> Indices:
    """Offsets of the runs of equal leaders."""
    if len(leader) == 0:
        return np.zeros(1, np.int64)
    return np.concatenate(
        ([0], np.flatnonzero(leader[1:] != leader[:-1]) + 1, [len(leader)])
    ).astype(np.int64)
