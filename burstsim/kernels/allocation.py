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
from burstsim.kernels.segments import offsets_of

__all__ = ["Asked", "Demand", "Wishes", "allocate_in_turn", "unsure"]

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
) -> tuple[Flags, Flags, Asked]:
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
    asked
        Everything that was asked, in order.
    """
    marked, new = np.zeros(count, bool), doubtful
    marked[new] = True
    asked = Asked(first, len(stock))
    while True:
        asked.add(others(new))
        scarce, late = asked.late(stock)
        found = np.zeros(count, bool)
        found[late[late % 2 == 1] // 2] = True
        new = np.flatnonzero(found & ~marked)
        if len(new) == 0:
            return marked, scarce, asked
        marked[new] = True


class Asked:
    """What is asked of shelves, by shelf and turn.

    Packed into one number each where that fits. What is added later is little, and merged:
    numpy's stable sort is quick where there are long runs in order.

    Parameters
    ----------
    demand
        What is asked.
    shelves
        How many shelves there are.

    Examples
    --------
    >>> asked = Asked((np.array([3, 1, 5]), np.array([0, 0, 1]), np.array([1, 2, 7])), 2)
    >>> [found.tolist() for found in asked.late(np.array([2, 9]))]
    [[True, False], [3]]
    >>> nobody = np.zeros(3, bool)
    >>> asked.taken_before(nobody, np.array([3, 4, 9]), np.array([0, 0, 1])).tolist()
    [2, 3, 7]
    """

    def __init__(self, demand: Demand, shelves: int) -> None:
        self.demand, self.shelves = demand, shelves
        self.turns, self.sizes = _bits(demand[0]) + 1, _bits(demand[2]) + 1
        self.packed: Indices | None = None
        if self.turns + self.sizes + shelves.bit_length() < 62:
            self.packed = np.sort(self._pack(demand))
        else:
            self._sort()

    def add(self, more: Demand) -> None:
        """Add some."""
        turn, _, pieces = more
        if len(turn) == 0:
            return
        first, second, third = (
            np.concatenate(pair) for pair in zip(self.demand, more, strict=True)
        )
        self.demand = first, second, third
        if self.packed is not None and _bits(turn) <= self.turns and _bits(pieces) <= self.sizes:
            both = np.concatenate((self.packed, np.sort(self._pack(more))))
            self.packed = np.sort(both, kind="stable")
        else:
            self.packed = None
            self._sort()

    def late(self, stock: Indices) -> tuple[Flags, Indices]:
        """Find shelves of which more is asked than there is, and the turns from then on.

        Parameters
        ----------
        stock : (shelves,) int64
            Pieces, -1 without an end.
        """
        turn, begins, pieces = self._in_order()
        running = offsets_of(pieces)
        totals = running[begins[1:]] - running[begins[:-1]]
        scarce: Flags = (stock >= 0) & (totals > stock)
        some = np.flatnonzero(scarce)
        # sums never fall, so the first that is too large is found at once
        over = np.searchsorted(running[1:], running[begins[some]] + stock[some], side="right")
        lengths = begins[some + 1] - over
        late = np.arange(int(lengths.sum()))
        late += np.repeat(over - (np.cumsum(lengths) - lengths), lengths)
        return scarce, turn(late)

    def taken_before(self, but: Flags, turn: Indices, shelf: Indices) -> Indices:
        """Pieces that are taken from some shelves before some turns.

        Parameters
        ----------
        but : (orders,) bool
            Orders that are left out.
        turn, shelf : (k,) int64
            When which shelf is looked at.
        """
        turns, begins, pieces = self._in_order()
        of = turns(np.arange(len(pieces)))
        mine = (of % 2 == 1) & ~but[of // 2]
        sums = offsets_of(np.where(mine, pieces, 0))
        if self.packed is not None:
            keys = (shelf << (self.turns + self.sizes)) | (turn << self.sizes)
            found = np.searchsorted(self.packed, keys)
        else:
            last = int(max(of.max(initial=0), turn.max(initial=0))) + 1
            shelves = np.repeat(np.arange(self.shelves), np.diff(begins))
            found = np.searchsorted(shelves * last + of, shelf * last + turn)
        taken: Indices = sums[found] - sums[begins[shelf]]
        return taken

    def _in_order(self) -> tuple[Callable[[Indices], Indices], Indices, Indices]:
        """Give turns by position, where each shelf begins, and pieces."""
        names = np.arange(self.shelves + 1)
        if self.packed is None:
            turn, shelf, pieces = self.demand
            return turn.__getitem__, np.searchsorted(shelf, names), pieces
        packed, sizes, mask = self.packed, self.sizes, (1 << self.turns) - 1

        def turn_at(places: Indices) -> Indices:
            turns: Indices = (packed[places] >> sizes) & mask
            return turns

        begins = np.searchsorted(packed, names << (self.turns + sizes))
        return turn_at, begins, packed & ((1 << sizes) - 1)

    def _sort(self) -> None:
        turn, shelf, pieces = self.demand
        order = np.lexsort((turn, shelf))
        self.demand = turn[order], shelf[order], pieces[order]

    def _pack(self, demand: Demand) -> Indices:
        turn, shelf, pieces = demand
        packed: Indices = (shelf << (self.turns + self.sizes)) | (turn << self.sizes) | pieces
        return packed


def _bits(numbers: Indices) -> int:
    return int(numbers.max(initial=0)).bit_length()


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
    surely, alone = wishes.surely.T.tolist(), wishes.alone.tolist()
    several = split or part
    answer: list[list[tuple[int, list[int]]] | int] = []
    for order, route in enumerate(wishes.routes):
        begin, end = bounds[order], bounds[order + 1]
        span = range(begin, end)
        for house in route:
            shelf, sure = left[house], surely[house]
            for need in span:
                if shelf[skus[need]] - sure[need] < pieces[need]:
                    break
            else:
                for need in span:
                    shelf[skus[need]] -= pieces[need]
                answer.append(house)
                break
        else:
            hopeless = not several
            for need in () if hopeless or part else span:
                sku = skus[need]
                # a line that nobody has
                hopeless = alone[need] and pieces[need] > max(
                    [left[house][sku] - surely[house][need] for house in route], default=-1
                )
                if hopeless:
                    break
            found = []
            if not hopeless:
                known = {skus[need]: [sure[need] for sure in surely] for need in span}
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
