"""What orders that leave together have in them, and what gift rules have used up of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule

__all__ = ["Line", "Measured", "lines_of", "look_at"]


@dataclass(slots=True, eq=False)
class Line:
    """A line of an order.

    Parameters
    ----------
    order, item, quantity
        Whose it is, what, and how many of it.
    amounts
        Cents of all its units, by base.
    left
        Units that no rule has used up.
    closed
        Whether a rule has kept all further ones from looking at it.
    """

    order: int
    item: int
    quantity: int
    amounts: dict[str, int]
    left: int
    closed: bool = False


@dataclass(slots=True)
class Measured:
    """What a rule has found.

    Parameters
    ----------
    units, amount
        Pieces, and cents.
    items
        Item → pieces.
    orders
        Numbers of the orders in which it found anything.
    """

    units: int = 0
    amount: int = 0
    items: dict[int, int] = field(default_factory=dict)
    orders: set[int] = field(default_factory=set)

    def add(self, order: int, item: int, units: int, amount: int) -> None:
        """Count something in."""
        self.units += units
        self.amount += amount
        self.items[item] = self.items.get(item, 0) + units
        self.orders.add(order)

    def by(self, rule: Rule) -> int:
        """Give the number that the rule's trigger measures."""
        measure = rule.spec.trigger.measured
        if measure == "units":
            return self.units
        if measure == "amount":
            return self.amount
        if measure == "distinct":
            return len(self.items)
        if measure == "orders":
            return len(self.orders)
        return min(self.items.get(item, 0) // count for item, count in rule.needs)


def lines_of(orders: Orders, members: Iterable[int]) -> list[Line]:
    """Lines of some orders, in their order."""
    lines = []
    for order in members:
        for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
            quantity = int(orders.line_quantity[line])
            lines.append(
                Line(
                    order=order,
                    item=int(orders.line_item[line]),
                    quantity=quantity,
                    amounts={
                        "list": int(orders.line_list[line]),
                        "net": int(orders.line_net[line]),
                        "net_tax": int(orders.line_taxed[line]),
                    },
                    left=quantity,
                )
            )
    return lines


def look_at(rule: Rule, orders: Orders, line: Line, units: int) -> Iterator[tuple[int, int, int]]:
    """Yield what a rule looks at in so many units of a line: (item, pieces, cents)."""
    trigger = rule.spec.trigger
    if units == 0:
        return
    amount = line.amounts[trigger.base] * units // line.quantity
    if trigger.level == "line":
        item = int(orders.items.parent[line.item])
        if rule.selects[item]:
            yield item, units, amount
        return
    for item, count, cents in _leaves(orders, line.item, amount):
        if rule.selects[item]:
            yield item, count * units, cents


def _leaves(orders: Orders, item: int, amount: int) -> Iterator[tuple[int, int, int]]:
    """Yield (leaf, how many in one, share of the amount): by price, odd cents to the first."""
    offsets, skus, counts = orders.items.asked
    span = slice(offsets[item], offsets[item + 1])
    leaves = list(zip(skus[span].tolist(), counts[span].tolist(), strict=True))
    weights = [int(orders.items.price[sku]) * count for sku, count in leaves]
    if not sum(weights):
        weights = [1] * len(leaves)
    shares = [amount * weight // sum(weights) for weight in weights]
    rest = amount - sum(shares)
    for (sku, count), weight, share in zip(leaves, weights, shares, strict=True):
        odd = min(rest, 1) if weight else 0
        rest -= odd
        yield sku, count, share + odd
