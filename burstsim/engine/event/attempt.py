"""One try to find the goods of some orders, and then their gifts, on the shelves."""

from __future__ import annotations

from collections.abc import Mapping

from burstsim.engine.event.contents import Line, added_up
from burstsim.engine.event.shelf import GiftRow, Shelf
from burstsim.engine.event.sources import Sources, find_sources
from burstsim.engine.rules import Rule
from burstsim.kernels.mixing import among, mixed

__all__ = ["Try"]


class Try:
    """One try to find the goods of some orders, and then their gifts, on the shelves.

    Parameters
    ----------
    shelf
        The shelves.
    route
        Warehouses that may be asked, the preferred one first.
    rules
        The gift rules, in their order.
    chance
        Rule name → 64 drawn bits of the first order, for rules that choose at random.
    refused
        Rules that gave way to others because there was nothing of their gifts; it stays so.
    """

    def __init__(
        self,
        shelf: Shelf,
        route: tuple[int, ...],
        rules: tuple[Rule, ...],
        chance: Mapping[str, int],
        refused: frozenset[int],
    ) -> None:
        self.shelf, self.route, self.rules = shelf, route, rules
        self.chance, self.refused = chance, refused
        self.taken: list[tuple[int, int, int]] = []
        self.goods: Sources = {}
        self.rows: list[GiftRow] = []
        self.missing: dict[int, dict[int, int]] = {}
        self.outcome = "sent"

    @property
    def main(self) -> int:
        """The warehouse that most of the goods come from, which gives the gifts."""
        return next(iter(self.goods))

    def take_goods(self, lines: list[Line], *, split: bool, part: bool) -> None:
        """Take all of the goods, or what may be had; without any the gifts are only promised."""
        found = find_sources(self.shelf, lines, self.route, split=split, part=part)
        if found is None:
            self.outcome = "short"
            return
        self.goods = found
        for house, some in found.items():
            for sku, pieces in added_up(some).items():
                self._take(house, sku, pieces)

    def obtain(self, rule: int, counts: list[int]) -> bool:
        """Take a rule's gifts; whether any is given, or promised.

        Parameters
        ----------
        rule
            Its position.
        counts
            Gifts of each option.
        """
        spec = self.rules[rule].spec
        if spec.source == "in_cart":
            self._promise(rule, counts, given=True)
            return True
        if self.outcome != "sent" or rule in self.refused:
            self._promise(rule, counts)
            return True
        before = len(self.rows)
        missing = (self._choose if spec.one_of_several else self._take_all)(rule, counts)
        policy = spec.fulfil.when_out_of_stock
        if missing and policy == "backorder":
            self.missing[rule] = missing
        elif missing and policy in ("hold", "cancel"):
            self.outcome = policy
        lasting = policy in ("hold", "backorder", "cancel")
        given = lasting or any(row.granted for row in self.rows[before:])
        if not given and spec.stack.decide == "granted":
            self.refused |= {rule}
        return given

    def give_up(self, grants: list[tuple[int, list[int]]]) -> None:
        """Put everything back; all gifts are only promised again."""
        for house, sku, pieces in self.taken:
            self.shelf.put(house, sku, pieces)
        self.taken, self.missing, self.rows, self.goods = [], {}, [], {}
        for rule, counts in grants:
            self._promise(rule, counts, given=self.rules[rule].in_cart)

    def _take(self, house: int, sku: int, pieces: int) -> None:
        self.shelf.put(house, sku, -pieces)
        self.taken.append((house, sku, pieces))

    def _take_item(self, house: int, item: int, count: int) -> None:
        for sku, pieces in self.shelf.leaves(item).items():
            self._take(house, sku, pieces * count)

    def _promise(self, rule: int, counts: list[int], *, given: bool = False) -> None:
        """Note what a rule gives without looking at the shelves."""
        spec = self.rules[rule].spec
        for option, count in enumerate(counts):
            gifts = self.rules[rule].options[option]
            if not count:
                continue
            if not gifts:
                self.rows.append(GiftRow(rule, option, 0, -1, -1, count, count))
            instead = not given and spec.one_of_several
            for place in self.in_turn(rule, option)[:1] if instead else range(len(gifts)):
                item, each = gifts[place]
                wanted = count * each
                granted = wanted if given else 0
                self.rows.append(GiftRow(rule, option, place, -1, item, wanted, granted))

    def _asked(self, rule: int) -> list[int]:
        """Warehouses that may give a rule's gifts; those that travel alone may come from any."""
        if self.rules[rule].spec.fulfil.ship == "with_main":
            return [self.main]
        return [self.main, *(house for house in self.route if house != self.main)]

    def _take_all(self, rule: int, counts: list[int]) -> dict[int, int]:
        """Take every gift as far as it is there; what is missing, by item.

        The first warehouse that has all of an item gives it, else the main one what it has.
        """
        missing: dict[int, int] = {}
        for option, count in enumerate(counts):
            if not count:
                continue
            for place, (item, each) in enumerate(self.rules[rule].options[option]):
                wanted = count * each
                full = [h for h in self._asked(rule) if self._has(h, item, wanted)]
                house = full[0] if full else self.main
                there = self.shelf.available(house, item, wanted)
                self._take_item(house, item, there)
                self.rows.append(GiftRow(rule, option, place, house, item, wanted, there))
                if there < wanted:
                    missing[item] = missing.get(item, 0) + wanted - there
        return missing

    def _choose(self, rule: int, counts: list[int]) -> dict[int, int]:
        """Take one of its items for every gift; what none could be found for, by first item."""
        missing: dict[int, int] = {}
        turn = 0
        chooses = self.rules[rule].spec.reward.choose
        for option, count in enumerate(counts):
            gifts = self.rules[rule].options[option]
            rows: dict[tuple[int, int], GiftRow] = {}
            in_turn = self.in_turn(rule, option)
            for _ in range(count):
                there = [
                    (place, houses[0])
                    for place in in_turn
                    if (houses := [h for h in self._asked(rule) if self._has(h, *gifts[place])])
                ]
                place, house = there[0] if there else (in_turn[0], self.main)
                if there and chooses == "random":
                    bits = mixed(self.chance[self.rules[rule].name], turn)
                    place, house = there[among(bits, len(there))]
                turn += 1
                item, each = gifts[place]
                new = GiftRow(rule, option, place, house, item)
                row = rows.setdefault((place, house), new)
                row.proposed += each
                if there:
                    row.granted += each
                    self._take_item(house, item, each)
                else:
                    missing[item] = missing.get(item, 0) + each
            self.rows += [rows[key] for key in sorted(rows)]
        return missing

    def _has(self, house: int, item: int, count: int) -> bool:
        return self.shelf.available(house, item, count) == count

    def in_turn(self, rule: int, option: int) -> list[int]:
        """Places of an option's gifts, in the order in which one of them is chosen."""
        gifts = self.rules[rule].options[option]
        places = list(range(len(gifts)))
        if self.rules[rule].spec.reward.choose == "dearest":
            places.sort(key=lambda place: -int(self.shelf.items.price[gifts[place][0]]))
        return places
