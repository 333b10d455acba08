"""Counters that orders draw on in turn: stock, allotments.

An order takes from several counters at once or not at all, first come, first served. Some of
its pieces may be open: which counter of a pool such a piece is taken from depends on which of
them there is still something in. Orders that touch only counters which can never run out are
settled in one comparison; so is everything before the first order that could find a counter
empty. Only the rest is looked at one by one, because what one order is refused the next one
may get.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.pools import Pool
from burstsim.kernels.segments import offsets_of, segment_elements

__all__ = ["NO_PIECES", "Pieces", "Step", "Taken", "take_in_turn"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Open pieces, in the order in which they are taken.

    Parameters
    ----------
    owner : (p,) int64
        Whose turn each belongs to, never falling.
    pool : (p,) int64
        Position in `pools`.
    bits : (p,) uint64
        64 random bits for each.
    pools
        What they are taken from.
    """

    owner: Indices
    pool: Indices
    bits: npt.NDArray[np.uint64]
    pools: tuple[Pool, ...]

    def __len__(self) -> int:
        return len(self.owner)


NO_PIECES = Pieces(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint64), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens to the counters between the turns.

    Parameters
    ----------
    tick
        After the turns of this tick and after what is given back at it.
    build
        Steps with the same number belong together; -1 for what comes whatever happened before.
    house
        Where it happens; counters do not care.
    counter, amount
        How much comes to which counter, as far as it has been made; of what belongs to no build
        all of it, and less than 0 is taken.
    needs
        (counter, how much for one): nothing comes, but it is taken for at most `amount`, as far
        as it is there.
    counted
        Whether a shelf is counted instead, and `amount` pieces are found; what that takes from
        the counters has to be known by whoever calls.
    """

    tick: int
    build: int
    house: int
    counter: int
    amount: int
    needs: tuple[tuple[int, int], ...] = ()
    counted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Who got what.

    Parameters
    ----------
    served : (n,) bool
        Who found everything.
    counter : (pieces,) int64
        Counter that each open piece was taken from, -1 if it was not taken.
    made
        Build → for how many its needs were there.
    """

    served: Flags
    counter: Indices
    made: dict[int, int]


def take_in_turn(
    demands: tuple[Indices, Indices, Indices],
    capacity: Indices,
    turns: tuple[Ticks, Ticks] | tuple[Ticks, Ticks, Flags],
    *,
    refuse: bool,
    pieces: Pieces = NO_PIECES,
    steps: tuple[Step, ...] = (),
) -> Taken:
    """Find out, in turn, who finds all that it asks of shared counters.

    Parameters
    ----------
    demands : tuple of (n+1,) int64, (m,) int64, (m,) int64
        Offsets, counter and amount: what each order asks of which counter, in the order of
        their turns. An order may ask the same counter twice.
    capacity : (k,) int64
        Level of each counter at first, at least 0.
    turns : tuple of (n,) int64, (n,) int64 and perhaps (n,) bool
        Tick of each turn, non-decreasing; and the tick after which an order, if it was served,
        gives back all that it took, `NEVER` (any tick after the last turn) if it keeps it. What
        is given back at a tick can be taken from the next tick on. A third array, (n,) bool,
        says who gives back after the steps of that tick rather than before them.
    refuse
        Whether an order that does not find everything gets nothing; else it takes all the
        same, and the counters go below zero.
    pieces
        What orders ask besides, when they have what they ask of certain counters.
    steps
        What else happens, in order.
    """
    everything = _Turns(demands, capacity, turns, refuse, pieces, steps)
    return everything.taken()


