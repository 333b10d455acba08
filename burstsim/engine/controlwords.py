"""Disruptions and policies in plain words, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.engine.words import moment_of, people_of, span_of
from burstsim.languages import Words, words_of
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

__all__ = ["control_words"]


def control_words(scenario: Scenario) -> Iterator[str]:
    """Yield what happens on the clock, and what is done about what is seen."""
    words = words_of(scenario.language)
    for name, disruption in scenario.disruptions.items():
        if (said := _disruption(disruption, words)) is not None:
            yield f"disruptions.{name}: {said}"
    for name, policy in scenario.policies.items():
        yield f"policies.{name}: {_policy(policy, words)}"


def _disruption(disruption: Disruption, words: Words) -> str | None:
    """Say what happens; trucks that are late and channels that close are told elsewhere."""
    if isinstance(disruption, NoShow):
        share, where = f"{disruption.share:.0%}", disruption.where
        what = words.say("{share} of the people at {where} do not come", share=share, where=where)
    elif isinstance(disruption, Outage):
        what = words.say("nobody can begin anything at {where}", where=disruption.where)
    elif isinstance(disruption, OmsFreeze):
        what = words.say("the order management stands still")
    elif isinstance(disruption, TruckNoShow):
        what = words.say("no truck comes to {where}", where=disruption.where)
    elif isinstance(disruption, Surge):
        stream, scale = disruption.stream, f"{disruption.scale:g}"
        what = words.say("{stream} brings {n} times as many orders", stream=stream, n=scale)
    else:
        return None
    at = moment_of(disruption.at, words)
    if disruption.for_ is None:
        return words.say("from {moment}, to the end (default), {what}", moment=at, what=what)
    span = span_of(disruption.for_, words)
    return words.say("from {moment}, for {span}, {what}", moment=at, span=span, what=what)


def _policy(policy: Policy, words: Words) -> str:
    often = words.say("once" if policy.once else "each time")
    if "once" not in policy.model_fields_set:
        often = words.say("{what} (default)", what=often)
    done = _lever(policy.do, words)
    if policy.delay:
        delay = span_of(policy.delay, words)
        done = words.say("{what}, {span} after the check", what=done, span=delay)
    return words.say(
        "every {span}, if {condition}: {what}, {often}",
        span=span_of(policy.every, words),
        condition=policy.when,
        what=done,
        often=often,
    )


def _lever(lever: Lever, words: Words) -> str:
    return _people(lever, words) or _goods(lever, words)


def _people(lever: Lever, words: Words) -> str:
    if (add := lever.add_workers) is not None:
        return words.count(
            add.workers,
            "{people} comes to {where} for {span}",
            "{people} come to {where} for {span}",
            people=people_of(add.workers, words),
            where=add.zone,
            span=span_of(add.for_, words),
        )
    if (move := lever.move_workers) is not None:
        text = words.count(
            move.workers,
            "{people} goes from {begin} to {end}",
            "{people} go from {begin} to {end}",
            people=people_of(move.workers, words),
            begin=move.from_,
            end=move.to,
        )
        if move.for_ is None:
            return text
        return words.say("{what} for {span}", what=text, span=span_of(move.for_, words))
    if (stay := lever.overtime) is not None:
        return words.say(
            "at most {people} at {where} stay until {moment}",
            people=people_of(stay.at_most, words),
            where=stay.zone,
            moment=moment_of(stay.until, words),
        )
    if (truck := lever.extra_truck) is not None:
        after = span_of(truck.after, words)
        if truck.capacity is None:
            return words.say(
                "one more truck of {carrier} in {span}", carrier=truck.carrier, span=after
            )
        return words.say(
            "one more truck of {carrier} for {n} parcels in {span}",
            carrier=truck.carrier,
            n=f"{truck.capacity:,}",
            span=after,
        )
    return ""


def _goods(lever: Lever, words: Words) -> str:
    if lever.stop_selling is not None:
        return words.say("{item} is sold no more", item=lever.stop_selling)
    if (throttle := lever.throttle) is not None:
        share, channel = f"{throttle.keep:.0%}", throttle.channel
        return words.say(
            "{share} of the orders of {channel} are let in", share=share, channel=channel
        )
    if lever.replace_gift is not None:
        return words.listed(
            words.say("{new} is given instead of {old}", new=new, old=old)
            for old, new in lever.replace_gift.items()
        )
    if lever.set_promise is not None:
        return words.listed(
            words.say("{name} is promised within {span}", name=name, span=span_of(span, words))
            for name, span in lever.set_promise.items()
        )
    if (limit := lever.limit_per_customer) is not None:
        return words.say(
            "each customer gets at most {n} of {item}", n=f"{limit.units:,}", item=limit.item
        )
    return words.say("{warehouse} is opened", warehouse=lever.open_warehouse)
