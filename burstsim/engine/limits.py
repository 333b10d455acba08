"""How much a run may ask for: refused before it starts, rather than failing half-way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from burstsim.engine.forecasts import expected_in_all, expected_orders
from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.disruptions import Surge
from burstsim.scenario.scenario import Scenario

__all__ = ["MOST_ORDERS", "Needs", "needs_of", "refuse_too_many"]

#: Orders of one replication that are sure not to fit into an ordinary machine's memory.
MOST_ORDERS = 200_000_000

#: Bytes of a replication, as measured: of the program, of an order, and of it in every zone and
#: for its lines, with gifts; the event engine keeps a process for each order.
_PROGRAM, _ORDER, _IN_ZONE, _WITH_GIFTS, _EVENT_TIMES = 200_000_000, 450, 20, 150, 9

#: Seconds of a replication on an ordinary core: of any, and of an order by each engine.
_BEGINNING, _SECONDS = 0.3, {"vector": 4e-6, "event": 4e-4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What one replication is expected to need, forecast errors at their mean.

    Parameters
    ----------
    orders
        That are placed.
    memory
        Bytes of the process that runs it, within about a third.
    seconds
        That it takes on an ordinary core; what machine it is nobody knows beforehand, so that no
        more than the order of magnitude is to be trusted.
    """

    orders: float
    memory: float
    seconds: float


def needs_of(scenario: Scenario, engine: Literal["vector", "event"] = "vector") -> Needs:
    """Estimate what one replication needs, before anything is drawn.

    Parameters
    ----------
    scenario
        What is to be run.
    engine
        By which engine.
    """
    orders = expected_in_all(scenario, scenario.demand_scale)
    if scenario.forecast is not None:
        orders *= scenario.forecast.mean
    zones = sum(len(house.stages) or 1 for house in scenario.warehouses.values())
    each = _ORDER + _IN_ZONE * zones + (_WITH_GIFTS if scenario.rules else 0)
    if engine == "event":
        each *= _EVENT_TIMES
    return Needs(
        orders=orders,
        memory=_PROGRAM + orders * each,
        seconds=_BEGINNING + orders * _SECONDS[engine],
    )


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
