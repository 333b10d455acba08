"""What holds orders up: stock, gifts, release, a zone, trucks, and why one can say so."""

from __future__ import annotations

import math
from collections.abc import Mapping

from burstsim.engine.compile import Model
from burstsim.languages import Words, phrase, words_of
from burstsim.results.estimates import Estimate
from burstsim.results.naming import called
from burstsim.results.wording import format_orders, format_value
from burstsim.scenario.metrics import late_causes

__all__ = ["Bottleneck", "find_bottleneck", "subject"]

#: Time lost per order (seconds) that nobody would call waiting.
_NO_WAIT = 1.0

Bottleneck = dict[str, object]

#: Where at least this part of the longest waiting is done, a station may be what holds orders up.
_WORTH_A_LOOK = 0.1

#: How what is no zone is said, by kind.
_PLACES = {
    "hold": phrase("Order management is the bottleneck"),
    "stock": phrase("Stock is the bottleneck"),
    "gift": phrase("Waiting for gifts is the bottleneck"),
    "release": phrase("Release in waves is the bottleneck"),
    "truck": phrase("The time between pickups is the bottleneck"),
}


def find_bottleneck(model: Model, metrics: Mapping[str, Estimate]) -> Bottleneck | None:
    """Find where orders lose their time, or None where they lose none.

    If orders are late it is what most of them are late because of, else where orders wait
    longest. Of stages the busiest zone of that warehouse with much waiting is named; of release
    limits the busiest zone in which they count parcels; of trucks the carrier that leaves most
    behind.

    Returns
    -------
    dict or None
        ``kind warehouse stage zone carrier mean_wait utilisation why``: `kind` is ``zone``, or
        ``hold stock gift release truck``; names that do not apply are None; `mean_wait` is in
        seconds, of a zone's parcels, else of orders; the utilisation is NaN where there is none.
    """
    words = words_of(model.scenario.language)
    lost = {place: _number(metrics[f"time_lost.{place}"]) for place in _places(model)}
    causes = {
        name: _number(metrics[f"late_because.{name}"]) for name in late_causes(model.scenario)
    }
    worst = max(causes, key=lambda name: causes[name])
    zones = [zone.path for zone in model.zones if not model.stages[zone.at].outside]
    if causes[worst] > 0:
        late = format_orders(metrics["orders_late"].estimate, words)
        why = words.say(
            "{share} of {late} lost most of their time to {place}",
            share=format_value(causes[worst] / sum(causes.values()), "share"),
            late=late.replace(" order", " late order"),  # in English
            place=called(worst, words),
        )
        place = _zone_of(model, worst, lost)
    else:
        del lost["hold"]  # everybody is held as long as the rules say
        place = max(lost, key=lambda name: lost[name])
        if lost[place] * 3600 <= _NO_WAIT * max(metrics["orders_paid"].estimate, 1):
            return None
        floor = sum(lost[zone] for zone in zones)
        some = lost[place] / (floor if place in zones else sum(lost.values()))
        share = format_value(some, "share")
        why = words.say(
            "{share} of all waiting is for {place}", share=share, place=called(place, words)
        )
        if place in zones:
            why = words.say(
                "{share} of all waiting on the floor is at {place}", share=share, place=place
            )
    if place in zones and (busiest := _busiest(model, metrics, lost, place)) != place:
        why = words.say(
            "{why}; of the stations where they wait {zone} is the busiest", why=why, zone=busiest
        )
        place = busiest
    found = _named(model, metrics, place)
    if place not in zones:
        per_order = lost.get(place, math.nan) * 3600 / max(metrics["orders_paid"].estimate, 1)
        found |= {"mean_wait": per_order, "utilisation": math.nan}
    return {**found, "why": why}


