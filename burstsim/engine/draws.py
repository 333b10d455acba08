"""Draw the orders of a replication: moments, baskets, buyers, noise.

Both engines get the same columns. Each purpose has a generator of its own, keyed by the
stream's name (and the zone's, for noise), and is drawn in order of the index in the stream:
so what an order is never depends on crews or rules, and of two runs that differ in how much
is demanded the i-th order of a stream is the same.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from burstsim.engine.afterwards import back_after, carrier_draws
from burstsim.engine.buyers import Payments, payments_of
from burstsim.engine.compile import Model
from burstsim.engine.demand import Came, Demand
from burstsim.engine.due import due_of
from burstsim.engine.fillings import fillings_of
from burstsim.engine.items import Items
from burstsim.engine.noise import factors, is_noisy
from burstsim.engine.opening import payments_of_open
from burstsim.engine.orders import Orders
from burstsim.engine.parts import AMOUNTS, COLUMNS
from burstsim.engine.zones import Zone
from burstsim.kernels.arrays import Floats, Indices
from burstsim.kernels.columns import lean
from burstsim.kernels.kinds import bits_of, bits_within, count_bits, different
from burstsim.kernels.segments import offsets_of, order_by, segment_elements, segment_sums
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER

__all__ = ["draw_orders", "put_together"]

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
    demand = Demand(model, replication)
    came = [stream.before(NEVER) for stream in demand.opened()]
    if len(model.opening):
        came.append(demand.open_orders())
    return put_together(demand, came)


def put_together(demand: Demand, came: list[Came]) -> Orders:
    """Make columns of what all streams bring in the same span of time.

    Parameters
    ----------
    demand
        The replication.
    came
        What each of them brings, in their order.
    """
    model, tables, scenario = demand.model, demand.tables, demand.model.scenario
    parts, streams = [one.part for one in came], [one.stream for one in came]
    payments = [
        payments_of_open(one.part)
        if one.stream < 0
        else payments_of(scenario, one.source, one.part)
        for one in came
    ]
    lengths = np.concatenate([np.diff(part.line_offsets) for part in parts])
    catalogue, offsets = demand.choices.items(), offsets_of(lengths)
    placed = np.concatenate([part.placed for part in parts])
    rank = order_by(placed) if len(parts) > 1 else np.arange(len(placed))
    del placed
    together = _Together(rank)
    columns: dict[str, Any] = {
        name: together.of([getattr(part, name) for part in parts]) for name in COLUMNS
    }
    columns["owner"] = together.of([one.owner for one in came])
    columns["enters"] = together.of([one.enters for one in came])
    for name in _OF_PAYMENT:
        columns[name] = together.of([getattr(payment, name) for payment in payments])
    del payments
    substream = np.repeat(np.arange(len(parts)), [len(part.placed) for part in parts])
    columns["substream"] = together.of([substream])
    columns["stream"] = columns["substream"]
    if streams != list(range(len(parts))):
        columns["stream"] = lean(np.array(streams)[columns["substream"]])
    columns["carrier_draw"] = together.of(
        [carrier_draws(model, one.source, one.part) for one in came]
    )
    columns["back_after"] = together.of([back_after(model, one.source, one.part) for one in came])
    lottery, chance = _gift_draws(scenario, came, together)
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
        noise=_noise(model.zones, came, rank),
        lottery=lottery,
        chance=chance,
        surprise=together.of([_surprises(catalogue, came)]),
        fillings=fillings_of(len(offsets) - 1, _NONE, _NONE, catalogue.n_skus),
        channels=tuple(tables.channels.numbers),
        regions=tuple(tables.regions.numbers),
        rooms=tuple(tables.rooms.numbers),
        owners=model.owners,
        customers=tables.customers,
        items=catalogue,
        rosters=demand.rosters,
        replication=demand.replication,
        lost=sum(one.lost for one in came),
        diverted=sum(one.diverted for one in came),
    )


def _pick_lines(items: Items, offsets: Indices, line_item: Indices) -> Indices:
    """Different SKUs of each order, kits opened; a SKU that two lines share counts once."""
    opens = np.diff(items.open_offsets)
    bits = bits_of((items.leaf_offsets, items.leaf_sku), items.n_skus)
    if bits is None:
        leaves = np.diff(items.leaf_offsets)[line_item]
        owner = np.repeat(np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)), leaves)
        sku = items.leaf_sku[segment_elements(items.leaf_offsets, line_item)]
        counts = different(owner, sku, items.n_skus, len(offsets) - 1)
    else:
        counts = count_bits(bits_within(bits, line_item, offsets))
    return counts + segment_sums(opens[line_item], offsets) if opens.any() else counts


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
    scenario: Scenario, came: list[Came], together: _Together
) -> tuple[dict[str, Floats], dict[str, npt.NDArray[np.uint64]]]:
    """Draw what gift rules leave to chance: who wins a lottery, which gift is taken."""
    lottery, chance = {}, {}
    for name, rule in scenario.rules.items():
        if rule.gate.lottery is not None:
            drawn = [one.source.uniforms(f"lottery {name}", one.part) for one in came]
            lottery[name] = together.of(drawn)
        if rule.reward.choose == "random":
            chance[name] = together.of([one.source.bits(f"gift {name}", one.part) for one in came])
    return lottery, chance


def _surprises(items: Items, came: list[Came]) -> npt.NDArray[np.uint64]:
    """Draw what chance has to choose from for mystery kits, where there are any."""
    if all(pool.weights is None for pool in items.pools):
        return np.zeros(sum(len(one.part.placed) for one in came), np.uint64)
    return np.concatenate([one.source.bits("surprise", one.part) for one in came])


def _noise(zones: tuple[Zone, ...], came: list[Came], rank: Indices) -> tuple[Floats, ...]:
    """Factors on the work of all orders in each zone; one and the same array where all are 1."""
    place = np.empty(len(rank), np.int64)
    place[rank] = np.arange(len(rank))
    ends = np.cumsum([len(one.part.placed) for one in came])[:-1]
    shares = list(zip(came, np.split(place, ends), strict=True))
    ones = lean(np.ones(len(rank)))
    columns = []
    for zone in zones:
        column = ones
        if is_noisy(zone.dist, zone.variation):
            column = np.empty(len(rank))
            for one, mine in shares:
                draw = one.source.of(f"noise {zone.path}")
                values = factors(zone.dist, zone.variation, draw, one.part.drawn)
                column[mine] = one.part.of_each(values)
        columns.append(column)
    return tuple(columns)
