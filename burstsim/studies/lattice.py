"""The cheapest point of a grid that keeps what must be kept, where more never hurts.

Everything rests on one law: if a point holds, so does every point that has no less of anything.
A point that holds thus speaks for all above it, one that does not for all below it, and the
search needs few looks: it climbs to a point that holds, comes down as far as it can, and then
tries the points that would be cheaper, those first that settle most others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from burstsim.kernels.arrays import Floats

__all__ = ["Found", "Point", "Search"]

Point = tuple[int, ...]

#: Cells of the box of cheaper points that are looked at one by one.
_MOST_CELLS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found.

    Parameters
    ----------
    best
        The cheapest point that holds, None where not even the last one does.
    bound
        No point that holds costs less.
    """

    best: Point | None
    bound: float


@dataclass(slots=True, kw_only=True)
class Search:
    """A search for the cheapest point that holds.

    Parameters
    ----------
    costs
        For each axis the cost of each of its positions, not falling.
    test
        Whether a point holds.
    guide
        Axes in the order in which they should be raised at a point that does not hold.
    most
        Looks after which the search ends with what it has.
    """

    costs: Sequence[Floats]
    test: Callable[[Point], bool]
    guide: Callable[[Point], Sequence[int]]
    most: int = 150
    looked: dict[Point, bool] = field(default_factory=dict)

    def cost(self, point: Point) -> float:
        """Cost of a point."""
        return float(sum(c[i] for c, i in zip(self.costs, point, strict=True)))

    @property
    def top(self) -> Point:
        """The point with most of everything."""
        return tuple(len(cost) - 1 for cost in self.costs)

    @property
    def spent(self) -> bool:
        """Whether no look is left."""
        return len(self.looked) >= self.most

    def holds(self, point: Point) -> bool:
        """Whether a point holds, by what is known or by a look."""
        known = self.known(point)
        if known is None:
            known = self.looked[point] = self.test(point)
        return known

    def known(self, point: Point) -> bool | None:
        """Say what other points tell of this one, None where they tell nothing."""
        for other, held in self.looked.items():
            above, below = (point, other) if held else (other, point)
            if all(a >= b for a, b in zip(above, below, strict=True)):
                return held
        return None

    def run(self, start: Point, floor: Point) -> Found:
        """Search.

        Parameters
        ----------
        start
            Where to begin.
        floor
            No point that holds has less of anything than this one; may be all zeros.
        """
        if not self.holds(self.top):
            return Found(best=None, bound=self.cost(floor))
        best = self._descend(self._climb(start), floor)
        lowest = tuple(self._least(best, floor, axis) for axis in range(len(best)))
        if lowest == best:
            return Found(best=best, bound=self.cost(best))
        return self._settle(best, lowest)

    def refuse(self, point: Point) -> None:
        """Say of a point that it does not hold after all; what was known from it is dropped."""
        for other in [o for o, held in self.looked.items() if held and _covers(point, o)]:
            del self.looked[other]
        self.looked[point] = False

    def ties(self, best: Point, most: int) -> list[Point]:
        """List other points of the same cost that hold, at most so many."""
        found: list[Point] = []
        for steps in product((-1, 0, 1), repeat=len(best)):
            other = tuple(b + s for b, s in zip(best, steps, strict=True))
            inside = all(0 <= o <= t for o, t in zip(other, self.top, strict=True))
            if len(found) >= most or other == best or not inside:
                continue
            if abs(self.cost(other) - self.cost(best)) <= 1e-9 and self.holds(other):
                found.append(other)
        return found

    def _climb(self, point: Point) -> Point:
        """Raise what the guide says, in ever longer strides, until the point holds."""
        strides = [1] * len(point)
        while not self.holds(point):
            axes = [axis for axis in self.guide(point) if point[axis] < self.top[axis]]
            if not axes or self.spent:
                return self.top
            axis = axes[0]
            raised = min(point[axis] + strides[axis], self.top[axis])
            point = _with(point, axis, raised)
            strides[axis] *= 2
        return point

    def _descend(self, point: Point, floor: Point) -> Point:
        """Take away of each thing what can be spared, of what costs most first."""
        dearest = [
            float(c[i] - c[i - 1]) if i else 0.0 for c, i in zip(self.costs, point, strict=True)
        ]
        for axis in sorted(range(len(point)), key=lambda a: -dearest[a]):
            point = _with(point, axis, self._bisect(point, axis, floor[axis])[1])
        return point

    def _least(self, best: Point, floor: Point, axis: int) -> int:
        """Find the least of one thing with which there is any point that holds."""
        most = _with(self.top, axis, best[axis])
        return self._bisect(most, axis, floor[axis])[0]

    def _bisect(self, point: Point, axis: int, low: int) -> tuple[int, int]:
        """Find the least position of one axis at which a point that holds still does.

        It lies between the two that are given; they are one unless no look was left.
        """
        high, stride = point[axis], 1
        low = min(low, high)
        while low < high and not self.spent:
            # near the top first: the answer of a climb is seldom far away
            middle = max(high - stride, (low + high) // 2)
            if self.holds(_with(point, axis, middle)):
                high, stride = middle, stride * 2
            else:
                low, stride = middle + 1, len(self.costs[axis])
        return low, high

    def _settle(self, best: Point, lowest: Point) -> Found:
        """Try the points that are cheaper than the best, until none is left."""
        price = self.cost(best)
        spare = price - self.cost(lowest)
        highest = [
            int(np.searchsorted(c, c[low] + spare, side="left")) - 1
            for c, low in zip(self.costs, lowest, strict=True)
        ]
        sizes = [max(high - low, 0) + 1 for high, low in zip(highest, lowest, strict=True)]
        if np.prod(sizes, dtype=np.float64) > _MOST_CELLS:
            return Found(best=best, bound=self.cost(lowest))
        axes = [c[low : low + n] for c, low, n in zip(self.costs, lowest, sizes, strict=True)]
        total = _grid(np.add, axes)
        below = _grid(np.multiply, [np.arange(1.0, n + 1) for n in sizes])
        open_ = total < price - 1e-9
        for point, held in self.looked.items():
            self._close(open_, point, lowest, held=held)
        while open_.any() and not self.spent:
            cell = np.unravel_index(int(np.where(open_, below, 0).argmax()), open_.shape)
            point = tuple(int(c) + low for c, low in zip(cell, lowest, strict=True))
            if self.holds(point):
                best, price = point, self.cost(point)
                open_ &= total < price - 1e-9
            else:
                self._close(open_, point, lowest, held=False)
        return Found(best=best, bound=float(total[open_].min()) if open_.any() else price)

    def _close(self, open_: np.ndarray, point: Point, lowest: Point, *, held: bool) -> None:
        """Strike out the cells of which a point that does not hold says the same."""
        if not held and all(p >= low for p, low in zip(point, lowest, strict=True)):
            open_[tuple(slice(p - low + 1) for p, low in zip(point, lowest, strict=True))] = False


def _with(point: Point, axis: int, position: int) -> Point:
    return (*point[:axis], position, *point[axis + 1 :])


def _covers(upper: Point, lower: Point) -> bool:
    return all(u >= low for u, low in zip(upper, lower, strict=True))


def _grid(combine: np.ufunc, axes: Sequence[Floats]) -> Floats:
    """Combine one value of each axis, for every cell."""
    found: Floats = axes[0]
    for axis in axes[1:]:
        found = combine.outer(found, axis)
    return found