def subject(found: Bottleneck, words: Words) -> str:
    """Say what the bottleneck is, with its verb, as the beginning of a sentence."""
    kind, house, stage, zone = (found[key] for key in ("kind", "warehouse", "stage", "zone"))
    if kind == "truck" and found["carrier"]:
        return words.say(
            "Trucks of {carrier} at {warehouse} are the bottleneck",
            carrier=found["carrier"],
            warehouse=house,
        )
    if stage is None:
        return words.say(_PLACES[str(kind)])
    if stage == "external":
        return words.say("Partner {warehouse} is the bottleneck", warehouse=house)
    name = str(stage) if zone is None else f"{stage} ({zone})"
    if kind == "release":
        return words.say(
            "The limit on releases at {warehouse} is the bottleneck, before {stage}",
            warehouse=house,
            stage=name,
        )
    # a sentence begins with it in English
    begun = f"{name[:1].upper()}{name[1:]}" if words.code == "en" else name
    return words.say("{stage} at {warehouse} is the bottleneck", stage=begun, warehouse=house)


def _number(found: Estimate) -> float:
    return 0.0 if math.isnan(found.estimate) else found.estimate


def _places(model: Model) -> list[str]:
    zones = [zone.path for zone in model.zones if not model.stages[zone.at].outside]
    return list(dict.fromkeys(("hold", "stock", "gift", "release", *zones, "truck")))


def _zone_of(model: Model, cause: str, lost: Mapping[str, float]) -> str:
    """Give the zone of a stage in which most time is lost; what is no stage is a place itself."""
    inside = [z.path for z in model.zones if z.stage == cause and not model.stages[z.at].outside]
    return max(inside, key=lambda path: lost[path]) if inside else cause


def _busiest(
    model: Model, metrics: Mapping[str, Estimate], lost: Mapping[str, float], place: str
) -> str:
    """Give the busiest zone of a warehouse in which there is much waiting.

    Orders wait longest at the first station of a row even where a later one lets fewer pass: the
    first has idle hours afterwards, the one that holds all up has none.
    """
    house = next(zone.warehouse for zone in model.zones if zone.path == place)
    paths = [
        zone.path
        for zone in model.zones
        if zone.warehouse == house
        and lost.get(zone.path, 0.0) >= _WORTH_A_LOOK * lost[place]
        and f"utilisation.{zone.path}" in metrics
    ]
    return max(paths, key=lambda path: _number(metrics[f"utilisation.{path}"]), default=place)


def _named(model: Model, metrics: Mapping[str, Estimate], place: str) -> Bottleneck:
    """Say where a place is."""
    found: Bottleneck = dict.fromkeys(("warehouse", "stage", "zone", "carrier"))
    found = {"kind": place, **found}
    path = place
    if place == "release":
        path = _behind(model, metrics)
    elif place == "truck":
        behind = {
            (house, carrier.name): _number(metrics[f"left_behind.{house}.{carrier.name}"])
            for house, carriers in zip(model.network.names, model.carriers, strict=True)
            for carrier in carriers.each
        }
        most = max(behind, key=lambda name: behind[name], default=None)
        if most is not None and behind[most] > 0:
            found |= {"warehouse": most[0], "carrier": most[1]}
    for zone in model.zones:
        if zone.path != path:
            continue
        several = len(model.stages[zone.at].zones) > 1
        names = {"warehouse": zone.warehouse, "stage": zone.stage}
        found |= {**names, "zone": zone.name if several else None}
        if place == path:
            used = metrics.get(f"utilisation.{path}")  # of a partner nobody knows it
            found |= {
                "kind": "zone",
                "mean_wait": _number(metrics[f"mean(wait.{path})"]),
                "utilisation": math.nan if used is None else used.estimate,
            }
    return found


def _behind(model: Model, metrics: Mapping[str, Estimate]) -> str:
    """Give the zone that release limits wait for, "" where there are only waves."""
    limited = [
        house
        for house, rule in enumerate(model.releases)
        if rule.put_walls or rule.stagings or rule.max_open is not None
    ]
    # what a limit counts is anywhere before its stage, or in the whole building
    inside = [
        model.zones[number]
        for house in limited
        for stage in _counted(model, house)
        for number in model.stages[stage].zones
    ]
    paths = [zone.path for zone in inside]
    return max(paths, key=lambda path: _number(metrics[f"utilisation.{path}"]), default="")


def _counted(model: Model, house: int) -> tuple[int, ...]:
    """Give the stages at which a warehouse's limits count parcels."""
    rule, chain = model.releases[house], model.chains[house]
    if rule.max_open is not None:
        return chain
    last = max(chain.index(stage) for stage in (*rule.put_walls, *rule.stagings))
    return chain[: last + 1]
