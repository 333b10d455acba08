"""What limits gifts: gates by the turn of an order, caps on what a rule gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.units import MINUTE

__all__ = ["Limits", "cut"]


def cut(counts: list[int], allowed: int) -> list[int]:
    """Give at most so many, those of the first options first."""
    given = []
    for count in counts:
        given.append(max(min(count, allowed), 0))
        allowed -= given[-1]
    return given


@dataclass(slots=True)
class _Counters:
    """What one rule has given so far.

    Parameters
    ----------
    turns
        How many have come to the gate's ``every_k``.
    ranks
        By period, how many have come to its ``first_n``.
    customers
        By customer, gifts.
    closed
        Customers whose limit is used up for good.
    given, spent
        Gifts and cents in all.
    ended
        Whether the rule is used up for good.
    by_leader
        By the first of orders that leave together: customer and gifts of each option.
    """

    given: int
    turns: int = 0
    ranks: dict[int, int] = field(default_factory=dict)
    customers: dict[int, int] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    spent: int = 0
    ended: bool = False
    by_leader: dict[int, tuple[int, list[int]]] = field(default_factory=dict)


class Limits:
    """Gates and caps of all rules.

    Parameters
    ----------
    rules, orders
        The rules and the orders.
    """

    def __init__(self, rules: tuple[Rule, ...], orders: Orders) -> None:
        self.rules, self.orders = rules, orders
        self.counters = [_Counters(given=rule.spec.cap.used) for rule in rules]

    def lets_through(self, position: int, leader: int, nth: int) -> bool:
        """Whether orders that leave together pass a rule's gate; their turn counts.

        Parameters
        ----------
        position
            Which rule.
        leader
            The first of the orders.
        nth
            How many times their customer has come by now.
        """
        rule, counters = self.rules[position], self.counters[position]
        gate = rule.spec.gate
        if gate.lottery and not self.orders.lottery[rule.name][leader] < gate.lottery.p:
            return False
        if gate.customer_nth is not None and nth != gate.customer_nth:
            return False
        if gate.every_k is not None:
            counters.turns += 1
            if counters.turns % gate.every_k:
                return False
        if gate.first_n is not None:
            period = self._period(rule, leader)
            counters.ranks[period] = counters.ranks.get(period, 0) + 1
            return counters.ranks[period] <= gate.first_n
        return True

    def _period(self, rule: Rule, leader: int) -> int:
        """In which minute, room or window orders are."""
        paid = int(self.orders.paid[leader])
        if rule.spec.gate.per == "minute":
            return paid // MINUTE
        if rule.spec.gate.per == "room":
            return int(self.orders.room[leader])
        if rule.spec.gate.per == "window":
            inside = [n for n, (begin, end) in enumerate(rule.windows) if begin <= paid < end]
            return inside[0] if inside else -1
        return 0

    def give(self, position: int, leader: int, counts: list[int]) -> list[int]:
        """Give gifts as far as the caps allow, and count them.

        Parameters
        ----------
        position
            Which rule.
        leader
            The first of the orders that leave together.
        counts
            Gifts of each option.
        """
        customer = int(self.orders.customer[leader])
        counts = self._for_customer(position, customer, counts)
        counts = self._in_all(position, counts)
        if any(counts):
            self._count(position, customer, counts, +1)
            self.counters[position].by_leader[leader] = (customer, counts)
        return counts

    def used(self, position: int, freed: list[list[int]]) -> int:
        """Count what a rule has given, but for some that are going to be released."""
        counters = self.counters[position]
        count = counters.given
        for members in freed:
            mine = counters.by_leader.get(members[0])
            if mine is not None and self.rules[position].spec.clawback.cancel == "release":
                count -= sum(mine[1])
        return count

    def release(self, leader: int) -> None:
        """Take back what orders that are cancelled have used up of caps that say so."""
        for position, rule in enumerate(self.rules):
            mine = self.counters[position].by_leader.pop(leader, None)
            if mine is not None and rule.spec.clawback.cancel == "release":
                self._count(position, *mine, -1)

    def _for_customer(self, position: int, customer: int, counts: list[int]) -> list[int]:
        cap, counters = self.rules[position].spec.cap, self.counters[position]
        if cap.customer is None:
            return counts
        left = cap.customer - counters.customers.get(customer, 0) if customer >= 0 else cap.customer
        if cap.when_exhausted == "partial":
            return cut(counts, left)
        if customer in counters.closed:
            return cut(counts, 0)
        if sum(counts) > left:
            if cap.when_exhausted == "close" and customer >= 0:
                counters.closed.add(customer)
            return cut(counts, 0)
        return counts

    def _in_all(self, position: int, counts: list[int]) -> list[int]:
        rule, counters = self.rules[position], self.counters[position]
        cap = rule.spec.cap
        if cap.total is None and cap.budget is None:
            return counts
        left = None if cap.total is None else cap.total - counters.given
        money = None if cap.budget is None else cap.budget - counters.spent
        cost = sum(n * each for n, each in zip(counts, rule.costs, strict=True))
        if cap.when_exhausted != "partial":
            much = left is not None and sum(counts) > left
            much = much or (money is not None and cost > money)
            if much and cap.when_exhausted == "close":
                counters.ended = True
            return cut(counts, 0) if much or counters.ended else counts
        given = []
        for count, each in zip(counts, rule.costs, strict=True):
            if left is not None:
                count = min(count, max(left, 0))
                left -= count
            if money is not None and each:
                count = min(count, max(money, 0) // each)
                money -= count * each
            given.append(count)
        return given

    def _count(self, position: int, customer: int, counts: list[int], sign: int) -> None:
        counters = self.counters[position]
        counters.given += sign * sum(counts)
        costs = self.rules[position].costs
        counters.spent += sign * sum(n * each for n, each in zip(counts, costs, strict=True))
        counters.customers[customer] = counters.customers.get(customer, 0) + sign * sum(counts)
