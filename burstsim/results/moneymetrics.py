"""Metrics of money: what a sale costs, what it earns, what was not earned."""

from __future__ import annotations

import math

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.trace import STATES
from burstsim.kernels.segments import segment_sums
from burstsim.results.costs import costs_by_kind, count_costs
from burstsim.results.facts import Facts
from burstsim.results.hours import Hours
from burstsim.results.margins import margins_are_known
from burstsim.results.stockmetrics import lost_cents
from burstsim.results.sums import UNKNOWN, Sum
from burstsim.results.totals import Totals
from burstsim.results.value import Value
from burstsim.units import HOUR

__all__ = ["count_money", "earned", "lost_margin", "money_metrics"]

_SHIPPED = STATES.index("shipped")


def count_money(facts: Facts, totals: Totals) -> None:
    """Add up what sales cost and earned."""
    count_costs(facts, totals)
    totals.add("orders_returned", int(facts.returned.sum()))
    totals.add_sum("lost_margin", facts.once(lost_margin))
    totals.add_sum("earned", earned(facts))


def money_metrics(model: Model, totals: Totals, hours: Hours) -> dict[str, Value]:
    """Tell the metrics of money and hours that are of the whole run, by name."""
    costs = costs_by_kind(model, totals, hours)
    total, shipped = sum(costs.values()), totals.count("orders_shipped")
    return {
        "orders_returned": totals.value("orders_returned"),
        "worker_hours": Value(hours.all / HOUR),
        "temp_hours": Value(hours.temps / HOUR),
        **{f"cost.{kind}": Value(cents / 100) for kind, cents in costs.items()},
        "penalty_total": Value(costs["penalties"] / 100),
        "cost_total": Value(total / 100),
        "cost_per_order": Value(total / 100 / shipped if shipped else math.nan),
        "lost_margin": totals.value("lost_margin"),
        "profit": Value(totals.value("earned").number - total / 100),
    }


def lost_margin(facts: Facts) -> Sum:
    """Margin of orders, and of lines of orders, that were lost for lack of stock."""
    if not margins_are_known(facts.model.scenario.catalog):
        return UNKNOWN
    margins = facts.margins
    whole = segment_sums(margins, facts.orders.line_offsets)
    return Sum(part=lost_cents(facts, whole, margins), unit=100)


def earned(facts: Facts) -> Sum:
    """Margin of goods that were shipped and did not come back."""
    if not margins_are_known(facts.model.scenario.catalog):
        return UNKNOWN
    sent = np.where(facts.trace.source >= 0, facts.margins, 0)
    by_order = segment_sums(sent, facts.orders.line_offsets)
    keeps = (facts.trace.state == _SHIPPED) & ~facts.returned
    return Sum(part=np.where(keeps, by_order, 0), unit=100)
