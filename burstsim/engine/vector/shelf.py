"""The shelf as arrays: who gets goods and gifts, and when.

As long as nothing runs out, everybody gets everything at once. What may run out is found by
adding up all that is asked. Gifts that nobody waits for, of a SKU that nothing else is made of,
are cut where the sum passes the stock; only orders that touch something else that runs out are
looked at one by one (`turns`), because what one of them is refused the next one may get.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.vector.contents import contents, opened
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.giftrows import GiftRows, gift_rows
from burstsim.engine.vector.gifts import Grants
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.turns import Event, Turns
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import sums_by
from burstsim.units import NEVER

__all__ = ["from_the_shelf"]

Flags = npt.NDArray[np.bool_]


def from_the_shelf(
    model: Model, orders: Orders, groups: Groups, grants: Grants, events: list[Event]
) -> Filled:
    """Take goods and gifts from the shelf, group by group.

    Parameters
    ----------
    model, orders, groups
        Who leaves when.
    grants
        What the rules give.
    events
        What comes to the shelf and leaves it otherwise, in order.
    """
    rows = gift_rows(orders, model.rules, groups, grants)
    filled = Filled(
        grants=grants,
        rows=rows,
        sent=groups.leaves.copy(),
        dropped=np.full(len(groups), NEVER),
        held=np.zeros(len(groups), bool),
    )
    if not (model.stock.on_hand >= 0).any():
        return filled
    asks = _Asks(model, orders, groups, rows)
    scarce = asks.scarce(events)
    if not scarce.any():
        return filled
    simple = asks.simple(scarce, events)
    touched = asks.touching(scarce & ~simple)
    filled.rows = _cut(asks, simple)
    _note_refusals(model.rules, filled, touched)
    if touched.any():
        turns = Turns(model, orders, groups, scarce & ~simple, events)
        turns.take(np.flatnonzero(touched), filled)
    return filled


class _Asks:
    """What groups ask of SKUs of which there is an end.

    Parameters
    ----------
    model, orders, groups, rows
        As in `from_the_shelf`.
    """

    def __init__(self, model: Model, orders: Orders, groups: Groups, rows: GiftRows) -> None:
        self.model, self.orders, self.rows = model, orders, rows
        self.count = len(groups)
        on_hand = model.stock.on_hand
        self.on_hand, self.ends = on_hand, on_hand >= 0
        self.goods = (np.empty(0, np.int64),) * 3
        counted = self.ends & self._may_miss()
        if counted.any():
            group, sku, pieces = contents(orders, groups.offsets, groups.members)
            keep = counted[sku]
            self.goods = group[keep], sku[keep], pieces[keep]
        take = np.flatnonzero((rows.item >= 0) & _added(model.rules, rows.rule))
        source, sku, pieces = opened(orders.items, rows.item[take], rows.proposed[take])
        keep = self.ends[sku]
        self.row, self.sku, self.pieces = take[source][keep], sku[keep], pieces[keep]

    def _may_miss(self) -> Flags:
        """SKUs of goods that may not be there although they were sold.

        Goods that were taken when they were sold are there, unless gifts took them or the
        parts of kits that were to be made.
        """
        orders, items = self.orders, self.orders.items
        sold = np.zeros(items.n_skus, bool)
        present = np.flatnonzero(np.bincount(orders.line_item, minlength=len(items.names)))
        sold[opened_skus(orders, present)] = True
        sold[orders.fillings.sku] = True
        if self.model.sells_more_than_there_is:
            return sold
        given = np.zeros(items.n_skus, bool)
        for rule in self.model.rules:
            for option in rule.options:
                given[opened_skus(orders, [item for item, _ in option])] = True
        given[list(self.model.stock.built)] = True
        return sold & given

    def scarce(self, events: list[Event]) -> Flags:
        """Which SKUs may run out: of which more is asked than there is, come what may."""
        size = len(self.on_hand)
        asked = sums_by(self.goods[1], self.goods[2], size)
        asked += sums_by(self.sku, self.pieces, size)
        for event in events:
            if event.needs:
                for sku, each_kit in event.needs.items():
                    asked[sku] += each_kit * event.pieces
        present = np.unique(self.rows.rule)
        for number in present.tolist():
            rule = self.model.rules[number]
            if rule.spec.one_of_several and rule.spec.reward.choose == "random":
                # chance is among what is left: each choice has to be there, taken or not
                for gifts in rule.options:
                    item, each = np.array(gifts, np.int64).T
                    _, leaf, count = opened(self.orders.items, item, each)
                    np.add.at(asked, leaf, count)
        scarce: Flags = self.ends & (asked > self.on_hand)
        # where the first choice may run out the others are asked as well
        seen: set[tuple[int, int]] = set()
        again = True
        while again:
            again = False
            for number in present.tolist():
                rule = self.model.rules[number]
                if not rule.spec.one_of_several or rule.spec.source == "in_cart":
                    continue
                for option, gifts in enumerate(rule.options):
                    skus = opened_skus(self.orders, [item for item, _ in gifts])
                    if (number, option) in seen or not scarce[skus].any():
                        continue
                    seen.add((number, option))
                    again = True
                    mine = (self.rows.rule == number) & (self.rows.option == option)
                    place = self.rows.place[mine]
                    each = np.array([n for _, n in gifts])[place]
                    times = int((self.rows.proposed[mine] // each).sum())
                    for item, number_of_it in gifts:
                        one = np.array([item]), np.array([number_of_it * times])
                        _, leaf, count = opened(self.orders.items, *one)
                        np.add.at(asked, leaf, count)
                    scarce = self.ends & (asked > self.on_hand)
        return scarce

    def simple(self, scarce: Flags, events: list[Event]) -> Flags:
        """Which of them only gifts that nobody waits for are made of, one item each."""
        simple = scarce.copy()
        simple[self.goods[1]] = False
        for event in events:
            simple[list(event.skus)] = False
        plain = np.array(
            [
                not rule.spec.one_of_several and rule.spec.fulfil.when_out_of_stock == "skip"
                for rule in self.model.rules
            ],
            bool,
        )
        simple[self.sku[~plain[self.rows.rule[self.row]]]] = False
        simple[self.sku[self.rows.item[self.row] != self.sku]] = False
        for rule in self.model.rules:
            if rule.spec.one_of_several and rule.spec.source == "add":
                # what is given instead is asked only when the first choice is gone
                for gifts in rule.options:
                    simple[opened_skus(self.orders, [item for item, _ in gifts])] = False
        # a group that may be sent back gives back everything
        while True:
            by_turns = self.touching(scarce & ~simple)
            mixed = self.sku[by_turns[self.rows.group[self.row]]]
            if not simple[mixed].any():
                return simple
            simple[mixed] = False

    def touching(self, scarce: Flags) -> Flags:
        """Which groups ask for one of these SKUs, or might."""
        touched = np.zeros(self.count, bool)
        touched[self.goods[0][scarce[self.goods[1]]]] = True
        touched[self.rows.group[self.row[scarce[self.sku]]]] = True
        for number, rule in enumerate(self.model.rules):
            if rule.spec.one_of_several and rule.spec.source == "add":
                for option, gifts in enumerate(rule.options):
                    if scarce[opened_skus(self.orders, [item for item, _ in gifts])].any():
                        mine = (self.rows.rule == number) & (self.rows.option == option)
                        touched[self.rows.group[mine]] = True
        return touched


def opened_skus(orders: Orders, items: list[int] | Indices) -> Indices:
    """SKUs that some items are made of."""
    chosen = np.asarray(items, np.int64)
    return opened(orders.items, chosen, np.ones_like(chosen))[1]


def _added(rules: tuple[Rule, ...], rule: Indices) -> Flags:
    """Whether the gifts of these rules come from the shelf."""
    return np.array([r.spec.source == "add" for r in rules], bool)[rule]


def _cut(asks: _Asks, simple: Flags) -> GiftRows:
    """Give simple gifts until the shelf is empty."""
    mine = simple[asks.sku]
    row, sku, pieces = asks.row[mine], asks.sku[mine], asks.pieces[mine]
    if len(row) == 0:
        return asks.rows
    order = np.argsort(sku, kind="stable")
    row, sku, pieces = row[order], sku[order], pieces[order]
    running = np.cumsum(pieces) - pieces
    begins = np.flatnonzero(np.diff(sku, prepend=-1))
    before = running - np.repeat(running[begins], np.diff(np.append(begins, len(sku))))
    granted = asks.rows.granted.copy()
    granted[row] = np.clip(asks.on_hand[sku] - before, 0, pieces)
    return replace(asks.rows, granted=granted)


def _note_refusals(rules: tuple[Rule, ...], filled: Filled, touched: Flags) -> None:
    """Note where simple gifts that decide what other rules do were not there at all."""
    rows, count = filled.rows, len(filled.sent)
    for number, rule in enumerate(rules):
        spec = rule.spec
        if (
            spec.stack.decide == "granted"
            and spec.fulfil.when_out_of_stock == "skip"
            and spec.source == "add"
        ):
            mine = rows.rule == number
            asked = sums_by(rows.group[mine], rows.proposed[mine], count)
            given = sums_by(rows.group[mine], rows.granted[mine], count)
            refused = (asked > 0) & (given == 0) & ~touched
            if refused.any():
                filled.refused[number] = refused
