"""Orders of a stream that is drawn: when, what, where and by whom."""

from __future__ import annotations

import numpy as np

from burstsim.engine.buyers import coupons_of, customers_of
from burstsim.engine.closures import name_channels
from burstsim.engine.compile import Model
from burstsim.engine.items import Items
from burstsim.engine.moments import moments_of
from burstsim.engine.parts import Part, Source, Tables
from burstsim.engine.shapes import balances
from burstsim.engine.substreams import SubStream
from burstsim.kernels.arrays import Indices
from burstsim.kernels.baskets import choose, choose_different
from burstsim.kernels.segments import offsets_of, segment_sums
from burstsim.scenario.demand import Basket, Drawn, Presale

__all__ = ["DrawnStream"]


class DrawnStream:
    """A sub-stream's orders, drawn as far as somebody asks for them.

    Parameters
    ----------
    model
        The compiled scenario.
    sub
        Its shape, basket and buyers.
    source
        Its generators.
    tables
        Names so far; those that its orders may need are added.
    position
        Its position among the sub-streams.
    """

    def __init__(
        self, model: Model, sub: SubStream, source: Source, tables: Tables, position: int
    ) -> None:
        assert isinstance(sub.spec, Drawn)
        self.moments = moments_of(model.scenario, sub, source.replication)
        self._model, self._sub, self._stream = model, sub, sub.spec
        self._source, self._tables, self._position = source, tables, position
        self._drawn = 0
        self._regions = tables.regions.of(sub.spec.regions)
        self._room = -1 if sub.spec.room is None else int(tables.rooms.of([sub.spec.room])[0])
        self._channel = int(tables.channels.of([sub.spec.channel])[0])
        name_channels(model.scenario, sub.spec.channel, tables)

    def before(self, tick: int) -> Part:
        """Draw what is placed before a tick and was not drawn yet; ticks must not fall."""
        stream, source, sub = self._stream, self._source, self._sub
        placed = self.moments.before(tick)
        first, count = self._drawn, len(placed)
        self._drawn += count
        index = np.arange(first, first + count)
        paid = None
        if isinstance(stream, Presale):
            paid = balances(stream, self._model.scenario.start, source.of, count)
        offsets, items, quantity = _basket(self._model.items, stream.basket, source, count)
        listed = self._model.items.price[items] * quantity
        net = listed if sub.price is None else sub.price * quantity
        region = np.full(count, self._regions[0], np.int64)
        if len(self._regions) > 1:
            shares = np.array(list(stream.regions.values()))
            region = self._regions[choose(source.of("region").random(count), shares)]
        buyers = customers_of(stream.customers, source, self._tables, self._position, index)
        return Part(
            first=first,
            drawn=count,
            in_turn=True,
            placed=placed,
            index=index,
            channel=np.full(count, self._channel, np.int64),
            region=region,
            room=np.full(count, self._room, np.int64),
            customer=buyers.customer,
            tier=buyers.tier,
            new=buyers.new,
            coupon=coupons_of(stream.coupon, source, count),
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
