"""The shelf: pieces that are there, and tries to take an order's goods and gifts from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from burstsim.engine.compile import Model
from burstsim.engine.items import Items
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.kernels.mixing import among, mixed

__all__ = ["GiftRow", "Shelf", "Try"]


@dataclass(slots=True)
class GiftRow:
    """Pieces of one item that a rule gives to the orders of a parcel."""

    rule: int
    option: int
    place: int
    item: int
    proposed: int = 0
    granted: int = 0
    later: int = 0


class Shelf:
    """Pieces on the shelf, of SKUs of which there is an end.

    Parameters
    ----------
    model, orders
        The stock, and the items of the replication.
    """

    def __init__(self, model: Model, orders: Orders) -> None:
        self.items: Items = orders.items
        self.left = {sku: n for sku, n in enumerate(model.stock.on_hand.tolist()) if n >= 0}

    def has(self, needs: Mapping[int, int]) -> bool:
        """Whether all of it is there."""
        return all(self.left.get(sku, pieces) >= pieces for sku, pieces in needs.items())

    def put(self, sku: int, pieces: int) -> None:
        """Put pieces on the shelf, or take them off."""
        if sku in self.left:
            self.left[sku] += pieces

    def take_parts(self, needs: Mapping[int, int], kits: int) -> int:
        """Take the parts of at most so many kits; for how many they are there."""
        for sku, each in needs.items():
            kits = min(kits, self.left.get(sku, kits * each) // each)
        for sku, each in needs.items():
            self.put(sku, -each * kits)
        return kits

    def leaves(self, item: int) -> dict[int, int]:
        """SKU → pieces of one of an item of fixed parts."""
        items = self.items
        span = slice(items.leaf_offsets[item], items.leaf_offsets[item + 1])
        skus: list[int] = items.leaf_sku[span].tolist()
        counts: list[int] = items.leaf_count[span].tolist()
        return dict(zip(skus, counts, strict=True))

    def available(self, item: int, wanted: int) -> int:
        """How many of an item can be had, at most as many as wanted."""
        for sku, count in self.leaves(item).items():
            wanted = min(wanted, self.left.get(sku, wanted * count) // count)
        return wanted


class Try:
    """One try to find the goods of some orders, and then their gifts, on the shelf.

    Parameters
    ----------
    shelf
        The shelf.
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
        rules: tuple[Rule, ...],
        chance: Mapping[str, int],
        refused: frozenset[int],
    ) -> None:
        self.shelf, self.rules, self.chance, self.refused = shelf, rules, chance, refused
        self.taken: dict[int, int] = {}
        self.rows: list[GiftRow] = []
        self.missing: dict[int, dict[int, int]] = {}
        self.outcome = "sent"

    def take_goods(self, needs: Mapping[int, int]) -> bool:
        """Take all of the goods; without them the gifts are only promised."""
        if not self.shelf.has(needs):
            self.outcome = "short"
            return False
        for sku, pieces in needs.items():
            self._take(sku, pieces)
        return True

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
        for sku, pieces in self.taken.items():
            self.shelf.put(sku, pieces)
        self.taken, self.missing, self.rows = {}, {}, []
        for rule, counts in grants:
            in_cart = self.rules[rule].spec.source == "in_cart"
            self._promise(rule, counts, given=in_cart)

    def _take(self, sku: int, pieces: int) -> None:
        self.shelf.put(sku, -pieces)
        self.taken[sku] = self.taken.get(sku, 0) + pieces

    def _take_item(self, item: int, count: int) -> None:
        for sku, pieces in self.shelf.leaves(item).items():
            self._take(sku, pieces * count)

    def _promise(self, rule: int, counts: list[int], *, given: bool = False) -> None:
        """Note what a rule gives without looking at the shelf."""
        spec = self.rules[rule].spec
        for option, count in enumerate(counts):
            gifts = self.rules[rule].options[option]
            if not count:
                continue
            if not gifts:
                self.rows.append(GiftRow(rule, option, 0, -1, count, count))
            instead = not given and spec.one_of_several
            for place in self.in_turn(rule, option)[:1] if instead else range(len(gifts)):
                item, each = gifts[place]
                wanted = count * each
                self.rows.append(GiftRow(rule, option, place, item, wanted, wanted if given else 0))

    def _take_all(self, rule: int, counts: list[int]) -> dict[int, int]:
        """Take every gift as far as it is there; what is missing, by item."""
        missing: dict[int, int] = {}
        for option, count in enumerate(counts):
            if not count:
                continue
            for place, (item, each) in enumerate(self.rules[rule].options[option]):
                wanted = count * each
                there = self.shelf.available(item, wanted)
                self._take_item(item, there)
                self.rows.append(GiftRow(rule, option, place, item, wanted, there))
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
            rows: dict[int, GiftRow] = {}
            in_turn = self.in_turn(rule, option)
            for _ in range(count):
                there = [
                    place
                    for place in in_turn
                    if self.shelf.available(*gifts[place]) == gifts[place][1]
                ]
                place = (there or in_turn)[0]
                if there and chooses == "random":
                    bits = mixed(self.chance[self.rules[rule].name], turn)
                    place = there[among(bits, len(there))]
                turn += 1
                item, each = gifts[place]
                row = rows.setdefault(place, GiftRow(rule, option, place, item))
                row.proposed += each
                if there:
                    row.granted += each
                    self._take_item(item, each)
                else:
                    missing[item] = missing.get(item, 0) + each
            self.rows += [rows[place] for place in sorted(rows)]
        return missing

    def _has(self, item: int, count: int) -> bool:
        return self.shelf.available(item, count) == count

    def in_turn(self, rule: int, option: int) -> list[int]:
        """Places of an option's gifts, in the order in which one of them is chosen."""
        gifts = self.rules[rule].options[option]
        places = list(range(len(gifts)))
        if self.rules[rule].spec.reward.choose == "dearest":
            places.sort(key=lambda place: -int(self.shelf.items.price[gifts[place][0]]))
        return places
