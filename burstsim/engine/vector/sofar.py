"""What has become of orders at a moment of a pass: gifts that count, orders that are late."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.late import Late
from burstsim.units import NEVER

__all__ = ["SoFar"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SoFar:
    """What has happened before now; the floor is brought up to date when somebody asks.

    Parameters
    ----------
    model, groups, filled
        Who left when, with what.
    floor
        Where they are.
    let_in : (n,) bool
        Which orders are let in.
    """

    model: Model
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
        return self._late.share()

    @cached_property
    def _late(self) -> Late:
        """Who is late; most runs do not ask."""
        return Late(self.floor, self.groups, self.filled.dropped, self.let_in)

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