class _Turns:
    """Turns on their way; see `take_in_turn`."""

    def __init__(
        self,
        demands: tuple[Indices, Indices, Indices],
        capacity: Indices,
        turns: tuple[Ticks, Ticks] | tuple[Ticks, Ticks, Flags],
        refuse: bool,
        pieces: Pieces,
        steps: tuple[Step, ...],
    ) -> None:
        self.offsets, self.counter, self.amount = demands
        self.capacity, self.refuse, self.pieces, self.steps = capacity, refuse, pieces, steps
        self.moment, self.given_back, *last = turns
        self.count = len(self.offsets) - 1
        #: Places of each pool at which there is anything at first.
        self.there = [
            [p for p, m in enumerate(pool.members) if capacity[m] > 0 and pool.may_be(p)]
            for pool in pieces.pools
        ]
        self.served = np.ones(self.count, bool)
        self.chosen = self._first_choice()
        self.made = {step.build: step.amount for step in steps if step.needs}
        self.binding: Flags = self._most() > capacity
        self.piece_offsets = offsets_of(np.bincount(pieces.owner, minlength=self.count)).tolist()
        #: What is given back from then on nobody can take any more.
        self.until = max([int(self.moment.max(initial=0)), *(step.tick + 1 for step in steps)])
        self.last = last[0] if last else np.zeros(self.count, bool)
        # while orders are looked at one by one:
        self.left: list[int] = []
        self.first = self.count
        self.own: dict[int, list[tuple[int, int]]] = {}
        self.brought: dict[int, int] = {}

    def taken(self) -> Taken:
        """Let everybody take."""
        if self.binding.any():
            owner = np.repeat(np.arange(self.count), np.diff(self.offsets))
            first = min(self._first_unsure(owner), self._first_step())
            touched = np.zeros(self.count, bool)
            touched[owner[self.binding[self.counter]]] = True
            unsure = [
                not there or bool(self.binding[np.array(pool.members)[there]].any())
                for there, pool in zip(self.there, self.pieces.pools, strict=True)
            ]
            touched[self.pieces.owner[np.array(unsure, bool)[self.pieces.pool]]] = True
            late = np.flatnonzero(touched)
            self._one_by_one(late[late >= first], first)
        return Taken(self.served, self.chosen, self.made)

    def _first_choice(self) -> Indices:
        """Counter of each piece as long as there is something everywhere, -1 if nowhere."""
        pieces = self.pieces
        chosen = np.full(len(pieces), -1)
        for number, (pool, there) in enumerate(zip(pieces.pools, self.there, strict=True)):
            mine = np.flatnonzero(pieces.pool == number) if there else ()
            if len(mine):
                chosen[mine] = pool.each(there, pieces.bits[mine])
        return chosen

    def _most(self) -> Indices:
        """Most that could be asked of each counter."""
        most = np.bincount(self.counter, self.amount, len(self.capacity)).astype(np.int64)
        counts = np.bincount(self.pieces.pool, minlength=len(self.pieces.pools))
        for pool, count in zip(self.pieces.pools, counts.tolist(), strict=True):
            np.add.at(most, np.array(pool.members, np.int64), count)
        for step in self.steps:
            for name, each in step.needs:
                most[name] += each * step.amount
            most[step.counter] -= min(step.amount, 0)
        return most

    def _first_unsure(self, owner: Indices) -> int:
        """First order that might find a counter empty if nothing were ever given back.

        A counter that open pieces are taken from has to hold all open pieces of the order.
        """
        pieces, level = self.pieces, self.capacity.copy()
        first = self.count
        known = np.flatnonzero(self.chosen >= 0)
        if len(pieces):
            own = int(np.bincount(pieces.owner).max())
            for number in np.unique(pieces.pool).tolist():
                members = np.array(pieces.pools[number].members, np.int64)
                members = members[self.there[number]]
                level[members] = self.capacity[members] - own
            if len(known) < len(pieces):
                first = int(pieces.owner[self.chosen < 0].min())
            if (level[self.binding] < 0).any():
                first = min(first, int(pieces.owner[0]))
        owner = np.concatenate((owner, pieces.owner[known]))
        counter = np.concatenate((self.counter, self.chosen[known]))
        amount = np.concatenate((self.amount, np.ones(len(known), np.int64)))
        touches = self.binding[counter]
        owner, counter, amount = owner[touches], counter[touches], amount[touches]
        if len(known):
            turn = np.argsort(owner, kind="stable")
            owner, counter, amount = owner[turn], counter[turn], amount[turn]
        order = np.argsort(counter, kind="stable")
        counter, amount, owner = counter[order], amount[order], owner[order]
        running = np.cumsum(amount)
        begins = np.flatnonzero(np.diff(counter, prepend=-1))
        lengths = np.diff(np.append(begins, len(counter)))
        before = np.repeat(running[begins] - amount[begins], lengths)
        return int(owner[running - before > level[counter]].min(initial=first))

    def _first_step(self) -> int:
        """First order whose turn comes after a step that matters."""
        for step in self.steps:
            if self.binding[[step.counter, *(name for name, _ in step.needs)]].any():
                return int(self.moment.searchsorted(step.tick, side="right"))
        return self.count

    def _one_by_one(self, late: Indices, first: int) -> None:
        """Loop over the orders from the first unsure one on that touch a binding counter."""
        self._look_up(first)
        returns = np.concatenate((np.arange(first), late))
        returns = returns[self.given_back[returns] < self.until]
        returns = returns[np.argsort(self.given_back[returns], kind="stable")]
        events: list[tuple[int, Step | int]] = [
            *zip(self.given_back[returns].tolist(), returns.tolist(), strict=True),
            *((step.tick, step) for step in self.steps),
        ]
        if self.steps:
            last = self.last.tolist()
            events.sort(key=lambda e: (e[0], 1 if isinstance(e[1], Step) else 2 * last[e[1]]))
        at = 0
        elements = segment_elements(self.offsets, late)
        counted = self.binding[self.counter[elements]]
        running = offsets_of(counted.astype(np.int64))
        bounds = running[offsets_of(np.diff(self.offsets)[late])].tolist()
        elements = elements[counted]
        names, amounts = self.counter[elements].tolist(), self.amount[elements].tolist()
        refused = []
        turns = zip(late.tolist(), self.moment[late].tolist(), strict=True)
        for place, (order, now) in enumerate(turns):
            while at < len(events) and events[at][0] < now:
                self._happen(events[at][1])
                at += 1
            asks: dict[int, int] = {}
            for element in range(bounds[place], bounds[place + 1]):
                asks[names[element]] = asks.get(names[element], 0) + amounts[element]
            if not self._serve(order, list(asks.items())):
                refused.append(order)
        for _, event in events[at:] if self.steps else ():
            self._happen(event)
        self.served[refused] = False
        self.chosen = np.array(self.now_chosen, np.int64)

    def _look_up(self, first: int) -> None:
        """Make lists of what the loop looks at again and again."""
        pieces = self.pieces
        self.left, self.first = self._left_by(first), first
        self.returns = (self.given_back < self.until).tolist()
        self.now_chosen: list[int] = self.chosen.tolist()
        self.piece_pool, self.piece_bits = pieces.pool.tolist(), pieces.bits.tolist()
        self.places = [
            [(p, m, bool(self.binding[m])) for p, m in enumerate(pool.members) if pool.may_be(p)]
            for pool in pieces.pools
        ]

    def _left_by(self, first: int) -> list[int]:
        """Give what is left when everybody before `first` has taken."""
        early = slice(0, int(self.offsets[first]))
        left = self.capacity.copy()
        left -= np.bincount(self.counter[early], self.amount[early], len(left)).astype(np.int64)
        chosen = self.chosen[self.pieces.owner < first]
        left -= np.bincount(chosen, minlength=len(left))
        levels: list[int] = left.tolist()
        return levels

    def _happen(self, event: Step | int) -> None:
        """Let an order give back what it took, or a step happen."""
        left = self.left
        if isinstance(event, Step):
            if event.needs:
                counted = [(name, each) for name, each in event.needs if self.binding[name]]
                most = min([event.amount, *(left[name] // each for name, each in counted)])
                self.made[event.build] = max(most, 0)
                for name, each in counted:
                    left[name] -= each * self.made[event.build]
            elif event.build < 0:
                left[event.counter] += event.amount
            else:
                here = self.brought.get(event.build, 0)
                amount = min(event.amount, self.made.get(event.build, 0) - here)
                self.brought[event.build] = here + amount
                left[event.counter] += amount
            return
        if event in self.own:
            for name, amount in self.own[event]:
                left[name] += amount
        elif event < self.first:
            for element in range(self.offsets[event], self.offsets[event + 1]):
                left[self.counter[element]] += int(self.amount[element])
            for piece in range(self.piece_offsets[event], self.piece_offsets[event + 1]):
                left[self.now_chosen[piece]] += 1

    def _serve(self, order: int, asks: list[tuple[int, int]]) -> bool:
        """Give an order all that it asks of counters that may run out, or nothing."""
        left, refuse = self.left, self.refuse
        fits = all(left[name] >= needed for name, needed in asks)
        first, end = self.piece_offsets[order], self.piece_offsets[order + 1]
        self.now_chosen[first:end] = [-1] * (end - first)
        if not fits and refuse:
            return False
        for name, needed in asks:
            left[name] -= needed
        taken = asks
        for piece in range(first, end):
            number = self.piece_pool[piece]
            there = [
                place
                for place, name, counted in self.places[number]
                if not counted or left[name] > 0
            ]
            pool = self.pieces.pools[number]
            if not there:
                fits = False
                if refuse:
                    break
                there = pool.instead()
            name = pool.one(there, self.piece_bits[piece])
            left[name] -= 1
            taken.append((name, 1))
            self.now_chosen[piece] = name
        if not fits and refuse:
            self.now_chosen[first:end] = [-1] * (end - first)
            for name, needed in taken:
                left[name] += needed
        elif self.returns[order]:
            self.own[order] = taken
        return fits
