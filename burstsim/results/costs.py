"""What a sale costs: people, parcels, partners, gifts, penalties."""

from __future__ import annotations

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.rules import costs_of_gifts
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.results.facts import Facts, Flags
from burstsim.results.giftfacts import kept
from burstsim.results.hours import Hours
from burstsim.results.totals import Totals
from burstsim.scenario.metrics import COST_KINDS
from burstsim.scenario.promises import Promise
from burstsim.units import HOUR, NEVER

__all__ = [
    *("costs_by_kind", "count_costs", "hours_cost", "parcel_costs", "penalties", "penalty_of"),
]

_MILLION = 1_000_000


def count_costs(facts: Facts, totals: Totals) -> None:
    """Add up the cents that parcels, gifts and penalties cost, by kind."""
    trace = facts.trace
    first, further, fees = parcel_costs(facts)
    each = np.array(costs_of_gifts(facts.model.scenario, trace.orders.items), np.int64)
    totals.add(_cost("parcels"), int(first.sum()))
    totals.add(_cost("extra_parcels"), int(further.sum()))
    totals.add(_cost("partner_fees"), int(fees.sum()))
    totals.add(_cost("gifts"), int((each[trace.gifts.item] * kept(trace)).sum()))
    totals.add(_cost("penalties"), int(facts.once(penalties).sum()))


def costs_by_kind(model: Model, totals: Totals, hours: Hours) -> dict[str, int]:
    """Cents that a replication cost, by kind, in the order of `COST_KINDS`."""
    costs = model.scenario.costs
    temp_hour = costs.worker_hour if costs.temp_hour is None else costs.temp_hour
    found = {
        "workers": hours_cost(hours.all - hours.temps, costs.worker_hour),
        "temps": hours_cost(hours.temps, temp_hour),
    }
    found |= {kind: totals.count(_cost(kind)) for kind in COST_KINDS if kind not in found}
    assert tuple(found) == COST_KINDS
    return found


def _cost(kind: str) -> str:
    return f"cost.{kind}"


def hours_cost(ticks: int, cents: int) -> int:
    """Cents that ticks of work cost at so many cents an hour, rounded half up.

    Examples
    --------
    >>> hours_cost(3 * HOUR // 2, 2801)
    4202
    """
    return (2 * ticks * cents + HOUR) // (2 * HOUR)


def parcel_costs(facts: Facts) -> tuple[Ticks, Ticks, Ticks]:
    """Cents of each parcel: as the first of its order, as a further one, and its partner's fee.

    What was not shipped costs nothing. The first parcel of an order is the first, by (part,
    warehouse), of those that were shipped.

    Returns
    -------
    first, further, fees : (parcels,) int64
    """
    trace, scenario = facts.trace, facts.model.scenario
    costs, orders = scenario.costs, trace.orders
    sent = np.flatnonzero(trace.shipped < NEVER)
    order, house = trace.parcel_order[sent], trace.parcel_warehouse[sent]
    prices = np.array(
        [
            [costs.lanes.get(name, {}).get(region, costs.parcel) for region in orders.regions]
            for name in scenario.warehouses
        ],
        np.int64,
    ).reshape(len(scenario.warehouses), -1)
    partners = [
        house.external.fee if house.external else 0 for house in scenario.warehouses.values()
    ]
    found = np.zeros((3, len(trace.shipped)), np.int64)
    if len(sent) == 0:
        return found[0], found[1], found[2]
    price = prices[house, orders.region[order]]
    again = np.diff(order, prepend=-1) == 0
    found[0, sent] = np.where(again, 0, price)
    extra = price if costs.extra_parcel is None else costs.extra_parcel
    found[1, sent] = np.where(again, extra, 0)
    found[2, sent] = np.array(partners, np.int64)[house]
    return found[0], found[1], found[2]


def penalties(facts: Facts) -> Ticks:
    """Cents that each order's broken promise costs; nothing where it was kept.

    Returns
    -------
    (n,) int64
    """
    orders, found = facts.orders, np.zeros(len(facts.orders), np.int64)
    for code, channel in enumerate(orders.channels):
        promise = facts.model.promise_of(channel)
        if promise is not None:
            mine: Flags = facts.late & (orders.channel == code)
            found[mine] = penalty_of(promise, orders.value[mine])
    return found


def penalty_of(promise: Promise, value: Ticks) -> Ticks:
    """Cents that orders which were paid with so many cents cost when they are late.

    Parameters
    ----------
    promise
        With its penalty: a share of what was paid, rounded half up to cents, within limits.
    value : (n,) int64
        Cents.
    """
    if promise.penalty is None:
        return np.zeros(len(value), np.int64)
    terms = promise.penalty.terms
    share = round(terms.rate * _MILLION)
    cents: Indices = (value * share + _MILLION // 2) // _MILLION
    cents = np.maximum(cents, terms.least)
    return cents if terms.most is None else np.minimum(cents, terms.most)
