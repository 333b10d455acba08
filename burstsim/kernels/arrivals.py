"""Arrival curves: cumulative expected orders Λ(t) and their inverses.

Arrival *i* of a stream is Λ⁻¹(E₁ + … + Eᵢ), with E the unit exponentials of the stream: the
inversion method for a non-homogeneous Poisson process (Çinlar, *Introduction to Stochastic
Processes*, 1975). Raising the demand by a factor s divides the sums by s, so that order *i*
stays order *i* and only moves.

All curves here are for factor 1; times are ticks (int64 µs) or, on the way, float64 ticks.
"""

from __future__ import annotations

import math

import numpy as np

from burstsim.kernels.arrays import Floats, Ticks

__all__ = ["drop_area", "drop_times", "table_area", "table_times"]


def table_area(edges: Ticks, rates: Floats, until: int) -> float:
    """Λ(until) of a rate that is constant between edges.

    Parameters
    ----------
    edges : (k,) int64
        Ticks at which each rate begins, increasing; before the first the rate is zero.
    rates : (k,) float64
        Orders per tick; the last holds for ever.
    until
        Tick.
    """
    ends = np.append(edges[1:], max(until, int(edges[-1])))
    spans = np.clip(np.minimum(ends, until) - edges, 0, None)
    return float((spans * rates).sum())


def table_times(sums: Floats, edges: Ticks, rates: Floats) -> Ticks:
    """Λ⁻¹ of a rate that is constant between edges.

    Parameters
    ----------
    sums : (n,) float64
        Values of Λ, increasing, below Λ(∞).
    edges, rates
        As in `table_area`.

    Returns
    -------
    (n,) int64
        Ticks, rounded down.
    """
    reached = np.concatenate(([0.0], np.cumsum(np.diff(edges) * rates[:-1])))
    # side="right" steps over spans with a rate of zero, in which nothing arrives
    span = np.searchsorted(reached, sums, side="right") - 1
    rate = rates[span]
    past = np.divide(sums - reached[span], rate, out=np.zeros_like(sums), where=rate > 0)
    return edges[span] + past.astype(np.int64)


def drop_area(elapsed: int, orders: float, rise: int, half_life: int) -> float:
    """Λ of a drop, `elapsed` ticks after it began.

    The rate rises linearly to its peak p during `rise`, then is p·2^(−t/half_life); the whole
    area p·(rise/2 + half_life/ln 2) is `orders`.
    """
    if elapsed <= 0:
        return 0.0
    tail = half_life / math.log(2)
    peak = orders / (rise / 2 + tail)
    if elapsed <= rise:
        return peak * elapsed**2 / (2 * rise)
    return peak * (rise / 2 - tail * math.expm1((rise - elapsed) / tail))


def drop_times(sums: Floats, orders: float, rise: int, half_life: int) -> Ticks:
    """Λ⁻¹ of a drop, as ticks after it began.

    Parameters
    ----------
    sums : (n,) float64
        Values of Λ, increasing, below `orders`.
    orders, rise, half_life
        As in `drop_area`.

    Returns
    -------
    (n,) int64
        Ticks, rounded down.
    """
    tail = half_life / math.log(2)
    peak = orders / (rise / 2 + tail)
    turn = int(np.searchsorted(sums, peak * rise / 2))
    times = np.empty(len(sums))
    times[:turn] = np.sqrt(sums[:turn] * (2 * rise / peak))
    times[turn:] = rise - tail * np.log1p(-(sums[turn:] - peak * rise / 2) / (peak * tail))
    return times.astype(np.int64)
