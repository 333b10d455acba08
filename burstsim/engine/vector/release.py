"""Release as arrays: who of what was sent to a warehouse may begin, and when."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Protocol

import numpy as np
import numpy.typing as npt

from burstsim.engine.clock import WAVE, Clock
from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.releases import Rule
from burstsim.engine.vector.parcels import Parcels
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["Gate", "by_turn", "without_looking"]

Flags = npt.NDArray[np.bool_]


class Inside(Protocol):
    """What those who release see of the floor, and what they do to it."""

    model: Model
    parcels: Parcels
    done: Ticks
    left_at: Ticks
    came: dict[int, Ticks]
    begun: dict[int, Ticks]

    def release(self, house: int, ticks: Ticks, parcels: Indices) -> None:
        """Let parcels begin."""

    def advance(self, last: int, until: int) -> None:
        """Bring a stage up to date."""

    def begins_at(self, stage: int, parcels: Indices) -> Flags:
        """Say for which parcels a stage is the first."""
        ...

    def has_work(self, stage: int, parcels: Indices) -> Flags:
        """Say which parcels have work at a stage."""
        ...


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
    if rule.limited or rule.held or rule.orders is not None or rule.every is None:
        return None
    wave = -(-sent // rule.every) * rule.every
    return np.where((wave < end) & (parcels.gone[mine] > wave), wave, NEVER)


@dataclass(slots=True)
class _Limit:
    """What there must be room for.

    Parameters
    ----------
    most
        How much fits.
    stage, here
        Where, None for the whole floor; whether only what has come there takes room.
    needs, comes
        For each parcel whether it needs room, and whether it takes room as it is released.
    inside : (n,) int64
        Parcels that need room, have been released, and were not begun (done) at the last look.
    """

    most: int
    stage: int | None
    here: bool
    needs: list[bool]
    comes: list[bool]
    inside: Indices


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
        floor: Inside,
        house: tuple[int, Rule],
        parcels: tuple[Indices, Indices],
    ) -> None:
        self.clock, self.floor = clock, floor
        self.house, self.rule = house
        self.turn, self.resumed = parcels
        sent, self.gone = floor.parcels.sent[self.turn], floor.parcels.gone[self.turn].tolist()
        # what comes next: positions in `turn`, by the tick at which they are sent
        coming = np.argsort(sent, kind="stable")
        self.coming, self.comes = coming.tolist(), sent[coming].tolist()
        self.taken = 0
        # positions in `turn` as heaps: the next one first, the next one to be cancelled first
        self.queue: list[int] = []
        self.leaving: list[tuple[int, int]] = []
        self.waits = [False] * len(self.turn)
        self.waiting = 0
        self.limits = self._limits()
        if self.comes:
            clock.at(self.comes[0], WAVE, self.look)

    def look(self) -> None:
        """Release what may begin now, up to the first that does not fit."""
        now = self.clock.now
        self._take_in(now)
        if self.rule.opens(now, self.waiting) and self.waiting:
            begins = self.turn[self._fitting(now)]
            if len(begins):
                self.floor.release(self.house, np.full(len(begins), now), begins)
                for limit in self.limits:
                    mine = begins if limit.stage is None else self._needing(limit.stage, begins)
                    limit.inside = np.concatenate((limit.inside, mine))
        again = [self.rule.next_look(now, self.waiting)]
        again.append(self.comes[self.taken] if self.taken < len(self.comes) else None)
        ticks = [tick for tick in again if tick is not None]
        if ticks:
            self.clock.at(min(ticks), WAVE, self.look)

    def _needing(self, stage: int, parcels: Indices) -> Indices:
        """Give those that have work at a stage."""
        return parcels[self.floor.has_work(stage, parcels)]

    def _take_in(self, now: int) -> None:
        """Add what has been sent to what waits, and let go of what is cancelled."""
        while self.taken < len(self.comes) and self.comes[self.taken] <= now:
            place = self.coming[self.taken]
            self.taken += 1
            heappush(self.queue, place)
            self.waits[place] = True
            self.waiting += 1
            if self.gone[place] < NEVER:
                heappush(self.leaving, (self.gone[place], place))
        while self.leaving and self.leaving[0][0] <= now:
            _, place = heappop(self.leaving)
            self.waiting -= self.waits[place]
            self.waits[place] = False

    def _fitting(self, now: int) -> list[int]:
        """Take the first parcels that all limits leave room for out of what waits."""
        counts = self._counts(now)
        found: list[int] = []
        while self.queue:
            place = self.queue[0]
            if self.waits[place]:
                limits = zip(self.limits, counts, strict=True)
                if any(limit.needs[place] and count >= limit.most for limit, count in limits):
                    break
                for number, limit in enumerate(self.limits):
                    counts[number] += limit.comes[place]
                found.append(place)
                self.waits[place] = False
            heappop(self.queue)
        self.waiting -= len(found)
        return found

    def _limits(self) -> list[_Limit]:
        """List what there must be room for."""
        rule = self.rule
        limits = [] if rule.max_open is None else [self._limit(rule.max_open, None)]
        limits += [self._limit(most, stage) for stage, most in rule.put_walls.items()]
        return limits + [
            self._limit(most, stage, here=True) for stage, most in rule.stagings.items()
        ]

    def _limit(self, most: int, stage: int | None, *, here: bool = False) -> _Limit:
        """Make a limit of the floor, or of one stage."""
        floor, inside = self.floor, self.resumed
        if stage is None:
            everybody = [True] * len(self.turn)
            return _Limit(most, stage, here, everybody, everybody, inside)
        inside = inside[floor.has_work(stage, inside) & (floor.parcels.enters[inside] <= stage)]
        comes = needs = floor.has_work(stage, self.turn).tolist()
        if here:
            comes = floor.begins_at(stage, self.turn).tolist()
        return _Limit(most, stage, here, needs, comes, inside)

    def _counts(self, now: int) -> list[int]:
        """Count what takes room of each limit."""
        if not self.limits:
            return []
        floor = self.floor
        # all of it, whatever is limited, or what comes to later stages would heap up
        floor.advance(floor.model.chains[self.house][-1], now)
        counts = []
        for limit in self.limits:
            inside, stage = limit.inside, limit.stage
            until = floor.done if stage is None else floor.begun[stage]
            inside = inside[np.minimum(until[inside], floor.left_at[inside]) >= now]
            limit.inside = inside
            if stage is not None and limit.here:
                inside = inside[(floor.came[stage][inside] < now) | floor.begins_at(stage, inside)]
            counts.append(len(inside))
        return counts
