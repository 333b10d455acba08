"""The laws of units: numbers point to what there is, and every piece is in a parcel once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.shipments import LATER, MAIN, SPLIT
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.vector.contents import line_pieces
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import segment_sums, sums_by
from burstsim.units import NEVER

__all__ = ["place_laws", "unit_laws"]


def place_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every kind of number that points to nothing.

    No other law can be looked at where one of these is broken.
    """
    parcels, orders, houses = len(trace.parcel_order), len(trace.orders), len(trace.model.chains)
    parts = LATER + len(trace.model.rules)
    tours = [visits.task for visits in trace.visits if visits.task is not None]
    places = {
        "state": (trace.state, 0, len(STATES)),
        "parcel": (trace.parcel, -1, parcels),
        "first order of a parcel": (trace.parcel_order, 0, orders),
        "part of an order": (trace.parcel_part, 0, parts),
        "warehouse of a parcel": (trace.parcel_warehouse, 0, houses),
        "carrier": (trace.carrier, -1, NEVER),
        "source of a line": (trace.source, -1, houses),
        "rule of a gift": (trace.gifts.rule, 0, len(trace.model.rules)),
        "order of a gift": (trace.gifts.order, 0, orders),
        "item of a gift": (trace.gifts.item, -1, len(trace.orders.items.names)),
        "warehouse of a gift": (trace.gifts.house, -1, houses),
        "tick": (np.concatenate((trace.sent, trace.released, trace.done)), -NEVER, NEVER + 1),
        "load of a truck": (trace.pickups.loaded, 0, NEVER),
        "tour": (np.concatenate((trace.parcel[:0], *tours)), -1, parcels),
        "build": (np.concatenate((trace.made, trace.parts_for)), 0, NEVER),
    }
    for name, (numbers, low, high) in places.items():
        if ((numbers < low) | (numbers >= high)).any():
            yield f"every {name} is one that there is"
            return
    order, keys = _sent(trace)
    if (trace.parcel[order[trace.source >= 0]] < 0).any():
        yield "what is sent from a warehouse is in a parcel"
        return
    goods = trace.parcel_part == MAIN
    own = trace.parcel_order[goods] * houses + trace.parcel_warehouse[goods]
    if not np.array_equal(np.unique(keys), own):
        yield "a parcel of goods leaves every warehouse that lines come from, and no other"


def unit_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law of units that the trace breaks."""
    order, keys = _sent(trace)
    inside = trace.parcel >= 0
    if not np.array_equal(_pieces(trace, order, keys), _counted(trace)):
        yield "every piece that is sent or given is in a parcel, once"
    if (trace.lines > trace.pieces).any() or (trace.lines < 0).any():
        yield "a parcel has no more different SKUs than pieces"
    if (trace.taken[inside] > trace.sent[trace.parcel[inside]]).any():
        yield "an order is sent when it has left the order management"
    if ((trace.dropped < NEVER) & (inside | (trace.state != STATES.index("cancelled")))).any():
        yield "what a sweep drops is cancelled, and in no parcel"
    holds = any(rule.spec.fulfil.when_out_of_stock == "hold" for rule in trace.model.rules)
    if not np.isin(trace.held, (0, 1) if holds else (0,)).all():
        yield "orders are held only by rules that hold"
    counted = np.array([step.counted for step in trace.model.steps], np.bool_)
    if (trace.missing < 0).any() or trace.missing[~counted].any():
        yield "only counts find pieces missing"


def _sent(trace: Trace) -> tuple[Indices, Indices]:
    """Order of every line; of those that were sent, which (first order of a parcel, warehouse)."""
    order = np.repeat(np.arange(len(trace.orders)), np.diff(trace.orders.line_offsets))
    inside, sent = trace.parcel >= 0, trace.source >= 0
    leader = np.full(len(trace.orders), -1)
    leader[inside] = trace.parcel_order[trace.parcel[inside]]
    return order, leader[order[sent]] * len(trace.model.chains) + trace.source[sent]


def _pieces(trace: Trace, order: Indices, keys: Indices) -> Indices:
    """Pieces that leave each (order, warehouse) with the goods or beside them, or after them."""
    items, orders = trace.orders.items, trace.orders
    houses = len(trace.model.chains)
    found = sums_by(keys, line_pieces(orders)[trace.source >= 0], len(orders) * houses)
    table = trace.gifts
    after = np.array([rule.spec.fulfil.ship == "after_main" for rule in trace.model.rules], bool)
    rows = np.flatnonzero((table.house >= 0) & (table.item >= 0))
    rows = rows[~after[table.rule[rows]]]
    places = table.order[rows] * houses + table.house[rows]
    each = segment_sums(items.leaf_count, items.leaf_offsets)
    return found + sums_by(places, each[table.item[rows]] * table.granted[rows], len(found))


def _counted(trace: Trace) -> Indices:
    """Pieces in parcels of goods and of gifts beside them, by (order, warehouse)."""
    houses = len(trace.model.chains)
    rows = np.flatnonzero(trace.parcel_part <= SPLIT)
    places = trace.parcel_order[rows] * houses + trace.parcel_warehouse[rows]
    return sums_by(places, trace.pieces[rows], len(trace.orders) * houses)
