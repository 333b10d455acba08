"""How much memory and time a replication is expected to take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.crowd import expected_crowd
from burstsim.engine.forecasts import expected_in_all, expected_scale
from burstsim.engine.streamable import streamable
from burstsim.scenario.scenario import Scenario

__all__ = ["SLICE", "Needs", "goes_by_pieces", "needs_of"]

#: Bytes of a replication, as measured: of the program, of an order, and of it in every zone and
#: for its lines, with gifts; the event engine keeps a process for each order.
_PROGRAM, _ORDER, _IN_ZONE, _WITH_GIFTS, _EVENT_TIMES = 200_000_000, 450, 20, 150, 9

#: Seconds of a replication on an ordinary core: of any, and of an order by each engine.
_BEGINNING, _SECONDS = 0.3, {"vector": 4e-6, "event": 4e-4}

#: Orders that are drawn at a time where a replication is run in pieces; as many of those who are
#: there come at once; and bytes of an order that is there then, by those of one of a whole.
SLICE, _COME, _IN_PIECES = 250_000, 0.25, 1.5


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
    orders = _expected(scenario)
    zones = sum(len(house.stages) or 1 for house in scenario.warehouses.values())
    each = _ORDER + _IN_ZONE * zones + (_WITH_GIFTS if scenario.rules else 0)
    there = orders
    if engine == "event":
        each *= _EVENT_TIMES
    elif scenario.record == "summary":
        there = _in_pieces(compile_scenario(scenario), orders)
    return Needs(
        orders=orders,
        memory=_PROGRAM + there * each,
        seconds=_BEGINNING + orders * _SECONDS[engine],
    )


def goes_by_pieces(model: Model) -> bool:
    """Whether a replication of which only sums are wanted needs less memory in pieces.

    Parameters
    ----------
    model
        The compiled scenario.
    """
    orders = _expected(model.scenario)
    return _in_pieces(model, orders) < orders


def _in_pieces(model: Model, orders: float) -> float:
    """Orders that need as much memory as a whole as a replication does that is run in pieces.

    Where it cannot be, or where most of its orders are there at once, that is all of them.
    """
    if orders <= _IN_PIECES * SLICE or streamable(model) is not None:
        return orders
    there = expected_crowd(model) * (1 + _COME) + SLICE
    return min(_IN_PIECES * there, orders)


def _expected(scenario: Scenario) -> float:
    return expected_in_all(scenario, expected_scale(scenario))
