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

from burstsim.kernels.arrays import Floats, Indices

__all__ = ["Floor", "Found", "Point", "Search"]

Point = tuple[int, ...]

#: Cheaper points that are listed one by one.
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Floor:
    """What is known beforehand of some axes.

    Parameters
    ----------
    axes
        Their numbers.
    corners : (k, axes) int64
        Every point that holds has at least as much of these axes as one of the corners.
    """

    axes: Point
    corners: Indices

    def raised(self, lowest: Point) -> Floor:
        """Give the same where no point that holds has less of any axis than `lowest` says."""
        least = np.array([lowest[axis] for axis in self.axes], np.int64)
        return Floor(axes=self.axes, corners=np.maximum(self.corners, least))


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
    precision
        Share of the cost by which the best may be dearer than the bound; 0: not at all.
    """

    costs: Sequence[Floats]
    test: Callable[[Point], bool]
    guide: Callable[[Point], Sequence[int]]
    most: int = 150
    precision: float = 0.0
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

    def run(self, start: Point, floors: Sequence[Floor] = ()) -> Found:
        """Search.

        Parameters
        ----------
        start
            Where to begin.
        floors
            What is known of groups of axes; an axis in no group may go down to 0.
        """
        grouped = {axis for floor in floors for axis in floor.axes}
        alone = [axis for axis in range(len(start)) if axis not in grouped]
        nothing = np.zeros((1, 1), np.int64)
        floors = [*floors, *(Floor(axes=(axis,), corners=nothing) for axis in alone)]
        if not self.holds(self.top):
            return Found(best=None, bound=self._bound(floors))
        lowest = self._lowest(floors)
        best = self._descend(self._climb(start), lowest)
        single = {floor.axes[0] for floor in floors if len(floor.axes) == 1}
        # of crews that stand in for each other the least of one says next to nothing
        lowest = tuple(
            self._least(best, lowest, axis) if axis in single else low
            for axis, low in enumerate(lowest)
        )
        floors = [floor.raised(lowest) for floor in floors]
        return self._settle(best, floors)

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
        """Raise what the guide says, in ever longer strides, until the point holds.

        What has come far ahead of the others waits for them: it may not be what is missing.
        """
        strides = [1] * len(point)
        while not self.holds(point):
            axes = [axis for axis in self.guide(point) if point[axis] < self.top[axis]]
            if not axes or self.spent:
                return self.top
            shortest = min(strides[axis] for axis in axes)
            axis = next(axis for axis in axes if strides[axis] <= 2 * shortest)
            raised = min(point[axis] + strides[axis], self.top[axis])
            point = _with(point, axis, raised)
            strides[axis] *= 2
        return point

    def _bound(self, floors: Sequence[Floor]) -> float:
        """Cost of the cheapest corners, one of each group."""
        return sum(float(self._costs(floor.axes, floor.corners).min()) for floor in floors)

    def _costs(self, axes: Point, points: Indices) -> Floats:
        """Cost of some axes at each of some points."""
        found: Floats = sum(
            (self.costs[axis][points[:, i]] for i, axis in enumerate(axes)), np.zeros(len(points))
        )
        return found

    def _lowest(self, floors: Sequence[Floor]) -> Point:
        """Least position of each axis in any corner."""
        least = {
            axis: int(floor.corners[:, i].min())
            for floor in floors
            for i, axis in enumerate(floor.axes)
        }
        return tuple(least[axis] for axis in range(len(least)))

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

    def _settle(self, best: Point, floors: Sequence[Floor]) -> Found:
        """Try the points that are cheaper than the best, until none is left."""
        price, bound = self.cost(best), self._bound(floors)
        points = self._cheaper(price, floors)
        if points is None:
            return Found(best=best, bound=min(bound, price))
        total = self._costs(tuple(range(len(best))), points)
        below = np.prod(points - points.min(axis=0, initial=1 << 40) + 1.0, axis=1)
        open_ = total < price - 1e-9
        for point, held in self.looked.items():
            if not held:
                open_ &= (points > point).any(axis=1)
        share = 0.5
        while open_.any() and not self.spent:
            bound = float(total[open_].min())
            if price - bound <= self.precision * price:
                break
            # bold after a success, more careful after each failure
            near = open_ & (total <= bound + share * (price - bound) + 1e-9)
            point = tuple(points[int(np.where(near, below, 0).argmax())].tolist())
            if self.holds(point):
                best, price, share = point, self.cost(point), 0.5
                open_ &= total < price - 1e-9
            else:
                share = (1 + share) / 2
                open_ &= (points > point).any(axis=1)
        return Found(best=best, bound=float(total[open_].min()) if open_.any() else price)

    def _cheaper(self, price: float, floors: Sequence[Floor]) -> Indices | None:
        """List the points that cost less and lie above a corner of every group.

        None where they are too many.
        """
        spare = price - self._bound(floors)
        found, axes = np.zeros((1, 0), np.int64), tuple[int, ...]()
        for floor in floors:
            part = self._affordable(floor, spare)
            if part is None or len(found) * len(part) > _MOST_CELLS:
                return None
            left, right = np.repeat(found, len(part), axis=0), np.tile(part, (len(found), 1))
            found, axes = np.hstack((left, right)), (*axes, *floor.axes)
            # what the groups to come cost at least is part of the bound already
            most = self._bound([f for f in floors if set(f.axes) <= set(axes)]) + spare
            found = found[self._costs(axes, found) < most - 1e-9]
        return found[:, np.argsort(axes)]

    def _affordable(self, floor: Floor, spare: float) -> Indices | None:
        """List the positions of a group that are above a corner and not too dear."""
        costs, least = [self.costs[axis] for axis in floor.axes], floor.corners.min(axis=0)
        cheapest = float(self._costs(floor.axes, floor.corners).min())
        rest = sum(float(c[low]) for c, low in zip(costs, least, strict=True))
        ends = [
            int(np.searchsorted(c, cheapest + spare - rest + c[low] + 1e-9, side="right"))
            for c, low in zip(costs, least, strict=True)
        ]
        spans = [np.arange(low, max(end, low + 1)) for low, end in zip(least, ends, strict=True)]
        if np.prod([float(len(span)) for span in spans]) > _MOST_CELLS:
            return None
        points = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, len(spans))
        points = points[self._costs(floor.axes, points) < cheapest + spare + 1e-9]
        above = np.zeros(len(points), bool)
        for corner in floor.corners:
            above |= (points >= corner).all(axis=1)
        return points[above]


def _with(point: Point, axis: int, position: int) -> Point:
    return (*point[:axis], position, *point[axis + 1 :])


def _covers(upper: Point, lower: Point) -> bool:
    return all(u >= low for u, low in zip(upper, lower, strict=True))
