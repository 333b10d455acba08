"""What limits gifts, for whole batches: gates by the turn of an order, caps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.vector.tally import Tally
from burstsim.kernels.arrays import Indices
from burstsim.kernels.rules import cap_close, cap_partial, cap_skip, cut_options, in_all
from burstsim.units import MINUTE

__all__ = ["Counters", "give", "let_through"]

Flags = npt.NDArray[np.bool_]

#: Rows that are made plain numbers at once.
_CHUNK = 4096

#: Groups that give back what they have used up, and the first group that finds it back.
Released = tuple[Indices, Indices]


@dataclass(slots=True, eq=False)
class Counters:
    """What one rule has given so far.

    Parameters
    ----------
    given, spent
        Gifts and cents in all.
    turns
        How many have come to the gate's ``every_k``.
    ranks
        By period, how many have come to its ``first_n``.
    customers
        By customer, gifts; only where there is a limit on them.
    closed
        Customers whose limit is used up for good.
    ended
        Whether the rule is used up for good.
    """

    given: int
    spent: int = 0
    turns: int = 0
    ranks: Tally = field(default_factory=Tally)
    customers: Tally = field(default_factory=Tally)
    closed: set[int] = field(default_factory=set)
    ended: bool = False


def let_through(
    rule: Rule, counters: Counters, orders: Orders, first: Indices, nth: Indices | None
) -> Flags:
    """Which groups pass a rule's gate; their turns count.

    Parameters
    ----------
    rule, counters
        The rule, and what it has counted so far.
    orders
        All orders.
    first : (k,) int64
        First order of each group that comes to the gate, in order of their turns.
    nth : (k,) int64
        How many times their customers have come by then; None if nobody asks.
    """
    gate, passes = rule.spec.gate, np.ones(len(first), bool)
    if gate.lottery is not None:
        passes &= orders.lottery[rule.name][first] < gate.lottery.p
    if gate.customer_nth is not None:
        assert nth is not None
        passes &= nth == gate.customer_nth
    if gate.every_k is not None:
        here = np.flatnonzero(passes)
        turns = counters.turns + 1 + np.arange(len(here))
        counters.turns += len(here)
        passes[here] = turns % gate.every_k == 0
    if gate.first_n is not None:
        here = np.flatnonzero(passes)
        period, one = _periods(rule, orders, first[here]), np.ones(len(here), np.int64)
        passes[here] = counters.ranks.before(period, one) < gate.first_n
        counters.ranks.add(period, one)
    return passes


def _periods(rule: Rule, orders: Orders, first: Indices) -> Indices:
    """In which minute, room or window each group is."""
    per = rule.spec.gate.per
    if per == "minute":
        return orders.paid[first] // MINUTE
    if per == "room":
        return orders.room[first]
    period = np.full(len(first), -1 if per == "window" else 0)
    if per == "window":
        paid = orders.paid[first]
        for number in reversed(range(len(rule.windows))):
            begin, end = rule.windows[number]
            period[(begin <= paid) & (paid < end)] = number
    return period


def give(
    rule: Rule,
    counters: Counters,
    counts: Indices,
    who: tuple[Indices, Indices],
    released: Released,
) -> Indices:
    """Give gifts as far as the caps allow, and count them.

    As long as everybody gets everything there is nothing to decide. From the first group on
    that may find a cap used up, limits of one kind are a few array calls; what depends on each
    other (skipping by two limits, gifts of different cost, caps that are given back) is looked
    at one group at a time.

    Parameters
    ----------
    rule, counters
        The rule, and what it has given so far.
    counts : (k, options) int64
        Gifts that groups would get, in order of their turns; at least one each.
    who : ((k,) int64, (k,) int64)
        Their positions, and their customers.
    released
        Groups that are cancelled later, and who finds their share given back.
    """
    cap = rule.spec.cap
    if cap.customer is None and cap.total is None and cap.budget is None:
        return counts
    group, customer = who
    gifts, known = in_all(counts), customer >= 0
    cost = counts @ np.array(rule.costs, np.int64)
    unsure = _first_unsure(rule, counters, (gifts, cost), customer)
    if unsure == len(gifts):
        given = counts
    else:
        back = _relevant(rule, released, group)
        if len(back[0]) == 0 and _one_kind(rule):
            given = _at_once(rule, counters, counts, customer)
        else:
            return _one_by_one(rule, counters, counts, (group, customer, unsure), back)
    gifts = in_all(given)
    counters.given += int(gifts.sum())
    counters.spent += int((given @ np.array(rule.costs, np.int64)).sum())
    if cap.customer is not None:
        counters.customers.add(customer[known], gifts[known])
    return given


def _first_unsure(
    rule: Rule, counters: Counters, wanted: tuple[Indices, Indices], customer: Indices
) -> int:
    """First group that would find a cap used up if nothing were ever given back."""
    cap, (gifts, cost) = rule.spec.cap, wanted
    if counters.ended:
        return 0
    over = np.zeros(len(gifts), bool)
    if cap.total is not None:
        over |= counters.given + np.cumsum(gifts) > cap.total
    if cap.budget is not None:
        over |= counters.spent + np.cumsum(cost) > cap.budget
    if cap.customer is not None:
        over |= _before(counters, customer, gifts) + gifts > cap.customer
        if counters.closed:
            over |= np.isin(customer, list(counters.closed))
    return int(over.argmax()) if over.any() else len(gifts)


def _before(counters: Counters, customer: Indices, gifts: Indices) -> Indices:
    """Gifts that each group's customer has had before; strangers have had none."""
    known = customer >= 0
    before = np.zeros(len(customer), np.int64)
    before[known] = counters.customers.before(customer[known], gifts[known])
    return before


