"""Release as arrays: who of what was sent to a warehouse may begin, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from burstsim.engine.clock import WAVE, Clock
from burstsim.engine.orders import Orders
from burstsim.engine.releases import Rule
from burstsim.engine.vector.parcels import Parcels
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

if TYPE_CHECKING:
    from burstsim.engine.vector.floor import Floor

__all__ = ["Gate", "by_turn", "without_looking"]

Flags = npt.NDArray[np.bool_]


def by_turn(rule: Rule, orders: Orders, parcels: Parcels, mine: Indices) -> Indices:
    """Put parcels into the order in which they are released together.

    Parameters
    ----------
    rule
        Who goes first.
    orders, parcels
        What is known of them.
    mine : (n,) int64
        Some parcels, ascending.
    """
    first = parcels.order[mine]
    keys = [orders.paid[first]]
    if rule.order == "promise":
        keys.append(orders.due[first])
    elif rule.order == "size":
        keys.append(parcels.pieces[mine])
    # parcels are numbered by order and part, and the sort is stable
    return mine[np.lexsort(keys)]


def without_looking(rule: Rule, parcels: Parcels, mine: Indices, end: int) -> Ticks | None:
    """Give the ticks of release where nobody has to look at the floor or the queue for them.

    Parameters
    ----------
    rule
        How the warehouse releases.
    parcels, mine
        What is sent there.
    end
        Tick at which the run stops.

    Returns
    -------
    (n,) int64 or None
        `NEVER` for what is cancelled before; None if it depends on what waits, or is inside.
    """
    sent = parcels.sent[mine]
    if rule.at_once:
        return sent
    if rule.limited or rule.orders is not None or rule.every is None:
        return None
    wave = -(-sent // rule.every) * rule.every
    return np.where((wave < end) & (parcels.gone[mine] > wave), wave, NEVER)


class Gate:
    """A warehouse that looks at what is inside, or at what waits, before it releases.

    Parameters
    ----------
    clock, floor
        When somebody looks, and at what.
    house, rule
        The warehouse and its rule.
    turn : (n,) int64
        What is sent there, in the order of release.
    resumed : (m,) int64
        What is inside when the clock begins.
    """

    def __init__(
        self,
        clock: Clock,
        floor: Floor,
        house: tuple[int, Rule],
        parcels: tuple[Indices, Indices],
    ) -> None:
        self.clock, self.floor = clock, floor
        self.house, self.rule = house
        self.turn, self.inside = parcels
        self.sent = floor.parcels.sent[self.turn]
        # what comes next: positions in `turn`, by the tick at which they are sent
        self.coming = np.argsort(self.sent, kind="stable")
        self.comes = self.sent[self.coming]
        self.taken = 0
        self.waiting = np.empty(0, np.int64)
        self.limits = self._limits()
        if len(self.comes):
            clock.at(int(self.comes[0]), WAVE, self.look)

    def look(self) -> None:
        """Release what may begin now, up to the first that does not fit."""
        now = self.clock.now
        come = int(self.comes.searchsorted(now, side="right"))
        new, self.taken = self.coming[self.taken : come], come
        waiting = np.sort(np.concatenate((self.waiting, new)))
        self.waiting = waiting[self.floor.gone[self.turn[waiting]] > now]
        if self.rule.opens(now, len(self.waiting)):
            count = self._room(now)
            if count:
                begins, self.waiting = self.turn[self.waiting[:count]], self.waiting[count:]
                self.floor.release(self.house, np.full(count, now), begins)
                if self.rule.limited:
                    self.inside = np.concatenate((self.inside, begins))
        again = [self.rule.next_look(now, len(self.waiting))]
        again.append(int(self.comes[come]) if come < len(self.comes) else None)
        ticks = [tick for tick in again if tick is not None]
        if ticks:
            self.clock.at(min(ticks), WAVE, self.look)

    def _limits(self) -> list[tuple[int, int | None, bool]]:
        """List what there must be room for: (how much, stage, whether only what has come there)."""
        rule = self.rule
        limits: list[tuple[int, int | None, bool]] = []
        if rule.max_open is not None:
            limits.append((rule.max_open, None, False))
        limits += [(most, stage, False) for stage, most in rule.put_walls.items()]
        limits += [(most, stage, True) for stage, most in rule.stagings.items()]
        return limits

    def _room(self, now: int) -> int:
        """Count the first parcels that all limits leave room for."""
        count = len(self.waiting)
        if not self.limits or not count:
            return count
        floor, rule = self.floor, self.rule
        chain = floor.model.chains[self.house]
        deepest = max([*rule.put_walls, *rule.stagings], default=chain[-1])
        floor.advance(chain[-1] if rule.max_open is not None else deepest, now)
        through = np.minimum(floor.done[self.inside], floor.left_at[self.inside])
        self.inside = self.inside[through >= now]
        parcels = self.turn[self.waiting]
        for most, stage, here in self.limits:
            there, comes_there, needs = len(self.inside), np.ones(count, bool), np.ones(count, bool)
            if stage is not None:
                there = floor.not_begun(stage, self.inside, now, here=here)
                needs = floor.has_work(stage, parcels)
                comes_there = floor.first_stage(parcels) == stage if here else needs
            before = there + np.cumsum(comes_there) - comes_there
            blocked = needs & (before >= most)
            if blocked.any():
                count = min(count, int(blocked.argmax()))
        return count
