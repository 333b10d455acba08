"""Orders of a log, played again."""

from __future__ import annotations

import math

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.customers import block_of
from burstsim.engine.parts import Part, Source, Tables
from burstsim.kernels.segments import offsets_of, order_by, segment_elements, segment_sums
from burstsim.scenario.demand import Replay
from burstsim.scenario.orderlog import OrderLog
from burstsim.units import MINUTE

__all__ = ["replay_stream"]


def replay_stream(model: Model, number: int, source: Source, tables: Tables) -> Part:
    """Play a log: every order ⌊scale⌋ times, and once more if its uniform is below the rest.

    Copy k of the log's order i has the index k·orders + i. Further copies come from new
    customers and up to a minute later.

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
    assert isinstance(stream, Replay)
    log, scale = stream.log, stream.scale * scenario.demand_scale
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

    buyer, many = log.customer[order], len(log.customers)
    customer = np.where(buyer < 0, -1, block_of(number) + copy * many + buyer)
    tables.customers.namers[number + 1] = lambda code: _name(log, code)
    return Part(
        placed=placed[order_of],
        index=index[order_of],
        channel=tables.channels.of_log(
            log.channel[order].astype(np.int64), log.channels, stream.channel
        ),
        region=tables.regions.of_log(log.region[order].astype(np.int64), log.regions, "all"),
        customer=customer,
        tier=np.zeros(len(order), np.int64),
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        value=segment_sums(amount, offsets),
    )


def _name(log: OrderLog, code: int) -> str:
    """Name of a customer; those of further copies are people of their own."""
    copy, buyer = divmod(code, len(log.customers))
    return log.customers[buyer] + (f"#{copy}" if copy else "")