def _relevant(rule: Rule, released: Released, group: Indices) -> Released:
    """Those of the groups that give anything of this rule back."""
    if rule.spec.clawback.cancel != "release":
        return np.empty(0, np.int64), np.empty(0, np.int64)
    mine = np.isin(released[0], group)
    return released[0][mine], released[1][mine]


def _one_kind(rule: Rule) -> bool:
    """Whether the limits can be looked at one after the other, for all groups at once."""
    cap = rule.spec.cap
    in_all = cap.total is not None or cap.budget is not None
    if cap.when_exhausted == "close":
        return True
    if cap.when_exhausted == "partial":
        return cap.budget is None or len(set(rule.costs)) == 1
    if cap.total is not None and cap.budget is not None:
        return False
    if cap.budget is not None and len(set(rule.costs)) > 1:
        return False
    return not in_all or cap.customer is None


def _at_once(rule: Rule, counters: Counters, counts: Indices, customer: Indices) -> Indices:
    """Cut the gifts of all groups at once."""
    cap, gifts = rule.spec.cap, in_all(counts)
    mode = cap.when_exhausted
    if cap.customer is not None:
        # strangers are somebody else every time
        key = np.where(customer < 0, -1 - np.arange(len(customer)), customer)
        before = _before(counters, customer, gifts)
        if mode == "partial":
            gifts = cap_partial(gifts, before, cap.customer)
        elif mode == "close":
            shut = np.isin(customer, list(counters.closed))
            over = (before + gifts > cap.customer) & (customer >= 0)
            counters.closed |= set(customer[over].tolist())
            gifts = np.where(shut, 0, cap_close(gifts, before, cap.customer))
        else:
            had = np.where(customer < 0, 0, counters.customers.of(customer))
            gifts = cap_skip(key, gifts, cap.customer - had)
    given = cut_options(counts, gifts)
    if cap.total is None and cap.budget is None:
        return given
    if mode == "close":
        return _until_closed(rule, counters, given)
    left = _gifts_left(rule, counters)
    if mode == "partial":
        gifts = cap_partial(gifts, np.cumsum(gifts) - gifts, left)
    else:
        gifts = cap_skip(np.zeros(len(gifts), np.int64), gifts, left)
    return cut_options(given, gifts)


