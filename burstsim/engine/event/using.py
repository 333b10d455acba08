"""What gifts use up of an order, so that it counts for no later rule."""

from __future__ import annotations

from burstsim.engine.event.cart import Line, Measured
from burstsim.engine.event.claims import Claim
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.scenario.gifts import Every, Period, Tiers

__all__ = ["use_up"]


def use_up(rule: Rule, orders: Orders, claim: Claim, gifts: int) -> None:
    """Take from the lines what so many gifts of a rule use up.

    Parameters
    ----------
    rule, orders
        The rule and the orders.
    claim
        What it has found; gifts go to its parts in their order.
    gifts
        How many gifts there are.
    """
    for lines, found, own in claim.parts:
        given = min(own, gifts)
        gifts -= given
        if not given:
            continue
        mine = [line for line in lines if rule.selects[orders.items.parent[line.item]]]
        # those with most units first, as they stand in the order
        mine.sort(key=lambda line: -line.left)
        measure = rule.spec.trigger.measured
        if measure == "units":
            _take(mine, _units(rule, found, given))
        elif measure == "sets":
            for item, count in rule.needs:
                same = [line for line in mine if orders.items.parent[line.item] == item]
                _take(same, count * _units(rule, found, given))
        else:
            _take(mine, sum(line.left for line in mine))


def _units(rule: Rule, found: Measured, gifts: int) -> int:
    """Units, or sets, that gifts use up."""
    count, least = rule.spec.count, max(rule.least or 0, 1)
    if isinstance(count, Every):
        return gifts * rule.step
    if isinstance(count, Period):
        whole, rest = divmod(gifts, count.free)
        return whole * (count.buy + count.free) + (count.buy + rest if rest else 0)
    if isinstance(count, Tiers):
        measure = found.by(rule)
        met = [
            number
            for number, tier in enumerate(count.tiers)
            if measure >= rule.tier_min[number] and found.units >= tier.min_units
        ]
        return max(int(rule.tier_min[met[-1]]), least)
    return least


def _take(lines: list[Line], units: int) -> None:
    """Use up units, line by line."""
    for line in lines:
        taken = min(line.left, units)
        line.left -= taken
        units -= taken
