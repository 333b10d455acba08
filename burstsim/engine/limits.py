"""How much a run may ask for: refused before it starts, rather than failing half-way."""

from __future__ import annotations

from burstsim.engine.forecasts import expected_orders
from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.disruptions import Surge
from burstsim.scenario.scenario import Scenario

__all__ = ["MOST_ORDERS", "refuse_too_many"]

#: Orders of one replication that are sure not to fit into an ordinary machine's memory.
MOST_ORDERS = 200_000_000


def _drawn(scenario: Scenario) -> dict[str, float]:
    """Orders that are drawn of each stream and surge, by its path.

    Of a surge a copy of the whole stream is drawn, and what lies in its span is kept.
    """

    def expected(name: str) -> float:
        stream, scale = scenario.demand[name], scenario.demand_scale
        return expected_orders(stream, scenario.start, scenario.horizon, scale)

    streams = {f"demand.{name}": expected(name) for name in scenario.demand}
    surges = {
        f"disruptions.{name}": expected(surge.stream) * (surge.scale - 1)
        for name, surge in scenario.disruptions.items()
        if isinstance(surge, Surge)
    }
    return streams | surges


def refuse_too_many(scenario: Scenario) -> None:
    """Refuse a scenario that expects more orders than fit.

    Raises
    ------
    ScenarioError
        Naming every stream and surge that is too large, or the demand as a whole.
    """
    expected = _drawn(scenario)
    rule = f"must expect at most {MOST_ORDERS:,} orders in one replication"
    if max(expected.values()) > MOST_ORDERS:
        raise ScenarioError(
            [
                Problem(rule=rule, path=path, value=f"{orders:,.0f}")
                for path, orders in expected.items()
                if orders > MOST_ORDERS
            ]
        )
    total = sum(expected.values())
    if total > MOST_ORDERS:
        raise ScenarioError([Problem(rule=rule, path="demand", value=f"{total:,.0f}")])
