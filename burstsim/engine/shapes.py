"""Curves along which the orders of each demand stream arrive, and its draws of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from burstsim.engine.presets import preset_table
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.kernels.arrivals import (
    drop_area,
    drop_times,
    ramp_area,
    ramp_times,
    stretched_area,
    stretched_times,
    table_area,
    table_times,
)
from burstsim.scenario.demand import Curved, Drop, Presale, Ramp, Steady, Table
from burstsim.units import MINUTE, NEVER

__all__ = ["Curve", "balances", "curve_of", "dispersed"]

#: Gives the generator of a purpose.
Draw = Callable[[str], np.random.Generator]


@dataclass(frozen=True, slots=True)
class Curve:
    """Λ of a stream at scale 1, within the span in which it places orders.

    Parameters
    ----------
    begin, end
        The span, ``[begin, end)``; it may be empty.
    reached
        Λ: int64 ticks → expected orders of the span before them.
    times
        Λ⁻¹: values of Λ below `area`, increasing → ticks within the span.
    """

    begin: int
    end: int
    reached: Callable[[Ticks], Floats]
    times: Callable[[Floats], Ticks]

    @property
    def area(self) -> float:
        """Expected orders in all."""
        if self.end <= self.begin:
            return 0.0
        return float(self.reached(np.array([self.end], np.int64))[0])

    def cut(self, begin: int, end: int) -> Curve:
        """Keep only what lies within a span as well."""
        begin, end = max(begin, self.begin), min(end, self.end)
        before = float(self.reached(np.array([begin], np.int64))[0])

        def reached(ticks: Ticks) -> Floats:
            return self.reached(np.clip(ticks, begin, max(begin, end))) - before

        def times(sums: Floats) -> Ticks:
            # rounding may carry a moment to the edge itself
            return np.clip(self.times(sums + before), begin, max(begin, end - 1))

        return Curve(begin, end, reached, times)


def curve_of(stream: Curved, start: datetime, horizon: int) -> Curve:
    """Give the curve of a stream whose orders arrive one by one, dispersion apart.

    Parameters
    ----------
    stream
        Not a session: that is several streams, see `substreams`.
    start, horizon
        The scenario's.
    """
    reached, times = _shape(stream, start)
    begin = stream.deposits.from_.resolve(start) if isinstance(stream, Presale) else 0
    # the widest span first, so that what is cut off is subtracted once
    curve = Curve(min(begin, 0), horizon, reached, times).cut(min(begin, 0), horizon)
    if stream.open is None:
        return curve
    opens = stream.open.from_.resolve(start)
    return curve.cut(opens, stream.open.to.resolve(start, after=opens))


def _shape(
    stream: Curved, start: datetime
) -> tuple[Callable[[Ticks], Floats], Callable[[Floats], Ticks]]:
    """Λ and Λ⁻¹ of a shape over all times."""
    if isinstance(stream, Drop):
        at = stream.at.resolve(start)
        shape = (stream.orders, stream.rise, stream.half_life)
        return lambda t: drop_area(t - at, *shape), lambda sums: at + drop_times(sums, *shape)
    edges, rates = _table(stream, start)
    if isinstance(stream, Ramp):
        return lambda t: ramp_area(t, edges, rates), lambda sums: ramp_times(sums, edges, rates)
    return lambda t: table_area(t, edges, rates), lambda sums: table_times(sums, edges, rates)


def _table(stream: Curved, start: datetime) -> tuple[Ticks, Floats]:
    """Edges and rates of a shape that is given by them."""
    if isinstance(stream, Steady):
        return np.array([0], np.int64), np.array([stream.rate.per_tick])
    if isinstance(stream, Presale):
        begin = stream.deposits.from_.resolve(start)
        end = stream.deposits.to.resolve(start, after=begin)
        rate = stream.deposits.orders / (end - begin)
        return np.array([begin, end], np.int64), np.array([rate, 0.0])
    assert isinstance(stream, Table | Ramp), "a session is taken apart before"
    if isinstance(stream, Table) and stream.preset is not None:
        return preset_table(stream.preset, stream.at.resolve(start), stream.orders or 0.0)
    rows = stream.points if isinstance(stream, Table) else stream.rates
    edges = np.array([row.at.resolve(start) for row in rows], np.int64)
    return edges, np.array([row.rate.per_tick for row in rows])


def dispersed(curve: Curve, variation: float, draw: Draw) -> Curve:
    """Multiply each minute's rate by a factor of its own.

    The factors are gamma with mean 1. They belong to the minutes since ``start``, those before
    it to a generator of their own, so that no factor depends on where the curve begins or ends.

    Parameters
    ----------
    curve
        As it is forecast.
    variation
        Coefficient of variation of the factors.
    draw
        The stream's generators.
    """
    if variation == 0 or curve.end <= curve.begin:
        return curve
    first, last = curve.begin // MINUTE, -(-curve.end // MINUTE)
    shape = variation**-2
    after = draw("dispersion").standard_gamma(shape, max(last, 0)) / shape
    before = draw("dispersion before").standard_gamma(shape, max(-first, 0)) / shape
    drawn = np.concatenate((before[::-1], after))  # begins with minute `first`, or with 0
    factors = drawn[first - min(first, 0) : last - min(first, 0)]
    turns = np.arange(first, last + 1) * MINUTE
    at_turns = curve.reached(turns)
    area = stretched_area(at_turns, factors)

    def reached(ticks: Ticks) -> Floats:
        ticks = np.clip(ticks, turns[0], turns[-1])
        minute = np.minimum(ticks // MINUTE - first, len(factors) - 1)
        within = curve.reached(ticks) - at_turns[minute]
        stretched: Floats = area[minute] + within * factors[minute]
        return stretched

    def times(sums: Floats) -> Ticks:
        minute, plain = stretched_times(sums, at_turns, factors)
        # a value at the very turn may be found in the quiet minutes beyond it
        return np.clip(curve.times(plain), turns[minute], turns[minute + 1] - 1)

    return Curve(curve.begin, curve.end, reached, times)


def balances(stream: Presale, start: datetime, draw: Draw, count: int) -> Ticks:
    """When the balance of each deposit is paid, `NEVER` for those that never pay.

    Parameters
    ----------
    stream
        The presale.
    start
        The scenario's.
    draw
        The stream's generators.
    count
        How many deposits there are.
    """
    share = draw("balance").random(count)
    paid = stream.balance_at.resolve(start) + drop_times(share, 1.0, stream.rise, stream.half_life)
    if stream.never_pay == 0:
        return paid
    return np.where(draw("pays").random(count) < stream.never_pay, NEVER, paid)
