"""Buyers: who they are, whether and when they pay, and whether they change their mind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.customers import block_of
from burstsim.engine.noise import factors
from burstsim.engine.parts import Part, Source, Tables
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.baskets import choose
from burstsim.scenario.customers import Population
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.storefront import Delay, Payment
from burstsim.units import NEVER

__all__ = ["Buyers", "Payments", "coupons_of", "customers_of", "payments_of", "spans"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Buyers:
    """Who places the orders of a stream; as in `Orders`."""

    customer: Indices
    tier: Indices
    new: Flags


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Payments:
    """What becomes of the orders of a stream before the order management; as in `Orders`."""

    paid: Ticks
    reserved: Ticks
    expires: Ticks
    cancelled: Ticks
    reviewed: Flags


def customers_of(
    population: Population | None, source: Source, tables: Tables, stream: int, index: Indices
) -> Buyers:
    """Draw who places each order, indices one after the other, and that person's member tier.

    A member of the pool is the same person in every stream and keeps the tier drawn for it; a
    new customer buys once. Nobody is known, and nobody new, without a population.
    """
    count = len(index)
    if population is None:
        return Buyers(
            customer=np.full(count, -1, np.int64),
            tier=np.zeros(count, np.int64),
            new=np.zeros(count, bool),
        )
    new = np.ones(count, bool)
    customer = block_of(stream) + index
    if population.pool:
        new = source.of("new customer").random(count) < population.new
        member = source.of("customer").random(count) * population.pool
        customer = np.where(new, customer, member.astype(np.int64))
    name = source.name  # the generators are not needed for it
    tables.customers.namers[stream + 1] = lambda number: f"{name}/{number}"
    tier = np.zeros(count, np.int64)
    if population.tiers:
        tiers = np.array(list(population.tiers), np.int64)
        weights = np.array(list(population.tiers.values()), np.float64)
        chance = source.of("tier").random(count)
        if population.pool:
            members = tables.members.numbers(source.seed, source.replication, population.pool)
            chance = np.where(new, chance, members[np.where(new, 0, customer)])
        tier = tiers[choose(chance, weights)]
    return Buyers(customer=customer, tier=tier, new=new)


def coupons_of(share: float, source: Source, count: int) -> Flags:
    """Draw which orders hold a coupon; where all do, or none does, nothing is drawn."""
    if share in (0, 1):
        return np.full(count, share == 1)
    held: Flags = source.of("coupon").random(count) < share
    return held


def payments_of(scenario: Scenario, source: Source, part: Part) -> Payments:
    """Draw payment, cancellation and review of a stream's orders.

    A payment counts at the next whole multiple of ``payment.stamp``; a delay of exactly the
    time-out is paid. What would be paid after the end of the run is not paid any more.
    Without a payment section orders are paid when they are placed. A log that knows payments
    or cancellations is taken at its word.
    """
    payment, placed = scenario.payment or Payment(), part.placed
    never = np.full(len(placed), NEVER)
    paid, expires = placed, never
    if part.paid is not None:
        paid = np.where(part.paid < scenario.end, part.paid, NEVER)
        expires = np.where(part.paid < NEVER, NEVER, placed + payment.timeout)
    elif scenario.payment is not None:
        delay = part.of_each(spans(payment.delay, source.of("payment delay"), part.drawn))
        pays = source.uniforms("pays", part) < payment.paid
        pays &= delay <= payment.timeout
        stamp = max(payment.stamp, 1)
        paid = np.where(pays, -(-(placed + delay) // stamp) * stamp, NEVER)
        paid = np.where(paid < scenario.end, paid, NEVER)
        expires = np.where(pays, NEVER, placed + payment.timeout)
    at_payment = part.stock_at_payment or payment.reserve == "paid"
    cancelled = never
    if part.cancelled is not None:
        cancelled = np.where(paid < NEVER, np.maximum(part.cancelled, paid), NEVER)
    elif scenario.cancellations is not None:
        share, after = scenario.cancellations.share, scenario.cancellations.delay
        changes_mind = source.uniforms("cancels", part) < share
        delay = part.of_each(spans(after, source.of("cancellation delay"), part.drawn))
        changes_mind &= paid < NEVER
        cancelled = np.where(changes_mind, np.where(changes_mind, paid, 0) + delay, NEVER)
    review = scenario.oms.manual_review
    reviewed = np.zeros(len(placed), bool)
    if review is not None:
        reviewed = source.uniforms("manual review", part) < review.share
    return Payments(
        paid=paid,
        reserved=paid if at_payment else placed,
        expires=expires,
        cancelled=cancelled,
        reviewed=reviewed,
    )


def spans(delay: Delay, draw: np.random.Generator, count: int) -> Ticks:
    """Draw spans, rounded to whole ticks."""
    noise = factors(delay.dist, delay.variation, draw, count)
    return np.rint(delay.mean * noise).astype(np.int64)
