"""What is expected of the demand before anything is drawn, and how wrong that turns out."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np

from burstsim.engine.items import Items
from burstsim.engine.shapes import curve_of
from burstsim.engine.substreams import parts_of
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.kernels.baskets import chances
from burstsim.scenario.demand import Basket, Curved, Drawn, Instant, Replay, Stream
from burstsim.scenario.disruptions import Surge
from burstsim.scenario.forecasts import Forecast
from burstsim.scenario.scenario import Scenario
from burstsim.streams import generator
from burstsim.units import MINUTE

__all__ = [
    "expected_in_all",
    "expected_orders",
    "expected_scale",
    "expected_units",
    "peak_rate",
    "scale_of",
    "surge_orders",
]


def scale_of(scenario: Scenario, replication: int, name: str) -> float:
    """Give what multiplies a stream's orders in a replication, forecast errors included.

    Parameters
    ----------
    scenario
        Its forecast is one draw for all streams.
    replication
        Number of the replication, from 0.
    name
        The stream; its forecast is a draw of its own.
    """
    stream = scenario.demand[name]
    scale = stream.scale * scenario.demand_scale
    for forecast, whose in ((scenario.forecast, ""), (stream.forecast, name)):
        if forecast is not None:
            draw = generator(scenario.seed, replication, "forecast", whose)
            scale *= forecast.factor(float(draw.standard_normal()))
    return scale


def expected_scale(scenario: Scenario) -> float:
    """Mean of what multiplies the orders of every stream."""
    return scenario.demand_scale * _mean(scenario.forecast)


def _mean(forecast: Forecast | None) -> float:
    return 1.0 if forecast is None else forecast.mean


def expected_orders(stream: Stream, start: datetime, horizon: int, demand_scale: float) -> float:
    """Orders that a stream is expected to place before the horizon.

    Parameters
    ----------
    stream
        Of any shape.
    start, horizon
        The scenario's.
    demand_scale
        What multiplies every stream; see `expected_scale`.
    """
    if isinstance(stream, Instant) and stream.forecast is None:
        return float(math.floor(stream.orders * stream.scale * demand_scale + 0.5))
    scale = stream.scale * demand_scale * _mean(stream.forecast)
    return sum(_area(part.spec, start, horizon) for part in parts_of("", 0, stream)) * scale


def surge_orders(scenario: Scenario, demand_scale: float) -> dict[str, float]:
    """Orders that each surge is expected to bring besides, before the horizon.

    Parameters
    ----------
    scenario
        Its surges.
    demand_scale
        What multiplies every stream; see `expected_scale`.
    """
    found: dict[str, float] = {}
    for name, surge in scenario.disruptions.items():
        if isinstance(surge, Surge):
            stream, span = scenario.demand[surge.stream], surge.span(scenario.start)
            scale = (surge.scale - 1) * stream.scale * demand_scale * _mean(stream.forecast)
            parts = [part.spec for part in parts_of("", 0, stream)]
            found[name] = scale * sum(
                _within(spec, scenario.start, scenario.horizon, span) for spec in parts
            )
    return found


def expected_in_all(scenario: Scenario, demand_scale: float) -> float:
    """Orders that all streams, and surges besides, are expected to place before the horizon."""
    orders = (
        expected_orders(stream, scenario.start, scenario.horizon, demand_scale)
        for stream in scenario.demand.values()
    )
    return sum(orders) + sum(surge_orders(scenario, demand_scale).values())


def _within(spec: Stream, start: datetime, horizon: int, span: tuple[int, int]) -> float:
    """Orders that are expected in ``[from, to)``."""
    begin, end = span[0], min(span[1], horizon)
    if begin >= end:
        return 0.0
    if isinstance(spec, Instant):
        return float(spec.orders) if begin <= spec.at.resolve(start) < end else 0.0
    if isinstance(spec, Replay) and not spec.spread:
        logged = _logged(spec, start)
        return float(((logged >= begin) & (logged < end)).sum())
    return float(_per_minute(spec, start, horizon, np.array([begin, end]))[0])


def _area(spec: Stream, start: datetime, horizon: int) -> float:
    if isinstance(spec, Curved):
        return curve_of(spec, start, horizon).area
    if isinstance(spec, Instant):
        return float(spec.orders)
    return float((_logged(spec, start) < horizon).sum())


def _logged(spec: Stream, start: datetime) -> Ticks:
    """Ticks at which a log's orders are placed."""
    assert isinstance(spec, Replay)
    ticks: Ticks = np.floor(spec.log.time / spec.speed).astype(np.int64)
    return spec.at.resolve(start) + ticks


