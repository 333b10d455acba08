"""When the orders of a drawn stream are placed, handed out a span of time at a time."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from burstsim.engine.forecasts import scale_of
from burstsim.engine.shapes import Curve, curve_of, dispersed
from burstsim.engine.substreams import SubStream
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.kernels.columns import rest_of
from burstsim.scenario.demand import Curved, Instant
from burstsim.scenario.scenario import Scenario
from burstsim.streams import generator

__all__ = ["Moments", "moments_of"]


class Moments(Protocol):
    """Ticks at which a stream places its orders, non-decreasing."""

    begin: int

    def expected(self, ticks: Ticks) -> Floats:
        """Orders that are expected before each tick, forecast errors and dispersion drawn."""
        ...

    def before(self, tick: int) -> Ticks:
        """Give those before a tick that were not given yet; ticks must not fall."""
        ...


def moments_of(scenario: Scenario, sub: SubStream, replication: int) -> Moments:
    """Make the moments of a sub-stream in a replication.

    Parameters
    ----------
    scenario
        For its clock, forecast and seed.
    sub
        Not a replay.
    replication
        Number of the replication, from 0.
    """
    stream, scale = sub.spec, scale_of(scenario, replication, sub.parent) * sub.factor
    if isinstance(stream, Instant):
        at = stream.at.resolve(scenario.start)
        return _AtOnce(at, math.floor(stream.orders * scale + 0.5))
    assert isinstance(stream, Curved)

    def of_parent(purpose: str) -> np.random.Generator:
        # a good minute is good for everything that a session sells
        return generator(scenario.seed, replication, purpose, sub.parent)

    curve = curve_of(stream, scenario.start, scenario.horizon)
    curve = dispersed(curve, stream.dispersion, of_parent)
    total = curve.area * scale
    if stream.arrivals == "even":
        return _Along(curve, scale, _EvenSums(total))
    arrivals = generator(scenario.seed, replication, "arrivals", sub.name)
    return _Along(curve, scale, _PoissonSums(total, arrivals))


class _AtOnce:
    """That many orders in one tick."""

    def __init__(self, at: int, count: int) -> None:
        self.begin = at
        self._left = self._count = count

    def expected(self, ticks: Ticks) -> Floats:
        return np.where(ticks > self.begin, float(self._count), 0.0)

    def before(self, tick: int) -> Ticks:
        count = self._left if tick > self.begin else 0
        self._left -= count
        return np.full(count, self.begin, np.int64)


class _Sums(Protocol):
    """Values that scale times Λ reaches one by one as orders are placed, increasing."""

    @property
    def over(self) -> bool:
        """Whether all of them were given."""
        ...

    def further(self, limit: float) -> Floats:
        """Give the next ones, at least one if there is any: to a limit and some beyond."""
        ...


class _Along:
    """Orders that are placed one by one along a curve."""

    def __init__(self, curve: Curve, scale: float, sums: _Sums) -> None:
        self.begin = curve.begin
        self._curve, self._scale, self._sums = curve, scale, sums
        self._below = np.nextafter(curve.area, 0)
        self._waiting = np.empty(0, np.int64)

    def expected(self, ticks: Ticks) -> Floats:
        reached: Floats = self._curve.reached(np.minimum(ticks, self._curve.end)) * self._scale
        return reached

    def before(self, tick: int) -> Ticks:
        waiting, limit = self._waiting, float(self.expected(np.array([tick]))[0])
        while not self._sums.over and (len(waiting) == 0 or waiting[-1] < tick):
            sums = self._sums.further(limit)
            times = self._curve.times(np.minimum(sums / self._scale, self._below))
            waiting = np.concatenate((waiting, times)) if len(waiting) else times
        until = int(np.searchsorted(waiting, tick))
        self._waiting = rest_of(waiting, until).copy()
        return waiting[:until]


class _PoissonSums:
    """Partial sums of unit exponentials, as far as they stay below `total`.

    The i-th sum is the same whatever `total` is, and however many are drawn at a time.
    """

    def __init__(self, total: float, generator: np.random.Generator) -> None:
        self._total, self._generator = total, generator
        self._reached = 0.0

    @property
    def over(self) -> bool:
        return self._reached >= self._total

    def further(self, limit: float) -> Floats:
        room = max(min(limit, self._total) - self._reached, 0.0)
        sums = self._generator.standard_exponential(int(room + 5 * math.sqrt(room)) + 16)
        # one running sum over all blocks, so that a block's length never changes a bit
        sums[0] += self._reached
        np.cumsum(sums, out=sums)
        self._reached = float(sums[-1])
        return sums[: np.searchsorted(sums, self._total)]


class _EvenSums:
    """½, 1½, 2½ … below `total`: every span holds its expected number to within one."""

    def __init__(self, total: float) -> None:
        self._given, self._count = 0, max(math.ceil(total - 0.5), 0)

    @property
    def over(self) -> bool:
        return self._given >= self._count

    def further(self, limit: float) -> Floats:
        first = self._given
        self._given = min(max(math.ceil(limit), first) + 16, self._count)
        sums: Floats = np.arange(first, self._given, dtype=np.float64) + 0.5
        return sums
