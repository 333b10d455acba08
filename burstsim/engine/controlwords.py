"""Disruptions and policies in plain words, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.engine.words import people_of
from burstsim.scenario.disruptions import (
    Disruption,
    NoShow,
    OmsFreeze,
    Outage,
    Surge,
    TruckNoShow,
)
from burstsim.scenario.policies import Lever, Policy
from burstsim.scenario.scenario import Scenario
from burstsim.units import format_duration

__all__ = ["control_words"]


def control_words(scenario: Scenario) -> Iterator[str]:
    """Yield what happens on the clock, and what is done about what is seen."""
    for name, disruption in scenario.disruptions.items():
        if (words := _disruption(disruption)) is not None:
            yield f"disruptions.{name}: {words}"
    for name, policy in scenario.policies.items():
        yield f"policies.{name}: {_policy(policy)}"


def _disruption(disruption: Disruption) -> str | None:
    """Say what happens; trucks that are late and channels that close are told elsewhere."""
    if isinstance(disruption, NoShow):
        what = f"{disruption.share:.0%} of the people at {disruption.where} do not come"
    elif isinstance(disruption, Outage):
        what = f"nobody can begin anything at {disruption.where}"
    elif isinstance(disruption, OmsFreeze):
        what = "the order management stands still"
    elif isinstance(disruption, TruckNoShow):
        what = f"no truck comes to {disruption.where}"
    elif isinstance(disruption, Surge):
        what = f"{disruption.stream} brings {disruption.scale:g} times as many orders"
    else:
        return None
    span = "to the end (default)" if disruption.for_ is None else format_duration(disruption.for_)
    return f"from {disruption.at}, {span if disruption.for_ is None else f'for {span}'}, {what}"


def _policy(policy: Policy) -> str:
    later = f", {format_duration(policy.delay)} after the check" if policy.delay else ""
    often = "once" if policy.once else "each time"
    often += "" if "once" in policy.model_fields_set else " (default)"
    return (
        f"every {format_duration(policy.every)}, if {policy.when}: {_lever(policy.do)}"
        f"{later}, {often}"
    )


def _lever(lever: Lever) -> str:
    return _people(lever) or _goods(lever)


def _people(lever: Lever) -> str:
    if (add := lever.add_workers) is not None:
        come = "comes" if add.workers == 1 else "come"
        return f"{people_of(add.workers)} {come} to {add.zone} for {format_duration(add.for_)}"
    if (move := lever.move_workers) is not None:
        span = "" if move.for_ is None else f" for {format_duration(move.for_)}"
        go = "goes" if move.workers == 1 else "go"
        return f"{people_of(move.workers)} {go} from {move.from_} to {move.to}{span}"
    if (stay := lever.overtime) is not None:
        return f"at most {people_of(stay.at_most)} at {stay.zone} stay until {stay.until}"
    if (truck := lever.extra_truck) is not None:
        load = "" if truck.capacity is None else f" for {truck.capacity:,} parcels"
        return f"one more truck of {truck.carrier}{load} in {format_duration(truck.after)}"
    return ""


def _goods(lever: Lever) -> str:
    if lever.stop_selling is not None:
        return f"{lever.stop_selling} is sold no more"
    if (throttle := lever.throttle) is not None:
        return f"{throttle.keep:.0%} of the orders of {throttle.channel} are let in"
    if lever.replace_gift is not None:
        swaps = [f"{new} is given instead of {old}" for old, new in lever.replace_gift.items()]
        return ", ".join(swaps)
    if lever.set_promise is not None:
        spans = lever.set_promise.items()
        return ", ".join(
            f"{name} is promised within {format_duration(span)}" for name, span in spans
        )
    if (limit := lever.limit_per_customer) is not None:
        return f"each customer gets at most {limit.units:,} of {limit.item}"
    return f"{lever.open_warehouse} is opened"
