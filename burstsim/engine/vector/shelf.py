"""The shelves as arrays: who gets goods and gifts, from where, and when.

As long as nothing runs out, everybody gets everything at once from the first warehouse of the
route. What may run out is found by adding up all that is asked. Gifts that nobody waits for, of
a SKU that nothing else is made of, are cut where the sum passes the stock; only groups that touch
something else that runs out are looked at one by one (`turns`), because what one of them is
refused the next one may get.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.vector.asks import Asks
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.giftrows import GiftRows, gift_rows
from burstsim.engine.vector.gifts import Grants
from burstsim.engine.vector.goods_in_turn import take_goods
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.routes import Routes
from burstsim.engine.vector.surely import Surely
from burstsim.engine.vector.turns import Event, Turns
from burstsim.kernels.allocation import Asked, Demand, unsure
from burstsim.kernels.segments import sums_by
from burstsim.units import NEVER

__all__ = ["from_the_shelf"]

Flags = npt.NDArray[np.bool_]


def from_the_shelf(
    model: Model,
    orders: Orders,
    groups: Groups,
    routes: Routes,
    grants: Grants,
    events: list[Event],
) -> Filled:
    """Take goods and gifts from the shelves, group by group.

    Parameters
    ----------
    model, orders, groups, routes
        Who leaves when, and from where.
    grants
        What the rules give.
    events
        What comes to the shelves and leaves them otherwise, in order.
    """
    first = routes.first
    rows = gift_rows(model, orders, groups, first, grants)
    filled = Filled(
        grants=grants,
        rows=rows,
        house=first,
        sent=groups.leaves.copy(),
        dropped=np.full(len(groups), NEVER),
        held=np.zeros(len(groups), bool),
    )
    nowhere = np.flatnonzero(first < 0)
    if not (model.stock.shelves >= 0).any() and len(nowhere) == 0:
        return filled
    asks = Asks(model, orders, groups, routes, rows)
    shelves, cut = model.stock.shelves.reshape(-1), asks.cut(events)

    def look(cut: Flags) -> tuple[Demand, Flags, Flags, Asked]:
        demand = asks.demand(events, cut)
        most = asks.at_most(demand), asks.elsewhere
        return demand, *unsure(len(groups), *most, shelves, nowhere)

    demand, touched, scarce, asked = look(cut)
    if touched.any() and asks.mixes(touched, cut, events):
        # a group that waits, or gives way to another rule, needs to see the gifts' shelf too
        cut = np.zeros(len(cut), bool)
        demand, touched, scarce, asked = look(cut)
    counted, size = scarce & ~cut, model.stock.shelves.shape[1]
    if touched.any() and not events and not asks.gifts_from(touched, counted):
        take_goods(model, orders, (groups, routes), asked, (touched, counted), filled)
    elif touched.any() or any(counted[e.house * size + sku] for e in events for sku in e.skus):
        surely = Surely(demand, touched, counted)
        turns = Turns(model, orders, (groups, routes), counted, surely, events)
        turns.take(np.flatnonzero(touched), filled)
    filled.rows = _cut(model, filled, cut)
    _note_refusals(model.rules, filled, touched)
    return filled


def _cut(model: Model, filled: Filled, cut: Flags) -> GiftRows:
    """Give gifts that nobody waits for until their shelves are empty."""
    rows, stock = filled.rows, model.stock.shelves
    mine = np.flatnonzero((rows.house >= 0) & (rows.item >= 0) & (rows.item < stock.shape[1]))
    shelf = rows.house[mine] * stock.shape[1] + rows.item[mine]
    some = cut[shelf] & (filled.sent[rows.group[mine]] < NEVER)
    mine, shelf = mine[some], shelf[some]
    if len(mine) == 0:
        return rows
    order = np.argsort(shelf, kind="stable")
    mine, shelf = mine[order], shelf[order]
    pieces = rows.proposed[mine]
    running = np.cumsum(pieces) - pieces
    begins = np.flatnonzero(np.diff(shelf, prepend=-1))
    before = running - np.repeat(running[begins], np.diff(np.append(begins, len(shelf))))
    granted = rows.granted.copy()
    granted[mine] = np.clip(stock.reshape(-1)[shelf] - before, 0, pieces)
    return replace(rows, granted=granted)


def _note_refusals(rules: tuple[Rule, ...], filled: Filled, touched: Flags) -> None:
    """Note where gifts that decide what other rules do were not there at all."""
    rows, count = filled.rows, len(filled.sent)
    for number, rule in enumerate(rules):
        policy = rule.spec.fulfil.when_out_of_stock
        if rule.spec.stack.decide == "granted" and policy == "skip" and not rule.in_cart:
            mine = rows.rule == number
            asked = sums_by(rows.group[mine], rows.proposed[mine], count)
            given = sums_by(rows.group[mine], rows.granted[mine], count)
            refused = (asked > 0) & (given == 0) & ~touched
            if refused.any():
                already = filled.refused.get(number, np.zeros(count, bool))
                filled.refused[number] = refused | already
