"""Shelves that are counted, and gifts from them one group at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.swaps import phases_of, rules_over_time
from burstsim.engine.vector.contents import opened
from burstsim.engine.vector.giftrows import in_turn
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.mixing import among, mixed

__all__ = ["GRANTED", "LATER", "PROPOSED", "Counted", "Needs", "Row"]

Flags = npt.NDArray[np.bool_]

#: group, rule, option, place, house, item, proposed, granted, later: as in `GiftRows`
Row = list[int]
PROPOSED, GRANTED, LATER = 6, 7, 8

#: SKUs and how many of each.
Needs = list[tuple[int, int]]


class Counted:
    """Shelves that may run out; on all others there is enough.

    Parameters
    ----------
    model, orders, groups
        The rules, and who leaves.
    scarce : (warehouses * skus,) bool
        Shelves that are counted.
    """

    def __init__(self, model: Model, orders: Orders, groups: Groups, scarce: Flags) -> None:
        self.orders, self.groups, self.rules = orders, groups, model.rules
        counted = scarce.reshape(model.stock.shelves.shape)
        self.left: list[dict[int, int]] = [
            {int(sku): int(shelf[sku]) for sku in np.flatnonzero(flags)}
            for shelf, flags in zip(model.stock.shelves, counted, strict=True)
        ]
        self.counted: Flags = np.logical_or.reduce(counted, axis=0)
        self.used: list[tuple[int, int, int]] = []
        self.phase = phases_of(model, groups.leaves).tolist()
        #: Of every phase, rule and option: item, pieces and counted SKUs of each gift.
        self.options = [
            [
                [[(item, n, self._leaves(item)) for item, n in option] for option in rule.options]
                for rule in rules
            ]
            for rules in rules_over_time(model)
        ]
        self.in_turn = [
            [
                [in_turn(orders, rule, option) for option in range(len(rule.options))]
                for rule in rules
            ]
            for rules in rules_over_time(model)
        ]

    def _leaves(self, item: int) -> Needs:
        """Give the counted SKUs of one of an item of fixed parts."""
        _, sku, pieces = opened(self.orders.items, np.array([item]), np.array([1]))
        pairs = zip(sku.tolist(), pieces.tolist(), strict=True)
        return [(which, count) for which, count in pairs if self.counted[which]]

    def _use(self, house: int, needs: Needs) -> None:
        """Take counted pieces off a shelf."""
        left = self.left[house]
        for sku, pieces in needs:
            if sku in left:
                left[sku] -= pieces
                self.used.append((house, sku, pieces))

    def _has(self, house: int, needs: Needs) -> bool:
        left = self.left[house]
        return all(left.get(sku, pieces) >= pieces for sku, pieces in needs)

    def _all(
        self,
        group: int,
        rule: int,
        counts: list[tuple[int, int]],
        asked: tuple[int, ...],
        rows: list[Row],
    ) -> tuple[Needs, bool]:
        """Take every gift as far as it is there; what is missing, and whether any was given."""
        missing: dict[int, int] = {}
        given = False
        options = self.options[self.phase[group]][rule]
        for option, count in counts:
            for place, (item, each, leaves) in enumerate(options[option]):
                wanted = count * each
                house = self._first_with(asked, leaves, wanted)
                left = self.left[house]
                there = min([wanted, *(left.get(sku, n * wanted) // n for sku, n in leaves)])
                self._use(house, [(sku, n * there) for sku, n in leaves])
                rows.append([group, rule, option, place, house, item, wanted, there, 0])
                given |= there > 0
                for sku, n in leaves if there < wanted else ():
                    missing[sku] = missing.get(sku, 0) + n * (wanted - there)
        return list(missing.items()), given

    def _first_with(self, asked: tuple[int, ...], leaves: Needs, wanted: int) -> int:
        """Warehouse that has all of it, else the main one."""
        needs = [(sku, n * wanted) for sku, n in leaves]
        return next((house for house in asked if self._has(house, needs)), asked[0])

    def _one_of_several(
        self,
        group: int,
        rule: int,
        counts: list[tuple[int, int]],
        asked: tuple[int, ...],
        rows: list[Row],
    ) -> tuple[Needs, bool]:
        """Take one item for every gift; what none was there for, and whether any was given."""
        compiled, missing, given, turn = self.rules[rule], dict[int, int](), False, 0
        at_random = compiled.spec.reward.choose == "random"
        phase = self.phase[group]
        for option, count in counts:
            gifts, in_turn = self.options[phase][rule][option], self.in_turn[phase][rule][option]
            needs = [[(sku, n * each) for sku, n in leaves] for _, each, leaves in gifts]
            of_place: dict[tuple[int, int], Row] = {}
            for _ in range(count):
                there = [
                    (place, houses[0])
                    for place in in_turn
                    if (houses := [h for h in asked if self._has(h, needs[place])])
                ]
                place, house = there[0] if there else (in_turn[0], asked[0])
                if there and at_random:
                    bits = int(self.orders.chance[compiled.name][self.groups.first[group]])
                    place, house = there[among(mixed(bits, turn), len(there))]
                turn += 1
                item, each, _ = gifts[place]
                new = [group, rule, option, place, house, item, 0, 0, 0]
                row = of_place.setdefault((place, house), new)
                row[PROPOSED] += each
                if there:
                    row[GRANTED] += each
                    self._use(house, needs[place])
                    given = True
                else:
                    for sku, pieces in needs[place]:
                        missing[sku] = missing.get(sku, 0) + pieces
            rows += of_place.values()
        return list(missing.items()), given

    def _promise(
        self, group: int, rule: int, counts: list[tuple[int, int]], rows: list[Row]
    ) -> None:
        """Note what a rule gives without looking at the shelves."""
        spec, in_cart = self.rules[rule].spec, self.rules[rule].in_cart
        phase = self.phase[group]
        for option, count in counts:
            gifts = self.options[phase][rule][option]
            if not gifts:
                rows.append([group, rule, option, 0, -1, -1, count, count, 0])
            instead = spec.one_of_several and not in_cart
            in_turn = self.in_turn[phase][rule][option]
            for place in in_turn[:1] if instead else range(len(gifts)):
                item, each, _ = gifts[place]
                wanted = count * each
                rows.append([group, rule, option, place, -1, item, wanted, in_cart * wanted, 0])
