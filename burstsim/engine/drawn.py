"""Orders of a stream that is drawn: when, what, where and by whom."""

from __future__ import annotations

import math

import numpy as np

from burstsim.engine.buyers import customers_of
from burstsim.engine.compile import Model
from burstsim.engine.items import Items
from burstsim.engine.parts import Part, Source, Tables
from burstsim.engine.shapes import curve_of, moments
from burstsim.kernels.arrays import Indices
from burstsim.kernels.baskets import choose, choose_different
from burstsim.kernels.segments import offsets_of, segment_sums
from burstsim.scenario.demand import Basket, Drawn, Instant

__all__ = ["draw_stream"]


def draw_stream(model: Model, number: int, source: Source, tables: Tables) -> Part:
    """Draw a stream's orders.

    Parameters
    ----------
    model
        The compiled scenario.
    number
        Position of the stream in the demand.
    source
        The stream's generators.
    tables
        Names so far.
    """
    scenario = model.scenario
    stream = scenario.demand[source.name]
    assert isinstance(stream, Drawn)
    scale = stream.scale * scenario.demand_scale
    if isinstance(stream, Instant):
        count = math.floor(stream.orders * scale + 0.5)
        placed = np.full(count, stream.at.resolve(scenario.start), np.int64)
    else:
        curve = curve_of(stream, scenario.start, scenario.horizon)
        placed = moments(curve, scale, stream.arrivals, source.of("arrivals"))
        placed = np.minimum(placed, scenario.horizon - 1)  # where rounding reached the edge
    count = len(placed)
    offsets, items, quantity = _basket(model.items, stream.basket, source, count)
    names = tables.regions.of(stream.regions)
    region = np.full(count, names[0], np.int64)
    if len(names) > 1:
        shares = np.array(list(stream.regions.values()))
        region = names[choose(source.of("region").random(count), shares)]
    customer, tier = customers_of(stream.customers, source, tables, number, count)
    return Part(
        placed=placed,
        index=np.arange(count),
        channel=np.full(count, tables.channels.of([stream.channel])[0]),
        region=region,
        customer=customer,
        tier=tier,
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        value=segment_sums(model.items.price[items] * quantity, offsets),
    )


def _basket(
    items: Items, basket: Basket, source: Source, count: int
) -> tuple[Indices, Indices, Indices]:
    """Draw lines: (offsets, item, quantity). A draw with one outcome is not drawn."""
    lengths = _numbers(basket.lines, source.of("lines"), count)
    offsets = offsets_of(lengths)
    total = int(offsets[-1])
    weights = np.array(list(basket.weights.values()), np.float64)
    if len(weights) == 1:
        chosen = np.zeros(total, np.int64)
    else:
        chosen = choose_different(source.of("items").random(total), offsets, weights)
    numbers = {name: number for number, name in enumerate(items.names)}
    item = np.array([numbers[name] for name in basket.weights], np.int64)[chosen]
    return offsets, item, _numbers(basket.quantity, source.of("quantity"), total)


def _numbers(weights: dict[int, float], draw: np.random.Generator, count: int) -> Indices:
    """Draw `count` whole numbers by weight."""
    numbers = np.array(list(weights), np.int64)
    if len(numbers) == 1:
        return np.full(count, numbers[0])
    return numbers[choose(draw.random(count), np.array(list(weights.values()), np.float64))]
