"""What happened to the pieces that gift rules proposed, row by row and SKU by SKU."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.shipments import LATER
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.unreleased import gifts_came_back, lines_came_back
from burstsim.engine.vector.contents import by_leaf, leaves_of, opened
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.columns import lean
from burstsim.kernels.columns import taken as rows_of
from burstsim.kernels.segments import sums_by
from burstsim.units import NEVER

__all__ = ["Taken", "given", "kept", "short", "stepped", "taken", "taken_by_orders"]

_CANCELLED = STATES.index("cancelled")

Flags = npt.NDArray[np.bool_]

#: Pieces that left the shelf: SKU, how many (negative: that came), and the tick.
Taken = tuple[Indices, Indices, Ticks]


def given(trace: Trace) -> Indices:
    """Pieces of each row of the table of gifts that there was stock for, at once or later."""
    granted, later = trace.gifts.granted, trace.gifts.later
    return granted + later if later.any() else granted


def short(trace: Trace) -> Indices:
    """Pieces of each row that there was no stock for.

    Who waits for goods, or is cancelled meanwhile, has not asked the shelf for gifts yet: that
    is no shortage of gifts. Who waits for a gift, or is cancelled for want of one, is short.
    """
    table, rules = trace.gifts, trace.model.rules
    lacking, order = table.proposed - given(trace), table.order
    if not lacking.any():
        return lean(lacking)
    cancels = np.array([rule.spec.fulfil.when_out_of_stock == "cancel" for rule in rules], bool)
    asked = (trace.parcel[order] >= 0) | (trace.held[order] == 1)
    asked |= (trace.dropped[order] < NEVER) & cancels[table.rule]
    return np.where(asked, lacking, 0)


def lasting(trace: Trace) -> Flags:
    """Rows whose pieces came off the shelf and were not put back."""
    table, rules = trace.gifts, trace.model.rules
    add = np.array([rule.spec.source == "add" for rule in rules], bool)
    after = np.array([rule.spec.fulfil.ship == "after_main" for rule in rules], bool)
    off: Flags = (table.item >= 0) & add[table.rule]
    if after.any():  # what waits for goods that are cancelled goes back
        off &= ~(after[table.rule] & (trace.state[table.order] == _CANCELLED))
    return off


def kept(trace: Trace) -> Indices:
    """Pieces of each row that came off the shelf and did not come back: (rows,) int64."""
    table, lasts = trace.gifts, lasting(trace)
    stays = np.zeros(len(lasts), np.int64)
    for count, back in zip((table.granted, table.later), gifts_came_back(trace), strict=True):
        if count.any():
            stays += np.where(lasts & (back == NEVER), count, 0)
    return stays


def taken(trace: Trace) -> Taken:
    """Pieces that goods, gifts, builds and counts took from shelves for good, kits opened.

    What trucks and builds bring, and what comes back because it was cancelled before it was
    released, counts as less than nothing.
    """
    both = zip(taken_by_orders(trace), stepped(trace), strict=True)
    sku, pieces, tick = (np.concatenate(columns) for columns in both)
    return sku, pieces, tick


def taken_by_orders(trace: Trace) -> Taken:
    """Pieces that goods and gifts took from shelves for good, kits opened.

    What comes back because it was cancelled before it was released counts as less than nothing.
    """
    table, sent = trace.gifts, trace.per_order(trace.sent)
    parcel = trace.line_parcels()
    lines = np.flatnonzero(parcel >= 0)
    source, *goods = leaves_of(trace.orders, lines)
    rows = np.flatnonzero(lasting(trace) & (given(trace) > 0))
    parts = [(table.item[rows], table.granted[rows], sent[table.order[rows]])]
    parts.append((table.item[rows], table.later[rows], _later(trace, rows)))
    for count, ticks in zip((table.granted, table.later), gifts_came_back(trace), strict=True):
        some = rows[ticks[rows] < NEVER]
        parts.append((table.item[some], -count[some], ticks[some]))
    item, count, tick = (np.concatenate(column) for column in zip(*parts, strict=True))
    gift, *gifts = opened(trace.orders.items, item, count)
    back = lines_came_back(trace)[lines][source]
    returns = back < NEVER
    every = (
        (goods[0][returns], -goods[1][returns], back[returns]),
        (*goods, trace.sent[parcel[lines]][source]),
        (*gifts, tick[gift]),
    )
    skus, counts, ticks = (np.concatenate(column) for column in zip(*every, strict=True))
    some = np.flatnonzero(counts)
    return skus[some], counts[some], ticks[some]


def stepped(trace: Trace) -> Taken:
    """Parts that builds took, pieces that counts missed, and, negative, all that came."""
    left, rows = trace.made.tolist(), []
    for step, missing in zip(trace.model.steps, trace.missing.tolist(), strict=True):
        if step.counted:
            rows.append((step.counter, missing, step.tick))
            continue
        if step.build < 0:
            rows.append((step.counter, -step.amount, step.tick))
            continue
        kits = min(step.amount, left[step.build])
        rows += [(sku, each * kits, step.tick) for sku, each in step.needs]
        if not step.needs:
            left[step.build] -= kits
            rows.append((step.counter, -kits, step.tick))
    sku, pieces, tick = np.array(rows, np.int64).reshape(-1, 3).T
    return sku, pieces, tick


def _later(trace: Trace, rows: Indices) -> Ticks:
    """Tick at which later gifts of some rows left, each in a parcel of its own."""
    table = trace.gifts
    parts = LATER + len(trace.model.rules)
    keys = trace.parcel_order * parts + trace.parcel_part
    wanted = table.order[rows] * parts + LATER + table.rule[rows]
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    own = keys[place] == wanted if len(keys) else np.zeros(len(rows), bool)
    return np.where(own, trace.sent[place], trace.model.end) if len(keys) else wanted


def by_sku(trace: Trace, pieces: Indices) -> Indices:
    """Add pieces of all rows that give from shelves up by SKU, kits opened."""
    table, items = trace.gifts, trace.orders.items
    add = np.array([rule.spec.source == "add" for rule in trace.model.rules], bool)
    # units in the cart that have no name are out
    rows = np.flatnonzero(add[table.rule] & (table.item >= 0) & (pieces != 0))
    return by_leaf(items, sums_by(table.item[rows], rows_of(pieces, rows), len(items.pieces)))
