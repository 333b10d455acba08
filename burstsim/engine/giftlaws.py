"""The laws of gifts: nothing beyond what rules propose, caps allow and shelves hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.trace import STATES, Trace
from burstsim.engine.unreleased import gifts_came_back
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import sums_by
from burstsim.units import MINUTE, NEVER

__all__ = ["gift_laws", "gifts_by", "gifts_taken"]

_CANCELLED = STATES.index("cancelled")


def gift_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law of gifts that the trace breaks."""
    table = trace.gifts
    if (table.granted < 0).any() or (table.later < 0).any():
        yield "gifts are not negative"
    if (table.granted + table.later > table.proposed).any():
        yield "no more gifts are granted than proposed"
    for number, rule in enumerate(trace.model.rules):
        for law in _caps(trace, number):
            yield f"gifts.{rule.name}: {law}"
    yield from _stacking(trace)


def gifts_taken(trace: Trace) -> Indices:
    """Pieces that gifts took from shelves for good, kits opened: (warehouses, skus) int64.

    What waits for goods to be shipped may still go back: it counts once it is in a parcel. What
    was cancelled before it was released has come back.
    """
    table, items, parts = trace.gifts, trace.orders.items, 3 + len(trace.model.rules)
    after = np.array([rule.spec.fulfil.ship == "after_main" for rule in trace.model.rules], bool)
    rows = np.flatnonzero(table.house >= 0)
    order, waits = table.order[rows], after[table.rule[rows]]
    known = trace.parcel_order * parts + trace.parcel_part
    granted = np.where(waits & ~np.isin(order * parts + 2, known), 0, table.granted[rows])
    later_part = order * parts + 3 + table.rule[rows]
    later = np.where(waits & ~np.isin(later_part, known), 0, table.later[rows])
    back, later_back = (ticks[rows] < NEVER for ticks in gifts_came_back(trace))
    granted, later = np.where(back, 0, granted), np.where(later_back, 0, later)
    each, taken = np.diff(items.leaf_offsets), []
    for house in range(len(trace.model.chains)):
        mine = table.house[rows] == house
        pieces = sums_by(table.item[rows[mine]], (granted + later)[mine], len(items.names))
        leaves = items.leaf_count * np.repeat(pieces, each)
        taken.append(sums_by(items.leaf_sku, leaves, items.n_skus))
    return np.stack(taken)


def gifts_by(trace: Trace, number: int) -> tuple[Indices, Indices]:
    """Count the gifts that a rule gives, from the pieces.

    Parameters
    ----------
    trace
        A finished replication.
    number
        Position of the rule.

    Returns
    -------
    rows : (k,) int64
        Rows of the table of gifts: one for each order and option, or for each item of it where
        a gift is one of several items.
    gifts : (k,) int64
    """
    table, rule = trace.gifts, trace.model.rules[number]
    several = rule.spec.one_of_several and rule.spec.source == "add"
    rows, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for option, gifts in enumerate(rule.options):
        mine = np.flatnonzero((table.rule == number) & (table.option == option))
        for place, (_, each) in enumerate(gifts if several else (gifts or ((-1, 1),))[:1]):
            chosen = mine[table.place[mine] == place]
            rows.append(chosen)
            counts.append(table.proposed[chosen] // each)
    return np.concatenate(rows), np.concatenate(counts)


def _caps(trace: Trace, number: int) -> Iterator[str]:
    """Check the limits of one rule from what it gave."""
    rule, orders = trace.model.rules[number], trace.orders
    cap, gate = rule.spec.cap, rule.spec.gate
    rows, gifts = gifts_by(trace, number)
    if len(rows) == 0:
        return
    order, option = trace.gifts.order[rows], trace.gifts.option[rows]
    per_order = np.bincount(order, gifts)
    if cap.order is not None and (per_order > cap.order).any():
        yield "no order gets more than the cap per order"
    different = np.unique(order)
    if gate.first_n is not None and gate.per != "window":
        period = np.zeros(len(different), np.int64)
        if gate.per == "minute":
            period = orders.paid[different] // MINUTE
        elif gate.per == "room":
            period = orders.room[different]
        if (np.unique(period, return_counts=True)[1] > gate.first_n).any():
            yield "no more orders than first_n are let through"
    lasts = np.ones(len(order), bool)
    if rule.spec.clawback.cancel == "release":
        lasts = trace.state[order] != _CANCELLED
    if cap.total is not None and gifts[lasts].sum() > max(cap.total - cap.used, 0):
        yield "no more is given than the cap in all"
    if cap.budget is not None:
        spent = gifts[lasts] * np.array(rule.costs, np.int64)[option[lasts]]
        if spent.sum() > cap.budget:
            yield "no more is given than the budget pays for"
    known = lasts & (orders.customer[order] >= 0)
    if cap.customer is not None and known.any():
        _, buyer = np.unique(orders.customer[order[known]], return_inverse=True)
        if (np.bincount(buyer, gifts[known]) > cap.customer).any():
            yield "no customer gets more than the cap per customer"


def _stacking(trace: Trace) -> Iterator[str]:
    """Check that rules that exclude each other do."""
    table, rules = trace.gifts, trace.model.rules
    given = (table.granted > 0) | (table.item < 0)
    pairs = np.unique(np.stack((table.order[given], table.rule[given]), axis=1), axis=0)
    groups = {name: n for n, name in enumerate({r.spec.stack.group for r in rules} - {None})}
    group = np.array([groups.get(rule.spec.stack.group, -1) for rule in rules], np.int64)
    grouped = pairs[group[pairs[:, 1]] >= 0] if len(pairs) else pairs
    if len(grouped):
        taken = np.stack((grouped[:, 0], group[grouped[:, 1]]), axis=1)
        if len(np.unique(taken, axis=0)) < len(taken):
            yield "one rule of a group gives at most"
    alone = np.array([rule.spec.stack.exclusive for rule in rules], bool)
    if alone.any() and len(pairs):
        several = np.bincount(pairs[:, 0])[pairs[:, 0]] > 1
        if (several & alone[pairs[:, 1]]).any():
            yield "an exclusive rule gives alone"