def peak_rate(
    stream: Stream, start: datetime, horizon: int, demand_scale: float = 1.0
) -> tuple[int, float]:
    """Find the minute in which most orders are expected.

    Minutes are whole ones since ``start``, as in the tables of results.

    Returns
    -------
    int
        Tick at which the minute begins; the first of several.
    float
        Orders expected in it.
    """
    parts = [part.spec for part in parts_of("", 0, stream)]
    begin, end = 0, horizon
    for spec in parts:
        if isinstance(spec, Curved):
            curve = curve_of(spec, start, horizon)
            begin, end = min(begin, curve.begin), max(end, curve.end)
    first, last = begin // MINUTE, -(-end // MINUTE)
    turns = np.arange(first, last + 1) * MINUTE
    orders: Floats = sum(
        (_per_minute(spec, start, horizon, turns) for spec in parts), np.zeros(last - first)
    )
    # the first of several that differ by rounding alone
    busiest = int(np.argmax(orders > orders.max() * (1 - 1e-9))) if len(orders) else 0
    scale = stream.scale * demand_scale * _mean(stream.forecast)
    return int(turns[busiest]), float(orders[busiest]) * scale


def _per_minute(spec: Stream, start: datetime, horizon: int, turns: Ticks) -> Floats:
    """Orders expected between the turns of the minutes."""
    if isinstance(spec, Curved):
        return np.diff(curve_of(spec, start, horizon).reached(turns))
    if isinstance(spec, Instant):
        at = np.array([spec.at.resolve(start)])
        return np.histogram(at, turns)[0] * float(spec.orders)
    assert isinstance(spec, Replay)
    begins, counts = np.unique(_logged(spec, start), return_counts=True)
    span = spec.spread / spec.speed
    if not span:
        return np.histogram(begins, turns, weights=counts * (begins < horizon))[0]
    # a log of days: each day's orders evenly over the day, as far as they are placed at all
    reached = np.zeros(len(turns))
    for begin, count in zip(begins.tolist(), counts.tolist(), strict=True):
        reached += count * np.clip((np.minimum(turns, horizon) - begin) / span, 0, 1)
    return np.diff(reached)


def expected_units(
    stream: Stream, items: Items, start: datetime, horizon: int, demand_scale: float = 1.0
) -> dict[str, float]:
    """Units of each SKU that a stream is expected to ask for, kits opened; those above zero.

    Exact up to two lines an order; beyond, the chance that an item is among the lines is an
    approximation (see `burstsim.kernels.baskets.chances`). As if everything were in stock: of
    alternatives the first, mystery pieces by weight, choices by weight within their least.
    """
    scale = stream.scale * demand_scale * _mean(stream.forecast)
    numbers = {name: number for number, name in enumerate(items.names)}
    asked = np.zeros(len(items.names))
    for part in parts_of("", 0, stream):
        spec = part.spec
        if isinstance(spec, Replay):
            counted = _logged(spec, start) < horizon
            lines = np.repeat(counted, np.diff(spec.log.line_offsets))
            sku = np.array([numbers[name] for name in spec.log.skus], np.int64)
            np.add.at(asked, sku[spec.log.line_sku[lines]], spec.log.line_quantity[lines])
        else:
            assert isinstance(spec, Drawn)
            orders = _area(spec, start, horizon)
            item = np.array([numbers[name] for name in spec.basket.choices], np.int64)
            asked[item] += orders * _units_per_order(spec.basket)
    _choose(items, asked)
    leaves = np.repeat(asked, np.diff(items.leaf_offsets)) * items.leaf_count * scale
    units = np.bincount(items.leaf_sku, leaves, minlength=items.n_skus)
    opens = np.repeat(asked, np.diff(items.open_offsets)) * items.open_count * scale
    for number, pool in enumerate(items.pools):
        weights = np.array(pool.weights or (1, *[0] * (len(pool.members) - 1)), np.float64)
        share = opens[items.open_pool == number].sum() / weights.sum()
        np.add.at(units, np.array(pool.members), share * weights)
    return {items.names[sku]: float(units[sku]) for sku in np.flatnonzero(units)}


def _choose(items: Items, asked: Floats) -> None:
    """Add to the items asked for those that buyers choose on average, the most of each aside."""
    for number, form in enumerate(items.forms):
        for kit, times in form.choices.items():
            choose = items.chooses[kit]
            weights = np.array(choose.weights, np.float64)
            free = choose.total - sum(choose.least)
            picks = np.array(choose.least) + (free * weights / weights.sum() if free else 0)
            np.add.at(asked, np.array(choose.items), asked[number] * times * picks)


def _units_per_order(basket: Basket) -> Floats:
    """Units of each item that an order asks for on average."""
    weights = np.array(list(basket.choices.values()), np.float64)
    hero, about_it = np.zeros(len(weights), bool), 0.0
    if basket.hero is not None:
        hero = np.array([name == basket.hero.item for name in basket.choices])
        about_it = basket.hero.share
    others = np.where(hero, 0.0, weights)
    quantity, lines = basket.quantity, basket.lines
    mean = sum(k * weight for k, weight in quantity.items()) / sum(quantity.values())
    share = sum(lines.values())
    present = np.zeros(len(weights))
    for length, weight in lines.items():
        if weight:
            beside = chances(others, length - 1) if length > 1 else np.zeros(len(weights))
            present += weight / share * about_it * (hero + beside)
            present += weight / share * (1 - about_it) * chances(weights, length)
    return present * mean
