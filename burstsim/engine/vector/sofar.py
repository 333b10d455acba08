"""What has become of orders at a moment of a pass: gifts that count, orders that are late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Ticks
from burstsim.units import NEVER

__all__ = ["SoFar"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class SoFar:
    """What has happened before now; the floor is brought up to date when somebody asks.

    Parameters
    ----------
    model, orders, groups, filled
        Who left when, with what.
    floor
        Where they are.
    let_in : (n,) bool
        Which orders are let in.
    """

    model: Model
    orders: Orders
    groups: Groups
    filled: Filled
    floor: Floor
    let_in: Flags

    def gifts_used(self, rule: int) -> int:
        """Count what a rule has proposed before now, and what is not free again by now."""
        now, grants, spec = self.floor.clock.now, self.filled.grants, self.model.rules[rule].spec
        counts = (grants.rule == rule) & (self.groups.leaves[grants.group] < now)
        if spec.clawback.cancel == "release":
            counts &= ~self._freed(now)[grants.group]
        return int(grants.count[counts].sum()) + spec.cap.used

    def late_share(self) -> float:
        """Share of the orders due before now that were not met before now; 0 without any."""
        now, orders, groups = self.floor.clock.now, self.orders, self.groups
        group = np.full(len(orders), -1)
        group[groups.members] = np.repeat(np.arange(len(groups)), np.diff(groups.offsets))
        judged = (orders.enters >= 0) | self.let_in
        judged &= (orders.paid <= now) & (orders.due < now) & (orders.cancelled > now)
        dropped = np.append(self.filled.dropped < now, False)
        judged &= ~dropped[group]
        if not judged.any():
            return 0.0
        self.floor.load_trucks(now)
        shipped, packed = (np.append(self._met(done), False) for done in self._done())
        promises = [self.model.promise_of(channel) for channel in orders.channels]
        packing = np.array([bool(p and p.met_at == "packed") for p in promises], bool)
        met = np.where(packing[orders.channel], packed[group], shipped[group])
        return int((judged & ~met).sum()) / int(judged.sum())

    def _met(self, done: Ticks) -> Flags:
        """Whether all parcels that were sent for each group were through before now."""
        now, parcels = self.floor.clock.now, self.floor.parcels
        here = np.flatnonzero((parcels.sent < now) | (parcels.enters >= 0))
        found = np.zeros(len(self.groups), bool)
        found[parcels.group[here]] = True
        found[parcels.group[here[done[here] >= now]]] = False
        return found

    def _done(self) -> tuple[Ticks, Ticks]:
        """Ticks at which each parcel was shipped, and packed."""
        now, floor = self.floor.clock.now, self.floor
        packed = floor.done.copy()
        for house in range(len(self.model.chains)):
            zones = self.model.stages[self.model.packing(house)].zones
            every = [floor.visits(zone, now) for zone in zones]
            came = [np.flatnonzero(visits.entered < NEVER) for visits in every]
            for visits, here in zip(every, came, strict=True):
                packed[visits.rows[here]] = -NEVER
            for visits, here in zip(every, came, strict=True):
                rows = visits.rows[here]
                packed[rows] = np.maximum(packed[rows], visits.done[here])
        return floor.shipped, packed

    def _freed(self, now: int) -> Flags:
        """Whether a sweep before now has seen that each group is cancelled."""
        model, floor, parcels = self.model, self.floor, self.floor.parcels
        floor.load_trucks(now)
        never_began = (floor.released >= now) & (floor.gone < now) & (parcels.enters < 0)
        left = np.where(never_began, np.minimum(floor.gone, floor.left_at), floor.left_at)
        goods = np.flatnonzero(parcels.part == 0)
        through, out = np.full(len(self.groups), -1), np.zeros(len(self.groups), bool)
        np.maximum.at(through, parcels.group[goods], np.minimum(floor.shipped, left)[goods])
        out[parcels.group[goods[left[goods] < NEVER]]] = True
        out &= through >= 0
        filled, gone = self.filled, self.groups.gone
        tick = np.minimum(filled.dropped, np.where(out, through, NEVER))
        seen = np.zeros(len(out), bool)
        early = np.flatnonzero(tick < now)
        seen[early] = model.sweeps.after(tick[early] + 1) < now
        waits = np.flatnonzero((filled.sent >= now) & (filled.dropped >= now) & (gone < now))
        seen[waits] |= model.sweeps.after(gone[waits]) < now
        return seen
