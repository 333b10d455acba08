"""Metrics of money: what a sale costs, what it earns, what was not earned."""

from __future__ import annotations

import math

import numpy as np

from burstsim.engine.trace import STATES
from burstsim.kernels.segments import segment_sums
from burstsim.results.costs import costs_by_kind
from burstsim.results.facts import Facts, Flags
from burstsim.results.margins import margins_are_known
from burstsim.results.stockmetrics import lost_cents
from burstsim.results.value import Value
from burstsim.units import HOUR

__all__ = ["earned", "lost_margin", "money_metrics"]

_SHIPPED = STATES.index("shipped")


def money_metrics(facts: Facts) -> dict[str, Value]:
    """Compute the metrics of money and hours that are of the whole run, by name."""
    costs, everybody = costs_by_kind(facts), np.ones(len(facts.orders), bool)
    total, shipped = sum(costs.values()), len(facts.shipped_sorted)
    return {
        "orders_returned": Value(int(facts.returned.sum())),
        "temp_hours": Value(facts.temps / HOUR),
        **{f"cost.{kind}": Value(cents / 100) for kind, cents in costs.items()},
        "penalty_total": Value(costs["penalties"] / 100),
        "cost_total": Value(total / 100),
        "cost_per_order": Value(total / 100 / shipped if shipped else math.nan),
        "lost_margin": lost_margin(facts, everybody),
        "profit": Value(earned(facts, everybody).number - total / 100),
    }


def lost_margin(facts: Facts, chosen: Flags) -> Value:
    """Margin of the chosen orders, and lines of them, that were lost for lack of stock."""
    if not margins_are_known(facts.model.scenario.catalog):
        return Value(math.nan)
    margins = facts.margins
    whole = segment_sums(margins, facts.orders.line_offsets)
    return Value(int(lost_cents(facts, whole, margins)[chosen].sum()) / 100)


def earned(facts: Facts, chosen: Flags) -> Value:
    """Margin of goods of the chosen orders that were shipped and did not come back."""
    if not margins_are_known(facts.model.scenario.catalog):
        return Value(math.nan)
    sent = np.where(facts.trace.source >= 0, facts.margins, 0)
    by_order = segment_sums(sent, facts.orders.line_offsets)
    keeps = chosen & (facts.trace.state == _SHIPPED) & ~facts.returned
    return Value(int(by_order[keeps].sum()) / 100)
