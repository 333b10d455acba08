"""What rules would give to orders that leave together, before anything limits them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from burstsim.engine.rules import Rule
from burstsim.engine.vector.cart import Batch, Cart, Found
from burstsim.engine.vector.tally import Seen, Tally
from burstsim.kernels.arrays import Indices
from burstsim.kernels.rules import (
    cheapest_units,
    cut_options,
    every_n,
    in_all,
    period_free,
    running_before,
    take_from_largest,
    tiers_met,
)
from burstsim.kernels.segments import segment_sums
from burstsim.scenario.gifts import Every, Once, Period, Tiers

__all__ = ["Bought", "Claim", "claim_of", "used_by"]


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """Gifts that a rule would give.

    Parameters
    ----------
    counts : (g, options) int64
        Gifts of each option for each group.
    worth : (g,) int64
        Cents that they are worth; at least one if there is any gift, none without.
    found
        What it was measured in, None where all that a customer has bought counts.
    own : (parts,) int64
        Gifts of each part of what was found.
    """

    counts: Indices
    worth: Indices
    found: Found | None
    own: Indices


@dataclass(slots=True, eq=False)
class Bought:
    """What customers have bought so far, as one rule looks at it."""

    sums: dict[str | int, Tally] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)

    def up_to(self, what: str | int, customer: Indices, values: Indices) -> tuple[Indices, Indices]:
        """Sum before and after each group of a customer; strangers have nothing before."""
        tally = self.sums.setdefault(what, Tally())
        known = customer >= 0
        before = np.zeros(len(customer), np.int64)
        before[known] = tally.before(customer[known], values[known])
        tally.add(customer[known], values[known])
        return before, before + values


def claim_of(rule: Rule, cart: Cart, bought: Bought) -> Claim:
    """Say what a rule gives for each group of orders.

    Parameters
    ----------
    rule
        The rule.
    cart
        What is in the orders.
    bought
        What customers bought before, if the rule looks at that; it is brought up to date.
    """
    batch, scope = cart.batch, rule.spec.trigger.scope
    if scope == "customer":
        counts, found, own = _so_far(rule, cart, bought), None, np.empty(0, np.int64)
    else:
        found = cart.found(rule, together=scope == "merged")
        of_part = _counted(rule, found.by(rule), found.all_units)
        own = in_all(of_part)
        counts = of_part
        if scope == "order" and len(batch.members) > len(batch):
            counts = np.stack([segment_sums(c, batch.groups) for c in of_part.T], axis=1)
    if rule.in_cart:
        counts = counts.copy()
        for option, gifts in enumerate(rule.options):
            for item, each in gifts:
                there = cart.in_cart(item) // each
                counts[:, option] = np.minimum(counts[:, option], there)
    if rule.spec.cap.order is not None:
        counts = cut_options(counts, rule.spec.cap.order)
    worth = np.zeros(len(batch), np.int64)
    if rule.best_deal >= 0:
        worth = _worth(rule, cart, counts, measured=found is not None)
    return Claim(counts, worth, found, own)


def _counted(rule: Rule, measure: Indices, units: Indices | object) -> Indices:
    """Gifts of each option for what was measured: (n, options)."""
    count = rule.spec.count
    pieces = measure
    if rule.spec.trigger.measured != "units":
        # where nothing was found there is no gift, whatever the limits
        pieces = units() if callable(units) else np.asarray(units)
    fits = (pieces > 0) & (measure >= (1 if rule.least is None else rule.least))
    if rule.most is not None:
        fits &= measure <= rule.most
    if isinstance(count, Tiers):
        limits = rule.tier_min, rule.tier_units
        met = tiers_met(measure, pieces, limits, highest=count.pick == "highest")
        return (met & fits[:, None]).astype(np.int64)
    if isinstance(count, Once):
        return fits.astype(np.int64).reshape(-1, 1)
    if isinstance(count, Every):
        gifts = every_n(measure, rule.step, rule.offset)
    else:
        assert isinstance(count, Period)
        gifts = period_free(measure, count.buy, count.free, whole=count.whole)
    return (gifts * fits).reshape(-1, 1)


def _so_far(rule: Rule, cart: Cart, bought: Bought) -> Indices:
    """Gifts for all that a customer has bought up to now, less those given before."""
    found = cart.found(rule, together=True, untouched=True)
    customer = cart.orders.customer[cart.batch.first]
    units = found.all_units()
    before, after = bought.up_to("units", customer, units)
    measure = rule.spec.trigger.measured
    was, is_ = before, after
    if measure == "sets":
        sums = []
        for item, count in rule.needs:
            pieces = segment_sums(found.units * (found.item == item), found.parts)
            pair = bought.up_to(item, customer, pieces)
            sums.append((pair[0] // count, pair[1] // count))
        was, is_ = (np.minimum.reduce([pair[end] for pair in sums]) for end in (0, 1))
    elif measure == "distinct":
        was, is_ = bought.up_to(measure, customer, _new_items(found, customer, bought.seen))
    elif measure != "units":
        was, is_ = bought.up_to(measure, customer, found.by(rule))
    gifts = _counted(rule, is_, after) - _counted(rule, was, before)
    new: Indices = np.maximum(gifts, 0)
    return new


def _new_items(found: Found, customer: Indices, seen: Seen) -> Indices:
    """How many items each group has that its customer never had before."""
    some = np.flatnonzero(found.units > 0)
    part = np.repeat(np.arange(len(customer)), np.diff(found.parts))[some]
    # strangers are somebody else every time
    who = np.where(customer < 0, -1 - np.arange(len(customer)), customer)[part]
    first = seen.first(who, found.item[some])
    seen.pairs = seen.pairs[seen.pairs[:, 0] >= 0]
    new: Indices = np.bincount(part[first], minlength=len(customer))
    return new


def _worth(rule: Rule, cart: Cart, counts: Indices, *, measured: bool) -> Indices:
    """Cents that gifts are worth to each group, and one more where there are any.

    Free units that are counted from all that a customer has bought (not `measured` here) are
    worth nothing certain.
    """
    gifts = in_all(counts)
    worth = counts @ np.array(rule.worths, np.int64)
    if rule.options == ((),) and measured:
        found = cart.touched(rule, np.ones(len(cart.batch.members), bool))
        group = np.repeat(np.arange(len(gifts)), np.diff(cart.of_member[cart.batch.groups]))
        price = cart.orders.line_list[cart.lines] // cart.quantity
        units = np.where(found, cart.left, 0)
        worth = cheapest_units(group, units, price, gifts)
    return np.where(gifts > 0, worth + 1, 0)


def used_by(rule: Rule, cart: Cart, claim: Claim, gifts: Indices) -> Indices:
    """Units of each line that gifts use up.

    Parameters
    ----------
    rule, cart
        The rule, and what is in the orders.
    claim
        What the rule has found.
    gifts : (g,) int64
        How many gifts each group gets; they go to its parts in their order.
    """
    found = claim.found
    assert found is not None
    group_of, own = _groups_of_parts(cart.batch, claim), claim.own
    given = np.clip(gifts[group_of] - running_before(group_of, own), 0, own)
    part = np.repeat(np.arange(len(own)), np.diff(found.parts))
    measure = rule.spec.trigger.measured
    if measure == "units":
        return take_from_largest(part, found.units, _units(rule, found, given))
    if measure == "sets":
        sets, used = _units(rule, found, given), np.zeros(len(part), np.int64)
        for item, count in rule.needs:
            units = found.units * (found.item == item)
            used += take_from_largest(part, units, count * sets)
        return used
    return np.where(given[part] > 0, found.units, 0)


def _groups_of_parts(batch: Batch, claim: Claim) -> Indices:
    if len(claim.own) == len(batch):
        return np.arange(len(batch))
    return np.repeat(np.arange(len(batch)), np.diff(batch.groups))


def _units(rule: Rule, found: Found, gifts: Indices) -> Indices:
    """Units, or sets, that gifts use up in each part."""
    count, least = rule.spec.count, max(rule.least or 0, 1)
    if isinstance(count, Every):
        return gifts * rule.step
    if isinstance(count, Period):
        whole, rest = np.divmod(gifts, count.free)
        return whole * (count.buy + count.free) + np.where(rest > 0, count.buy + rest, 0)
    if isinstance(count, Tiers):
        limits = rule.tier_min, rule.tier_units
        met = tiers_met(found.by(rule), found.all_units(), limits, highest=True)
        limit = np.where(met, rule.tier_min, 0).sum(axis=1)
        return np.where(gifts > 0, np.maximum(limit, least), 0)
    return np.where(gifts > 0, least, 0)
