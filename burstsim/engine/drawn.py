"""Orders of a stream that is drawn: when, what, where and by whom."""

from __future__ import annotations

import numpy as np

from burstsim.engine.buyers import coupons_of, customers_of
from burstsim.engine.compile import Model
from burstsim.engine.forecasts import scale_of
from burstsim.engine.items import Items
from burstsim.engine.parts import Part, Source, Tables
from burstsim.engine.shapes import balances, placements
from burstsim.engine.substreams import SubStream
from burstsim.kernels.arrays import Indices
from burstsim.kernels.baskets import choose, choose_different
from burstsim.kernels.segments import offsets_of, segment_sums
from burstsim.scenario.demand import Basket, Drawn, Presale

__all__ = ["draw_stream"]


def draw_stream(
    model: Model, sub: SubStream, source: Source, tables: Tables, position: int
) -> Part:
    """Draw a sub-stream's orders.

    Parameters
    ----------
    model
        The compiled scenario.
    sub
        Its shape, basket and buyers.
    source
        Its generators.
    tables
        Names so far.
    position
        Its position among the sub-streams.
    """
    scenario, stream = model.scenario, sub.spec
    assert isinstance(stream, Drawn)
    scale = scale_of(scenario, source.replication, sub.parent) * sub.factor
    placed = placements(scenario, sub, source.replication, scale)
    count = len(placed)
    paid = None
    if isinstance(stream, Presale):
        paid = balances(stream, scenario.start, source.of, count)
    offsets, items, quantity = _basket(model.items, stream.basket, source, count)
    listed = model.items.price[items] * quantity
    net = listed if sub.price is None else sub.price * quantity
    names = tables.regions.of(stream.regions)
    region = np.full(count, names[0], np.int64)
    if len(names) > 1:
        shares = np.array(list(stream.regions.values()))
        region = names[choose(source.of("region").random(count), shares)]
    room = -1 if stream.room is None else tables.rooms.of([stream.room])[0]
    buyers = customers_of(stream.customers, source, tables, position, count)
    index = np.arange(count)
    return Part(
        placed=placed,
        index=index,
        channel=np.full(count, tables.channels.of([stream.channel])[0]),
        region=region,
        room=np.full(count, room, np.int64),
        customer=buyers.customer,
        tier=buyers.tier,
        new=buyers.new,
        coupon=coupons_of(stream.coupon, source, index),
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        line_list=listed,
        line_net=net,
        line_taxed=net,
        value=segment_sums(net, offsets),
        paid=paid,
        stock_at_payment=isinstance(stream, Presale),
    )


def _basket(
    items: Items, basket: Basket, source: Source, count: int
) -> tuple[Indices, Indices, Indices]:
    """Draw lines: (offsets, item, quantity). A draw with one outcome is not drawn."""
    lengths = _numbers(basket.lines, source.of("lines"), count)
    offsets = offsets_of(lengths)
    total = int(offsets[-1])
    choices = list(basket.choices)
    weights = np.array(list(basket.choices.values()), np.float64)
    first = None
    if basket.hero is not None:
        about_it = source.of("hero").random(count) < basket.hero.share
        first = np.where(about_it, choices.index(basket.hero.item), -1)
    if len(weights) == 1:
        chosen = np.zeros(total, np.int64)
    else:
        chosen = choose_different(source.of("items").random(total), offsets, weights, first)
    numbers = {name: number for number, name in enumerate(items.names)}
    item = np.array([numbers[name] for name in choices], np.int64)[chosen]
    return offsets, item, _numbers(basket.quantity, source.of("quantity"), total)


def _numbers(weights: dict[int, float], draw: np.random.Generator, count: int) -> Indices:
    """Draw `count` whole numbers by weight."""
    numbers = np.array(list(weights), np.int64)
    if len(numbers) == 1:
        return np.full(count, numbers[0])
    return numbers[choose(draw.random(count), np.array(list(weights.values()), np.float64))]
