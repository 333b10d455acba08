"""Orders of a log, played again."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from burstsim.engine.buyers import coupons_of
from burstsim.engine.compile import Model
from burstsim.engine.customers import block_of
from burstsim.engine.forecasts import scale_of
from burstsim.engine.parts import Part, Source, Tables
from burstsim.engine.substreams import SubStream
from burstsim.engine.words import span_of
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import offsets_of, order_by, segment_elements, segment_sums
from burstsim.kernels.sharing import share_out
from burstsim.languages import words_of
from burstsim.scenario.demand import Replay
from burstsim.scenario.orderlog import ONLY_DAYS, OrderLog
from burstsim.scenario.scenario import Scenario
from burstsim.units import MINUTE, NEVER

__all__ = ["replay_notes", "replay_stream"]


def replay_notes(scenario: Scenario) -> Iterator[str]:
    """Say what of the logs is played otherwise than it is written, a sentence each."""
    words = words_of(scenario.language)
    for name, stream in scenario.demand.items():
        if not isinstance(stream, Replay):
            continue
        yield from (f"demand.{name}: {note}" for note in stream.log.notes)
        if ONLY_DAYS in stream.log.notes and not stream.spread:
            at_once = words.say(
                "all orders of a day come at once, at its midnight; spread: 1d spreads them over "
                "the day"
            )
            yield f"demand.{name}: {at_once}"
        if stream.spread and ONLY_DAYS not in stream.log.notes:
            moved = words.say(
                "spread moves each order by up to {span}, although the log knows the time of day",
                span=span_of(stream.spread, words),
            )
            yield f"demand.{name}: {moved}"
        placed = stream.at.resolve(scenario.start) + np.floor(stream.log.time / stream.speed)
        late = int((placed >= scenario.horizon).sum())
        if late:
            beyond = words.say(
                "{n} of {all} orders of the log lie beyond the horizon and are not placed",
                n=f"{late:,}",
                all=f"{len(placed):,}",
            )
            yield f"demand.{name}: {beyond}"


def replay_stream(
    model: Model, sub: SubStream, source: Source, tables: Tables, position: int
) -> Part:
    """Play a log: every order ⌊scale⌋ times, and once more if its uniform is below the rest.

    Copy k of the log's order i has the index k·orders + i. Further copies come from new
    customers and up to a minute later.

    Parameters
    ----------
    model
        The compiled scenario.
    sub
        The log and how it is played.
    source
        Its generators.
    tables
        Names so far.
    position
        Its position among the sub-streams.
    """
    stream = sub.spec
    assert isinstance(stream, Replay)
    log = stream.log
    scale = scale_of(model.scenario, source.replication, sub.parent) * sub.factor
    placed, copy, order = _copies(model, stream, source, scale)
    elements = segment_elements(log.line_offsets, order)
    numbers = {name: number for number, name in enumerate(model.items.names)}
    log_items = np.array([numbers[sku] for sku in log.skus], np.int64)[log.line_sku]
    items = log_items[elements]
    quantity = log.line_quantity[elements]
    offsets = offsets_of(np.diff(log.line_offsets)[order])
    listed, net, taxed = _amounts(log, model.items.price[log_items])
    amount = listed[elements]
    paid_for = amount if net is listed else net[elements]
    index = copy * len(log.time) + order
    drawn = int(index.max(initial=-1)) + 1
    coupon = log.coupon[order].astype(np.int64)

    buyer, many = log.customer[order], len(log.customers)
    customer = np.where(buyer < 0, -1, block_of(position) + copy * many + buyer)
    tables.customers.namers[position + 1] = lambda code: _name(log, code)
    return Part(
        drawn=drawn,
        placed=placed,
        index=index,
        channel=tables.channels.of_log(
            log.channel[order].astype(np.int64), log.channels, stream.channel
        ),
        region=tables.regions.of_log(log.region[order].astype(np.int64), log.regions, "all"),
        room=tables.rooms.of_log(log.room[order].astype(np.int64), log.rooms, stream.room),
        customer=customer,
        tier=log.tier[order],
        new=log.new[order] == 1,
        coupon=np.where(coupon < 0, coupons_of(stream.coupon, source, drawn)[index], coupon == 1),
        paid=_moved(log, log.paid, order, placed, stream.speed),
        cancelled=_moved(log, log.cancelled, order, placed, stream.speed),
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        line_list=amount,
        line_net=paid_for,
        line_taxed=paid_for if taxed is net else taxed[elements],
        value=segment_sums(amount, offsets),
    )


def _copies(
    model: Model, stream: Replay, source: Source, scale: float
) -> tuple[Ticks, Indices, Indices]:
    """Every copy of every order before the horizon: (placed, copy, order of the log), in time.

    Copy by copy, because a log may be multiplied a thousandfold and most of it lie beyond the
    horizon.
    """
    log, horizon = stream.log, model.scenario.horizon
    n, whole = len(log.time), math.floor(scale)
    at = stream.at.resolve(model.scenario.start)
    spread, jitter = source.of("spread"), source.of("jitter")
    times, copies, orders = [], [], []
    for copy in range(math.ceil(scale)):
        written = log.time.astype(np.float64)
        if stream.spread:
            written += np.floor(spread.random(n) * stream.spread)
        placed = at + np.floor(written / stream.speed)
        later = np.floor(jitter.random(n) * MINUTE)
        placed += later if copy else 0
        keep = placed < horizon
        if copy == whole:
            keep &= source.of("copies").random(n) < scale - whole
        chosen = np.flatnonzero(keep)
        times.append(placed[chosen].astype(np.int64))
        copies.append(np.full(len(chosen), copy))
        orders.append(chosen)
    if not times:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
    together = np.concatenate(times)
    rank = order_by(together)
    return together[rank], np.concatenate(copies)[rank], np.concatenate(orders)[rank]


def _amounts(log: OrderLog, price: Ticks) -> tuple[Ticks, Ticks, Ticks]:
    """Cents of each line of the log: as listed, less the order's discount, and with its tax.

    The catalogue's price (per line, cents) counts where the log has none. A discount is shared
    in proportion to what is listed, a tax to what is left; a discount takes no line below 0.
    """
    listed = np.where(log.line_amount < 0, price * log.line_quantity, log.line_amount)
    net = listed
    if log.discount.any():
        most = segment_sums(listed, log.line_offsets)
        net = listed - share_out(np.minimum(log.discount, most), listed, log.line_offsets)
    taxed = net
    if log.tax.any():
        taxed = net + share_out(log.tax, net, log.line_offsets)
    return listed, net, taxed


def _moved(
    log: OrderLog, written: Ticks, order: Indices, placed: Ticks, speed: float
) -> Ticks | None:
    """Put a column of later moments where the orders were put; None if the log has none."""
    if not (written >= 0).any():
        return None
    later = np.rint((written - log.time)[order] / speed).astype(np.int64)
    return np.where(written[order] < 0, NEVER, placed + later)


def _name(log: OrderLog, code: int) -> str:
    """Name of a customer; those of further copies are people of their own."""
    copy, buyer = divmod(code, len(log.customers))
    return log.customers[buyer] + (f"#{copy}" if copy else "")
