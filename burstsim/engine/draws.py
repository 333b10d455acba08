"""Draw the orders of a replication: moments, baskets, regions, noise.

Both engines get the same columns. Each purpose has a generator of its own, keyed by the
stream's name (and the zone's, for noise), and is drawn in order of the index in the stream:
so what an order is never depends on crews or rules, and of two runs that differ in how much
is demanded the i-th order of a stream is the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from burstsim.engine.compile import Items, Model, Zone
from burstsim.engine.forecasts import scale_of
from burstsim.engine.orders import Orders
from burstsim.engine.shapes import balances, placements
from burstsim.engine.substreams import SubStream, substreams
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.baskets import choose, choose_different
from burstsim.kernels.segments import offsets_of, order_by, segment_elements, segment_sums
from burstsim.scenario.demand import Basket, Drawn, Presale, Replay
from burstsim.streams import generator
from burstsim.units import MINUTE, NEVER

__all__ = ["draw_orders"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """One stream's orders in order of arrival; columns as in `Orders`."""

    placed: Ticks
    index: Indices
    channel: Indices
    region: Indices
    customer: Indices
    line_offsets: Indices
    line_item: Indices
    line_quantity: Indices
    value: Ticks
    paid: Ticks | None = None  # where that is not when it is placed


class _Names:
    """Names that orders carry as numbers, numbered as they turn up."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, names: Iterable[str]) -> Indices:
        """Numbers of these names."""
        return np.array(
            [self.numbers.setdefault(name, len(self.numbers)) for name in names], np.int64
        )

    def of_log(self, codes: Indices, names: Iterable[str], otherwise: str) -> Indices:
        """Numbers for a log's codes into its own names; a code below 0 means `otherwise`."""
        if (codes >= 0).all() and len(codes):
            return self.of(names)[codes]
        return self.of([*names, otherwise])[codes]


@dataclass(frozen=True, slots=True)
class _Tables:
    """The names of one replication."""

    channels: _Names
    regions: _Names
    customers: _Names


class _Source:
    """Generators of one stream in one replication."""

    def __init__(self, model: Model, replication: int, name: str) -> None:
        self.seed, self.replication, self.name = model.scenario.seed, replication, name

    def of(self, purpose: str) -> np.random.Generator:
        return generator(self.seed, self.replication, purpose, self.name)


def draw_orders(model: Model, replication: int) -> Orders:
    """Draw every order placed before the horizon.

    Parameters
    ----------
    model
        The compiled scenario.
    replication
        Number of the replication, from 0.
    """
    scenario = model.scenario
    tables = _Tables(_Names(), _Names(), _Names())
    parts: list[_Drawn] = []
    subs = substreams(scenario)
    sources = [_Source(model, replication, sub.name) for sub in subs]
    for sub, source in zip(subs, sources, strict=True):
        scale = scale_of(scenario, replication, sub.parent)
        if isinstance(sub.spec, Replay):
            part = _replayed(model, sub.spec, source, scale, tables)
        else:
            placed = placements(scenario, sub, replication, scale)
            part = _drawn(model, sub, source, placed, tables)
        parts.append(part)

    placed = np.concatenate([part.placed for part in parts])
    lengths = np.concatenate([np.diff(part.line_offsets) for part in parts])
    items = np.concatenate([part.line_item for part in parts])
    quantity = np.concatenate([part.line_quantity for part in parts])
    number_of_part = np.repeat(np.arange(len(parts)), [len(part.placed) for part in parts])
    offsets = offsets_of(lengths)
    pieces = segment_sums(model.items.pieces[items] * quantity, offsets)
    pick_lines = _pick_lines(model.items, offsets, items)
    noise = [
        np.concatenate([_noise(zone, *drawn) for drawn in zip(sources, parts, strict=True)])
        for zone in model.zones
    ]
    loads = [
        _load(zone, pieces, pick_lines, factors)
        for zone, factors in zip(model.zones, noise, strict=True)
    ]
    columns = {
        "placed": placed,
        "paid": np.concatenate([p.placed if p.paid is None else p.paid for p in parts]),
        "stream": np.array([sub.number for sub in subs])[number_of_part],
        "substream": number_of_part,
        "index": np.concatenate([part.index for part in parts]),
        "channel": np.concatenate([part.channel for part in parts]),
        "region": np.concatenate([part.region for part in parts]),
        "customer": np.concatenate([part.customer for part in parts]),
        "value": np.concatenate([part.value for part in parts]),
        "pieces": pieces,
        "pick_lines": pick_lines,
    }
    if len(parts) > 1:
        rank = order_by(placed)
        columns = {name: column[rank] for name, column in columns.items()}
        loads = [load[rank] for load in loads]
        elements = segment_elements(offsets, rank)
        offsets, items, quantity = offsets_of(lengths[rank]), items[elements], quantity[elements]
    return Orders(
        **columns,
        due=_due(model, columns["paid"], columns["channel"], tables.channels),
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        loads=tuple(loads),
        channels=tuple(tables.channels.numbers),
        regions=tuple(tables.regions.numbers),
        customers=tuple(tables.customers.numbers),
    )


def _due(model: Model, paid: Ticks, channel: Indices, channels: _Names) -> Ticks:
    """Tick by which each order is promised, `NEVER` without a promise or a payment."""
    promises = [model.promise_of(name) for name in channels.numbers]
    within = np.array([promise.within if promise else 0 for promise in promises], np.int64)
    promised = np.array([promise is not None for promise in promises], bool)
    return np.where(promised[channel] & (paid < NEVER), paid + within[channel], NEVER)


