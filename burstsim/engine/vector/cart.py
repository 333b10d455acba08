"""What orders that leave together have in them, and what gift rules have used up of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.kinds import bits_of, bits_within, count_bits, different
from burstsim.kernels.segments import offsets_of, segment_elements, segment_sums
from burstsim.kernels.sharing import share_out

__all__ = ["Batch", "Cart", "Found"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Orders that leave together, in the order in which sweeps take them.

    Parameters
    ----------
    orders
        All orders.
    groups : (g+1,) int64
        Where each group begins in `members`.
    members : (m,) int64
        Orders; the first of a group gives it its number, payment and customer.
    """

    orders: Orders
    groups: Indices
    members: Indices

    def __len__(self) -> int:
        return len(self.groups) - 1

    @property
    def first(self) -> Indices:
        """First order of each group."""
        return self.members[self.groups[:-1]]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a rule has found, measured one by one where `parts` begin.

    Parameters
    ----------
    units, amount, member : (elements,) int64
        Pieces, cents and member of each thing that the rule may look at; no pieces of what it
        does not look at.
    item : (elements,) int64
    parts : (k+1,) int64
        Where each part begins in the elements.
    n_items
        How many items there are.
    known : dict of bool to (k,) int64, optional
        What others have found of the very same units: pieces of each part, and whether a group
        is one.
    together
        Whether a group is one part.
    """

    units: Indices
    amount: Ticks
    member: Indices
    item: Indices
    parts: Indices
    n_items: int
    known: dict[bool, Indices] | None = None
    together: bool = True

    def all_units(self) -> Indices:
        """Pieces of each part."""
        if self.known is None:
            return segment_sums(self.units, self.parts)
        if self.together not in self.known:
            self.known[self.together] = segment_sums(self.units, self.parts)
        return self.known[self.together]

    def by(self, rule: Rule) -> Indices:
        """Give the number that the rule's trigger measures, for each part."""
        measure = rule.spec.trigger.measured
        if measure == "units":
            return self.all_units()
        if measure == "amount":
            return segment_sums(self.amount, self.parts)
        if measure == "sets":
            sums = [
                segment_sums(self.units * (self.item == item), self.parts) // count
                for item, count in rule.needs
            ]
            fewest: Indices = np.minimum.reduce(sums)
            return fewest
        here = self.units > 0
        if measure != "orders":
            single = np.arange(self.n_items + 2), np.arange(self.n_items)
            single[0][-1] = self.n_items  # the last one stands for nothing
            bits = bits_of(single, self.n_items)
            if bits is not None:
                thing = np.where(here, self.item, self.n_items)
                return count_bits(bits_within(bits, thing, self.parts))
        some = np.flatnonzero(here)
        part = np.repeat(np.arange(len(self.parts) - 1), np.diff(self.parts))[some]
        what, size = self.item[some], self.n_items
        if measure == "orders":
            what, size = self.member[some], int(self.member.max(initial=0)) + 1
        return different(part, what, size, len(self.parts) - 1)


