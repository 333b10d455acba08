"""Arrival moments of each demand stream: the shape's curve joined with its draws."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from burstsim.kernels.arrays import Floats, Ticks
from burstsim.kernels.arrivals import drop_area, drop_times, table_area, table_times
from burstsim.scenario.demand import Drop, Instant, Replay, Steady, Stream, Table

__all__ = ["Curve", "curve_of", "expected_orders", "moments", "sums_below"]


@dataclass(frozen=True, slots=True)
class Curve:
    """Λ of a stream at scale 1.

    Parameters
    ----------
    area
        Λ(horizon): expected orders.
    times
        Λ⁻¹: values of Λ below `area` → ticks.
    """

    area: float
    times: Callable[[Floats], Ticks]


def curve_of(stream: Steady | Drop | Table, start: datetime, horizon: int) -> Curve:
    """Give the curve of a stream whose orders arrive one by one."""
    if isinstance(stream, Drop):
        at = stream.at.resolve(start)
        shape = (stream.orders, stream.rise, stream.half_life)
        return Curve(drop_area(horizon - at, *shape), lambda sums: at + drop_times(sums, *shape))
    if isinstance(stream, Steady):
        edges, rates = np.array([0], np.int64), np.array([stream.rate.per_tick])
    else:
        edges = np.array([row.at.resolve(start) for row in stream.rates], np.int64)
        rates = np.array([row.rate.per_tick for row in stream.rates])
    return Curve(table_area(edges, rates, horizon), lambda sums: table_times(sums, edges, rates))


def expected_orders(stream: Stream, start: datetime, horizon: int, demand_scale: float) -> float:
    """Orders that a stream is expected to place before the horizon."""
    scale = stream.scale * demand_scale
    if isinstance(stream, Instant):
        return float(math.floor(stream.orders * scale + 0.5))
    if isinstance(stream, Replay):
        at = stream.at.resolve(start)
        return float((at + stream.log.time / stream.speed < horizon).sum() * scale)
    return curve_of(stream, start, horizon).area * scale


def moments(curve: Curve, scale: float, arrivals: str, generator: np.random.Generator) -> Ticks:
    """Arrival moments of a drawn stream, as ticks, non-decreasing.

    ``even`` arrivals stand where Λ is ½, 1½, 2½ …, so that every span holds its expected
    number to within one.
    """
    total = curve.area * scale
    if arrivals == "even":
        sums: Floats = np.arange(max(math.ceil(total - 0.5), 0), dtype=np.float64) + 0.5
    else:
        sums = sums_below(total, generator)
    return curve.times(sums / scale) if len(sums) else np.empty(0, np.int64)


def sums_below(total: float, generator: np.random.Generator) -> Floats:
    """Partial sums of unit exponentials, as far as they stay below `total`.

    The i-th sum is the same whatever `total` is.
    """
    sums = np.empty(0)
    reached = 0.0
    while reached < total:
        room = total - reached
        drawn = generator.standard_exponential(int(room + 5 * math.sqrt(room)) + 16)
        drawn[0] += reached
        # one running sum over all blocks, so that a block's length never changes a bit
        block = np.cumsum(drawn)
        sums = np.concatenate((sums, block)) if len(sums) else block
        reached = float(sums[-1])
    return sums[: np.searchsorted(sums, total)]
