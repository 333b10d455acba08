"""What never happens: pickups, disruptions and checks after the end, conditions never true."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.scenario.conditions import SIGNALS, Condition
from burstsim.scenario.disruptions import NoShow, OmsFreeze, Outage, Surge, TruckNoShow
from burstsim.scenario.faults import Fault
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.reach import reach_of
from burstsim.scenario.scenario import Scenario
from burstsim.units import DAY, Moment, format_duration

__all__ = ["clock_warnings"]


def clock_warnings(scenario: Scenario) -> Iterator[Fault]:
    """Yield what never happens, because the run is over or has not begun."""
    for house, warehouse in scenario.warehouses.items():
        for name, carrier in warehouse.carriers.items():
            for number, pickup in enumerate(carrier.pickups):
                path: KeyPath = ("warehouses", house, "carriers", name, "pickups", number)
                yield from _pickup(scenario, path, pickup)
    yield from _disruptions(scenario)
    yield from _policies(scenario)
    sold = reach_of(scenario).sold
    for name, policy in scenario.policies.items():
        if (item := policy.do.stop_selling) is not None and item not in sold:
            path = ("policies", name, "do", "stop_selling")
            yield Fault(path, "is an item that no stream sells", item)
        if (limit := policy.do.limit_per_customer) is not None and limit.item not in sold:
            path = ("policies", name, "do", "limit_per_customer", "item")
            yield Fault(path, "is an item that no stream sells", limit.item)


def _first(scenario: Scenario, moment: Moment) -> int:
    """Tick of a moment's first time in the run; a time of day comes daily."""
    at = moment.resolve(scenario.start)
    return scenario.begin + (at - scenario.begin) % DAY if moment.clock is not None else at


def _pickup(scenario: Scenario, path: KeyPath, pickup: Moment) -> Iterator[Fault]:
    at = _first(scenario, pickup)
    if at >= scenario.end:
        yield Fault(path, "is a pickup at or after the end, so it never comes", str(pickup))
    elif at < scenario.begin:
        yield Fault(path, "is a pickup before the beginning, so it never comes", str(pickup))


def _disruptions(scenario: Scenario) -> Iterator[Fault]:
    for name, disruption in scenario.disruptions.items():
        if not isinstance(disruption, NoShow | OmsFreeze | Outage | Surge | TruckNoShow):
            continue
        surge = isinstance(disruption, Surge)
        end = scenario.horizon if surge else scenario.end
        begin, until = disruption.span(scenario.start)
        path: KeyPath = ("disruptions", name, "at")
        if begin >= end:
            over = "the horizon, so no order is placed" if surge else "the end, so nothing happens"
            yield Fault(path, f"is at or after {over}", str(disruption.at))
        elif until <= scenario.begin:
            yield Fault(path, "is over before the clock begins", str(disruption.at))


def _policies(scenario: Scenario) -> Iterator[Fault]:
    for name, policy in scenario.policies.items():
        path: KeyPath = ("policies", name)
        first = -(-scenario.begin // policy.every) * policy.every
        if first + policy.delay >= scenario.end:
            what = "every" if first >= scenario.end else "delay"
            said = "is so long that the policy never acts before the end"
            yield Fault((*path, what), said, format_duration(getattr(policy, what)))
        if _never(policy.condition):
            yield Fault((*path, "when"), "can never be true", policy.when)
        elif _always(policy.condition):
            yield Fault((*path, "when"), "is always true", policy.when)


def _least_and_most(condition: Condition) -> tuple[float, float]:
    return 0.0, 1.0 if SIGNALS[condition.signal].unit == "share" else float("inf")


def _never(condition: Condition) -> bool:
    least, most = _least_and_most(condition)
    return not condition.holds(most if condition.operator in (">", ">=") else least)


def _always(condition: Condition) -> bool:
    least, most = _least_and_most(condition)
    return condition.holds(least if condition.operator in (">", ">=") else most)
