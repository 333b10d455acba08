"""Draw the orders of a replication: moments, baskets, buyers, noise.

Both engines get the same columns. Each purpose has a generator of its own, keyed by the
stream's name (and the zone's, for noise), and is drawn in order of the index in the stream:
so what an order is never depends on crews or rules, and of two runs that differ in how much
is demanded the i-th order of a stream is the same.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from burstsim.engine.buyers import Payments, payments_of
from burstsim.engine.closures import close_channels
from burstsim.engine.compile import Model, Zone
from burstsim.engine.drawn import draw_stream
from burstsim.engine.items import Items
from burstsim.engine.noise import factors
from burstsim.engine.orders import Orders
from burstsim.engine.parts import Names, Part, Source, Tables
from burstsim.engine.replayed import replay_stream
from burstsim.engine.substreams import substreams
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import offsets_of, order_by, segment_elements, segment_sums
from burstsim.scenario.demand import Replay
from burstsim.units import NEVER

__all__ = ["draw_orders"]

#: Columns that parts and payments bring and that are only put in order.
_OF_PART = ("placed", "index", "channel", "region", "customer", "tier", "value")
_OF_PAYMENT = tuple(field.name for field in fields(Payments))


def draw_orders(model: Model, replication: int) -> Orders:
    """Draw every order placed before the horizon.

    Parameters
    ----------
    model
        The compiled scenario.
    replication
        Number of the replication, from 0.
    """
    scenario, tables = model.scenario, Tables()
    subs = substreams(scenario)
    sources = [Source(scenario.seed, replication, sub.name) for sub in subs]
    parts: list[Part] = []
    lost = diverted = 0
    for number, (sub, source) in enumerate(zip(subs, sources, strict=True)):
        draw = replay_stream if isinstance(sub.spec, Replay) else draw_stream
        part = draw(model, sub, source, tables, number)
        part, gone, moved = close_channels(scenario, source, part, tables)
        parts.append(part)
        lost, diverted = lost + gone, diverted + moved
    drawn = list(zip(sources, parts, strict=True))
    payments = [payments_of(scenario, source, part) for source, part in drawn]

    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _OF_PART}
    for name in _OF_PAYMENT:
        columns[name] = np.concatenate([getattr(payment, name) for payment in payments])
    columns["substream"] = np.repeat(np.arange(len(parts)), [len(part.placed) for part in parts])
    columns["stream"] = np.array([sub.number for sub in subs])[columns["substream"]]
    lengths = np.concatenate([np.diff(part.line_offsets) for part in parts])
    items = np.concatenate([part.line_item for part in parts])
    quantity = np.concatenate([part.line_quantity for part in parts])
    offsets = offsets_of(lengths)
    columns["pieces"] = segment_sums(model.items.pieces[items] * quantity, offsets)
    columns["pick_lines"] = _pick_lines(model.items, offsets, items)
    noise = [
        np.concatenate([_noise(zone, source, part) for source, part in drawn])
        for zone in model.zones
    ]
    if len(parts) > 1:
        rank = order_by(columns["placed"])
        columns = {name: column[rank] for name, column in columns.items()}
        noise = [column[rank] for column in noise]
        elements = segment_elements(offsets, rank)
        offsets, items, quantity = offsets_of(lengths[rank]), items[elements], quantity[elements]
    return Orders(
        **columns,
        due=_due(model, columns["paid"], columns["channel"], tables.channels),
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        noise=tuple(noise),
        channels=tuple(tables.channels.numbers),
        regions=tuple(tables.regions.numbers),
        customers=tables.customers,
        lost=lost,
        diverted=diverted,
    )


def _due(model: Model, paid: Ticks, channel: Indices, channels: Names) -> Ticks:
    """Tick by which each order is promised, `NEVER` without a promise or a payment."""
    promises = [model.promise_of(name) for name in channels.numbers]
    within = np.array([promise.within if promise else 0 for promise in promises], np.int64)
    promised = np.array([promise is not None for promise in promises], bool)
    known = promised[channel] & (paid < NEVER)
    return np.where(known, np.where(known, paid, 0) + within[channel], NEVER)


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


def _noise(zone: Zone, source: Source, part: Part) -> Floats:
    """Factors on the work of each order of a stream in a zone."""
    count = int(part.index.max(initial=-1)) + 1
    drawn = factors(zone.dist, zone.variation, source.of(f"noise {zone.path}"), count)
    in_order = len(part.index) == count and bool((np.diff(part.index) > 0).all())
    return drawn if in_order else drawn[part.index]
