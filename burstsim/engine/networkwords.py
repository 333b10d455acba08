"""Warehouses, partners, merchants and goods that come, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from burstsim.engine.compile import Model
from burstsim.engine.words import span_of
from burstsim.languages import Words, phrase, words_of
from burstsim.scenario.floor import External
from burstsim.scenario.reach import reach_of
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.trucks import Truck, trucks_of
from burstsim.units import NEVER, format_money

__all__ = ["network_words"]

_SHOWN_SKUS = 6

#: Who is asked first, by `route_by`.
_ASKED = {
    "preference": phrase("{route}"),
    "cheapest": phrase("{route}, the cheapest first"),
    "least_backlog": phrase("{route}, first the one with the fewest parcels on its floor"),
}


def network_words(model: Model) -> Iterator[str]:
    """Yield who is asked for whose orders, and what partners and trucks do; nothing if alone."""
    scenario, words = model.scenario, words_of(model.scenario.language)
    if len(scenario.warehouses) > 1:
        yield from _routes(model, words)
    for name, warehouse in scenario.warehouses.items():
        if warehouse.external is not None:
            yield f"warehouses.{name}: {_partner(warehouse.external, words)}"
        if warehouse.owners is not None:
            whose = words.listed(warehouse.owners) or words.say("nobody")
            yield f"warehouses.{name}: {words.say('ships only for {owners}', owners=whose)}"
    if len(model.owners) > 1:
        yield words.say(
            "merchants: {names}; a cart with goods of several is an order for each",
            names=words.listed(model.owners),
        )
    yield from (_truck(scenario, truck, words) for truck in trucks_of(scenario))


def _routes(model: Model, words: Words) -> Iterator[str]:
    """Say for each region which warehouses are asked; regions that are alike share a line."""
    oms, names = model.scenario.oms, model.network.names
    called = [
        words.say("{warehouse} (once it is open)", warehouse=name) if tick == NEVER else name
        for name, tick in zip(names, model.network.opens, strict=True)
    ]
    alike: dict[tuple[str, ...], list[str]] = {}
    for region in sorted(reach_of(model.scenario).regions):
        route = model.network.routing.get(region, model.network.otherwise)
        alike.setdefault(tuple(called[house] for house in route), []).append(region)
    for houses, regions in alike.items():
        way = houses[0]
        for house in houses[1:]:
            way = words.say("{first}, then {next}", first=way, next=house)
        text = words.say(
            "orders from {regions}: {route}",
            regions=words.listed(regions),
            route=words.say(_ASKED[oms.route_by], route=way),
        )
        if not model.network.split:
            text += words.semicolon + words.say("orders are never split")
        yield text


def _partner(external: External, words: Words) -> str:
    lead = external.lead_time
    ships = phrase("a partner, who ships {span} after the start")
    if lead.variation:
        ships = phrase("a partner, who ships {span} after the start on average")
    text = words.say(ships, span=span_of(lead.mean, words))
    if external.capacity is not None:
        text = words.say("{who}, starts at most {rate}", who=text, rate=external.capacity)
    if external.fee:
        fee = format_money(external.fee)
        text = words.say("{who}, and asks {fee} a parcel", who=text, fee=fee)
    return text


def _truck(scenario: Scenario, truck: Truck, words: Words) -> str:
    """Say what a truck brings, and when it really comes."""
    some = [f"{sku} {pieces:,}" for sku, pieces in truck.stock.items()]
    goods = words.listed(some[:_SHOWN_SKUS])
    if len(some) > _SHOWN_SKUS:
        more = len(some) - _SHOWN_SKUS
        goods = words.say("{skus} and {n} more SKUs", skus=goods, n=f"{more:,}")
    text = words.say(
        "{truck} brings {goods} at {moment:%Y-%m-%d %H:%M}",
        truck=truck.name,
        goods=goods,
        moment=scenario.start + timedelta(microseconds=truck.comes),
    )
    if truck.delays:
        text = words.say(
            "{text}, {span} late because of {causes}",
            text=text,
            span=span_of(truck.comes - truck.planned, words),
            causes=words.listed(truck.delays),
        )
    return f"warehouses.{truck.warehouse}: {text}"