def _drawn(model: Model, sub: SubStream, source: _Source, placed: Ticks, tables: _Tables) -> _Drawn:
    """Draw the orders of a stream that is not a replay, placed at these ticks."""
    stream, count = sub.spec, len(placed)
    assert isinstance(stream, Drawn)
    paid = None
    if isinstance(stream, Presale):
        paid = balances(stream, model.scenario.start, source.of, count)
        paid[paid >= model.end] = NEVER
    offsets, items, quantity = _basket(model.items, stream.basket, source, count)
    names = tables.regions.of(stream.regions)
    region = np.full(count, names[0], np.int64)
    if len(names) > 1:
        shares = np.array(list(stream.regions.values()))
        region = names[choose(source.of("region").random(count), shares)]
    price = model.items.price[items] if sub.price is None else sub.price
    return _Drawn(
        placed=placed,
        index=np.arange(count),
        channel=np.full(count, tables.channels.of([stream.channel])[0]),
        region=region,
        customer=np.full(count, -1, np.int64),
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        value=segment_sums(price * quantity, offsets),
        paid=paid,
    )


def _basket(
    items: Items, basket: Basket, source: _Source, count: int
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


def _replayed(
    model: Model, stream: Replay, source: _Source, scale: float, tables: _Tables
) -> _Drawn:
    """Play a log: every order ⌊scale⌋ times, and once more if its uniform is below the rest.

    Copy k of the log's order i has the index k·orders + i. Further copies come from new
    customers and up to a minute later.
    """
    log, scenario = stream.log, model.scenario
    n, copies = len(log.time), math.ceil(scale)
    index = np.arange(copies * n)
    copy, order = np.divmod(index, n)
    whole = math.floor(scale)
    keep = copy < whole
    if copies > whole:
        keep[whole * n :] = source.of("copies").random(n) < scale - whole
    written = log.time.astype(np.float64)[order]
    if stream.spread:
        written += np.floor(source.of("spread").random(len(index)) * stream.spread)
    placed = stream.at.resolve(scenario.start) + np.floor(written / stream.speed)
    later = np.floor(source.of("jitter").random(len(index)) * MINUTE)
    placed = np.where(copy > 0, placed + later, placed).astype(np.int64)
    keep &= placed < scenario.horizon
    order_of = np.flatnonzero(keep)[order_by(placed[keep])]
    copy, order = copy[order_of], order[order_of]

    elements = segment_elements(log.line_offsets, order)
    numbers = {name: number for number, name in enumerate(model.items.names)}
    items = np.array([numbers[sku] for sku in log.skus], np.int64)[log.line_sku[elements]]
    quantity = log.line_quantity[elements]
    offsets = offsets_of(np.diff(log.line_offsets)[order])
    written_amount = log.line_amount[elements]
    amount = np.where(written_amount < 0, model.items.price[items] * quantity, written_amount)

    copied = (name if k == 0 else f"{name}#{k}" for k in range(copies) for name in log.customers)
    numbered = tables.customers.of(copied)
    buyer = log.customer[order]
    customer = np.full(len(order), -1, np.int64)
    known = buyer >= 0
    customer[known] = numbered[(copy * len(log.customers) + buyer)[known]]
    return _Drawn(
        placed=placed[order_of],
        index=index[order_of],
        channel=tables.channels.of_log(
            log.channel[order].astype(np.int64), log.channels, stream.channel
        ),
        region=tables.regions.of_log(log.region[order].astype(np.int64), log.regions, "all"),
        customer=customer,
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        value=segment_sums(amount, offsets),
    )


def _pick_lines(items: Items, offsets: Indices, line_item: Indices) -> Indices:
    """Different SKUs of each order, kits opened; a SKU that two lines share counts once."""
    leaves = np.diff(items.leaf_offsets)[line_item]
    counts = segment_sums(leaves, offsets)
    present = np.flatnonzero(np.bincount(line_item, minlength=len(items.names)))
    uses = np.bincount(items.leaf_sku[segment_elements(items.leaf_offsets, present)])
    if not (uses > 1).any():
        return counts  # no two items at hand share a SKU
    orders = np.flatnonzero(np.diff(offsets) > 1)
    lines = segment_elements(offsets, orders)
    owner = np.repeat(orders, np.diff(offsets)[orders])
    leaf = segment_elements(items.leaf_offsets, line_item[lines])
    keys = np.repeat(owner, leaves[lines]) * items.n_skus + items.leaf_sku[leaf]
    keys.sort()
    again = keys[1:][keys[1:] == keys[:-1]]
    return counts - np.bincount(again // items.n_skus, minlength=len(counts))


def _noise(zone: Zone, source: _Source, part: _Drawn) -> Floats:
    """Factors with mean 1 on the work of each order of a stream in a zone."""
    count = int(part.index.max(initial=-1)) + 1
    draw = source.of(f"noise {zone.path}")
    if zone.dist == "constant":
        return np.ones(len(part.index))
    if zone.dist == "exponential":
        factors = draw.standard_exponential(count)
    elif zone.dist == "gamma":
        shape = zone.variation**-2
        factors = draw.standard_gamma(shape, count) / shape
    else:
        sigma = math.sqrt(math.log1p(zone.variation**2))
        factors = np.exp(draw.standard_normal(count) * sigma - sigma**2 / 2)
    in_order = len(part.index) == count and bool((np.diff(part.index) > 0).all())
    return factors if in_order else factors[part.index]


def _load(zone: Zone, pieces: Indices, pick_lines: Indices, noise: Floats) -> Floats:
    """Ticks of work at productivity 1, noise included."""
    work = np.full(len(noise), zone.base)
    if zone.per_line:
        work += zone.per_line * pick_lines
    if zone.per_unit:
        work += zone.per_unit * pieces
    return work * noise
