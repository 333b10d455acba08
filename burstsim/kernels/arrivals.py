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

from burstsim.kernels.arrays import Floats, Indices, Ticks

__all__ = [
    "drop_area",
    "drop_times",
    "ramp_area",
    "ramp_times",
    "stretched_area",
    "stretched_times",
    "table_area",
    "table_times",
]

#: The largest number below 1: what a share of an area that never ends must stay under.
_BELOW_ONE = 1 - 2.0**-53


def table_area(ticks: Ticks, edges: Ticks, rates: Floats) -> Floats:
    """Λ of a rate that is constant between edges.

    Parameters
    ----------
    ticks : (n,) int64
        When.
    edges : (k,) int64
        Ticks at which each rate begins, increasing; before the first the rate is zero.
    rates : (k,) float64
        Orders per tick; the last holds for ever.

    Returns
    -------
    (n,) float64
        Expected orders before each tick.

    Examples
    --------
    >>> table_area(np.array([0, 15, 30]), np.array([10, 20]), np.array([2.0, 1.0])).tolist()
    [0.0, 10.0, 30.0]
    """
    reached = np.concatenate(([0.0], np.cumsum(np.diff(edges) * rates[:-1])))
    span = np.maximum(np.searchsorted(edges, ticks, side="right") - 1, 0)
    past = np.maximum(ticks - edges[span], 0)
    area: Floats = reached[span] + past * rates[span]
    return area


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


def ramp_area(ticks: Ticks, edges: Ticks, rates: Floats) -> Floats:
    """Λ of a rate that runs in straight lines from edge to edge.

    Parameters
    ----------
    ticks : (n,) int64
        When.
    edges : (k,) int64
        Ticks of the corners, increasing; before the first the rate is zero.
    rates : (k,) float64
        Orders per tick at each corner; after the last its rate holds for ever.

    Returns
    -------
    (n,) float64
        Expected orders before each tick.

    Examples
    --------
    >>> ramp_area(np.array([0, 5, 10, 20]), np.array([0, 10]), np.array([0.0, 2.0])).tolist()
    [0.0, 2.5, 10.0, 30.0]
    """
    reached, slopes = _corners(edges, rates)
    span = np.maximum(np.searchsorted(edges, ticks, side="right") - 1, 0)
    past = np.maximum(ticks - edges[span], 0).astype(np.float64)
    area: Floats = reached[span] + past * (rates[span] + past * slopes[span] / 2)
    return area


def ramp_times(sums: Floats, edges: Ticks, rates: Floats) -> Ticks:
    """Λ⁻¹ of a rate that runs in straight lines from edge to edge.

    Within a span y = r·x + s·x²/2. Of the two ways to write its root, the one with the root in
    the denominator loses no digits where the slope s is close to zero, and is right at zero.

    Parameters
    ----------
    sums : (n,) float64
        Values of Λ, below Λ(∞).
    edges, rates
        As in `ramp_area`.

    Returns
    -------
    (n,) int64
        Ticks, rounded down.
    """
    peak = float(rates.max()) or 1.0
    rates, sums = rates / peak, sums / peak  # squares of the tiniest rates would be lost
    reached, slopes = _corners(edges, rates)
    # side="right" steps over spans with a rate of zero, in which nothing arrives
    span = np.searchsorted(reached, sums, side="right") - 1
    rate, rest = rates[span], sums - reached[span]
    root = np.sqrt(np.maximum(rate**2 + 2 * slopes[span] * rest, 0))
    below = rate + root
    past = np.divide(2 * rest, below, out=np.zeros_like(sums), where=below > 0)
    # rounding must not carry a moment over the corner that follows
    longest = np.append(np.diff(edges), np.iinfo(np.int64).max >> 1)
    times: Ticks = edges[span] + np.minimum(past, longest[span]).astype(np.int64)
    return times


def _corners(edges: Ticks, rates: Floats) -> tuple[Floats, Floats]:
    """Λ at each corner, and the slope of the rate after it."""
    spans = np.diff(edges)
    reached = np.concatenate(([0.0], np.cumsum(spans * (rates[1:] + rates[:-1]) / 2)))
    return reached, np.append(np.diff(rates) / spans, 0.0)


def drop_area(elapsed: Ticks, orders: float, rise: int, half_life: int) -> Floats:
    """Λ of a drop, `elapsed` ticks after it began.

    The rate rises linearly to its peak p during `rise`, then is p·2^(−t/half_life); the whole
    area p·(rise/2 + half_life/ln 2) is `orders`.

    Parameters
    ----------
    elapsed : (n,) int64
        Ticks; before 0 nothing has arrived.
    orders
        Area under the whole curve.
    rise, half_life
        Ticks.

    Returns
    -------
    (n,) float64
        Expected orders.
    """
    tail = half_life / math.log(2)
    peak = orders / (rise / 2 + tail)
    climbed = np.clip(elapsed, 0, rise).astype(np.float64)
    fallen = np.maximum(elapsed - rise, 0) / tail
    area: Floats = -peak * tail * np.expm1(-fallen)
    if rise:
        area += peak * climbed**2 / (2 * rise)
    return area


def drop_times(sums: Floats, orders: float, rise: int, half_life: int) -> Ticks:
    """Λ⁻¹ of a drop, as ticks after it began.

    Parameters
    ----------
    sums : (n,) float64
        Values of Λ in any order, below `orders`.
    orders, rise, half_life
        As in `drop_area`.

    Returns
    -------
    (n,) int64
        Ticks, rounded down.
    """
    tail = half_life / math.log(2)
    peak = orders / (rise / 2 + tail)
    early = sums < peak * rise / 2
    times = np.empty(len(sums))
    times[early] = np.sqrt(sums[early] * (2 * rise / peak))
    share = (sums[~early] - peak * rise / 2) / (peak * tail)
    times[~early] = rise - tail * np.log1p(-np.minimum(share, _BELOW_ONE))
    return times.astype(np.int64)


def stretched_area(at_edges: Floats, factors: Floats) -> Floats:
    """Λ at the edges of spans when the rate in each span is multiplied by a factor.

    Parameters
    ----------
    at_edges : (k+1,) float64
        Λ as it was.
    factors : (k,) float64
        One per span.

    Returns
    -------
    (k+1,) float64
        Λ as it is.
    """
    area: Floats = np.concatenate(([0.0], np.cumsum(np.diff(at_edges) * factors)))
    return area


def stretched_times(sums: Floats, at_edges: Floats, factors: Floats) -> tuple[Indices, Floats]:
    """Λ⁻¹ of a stretched curve, as far as it needs no knowledge of the curve itself.

    Parameters
    ----------
    sums : (n,) float64
        Values of the stretched Λ, below its last.
    at_edges, factors
        As in `stretched_area`.

    Returns
    -------
    (n,) int64
        Span in which each value is reached.
    (n,) float64
        Value of Λ as it was, at the same moment.
    """
    area = stretched_area(at_edges, factors)
    # side="right" steps over spans that were stretched to nothing
    span = np.minimum(np.searchsorted(area, sums, side="right") - 1, len(factors) - 1)
    factor, rest = factors[span], sums - area[span]
    past = np.divide(rest, factor, out=np.zeros_like(sums), where=factor > 0)
    return span, np.minimum(at_edges[span] + past, at_edges[span + 1])
