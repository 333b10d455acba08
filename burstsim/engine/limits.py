"""How much a run may ask for: refused before it starts, rather than failing half-way."""

from __future__ import annotations

from burstsim.engine.forecasts import expected_orders
from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.scenario import Scenario

__all__ = ["MOST_ORDERS", "refuse_too_many"]

#: Orders of one replication that are sure not to fit into an ordinary machine's memory.
MOST_ORDERS = 200_000_000


def refuse_too_many(scenario: Scenario) -> None:
    """Refuse a scenario that expects more orders than fit.

    Raises
    ------
    ScenarioError
        Naming every stream that is too large, or the demand as a whole.
    """
    expected = {
        name: expected_orders(stream, scenario.start, scenario.horizon, scenario.demand_scale)
        for name, stream in scenario.demand.items()
    }
    rule = f"must expect at most {MOST_ORDERS:,} orders in one replication"
    if max(expected.values()) > MOST_ORDERS:
        raise ScenarioError(
            [
                Problem(rule=rule, path=f"demand.{name}", value=f"{orders:,.0f}")
                for name, orders in expected.items()
                if orders > MOST_ORDERS
            ]
        )
    total = sum(expected.values())
    if total > MOST_ORDERS:
        raise ScenarioError([Problem(rule=rule, path="demand", value=f"{total:,.0f}")])
