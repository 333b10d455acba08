"""Warehouses, partners, merchants and goods that come, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from burstsim.engine.compile import Model
from burstsim.scenario.floor import External
from burstsim.scenario.reach import reach_of
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.trucks import Truck, trucks_of
from burstsim.units import NEVER, format_duration, format_money

__all__ = ["network_words"]

_SHOWN_SKUS = 6

_ASKED = {
    "preference": "",
    "cheapest": ", the cheapest first",
    "least_backlog": ", first the one with the fewest parcels on its floor",
}


def network_words(model: Model) -> Iterator[str]:
    """Yield who is asked for whose orders, and what partners and trucks do; nothing if alone."""
    scenario = model.scenario
    if len(scenario.warehouses) > 1:
        yield from _routes(model)
    for name, warehouse in scenario.warehouses.items():
        if warehouse.external is not None:
            yield f"warehouses.{name}: {_partner(warehouse.external)}"
        if warehouse.owners is not None:
            whose = ", ".join(warehouse.owners) or "nobody"
            yield f"warehouses.{name}: ships only for {whose}"
    if len(model.owners) > 1:
        yield (
            f"merchants: {', '.join(model.owners)}; a cart with goods of several is an order "
            "for each"
        )
    yield from (_truck(scenario, truck) for truck in trucks_of(scenario))


def _routes(model: Model) -> Iterator[str]:
    """Say for each region which warehouses are asked; regions that are alike share a line."""
    oms, names = model.scenario.oms, model.network.names
    closed = [" (once it is open)" if tick == NEVER else "" for tick in model.network.opens]
    alike: dict[str, list[str]] = {}
    for region in sorted(reach_of(model.scenario).regions):
        route = model.network.routing.get(region, model.network.otherwise)
        shown = [names[house] + closed[house] for house in route]
        alike.setdefault(", then ".join(shown), []).append(region)
    for houses, regions in alike.items():
        split = "" if model.network.split else "; orders are never split"
        yield f"orders from {', '.join(regions)}: {houses}{_ASKED[oms.route_by]}{split}"


def _partner(external: External) -> str:
    lead = external.lead_time
    text = f"a partner, who ships {format_duration(lead.mean)} after the start"
    text += " on average" if lead.variation else ""
    text += f", starts at most {external.capacity}" if external.capacity is not None else ""
    return text + (f", and asks {format_money(external.fee)} a parcel" if external.fee else "")


def _truck(scenario: Scenario, truck: Truck) -> str:
    """Say what a truck brings, and when it really comes."""
    some = [f"{sku} {pieces:,}" for sku, pieces in truck.stock.items()]
    more = f" and {len(some) - _SHOWN_SKUS:,} more SKUs" if len(some) > _SHOWN_SKUS else ""
    moment = scenario.start + timedelta(microseconds=truck.comes)
    text = f"warehouses.{truck.warehouse}: {truck.name} brings {', '.join(some[:_SHOWN_SKUS])}"
    text += f"{more} at {moment:%Y-%m-%d %H:%M}"
    if truck.delays:
        late = format_duration(truck.comes - truck.planned)
        text += f", {late} late because of {', '.join(truck.delays)}"
    return text
