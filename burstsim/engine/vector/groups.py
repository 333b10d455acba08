"""Orders that leave together, in the order in which sweeps let them go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.oms import Departures
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.columns import lean
from burstsim.kernels.segments import offsets_of, segment_elements
from burstsim.units import NEVER

__all__ = ["Groups", "groups_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Orders that leave together, by (sweep, payment and number of the first of them).

    Parameters
    ----------
    offsets : (g+1,) int64
        Where each group begins in `members`.
    members : (m,) int64
        Orders; the first of a group gives it its number, payment and promise.
    first : (g,) int64
        First order of each group.
    leaves : (g,) int64
        Sweep that takes it, never falling.
    gone : (g,) int64
        Tick at which the last order of it is cancelled.
    resumed
        How many of the first groups are on the floor when the clock begins: nothing is decided
        about them any more.
    """

    offsets: Indices
    members: Indices
    first: Indices
    leaves: Ticks
    gone: Ticks
    resumed: int = 0

    def __len__(self) -> int:
        return len(self.first)


def groups_of(model: Model, orders: Orders, leaving: Departures) -> Groups:
    """Gather the orders that leave before the end into groups.

    Parameters
    ----------
    model, orders
        The rules and the orders.
    leaving
        When and behind whom each order leaves.
    """
    return _after_those_on_the_floor(model, orders, _leaving(model, orders, leaving))


def _after_those_on_the_floor(model: Model, orders: Orders, groups: Groups) -> Groups:
    """Put orders that are on the floor when the clock begins before all others."""
    here = np.flatnonzero(orders.enters >= 0)
    if len(here) == 0:
        return groups
    return Groups(
        offsets=np.append(np.arange(len(here)), groups.offsets + len(here)),
        members=np.append(here, groups.members),
        first=np.append(here, groups.first),
        leaves=np.append(np.full(len(here), model.begin), groups.leaves),
        gone=np.append(orders.cancelled[here], groups.gone),
        resumed=len(here),
    )


def _leaving(model: Model, orders: Orders, leaving: Departures) -> Groups:
    """Gather the orders that leave the order management."""
    if not model.merge:
        leaves = leaving.leaves[leaving.in_turn]
        goes = np.flatnonzero(leaves < NEVER)
        members, leaves = leaving.in_turn[goes], leaves[goes]
        if (leaves[1:] < leaves[:-1]).any():
            turn = np.argsort(leaves, kind="stable")
            members, leaves = members[turn], leaves[turn]
        offsets = np.arange(len(members) + 1)
        gone = lean(orders.cancelled[members])
        return Groups(offsets=offsets, members=members, first=members, leaves=leaves, gone=gone)
    members = np.flatnonzero(leaving.leaves < NEVER)
    leader = leaving.leader[members]
    members = members[np.lexsort((members, orders.paid[members], leader))]
    leader = leaving.leader[members]
    offsets = np.append(np.flatnonzero(np.diff(leader, prepend=-1)), len(leader))
    first = members[offsets[:-1]]
    turn = np.lexsort((first, orders.paid[first], leaving.leaves[first]))
    members = members[segment_elements(offsets, turn)]
    offsets = offsets_of(np.diff(offsets)[turn])
    first = first[turn]
    gone = orders.cancelled[members]
    return Groups(
        offsets=offsets,
        members=members,
        first=first,
        leaves=leaving.leaves[first],
        gone=np.maximum.reduceat(gone, offsets[:-1]) if len(gone) else gone,
    )
