"""Draw the orders of a replication: moments, baskets, buyers, noise.

Both engines get the same columns. Each purpose has a generator of its own, keyed by the
stream's name (and the zone's, for noise), and is drawn in order of the index in the stream:
so what an order is never depends on crews or rules, and of two runs that differ in how much
is demanded the i-th order of a stream is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from burstsim.engine.afterwards import back_after, carrier_draws
from burstsim.engine.buyers import Payments, payments_of
from burstsim.engine.choices import Choices
from burstsim.engine.closures import close_channels, kept
from burstsim.engine.compile import Model
from burstsim.engine.control.roster import rosters_of
from burstsim.engine.drawn import draw_stream
from burstsim.engine.due import due_of
from burstsim.engine.fillings import fillings_of
from burstsim.engine.items import Items
from burstsim.engine.noise import factors, is_noisy
from burstsim.engine.opening import open_part, payments_of_open
from burstsim.engine.orders import Orders
from burstsim.engine.owners import split_by_owner
from burstsim.engine.parts import AMOUNTS, COLUMNS, Part, Source, Tables
from burstsim.engine.replayed import replay_stream
from burstsim.engine.substreams import substreams
from burstsim.engine.zones import Zone
from burstsim.kernels.arrays import Floats, Indices
from burstsim.kernels.columns import lean
from burstsim.kernels.kinds import bits_of, bits_within, count_bits, different
from burstsim.kernels.segments import offsets_of, order_by, segment_elements, segment_sums
from burstsim.scenario.demand import Replay
from burstsim.scenario.scenario import Scenario

__all__ = ["draw_orders"]

_NONE = np.empty(0, np.int64)

_T = TypeVar("_T", bound=np.generic)

#: Columns that payments bring and that are only put in order, like those of the parts.
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
    scenario, tables, choices = model.scenario, Tables(), Choices(model.items)
    subs = substreams(scenario)
    sources = [Source(scenario.seed, replication, sub.name) for sub in subs]
    parts: list[Part] = []
    owners: list[Indices] = []
    lost = diverted = 0
    for number, (sub, source) in enumerate(zip(subs, sources, strict=True)):
        draw = replay_stream if isinstance(sub.spec, Replay) else draw_stream
        part = draw(model, sub, source, tables, number)
        if sub.span is not None:
            part = kept(part, (part.placed >= sub.span[0]) & (part.placed < sub.span[1]))
        part, gone, moved = close_channels(scenario, source, part, tables)
        if scenario.initial is not None:
            part = kept(part, part.placed >= model.begin)  # what came before is in its state
        part, owner = split_by_owner(part, model.owner_of)
        if choices.wanted(part):
            part = choices.made(part, _drawn(partial(_bits, source.of("choice")), part))
        parts.append(part)
        owners.append(owner)
        lost, diverted = lost + gone, diverted + moved
    drawn = list(zip(sources, parts, strict=True))
    payments = [payments_of(scenario, source, part) for source, part in drawn]
    streams = [sub.number for sub in subs]
    enters = [np.full(len(part.placed), -1) for part in parts]
    if len(model.opening):
        part = open_part(model.opening, model.items, tables)
        parts.append(part)
        drawn.append((Source(scenario.seed, replication, "open orders"), part))
        payments.append(payments_of_open(part))
        owners.append(model.owner_of[part.line_item[part.line_offsets[:-1]]])
        streams.append(-1)
        enters.append(model.opening.enters)

    lengths = np.concatenate([np.diff(part.line_offsets) for part in parts])
    catalogue, offsets = choices.items(), offsets_of(lengths)
    placed = np.concatenate([part.placed for part in parts])
    rank = order_by(placed) if len(parts) > 1 else np.arange(len(placed))
    del placed
    together = _Together(rank)
    columns: dict[str, Any] = {
        name: together.of([getattr(part, name) for part in parts]) for name in COLUMNS
    }
    columns["owner"], columns["enters"] = together.of(owners), together.of(enters)
    for name in _OF_PAYMENT:
        columns[name] = together.of([getattr(payment, name) for payment in payments])
    del payments
    substream = np.repeat(np.arange(len(parts)), [len(part.placed) for part in parts])
    columns["substream"] = together.of([substream])
    columns["stream"] = columns["substream"]
    if streams != list(range(len(parts))):
        columns["stream"] = lean(np.array(streams)[columns["substream"]])
    columns["carrier_draw"] = together.of([carrier_draws(model, *pair) for pair in drawn])
    columns["back_after"] = together.of([back_after(model, *pair) for pair in drawn])
    lottery, chance = _gift_draws(scenario, drawn, together)
    elements = segment_elements(offsets, rank) if len(parts) > 1 else np.arange(offsets[-1])
    offsets, of_lines = offsets_of(lengths[rank]), _Together(elements)
    items = of_lines.of([part.line_item for part in parts])
    quantity = of_lines.of([part.line_quantity for part in parts])
    amounts = [of_lines.of([getattr(part, name) for part in parts]) for name in AMOUNTS]
    del elements, lengths
    columns["pieces"] = segment_sums(catalogue.pieces[items] * quantity, offsets)
    columns["pick_lines"] = _pick_lines(catalogue, offsets, items)
    return Orders(
        **columns,
        due=due_of(model, columns["paid"], columns["channel"], tuple(tables.channels.numbers)),
        line_offsets=offsets,
        line_item=items,
        line_quantity=quantity,
        line_list=amounts[0],
        line_net=amounts[1],
        line_taxed=amounts[2],
        noise=_noise(model.zones, drawn, rank),
        lottery=lottery,
        chance=chance,
        surprise=together.of([_surprises(catalogue, drawn)]),
        fillings=fillings_of(len(offsets) - 1, _NONE, _NONE, catalogue.n_skus),
        channels=tuple(tables.channels.numbers),
        regions=tuple(tables.regions.numbers),
        rooms=tuple(tables.rooms.numbers),
        owners=model.owners,
        customers=tables.customers,
        items=catalogue,
        rosters=rosters_of(scenario, model.zones, replication),
        replication=replication,
        lost=lost,
        diverted=diverted,
    )


def _pick_lines(items: Items, offsets: Indices, line_item: Indices) -> Indices:
    """Different SKUs of each order, kits opened; a SKU that two lines share counts once."""
    opens = np.diff(items.open_offsets)[line_item]
    bits = bits_of((items.leaf_offsets, items.leaf_sku), items.n_skus)
    if bits is None:
        leaves = np.diff(items.leaf_offsets)[line_item]
        owner = np.repeat(np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)), leaves)
        sku = items.leaf_sku[segment_elements(items.leaf_offsets, line_item)]
        counts = different(owner, sku, items.n_skus, len(offsets) - 1)
    else:
        counts = count_bits(bits_within(bits, line_item, offsets))
    return counts + segment_sums(opens, offsets) if opens.any() else counts


class _Together:
    """Puts columns of the parts together, in order.

    What is one array in every part stays one array, and what is the same for all takes next to
    no memory.

    Parameters
    ----------
    rank : (n,) int64
        Where each row of the whole stands among those of all parts, one after the other.
    """

    def __init__(self, rank: Indices) -> None:
        self.rank = rank
        self._known: dict[tuple[int, ...], tuple[list[Any], Any]] = {}

    def of(self, pieces: list[npt.NDArray[_T]]) -> npt.NDArray[_T]:
        """Put a column together that each part has a piece of."""
        known = tuple(map(id, pieces))
        if known not in self._known:
            joined = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
            short = lean(joined)
            # the pieces are kept, so that no other gets their identity
            self._known[known] = pieces, joined[self.rank] if short is joined else short
        column: npt.NDArray[_T] = self._known[known][1]
        return column


def _gift_draws(
    scenario: Scenario, drawn: list[tuple[Source, Part]], together: _Together
) -> tuple[dict[str, Floats], dict[str, npt.NDArray[np.uint64]]]:
    """Draw what gift rules leave to chance: who wins a lottery, which gift is taken."""
    lottery, chance = {}, {}
    for name, rule in scenario.rules.items():
        if rule.gate.lottery is not None:
            drawn_for = [_drawn(s.of(f"lottery {name}").random, part) for s, part in drawn]
            lottery[name] = together.of(drawn_for)
        if rule.reward.choose == "random":
            bits = [_drawn(partial(_bits, s.of(f"gift {name}")), part) for s, part in drawn]
            chance[name] = together.of(bits)
    return lottery, chance


def _surprises(items: Items, drawn: list[tuple[Source, Part]]) -> npt.NDArray[np.uint64]:
    """Draw what chance has to choose from for mystery kits, where there are any."""
    if all(pool.weights is None for pool in items.pools):
        return np.zeros(sum(len(part.placed) for _, part in drawn), np.uint64)
    return np.concatenate([_drawn(partial(_bits, s.of("surprise")), part) for s, part in drawn])


def _drawn(draw: Callable[[int], npt.NDArray[_T]], part: Part) -> npt.NDArray[_T]:
    """Draw a number for each order of a stream, by its index, so that gaps change nothing."""
    return draw(_indices(part))[part.index]


def _bits(generator: np.random.Generator, count: int) -> npt.NDArray[np.uint64]:
    return generator.integers(0, 2**64, count, np.uint64)


def _indices(part: Part) -> int:
    """How many numbers must be drawn, so that each order finds the one at its index."""
    return int(part.index.max(initial=-1)) + 1


def _noise(
    zones: tuple[Zone, ...], drawn: list[tuple[Source, Part]], rank: Indices
) -> tuple[Floats, ...]:
    """Factors on the work of all orders in each zone; one and the same array where all are 1."""
    place = np.empty(len(rank), np.int64)
    place[rank] = np.arange(len(rank))
    ends = np.cumsum([len(part.placed) for _, part in drawn])[:-1]
    complete = [_in_turn(part) for _, part in drawn]
    shares = list(zip(drawn, np.split(place, ends), complete, strict=True))
    ones = lean(np.ones(len(rank)))
    columns = []
    for zone in zones:
        column = ones
        if is_noisy(zone.dist, zone.variation):
            column = np.empty(len(rank))
            for (source, part), mine, all_there in shares:
                draw = source.of(f"noise {zone.path}")
                values = factors(zone.dist, zone.variation, draw, _indices(part))
                column[mine] = values if all_there else values[part.index]
        columns.append(column)
    return tuple(columns)


def _in_turn(part: Part) -> bool:
    """Whether a stream's orders are all there, in the order of their indices."""
    return len(part.index) == _indices(part) and bool((np.diff(part.index) > 0).all())