class Cart:
    """Lines of a batch of orders.

    Parameters
    ----------
    batch
        The orders.
    """

    def __init__(self, batch: Batch) -> None:
        self.batch, self.orders = batch, batch.orders
        orders = batch.orders
        self.lines = segment_elements(orders.line_offsets, batch.members)
        self.of_member = offsets_of(np.diff(orders.line_offsets)[batch.members])
        self.member = np.repeat(np.arange(len(batch.members)), np.diff(self.of_member))
        self.row = orders.line_item[self.lines]
        self.item = orders.items.parent[self.row]
        self.quantity = orders.line_quantity[self.lines]
        self.left = self.quantity
        self.closed: Flags | None = None
        self._leaves: tuple[Indices, Indices, Indices] | None = None
        self._units_known: dict[bool, Indices] = {}

    def members_for(self, rule: Rule) -> Flags | None:
        """Which members a rule is for; None for all of them."""
        where, orders, members = rule.spec.where, self.orders, self.batch.members
        tests = []
        for names, column, known in (
            (where.channel, orders.channel, orders.channels),
            (where.region, orders.region, orders.regions),
            (where.room, orders.room, orders.rooms),
        ):
            if names is not None:
                wanted = np.array([name in names for name in known] + [False])
                tests.append(wanted[column[members]])  # -1 is unknown
        if where.tier is not None:
            tests.append(np.isin(orders.tier[members], where.tier))
        for wish, flags in ((where.new, orders.new), (where.coupon, orders.coupon)):
            if wish is not None:
                tests.append(flags[members] == wish)
        if rule.windows:
            paid = orders.paid[members]
            inside = [(begin <= paid) & (paid < end) for begin, end in rule.windows]
            tests.append(np.logical_or.reduce(inside))
        return np.logical_and.reduce(tests) if tests else None

    def found(self, rule: Rule, *, together: bool, untouched: bool = False) -> Found:
        """Measure what a rule finds.

        Parameters
        ----------
        rule
            The rule.
        together
            Whether a group is one part; else each of its orders is.
        untouched
            Whether what other rules have used up or closed counts all the same.
        """
        left = self.quantity if untouched else self.left
        looked_at = self._looked_at(rule, closed=None if untouched else self.closed)
        base = {"list": "line_list", "net": "line_net", "net_tax": "line_taxed"}
        measures_amount = rule.spec.trigger.measured == "amount"
        amount = left
        if measures_amount:
            amount = getattr(self.orders, base[rule.spec.trigger.base])[self.lines]
            if left is not self.quantity:
                amount = amount * left // self.quantity
        item, of_member, member = self.item, self.of_member, self.member
        if rule.spec.trigger.level == "leaf":
            offsets, sku, count = self._opened()
            line = np.repeat(np.arange(len(self.lines)), np.diff(offsets))
            if measures_amount:
                # where nothing is left there is nothing to share
                amount = share_out(amount, self.orders.items.price[sku] * count, offsets)
            left, member, item = left[line] * count, member[line], sku
            of_member = offsets[of_member]
            looked_at = rule.selects[item] & (True if looked_at is None else looked_at[line])
        elif not rule.selects.all():
            chosen = rule.selects[item]
            looked_at = chosen if looked_at is None else looked_at & chosen
        units, known = left, self._units_known if left is self.quantity else None
        if looked_at is not None:
            known = None
            units = left * looked_at
            amount = amount * looked_at if measures_amount else amount
        parts = of_member[self.batch.groups] if together else of_member
        size = len(self.orders.items.names)
        return Found(units, amount, member, item, parts, size, known, together)

    def touched(self, rule: Rule, members: Flags) -> Flags:
        """Lines of which a rule looks at anything, of some members."""
        looked_at = self._looked_at(rule, closed=self.closed)
        mine = members[self.member] if looked_at is None else looked_at & members[self.member]
        if rule.spec.trigger.level == "line":
            return mine & rule.selects[self.item]
        offsets, sku, _ = self._opened()
        return mine & (segment_sums(rule.selects[sku].astype(np.int64), offsets) > 0)

    def in_cart(self, item: int) -> Indices:
        """Units of an item in each group, whoever looks at them."""
        units = self.quantity * (self.item == item)
        return segment_sums(units, self.of_member[self.batch.groups])

    def close(self, lines: Flags) -> None:
        """Keep all further rules from looking at some lines."""
        self.closed = lines if self.closed is None else self.closed | lines

    def use_up(self, units: Indices) -> None:
        """Let units of each line count for no further rule."""
        self.left = self.left - units

    def _looked_at(self, rule: Rule, *, closed: Flags | None) -> Flags | None:
        """Lines of orders that a rule is for, but those that are closed; None for all."""
        members = self.members_for(rule)
        if members is None:
            return None if closed is None else ~closed
        return members[self.member] if closed is None else members[self.member] & ~closed

    def _opened(self) -> tuple[Indices, Indices, Indices]:
        """Offsets, leaf and how many of it in one, for each line."""
        if self._leaves is None:
            offsets, sku, count = self.orders.items.asked
            leaves = segment_elements(offsets, self.row)
            lengths = np.diff(offsets)[self.row]
            self._leaves = offsets_of(lengths), sku[leaves], count[leaves]
        return self._leaves
