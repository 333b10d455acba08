"""What rules would give to orders that leave together, before anything limits them."""

from __future__ import annotations

from dataclasses import dataclass, field

from burstsim.engine.event.cart import Line, Measured, look_at
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.scenario.gifts import Every, Once, Period, Tiers

__all__ = ["Claim", "Claims", "counted"]


@dataclass(slots=True, eq=False)
class Claim:
    """Gifts that a rule would give.

    Parameters
    ----------
    counts
        Gifts of each option.
    parts
        What was measured by itself: its lines, what was found in them and its gifts.
    """

    counts: list[int]
    parts: list[tuple[list[Line], Measured, int]] = field(default_factory=list)


def counted(rule: Rule, found: Measured) -> list[int]:
    """Gifts of each option for what was found; without a limit anything above nothing counts."""
    count, none = rule.spec.count, [0] * len(rule.options)
    measure = found.by(rule)
    if (
        found.units == 0
        or measure < (1 if rule.least is None else rule.least)
        or (rule.most is not None and measure > rule.most)
    ):
        return none
    if isinstance(count, Once):
        return [1]
    if isinstance(count, Every):
        return [max((measure - rule.offset) // rule.step, 0)]
    if isinstance(count, Period):
        whole, rest = divmod(measure, count.buy + count.free)
        return [whole * count.free + (0 if count.whole else max(rest - count.buy, 0))]
    assert isinstance(count, Tiers)
    met = [
        number
        for number, tier in enumerate(count.tiers)
        if measure >= rule.tier_min[number] and found.units >= tier.min_units
    ]
    if count.pick == "highest":
        met = met[-1:]
    return [int(number in met) for number in range(len(none))]


class Claims:
    """What rules give for orders, and for all that customers have bought so far.

    Parameters
    ----------
    rules, orders
        The rules and the orders.
    """

    def __init__(self, rules: tuple[Rule, ...], orders: Orders) -> None:
        self.rules, self.orders = rules, orders
        self.bought: list[dict[int, Measured]] = [{} for _ in rules]

    def so_far(self, members: list[int], lines: list[Line]) -> dict[int, list[int]]:
        """Gifts of the rules that look at all that a customer has bought, by rule.

        They give for everything up to now what they did not give before.
        """
        customer = int(self.orders.customer[members[0]])
        gifts = {}
        for position, rule in enumerate(self.rules):
            if rule.spec.trigger.scope != "customer":
                continue
            bought = self.bought[position].setdefault(customer, Measured())
            if customer < 0:
                bought = Measured()
            before = counted(rule, bought)
            for line in lines:
                if self.looks_at(rule, line.order):
                    for item, units, amount in look_at(rule, self.orders, line, line.quantity):
                        bought.add(line.order, item, units, amount)
            after = counted(rule, bought)
            gifts[position] = [max(a - b, 0) for a, b in zip(after, before, strict=True)]
        return gifts

    def of(self, rule: Rule, members: list[int], lines: list[Line]) -> Claim:
        """Say what a rule gives for these orders, each by itself or all together."""
        claim = Claim([0] * len(rule.options))
        alone = rule.spec.trigger.scope == "order"
        for together in [[order] for order in members] if alone else [members]:
            passing = [order for order in together if self.looks_at(rule, order)]
            mine = [line for line in lines if line.order in passing and not line.closed]
            found = Measured()
            for line in mine:
                for item, units, amount in look_at(rule, self.orders, line, line.left):
                    found.add(line.order, item, units, amount)
            counts = counted(rule, found)
            claim.parts.append((mine, found, sum(counts)))
            claim.counts = [a + b for a, b in zip(claim.counts, counts, strict=True)]
        return claim

    def looks_at(self, rule: Rule, order: int) -> bool:
        """Whether an order is one that the rule is for."""
        where, orders = rule.spec.where, self.orders
        paid = int(orders.paid[order])
        room = int(orders.room[order])
        return (
            (where.channel is None or orders.channels[orders.channel[order]] in where.channel)
            and (where.region is None or orders.regions[orders.region[order]] in where.region)
            and (where.room is None or (room >= 0 and orders.rooms[room] in where.room))
            and (not rule.windows or any(a <= paid < b for a, b in rule.windows))
            and (where.tier is None or int(orders.tier[order]) in where.tier)
            and (where.new is None or bool(orders.new[order]) == where.new)
            and (where.coupon is None or bool(orders.coupon[order]) == where.coupon)
        )