def _gifts_left(rule: Rule, counters: Counters) -> int:
    """Gifts that may be given in all, where they all cost the same."""
    cap, cost = rule.spec.cap, rule.costs[0]
    left = [] if cap.total is None else [cap.total - counters.given]
    if cap.budget is not None and cost:
        left.append((cap.budget - counters.spent) // cost)
    return min(left, default=1 << 60)


def _until_closed(rule: Rule, counters: Counters, given: Indices) -> Indices:
    """Give to all before the first that would exceed a limit on the whole."""
    cap, gifts = rule.spec.cap, in_all(given)
    cost = given @ np.array(rule.costs, np.int64)
    over = np.full(len(gifts), counters.ended)
    if cap.total is not None:
        over |= (counters.given + np.cumsum(gifts) > cap.total) & (gifts > 0)
    if cap.budget is not None:
        over |= (counters.spent + np.cumsum(cost) > cap.budget) & (gifts > 0)
    if over.any():
        counters.ended = True
        given = given.copy()
        given[int(over.argmax()) :] = 0
    return given


def _one_by_one(
    rule: Rule,
    counters: Counters,
    counts: Indices,
    who: tuple[Indices, Indices, int],
    released: Released,
) -> Indices:
    """Look at the groups from the first unsure one on in turn."""
    group, customer, unsure = who
    given = counts.copy()
    costs = list(rule.costs)
    sums = in_all(counts)
    known = customer >= 0
    early = known & (np.arange(len(group)) < unsure)
    counters.given += int(sums[:unsure].sum())
    counters.spent += int((counts[:unsure] @ np.array(costs, np.int64)).sum())
    had = dict(zip(counters.customers.keys.tolist(), counters.customers.sums.tolist(), strict=True))
    base = dict(had)
    for buyer, number in zip(customer[early].tolist(), sums[early].tolist(), strict=True):
        had[buyer] = had.get(buyer, 0) + number
    back = list(zip(released[1].tolist(), released[0].tolist(), strict=True))
    place = {who: row for row, who in enumerate(group.tolist())}

    def count(buyer: int, gifts: list[int], sign: int) -> None:
        number = sign * sum(gifts)
        counters.given += number
        counters.spent += sign * sum(n * each for n, each in zip(gifts, costs, strict=True))
        if buyer >= 0:
            had[buyer] = had.get(buyer, 0) + number

    def give_back(giver: int) -> None:
        row = place[giver]
        count(int(customer[row]), given[row].tolist(), -1)

    at = 0
    for row, (turn, buyer, wanted) in _rows(group, customer, counts, unsure):
        if at == len(back) and _nothing_left(rule, counters):
            given[row:] = 0
            break
        while at < len(back) and back[at][0] <= turn:
            give_back(back[at][1])
            at += 1
        gets = _allowed(rule, counters, wanted, (buyer, had.get(buyer, 0)))
        given[row] = gets
        count(buyer, gets, +1)
    for _, giver in back[at:]:
        give_back(giver)
    if rule.spec.cap.customer is not None:
        changes = {buyer: number - base.get(buyer, 0) for buyer, number in had.items()}
        counters.customers.add(
            np.array(list(changes), np.int64), np.array(list(changes.values()), np.int64)
        )
    return given


def _rows(
    group: Indices, customer: Indices, counts: Indices, first: int
) -> Iterator[tuple[int, tuple[int, int, list[int]]]]:
    """Yield rows from the first one on as plain numbers; some at a time, as few may be needed."""
    for begin in range(first, len(group), _CHUNK):
        some = slice(begin, begin + _CHUNK)
        columns = group[some].tolist(), customer[some].tolist(), counts[some].tolist()
        yield from enumerate(zip(*columns, strict=True), start=begin)


def _nothing_left(rule: Rule, counters: Counters) -> bool:
    """Whether the limits on the whole leave room for no gift at all."""
    cap = rule.spec.cap
    if cap.total is not None and counters.given >= cap.total:
        return True
    return cap.budget is not None and cap.budget - counters.spent < min(rule.costs)


def _allowed(
    rule: Rule, counters: Counters, wanted: list[int], buyer: tuple[int, int]
) -> list[int]:
    """Gifts that one group gets."""
    cap, none = rule.spec.cap, [0] * len(wanted)
    customer, had = buyer
    partial = cap.when_exhausted == "partial"
    if cap.customer is not None:
        left = cap.customer - (had if customer >= 0 else 0)
        if not partial and (customer in counters.closed or sum(wanted) > left):
            if cap.when_exhausted == "close" and customer >= 0:
                counters.closed.add(customer)
            return none
        wanted = _cut(wanted, left)
    left = 1 << 60 if cap.total is None else cap.total - counters.given
    money = 1 << 60 if cap.budget is None else cap.budget - counters.spent
    cost = sum(n * each for n, each in zip(wanted, rule.costs, strict=True))
    if not partial:
        much = sum(wanted) > left or cost > money
        counters.ended |= much and cap.when_exhausted == "close"
        return none if much or counters.ended else wanted
    given = []
    for count, each in zip(wanted, rule.costs, strict=True):
        number = max(min(count, left, money // each if each else count), 0)
        left -= number
        money -= number * each
        given.append(number)
    return given


def _cut(counts: list[int], allowed: int) -> list[int]:
    given = []
    for count in counts:
        given.append(max(min(count, allowed), 0))
        allowed -= given[-1]
    return given
