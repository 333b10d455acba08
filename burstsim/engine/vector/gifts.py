"""Gift rules for whole batches of orders, one rule after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from burstsim.engine.rules import Rule, sets_of
from burstsim.engine.vector.cart import Batch, Cart
from burstsim.engine.vector.claims import Bought, Claim, claim_of, used_by
from burstsim.engine.vector.limits import Counters, Released, give, let_through
from burstsim.engine.vector.tally import Tally
from burstsim.kernels.arrays import Indices
from burstsim.kernels.rules import in_all

__all__ = ["Batch", "Grants", "Memory", "decide", "nothing_granted"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grants:
    """Gifts by rule, option and group; in this order.

    Parameters
    ----------
    group, rule, option, count : (r,) int64
    """

    group: Indices
    rule: Indices
    option: Indices
    count: Indices


def nothing_granted() -> Grants:
    """Give no gifts."""
    none = np.empty(0, np.int64)
    return Grants(group=none, rule=none, option=none, count=none)


@dataclass(slots=True, eq=False)
class Memory:
    """What rules remember from one batch to the next.

    Parameters
    ----------
    counters, bought
        For each rule.
    came
        By customer, how many groups have come.
    """

    counters: list[Counters]
    bought: list[Bought]
    came: Tally = field(default_factory=Tally)

    @classmethod
    def of(cls, rules: tuple[Rule, ...]) -> Memory:
        """Remember nothing yet."""
        return cls(
            [Counters(given=rule.spec.cap.used) for rule in rules], [Bought() for _ in rules]
        )


def decide(
    rules: tuple[Rule, ...],
    batch: Batch,
    refused: dict[int, Flags],
    released: Released,
    memory: Memory | None = None,
) -> Grants:
    """Decide the gifts of a batch of orders: claim, stacking, cap per order, gate, caps.

    Rule by rule is the same as order by order, because each counter belongs to one rule and
    what one order's rules do to each other is kept per order.

    Parameters
    ----------
    rules
        In the order in which they are looked at.
    batch
        The orders.
    refused
        By rule that keeps others out only when it gives: groups for which the shelf has nothing
        of its gifts.
    released
        Groups that are cancelled later, and the first group that finds their share of the caps
        given back; by the latter.
    memory
        What earlier batches have left; it is brought up to date.
    """
    if not rules:
        return Grants(**dict.fromkeys(("group", "rule", "option", "count"), _NO[0]))
    memory = memory or Memory.of(rules)
    run = _Run(rules, batch, memory)
    for together in sets_of(rules):
        claims = run.claims(together)
        for position, claim in zip(together, claims, strict=True):
            run.give(position, claim, refused.get(position), released)
    return run.grants()


class _Run:
    """One batch on its way through the rules."""

    def __init__(self, rules: tuple[Rule, ...], batch: Batch, memory: Memory) -> None:
        self.rules, self.batch, self.memory = rules, batch, memory
        self.cart = Cart(batch)
        self.first = batch.first
        self.customer = batch.orders.customer[self.first]
        self.out = np.zeros(len(batch), bool)
        self.taken: dict[str, Flags] = {}
        self.given: list[tuple[int, Indices, Indices]] = []
        self.nth = self._nth()

    def _nth(self) -> Indices | None:
        """How many times each group's customer has come, this time included."""
        if all(rule.spec.gate.customer_nth is None for rule in self.rules):
            return None
        known = self.customer >= 0
        buyers, one = self.customer[known], np.ones(int(known.sum()), np.int64)
        nth = np.ones(len(self.batch), np.int64)
        nth[known] += self.memory.came.before(buyers, one)
        self.memory.came.add(buyers, one)
        return nth

    def claims(self, together: list[int]) -> list[Claim]:
        """Say what the rules of a set give, each group the one that is worth most."""
        claims = []
        for position in together:
            rule = self.rules[position]
            claim = claim_of(rule, self.cart, self.memory.bought[position])
            blocked = self.out
            if rule.spec.stack.group in self.taken:
                blocked = blocked | self.taken[rule.spec.stack.group]
            if blocked.any():
                claim.counts[blocked] = 0
                claim.worth[blocked] = 0
            claims.append(claim)
        if len(claims) > 1:
            best = np.stack([claim.worth for claim in claims]).argmax(axis=0)
            for number, claim in enumerate(claims):
                claim.counts[best != number] = 0
        return claims

    def give(self, position: int, claim: Claim, refused: Flags | None, released: Released) -> None:
        """Let a rule give what it may, and keep others out."""
        rule, counters = self.rules[position], self.memory.counters[position]
        wanted = in_all(claim.counts)
        here = np.flatnonzero(wanted > 0)  # flags are found quicker than numbers
        if rule.spec.stack.decide == "eligible":
            self._keep_others_out(rule, claim, wanted)
        nth = None if self.nth is None else self.nth[here]
        here = here[let_through(rule, counters, self.batch.orders, self.first[here], nth)]
        counts = give(rule, counters, claim.counts[here], (here, self.customer[here]), released)
        self.given.append((position, here, counts))
        if rule.spec.stack.decide == "granted":
            gifts = np.zeros(len(self.batch), np.int64)
            gifts[here] = in_all(counts)
            if refused is not None:
                gifts[refused] = 0
            self._keep_others_out(rule, claim, gifts)

    def _keep_others_out(self, rule: Rule, claim: Claim, gifts: Indices) -> None:
        """Draw the consequences for later rules, of groups with gifts."""
        stack, some = rule.spec.stack, gifts > 0
        if stack.group is not None:
            self.taken[stack.group] = self.taken.get(stack.group, np.False_) | some
        used = used_by(rule, self.cart, claim, gifts) if stack.consume else None
        if stack.stop == "line":
            members = np.repeat(some, np.diff(self.batch.groups))
            self.cart.close(self.cart.touched(rule, members))
        if used is not None:
            self.cart.use_up(used)
        if stack.exclusive or stack.stop == "order":
            self.out |= some

    def grants(self) -> Grants:
        """Put all gifts together."""
        parts = []
        for position, group, counts in sorted(self.given, key=itemgetter(0)):
            for option, pieces in enumerate(counts.T):
                row = np.flatnonzero(pieces > 0)
                what = np.full(len(row), position), np.full(len(row), option)
                parts.append((group[row], *what, pieces[row]))
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else _NO
        return Grants(**dict(zip(("group", "rule", "option", "count"), columns, strict=True)))


_NO = [np.empty(0, np.int64)] * 4
