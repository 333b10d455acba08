"""Allocation over several warehouses: who gets what from where, in the order of their turns.

An order that finds everything at the warehouse that it prefers needs no second look. Whether it
does can be told for all at once by adding up, in order, what everybody before it may have taken
from the same shelves: those who surely go there take it, those who may go elsewhere are counted
at every warehouse that they may come from. Only the rest is looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import sums_by

__all__ = ["Demand", "Wishes", "allocate_in_turn", "taken_before", "unsure"]

Flags = npt.NDArray[np.bool_]

#: (turn, shelf, pieces) of everything that is asked. The i-th order's turn is 2 i + 1; an even
#: turn, before that of an order, is something else that takes from the shelf.
Demand = tuple[Indices, Indices, Indices]


def unsure(
    count: int,
    first: Demand,
    others: Callable[[Indices], Demand],
    stock: Indices,
    doubtful: Indices,
) -> tuple[Flags, Flags]:
    """Find the orders that may not get everything from the first warehouse asked.

    Again and again: add up in order what is asked of every shelf, at most; whoever comes when
    it may be used up is unsure, and from then on counted wherever else it may ask.

    Parameters
    ----------
    count
        How many orders there are.
    first : tuple of (m,) int64
        What each order asks of its first warehouse; a shelf is a SKU in a warehouse.
    others
        Gives the same for what some orders (k,) may ask of shelves besides those.
    stock : (shelves,) int64
        Pieces on each shelf, -1 without an end.
    doubtful : (k,) int64
        Orders that must be looked at one by one whatever there is.

    Returns
    -------
    unsure : (count,) bool
        Orders to be looked at one by one; all others get what they ask of their first warehouse.
    scarce : (shelves,) bool
        Shelves that may run out; of all others there is enough whatever happens.
    """
    marked, new = np.zeros(count, bool), doubtful
    marked[new] = True
    asked = sums_by(first[1], first[2], len(stock))
    demand = _Sorted(first)
    while True:
        turn, shelf, pieces = others(new)
        asked += sums_by(shelf, pieces, len(stock))
        demand.add((turn, shelf, pieces))
        scarce = (stock >= 0) & (asked > stock)
        late = _may_find_nothing(demand.of(scarce), stock)
        found = np.zeros(count, bool)
        found[late[late % 2 == 1] // 2] = True
        new = np.flatnonzero(found & ~marked)
        if len(new) == 0:
            return marked, scarce
        marked[new] = True


def _may_find_nothing(demand: Demand, stock: Indices) -> Indices:
    """Find the turns at which a shelf may have too little, if all before take theirs."""
    turn, shelf, pieces = demand
    running = np.cumsum(pieces)
    begins = np.flatnonzero(np.diff(shelf, prepend=-1))
    lengths = np.diff(np.append(begins, len(shelf)))
    limits = stock[shelf[begins]] + running[begins] - pieces[begins]
    return turn[running > np.repeat(limits, lengths)]


class _Sorted:
    """Demand by shelf and turn, packed into one number each where that fits.

    What is added later is little, and merged: numpy's stable sort is quick where there are
    long runs in order.
    """

    def __init__(self, demand: Demand) -> None:
        turn, shelf, pieces = demand
        self.turns, self.sizes = (_bits(turn) + 1, _bits(pieces) + 1)
        self.fits = self.turns + self.sizes + _bits(shelf) < 62
        self.demand = demand
        self.packed = np.sort(self._pack(demand)) if self.fits else turn

    def add(self, more: Demand) -> None:
        """Add some."""
        turn, shelf, pieces = more
        if len(turn) == 0:
            return
        self.demand = tuple(  # type: ignore[assignment]
            np.concatenate(pair) for pair in zip(self.demand, more, strict=True)
        )
        bits = _bits(turn) <= self.turns and _bits(pieces) <= self.sizes
        self.fits &= bits and self.turns + self.sizes + _bits(shelf) < 62
        if self.fits:
            new = np.sort(self._pack(more))
            self.packed = np.sort(np.concatenate((self.packed, new)), kind="stable")

    def of(self, chosen: Flags) -> Demand:
        """Give what is asked of some shelves, in order."""
        if not self.fits:
            turn, shelf, pieces = self.demand
            some = np.flatnonzero(chosen[shelf])
            some = some[np.lexsort((turn[some], shelf[some]))]
            return turn[some], shelf[some], pieces[some]
        rest = self.packed >> self.sizes
        shelf = rest >> self.turns
        packed = self.packed
        if not chosen.all():
            some = np.flatnonzero(chosen[shelf])
            rest, shelf, packed = rest[some], shelf[some], packed[some]
        return rest & ((1 << self.turns) - 1), shelf, packed & ((1 << self.sizes) - 1)

    def _pack(self, demand: Demand) -> Indices:
        turn, shelf, pieces = demand
        packed: Indices = (shelf << (self.turns + self.sizes)) | (turn << self.sizes) | pieces
        return packed


def _bits(numbers: Indices) -> int:
    return int(numbers.max(initial=0)).bit_length()


def taken_before(demand: Demand, turn: Indices, shelf: Indices) -> Indices:
    """Pieces that the demand takes from some shelves before some turns.

    Parameters
    ----------
    demand
        What is taken.
    turn, shelf : (k,) int64
        Which shelf is looked at, and when.

    Examples
    --------
    >>> demand = np.array([1, 3, 5]), np.array([0, 0, 1]), np.array([2, 1, 7])
    >>> taken_before(demand, np.array([3, 4, 9]), np.array([0, 0, 1])).tolist()
    [2, 3, 7]
    """
    everything = np.ones(int(demand[1].max(initial=0)) + 1, bool)
    turns, shelves, pieces = _Sorted(demand).of(everything)
    sums = np.append(0, np.cumsum(pieces))
    last = int(max(turns.max(initial=0), turn.max(initial=0))) + 1
    keys = shelves * last + turns
    found = np.searchsorted(keys, shelf * last + turn)
    begins = np.searchsorted(keys, shelf * last)
    taken: Indices = sums[found] - sums[begins]
    return taken


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wishes:
    """What orders ask for, those that are looked at one by one.

    Parameters
    ----------
    routes
        For each order its warehouses, the preferred one first.
    needs : ((k+1,) int64, (m,) int64, (m,) int64)
        Offsets by order, SKU and pieces of what it asks for in all; a SKU only once.
    lines : ((k+1,) int64, (l,) int64)
        Offsets by order, and what its lines are called.
    parts : ((l+1,) int64, (p,) int64, (p,) int64)
        Offsets by line, SKU and pieces.
    alone : (m,) bool
        Whether only one line asks for that SKU.
    surely : (m, warehouses) int64
        For each need what others surely took before from that SKU's shelf in each warehouse.
    """

    routes: list[tuple[int, ...]]
    needs: tuple[Indices, Indices, Indices]
    lines: tuple[Indices, Indices]
    parts: tuple[Indices, Indices, Indices]
    alone: Flags
    surely: Indices


def allocate_in_turn(
    wishes: Wishes, shelves: Indices, *, split: bool, part: bool
) -> list[list[tuple[int, list[int]]] | int]:
    """Let orders take what they ask for, one after another.

    Parameters
    ----------
    wishes
        What they ask for.
    shelves : (warehouses, skus) int64
        Pieces; something very large where they need not be counted.
    split
        Whether the lines of an order may come from several warehouses: the one that covers
        most lines, then of the rest again.
    part
        Whether some of the lines are better than none.

    Returns
    -------
    list
        For each order the warehouse that has all of it, -1 if there is none, or a list of
        (warehouse, lines).
    """
    left = shelves.tolist()
    bounds, skus, pieces = (column.tolist() for column in wishes.needs)
    surely, alone = wishes.surely.tolist(), wishes.alone.tolist()
    several = split or part
    answer: list[list[tuple[int, list[int]]] | int] = []
    for order, route in enumerate(wishes.routes):
        begin, end = bounds[order], bounds[order + 1]
        span = range(begin, end)
        for house in route:
            shelf = left[house]
            for need in span:
                if shelf[skus[need]] - surely[need][house] < pieces[need]:
                    break
            else:
                for need in span:
                    shelf[skus[need]] -= pieces[need]
                answer.append(house)
                break
        else:
            hopeless = not several
            for need in () if hopeless or part else span:
                sku, sure = skus[need], surely[need]
                # a line that nobody has
                hopeless = alone[need] and pieces[need] > max(
                    [left[house][sku] - sure[house] for house in route], default=-1
                )
                if hopeless:
                    break
            found = []
            if not hopeless:
                known = {skus[need]: surely[need] for need in span}
                found = _from_several(wishes, order, left, known, (split, part))
            answer.append(found or -1)
    return answer


def _from_several(
    wishes: Wishes,
    order: int,
    left: list[list[int]],
    surely: dict[int, list[int]],
    how: tuple[bool, bool],
) -> list[tuple[int, list[int]]]:
    """Find, and take, the lines of one order at the fewest warehouses."""
    split, part = how
    of_order, names = wishes.lines
    of_line, skus, pieces = wishes.parts
    begin, end = int(of_order[order]), int(of_order[order + 1])
    if not (split or part) or (end - begin == 1):
        return []
    lines = []
    for line in range(begin, end):
        span = slice(of_line[line], of_line[line + 1])
        asked: dict[int, int] = {}
        for sku, count in zip(skus[span].tolist(), pieces[span].tolist(), strict=True):
            asked[sku] = asked.get(sku, 0) + count
        lines.append((int(names[line]), asked))
    chosen: list[tuple[int, list[tuple[int, dict[int, int]]]]] = []
    houses = list(wishes.routes[order])
    while lines and houses and (split or not chosen):
        best: tuple[int, list[tuple[int, dict[int, int]]]] = (-1, [])
        for house in houses:
            shelf, used = left[house], dict[int, int]()
            covered = []
            for line_needs in lines:
                if all(
                    shelf[sku] - surely[sku][house] - used.get(sku, 0) >= count
                    for sku, count in line_needs[1].items()
                ):
                    covered.append(line_needs)
                    for sku, count in line_needs[1].items():
                        used[sku] = used.get(sku, 0) + count
            if len(covered) > len(best[1]):
                best = house, covered
        if not best[1]:
            break
        chosen.append(best)
        houses.remove(best[0])
        taken = {name for name, _ in best[1]}
        lines = [line_needs for line_needs in lines if line_needs[0] not in taken]
    if lines and not part:
        return []
    for house, covered in chosen:
        for _, asked in covered:
            for sku, count in asked.items():
                left[house][sku] -= count
    return [(house, [name for name, _ in covered]) for house, covered in chosen]
