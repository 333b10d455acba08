"""What groups of orders ask of which shelf; a shelf is a SKU in a warehouse."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.swaps import each_rule, given_by, phases_of
from burstsim.engine.vector.contents import contents, opened
from burstsim.engine.vector.giftrows import GiftRows
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.routes import Routes
from burstsim.engine.vector.turns import Event
from burstsim.kernels.allocation import Demand
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import offsets_of, segment_elements

__all__ = ["Asks"]

Flags = npt.NDArray[np.bool_]

_NOTHING = (np.empty(0, np.int64),) * 3


class Asks:
    """What groups ask of shelves that have an end.

    Parameters
    ----------
    model, orders, groups, routes, rows
        As in `burstsim.engine.vector.shelf.from_the_shelf`.
    """

    def __init__(
        self, model: Model, orders: Orders, groups: Groups, routes: Routes, rows: GiftRows
    ) -> None:
        self.model, self.orders, self.groups = model, orders, groups
        self.routes, self.rows, self.first = routes, rows, routes.first
        self.stock = model.stock.shelves.reshape(-1)
        self.n_skus = model.stock.shelves.shape[1]
        ends: Flags = np.logical_or.reduce(model.stock.shelves >= 0, axis=0)
        self.goods = _NOTHING
        counted = ends & self._may_miss()
        if counted.any():
            group, sku, pieces = contents(orders, groups.offsets, groups.members)
            keep = counted[sku] & (group >= groups.resumed)
            self.goods = group[keep], sku[keep], pieces[keep]
        take = np.flatnonzero((rows.item >= 0) & _added(model.rules)[rows.rule])
        source, sku, pieces = opened(orders.items, rows.item[take], rows.proposed[take])
        keep = ends[sku]
        self.row, self.sku, self.pieces = take[source][keep], sku[keep], pieces[keep]

    def _may_miss(self) -> Flags:
        """SKUs of goods that may not be there although they were sold.

        Goods that were taken when they were sold are there, if there is only one warehouse,
        unless gifts took them or the parts of kits that were to be made.
        """
        orders, stock = self.orders, self.model.stock
        sold = np.zeros(self.n_skus, bool)
        sold[self._skus(np.unique(orders.line_item))] = True
        sold[orders.fillings.sku] = True
        # open orders may hold more than was counted
        doubtful = self.model.sells_more_than_there_is or len(self.model.opening) > 0
        if doubtful or len(stock.shelves) > 1:
            return sold
        given = np.zeros(self.n_skus, bool)
        for number in range(len(self.model.rules)):
            given[self._skus(given_by(self.model, number))] = True
        given[list(stock.built)] = True
        given[[step.counter for step in self.model.steps if step.counted]] = True
        return sold & given

    def demand(self, events: list[Event], cut: Flags) -> Demand:
        """Give what is asked of the first warehouses, but for gifts that are cut later."""
        group, sku, pieces = self.goods
        house = self.first[group]
        goods = 2 * group + 1, house * self.n_skus + sku, pieces
        owner = self.rows.group[self.row]
        shelf = self.first[owner] * self.n_skus + self.sku
        gifts = 2 * owner + 1, shelf, self.pieces
        keep = (self.first[owner] >= 0) & ~cut[np.maximum(shelf, 0)]
        gifts = (gifts[0][keep], gifts[1][keep], gifts[2][keep])
        here = house >= 0
        goods = (goods[0][here], goods[1][here], goods[2][here])
        parts = [goods, gifts]
        for event in events:
            before = 2 * int(self.groups.leaves.searchsorted(event.tick))
            for sku_number, number in event.taken.items():
                cell = event.house * self.n_skus + sku_number
                parts.append((np.array([before]), np.array([cell]), np.array([number])))
        turn, shelf, pieces = (np.concatenate(column) for column in zip(*parts, strict=True))
        return turn, shelf, pieces

    def at_most(self, demand: Demand) -> Demand:
        """Add what may be asked of first warehouses although it is not taken.

        Chance chooses among what is left: each choice has to be there, taken or not.
        """
        everybody, none = np.ones(len(self.groups), bool), np.empty(0, np.int64)
        parts = [demand, *self._instead(everybody, none, none, only="random")]
        turn, shelf, pieces = (np.concatenate(column) for column in zip(*parts, strict=True))
        return turn, shelf, pieces

    def elsewhere(self, chosen: Indices) -> Demand:
        """Give what some groups may ask of other warehouses, and of other gifts."""
        if len(chosen) == 0:
            return _NOTHING
        flags = np.zeros(len(self.groups), bool)
        flags[chosen] = True
        groups, houses = self.routes.others(chosen)
        parts = [self._at(self.goods, groups, houses)]
        owner = self.rows.group[self.row]
        parts.append(self._at((owner, self.sku, self.pieces), groups, houses))
        parts += self._instead(flags, groups, houses)
        turn, shelf, pieces = (np.concatenate(column) for column in zip(*parts, strict=True))
        return turn, shelf, pieces

    def _at(
        self, asked: tuple[Indices, Indices, Indices], groups: Indices, houses: Indices
    ) -> Demand:
        """Give what pairs of a group and a warehouse would ask there."""
        owner, sku, pieces = asked
        order = np.argsort(owner, kind="stable")
        offsets = offsets_of(np.bincount(owner, minlength=len(self.groups)))
        elements = order[segment_elements(offsets, groups)]
        pair = np.repeat(np.arange(len(groups)), np.diff(offsets)[groups])
        return 2 * groups[pair] + 1, houses[pair] * self.n_skus + sku[elements], pieces[elements]

    def _instead(
        self, chosen: Flags, groups: Indices, houses: Indices, only: str | None = None
    ) -> list[Demand]:
        """Give what they may ask where a gift is one of several: all of them, everywhere.

        Parameters
        ----------
        chosen : (groups,) bool
            Who asks at first warehouses.
        groups, houses : (k,) int64
            Who asks where else.
        only
            Rules that choose in this way; None for all.
        """
        parts = []
        phases = phases_of(self.model, self.groups.leaves)[self.rows.group]
        for phase, number, rule in each_rule(self.model):
            if not rule.spec.one_of_several or only not in (None, rule.spec.reward.choose):
                continue
            for option, gifts in enumerate(rule.options):
                mine = (self.rows.rule == number) & (self.rows.option == option)
                mine &= phases == phase
                rows = np.flatnonzero(mine & chosen[self.rows.group])
                each = np.array([n for _, n in gifts])[self.rows.place[rows]]
                times = self.rows.proposed[rows] // each
                for item, number_of_it in gifts:
                    what = np.full(len(rows), item), times * number_of_it
                    source, sku, pieces = opened(self.orders.items, *what)
                    asked = self.rows.group[rows][source], sku, pieces
                    first = np.flatnonzero(self.first[asked[0]] >= 0)
                    shelf = self.first[asked[0][first]] * self.n_skus + sku[first]
                    parts.append((2 * asked[0][first] + 1, shelf, pieces[first]))
                    parts.append(self._at(asked, groups, houses))
        return parts

    def cut(self, events: list[Event]) -> Flags:
        """Which shelves only gifts that nobody waits for are asked of, one item each."""
        cut = self.stock >= 0
        of_sku = cut.reshape(-1, self.n_skus)
        of_sku[:, self.goods[1]] = False
        for event in events:
            of_sku[event.house, list(event.skus)] = False
        several = len(of_sku) > 1
        plain = np.array(
            [
                not rule.spec.one_of_several
                and rule.spec.fulfil.when_out_of_stock == "skip"
                and (rule.spec.fulfil.ship == "with_main" or not several)
                for rule in self.model.rules
            ],
            bool,
        )
        of_sku[:, self.sku[~plain[self.rows.rule[self.row]]]] = False
        of_sku[:, self.sku[self.rows.item[self.row] != self.sku]] = False
        for number, rule in enumerate(self.model.rules):
            if not plain[number] and not rule.in_cart:
                of_sku[:, self._skus(given_by(self.model, number))] = False
        return of_sku.reshape(-1)

    def mixes(self, touched: Flags, cut: Flags, events: list[Event]) -> bool:
        """Whether groups that are looked at one by one need to see shelves that are cut later.

        They do if they may be sent later than in their turn, or if what the shelf has decides
        which other rules give.
        """
        mine = touched[self.rows.group[self.row]]
        several: Flags = np.logical_or.reduce(cut.reshape(-1, self.n_skus), axis=0)
        mine &= several[self.sku]
        if not mine.any():
            return False
        granted = [rule.spec.stack.decide == "granted" for rule in self.model.rules]
        deciding = np.array(granted, bool)[self.rows.rule[self.row[mine]]]
        return bool(events) or bool(deciding.any())

    def gifts_from(self, touched: Flags, counted: Flags) -> bool:
        """Whether gifts of some groups may come from one of these shelves, or from anywhere."""
        of_sku: Flags = np.logical_or.reduce(counted.reshape(-1, self.n_skus), axis=0)
        mine = np.unique(self.rows.rule[touched[self.rows.group]])
        for number in mine.tolist():
            rule = self.model.rules[number]
            if rule.in_cart:
                continue
            if len(self.model.stock.shelves) > 1 and rule.spec.fulfil.ship != "with_main":
                return True
            if of_sku[self._skus(given_by(self.model, number))].any():
                return True
        return False

    def _skus(self, items: list[int] | Indices) -> Indices:
        """SKUs that some items are made of."""
        chosen = np.asarray(items, np.int64)
        return opened(self.orders.items, chosen, np.ones_like(chosen))[1]


def _added(rules: tuple[Rule, ...]) -> Flags:
    """Whether the gifts of each rule come from the shelf."""
    return np.array([not rule.in_cart for rule in rules], bool)
