"""The STRESS-DES checklist, filled in from the scenario.

Monks, Currie, Onggo, Robinson, Kunc and Taylor, "Strengthening the reporting of empirical
simulation studies: introducing the STRESS guidelines", *Journal of Simulation* 13 (2019),
55-67. The numbers are the checklist's, the answers ours.
"""

from __future__ import annotations

from typing import Any

from burstsim.report.blocks import Block, Folded, Prose, Terms
from burstsim.report.folder import RunFolder

__all__ = ["stress_des"]

_Entries = list[tuple[str, str]]


def stress_des(run: RunFolder) -> list[Block]:
    """Fill the checklist in; what the scenario cannot know says that it is open."""
    words = run.words
    every = [
        *(*_objectives(run), *_logic(run), *_data(run)),
        *(*_experimentation(run), *_implementation(run)),
    ]
    intro = words.say(
        "The checklist of Monks et al. (2019), filled in from the scenario and the manifest."
    )
    return [
        Prose(lines=[intro]),
        Folded(summary=words.say("{n} items", n=len(every)), blocks=[Terms(entries=every)]),
    ]


def _objectives(run: RunFolder) -> _Entries:
    words = run.words
    thresholds = words.semicolon.join(str(t["expr"]) for t in run.summary["thresholds"].values())
    aim = words.say("To be said by whoever runs the study: the aim.")
    if thresholds:
        aim = words.say("One scenario, held against: {thresholds}.", thresholds=thresholds)
    return [
        (
            words.say("1.1 Purpose of the model"),
            words.say(
                "Whether the warehouses carry the sale “{name}”. To be said by whoever runs the "
                "study: the background.",
                name=run.name,
            ),
        ),
        (
            words.say("1.2 Model outputs"),
            words.say(
                "{n} metrics, defined in this page, each with a 95 % Student t interval over "
                "replications.",
                n=len(run.metrics),
            ),
        ),
        (words.say("1.3 Experimentation aims"), aim),
    ]


def _logic(run: RunFolder) -> _Entries:
    words, houses = run.words, _warehouses(run)
    oms = run.scenario.get("oms") or {}
    crews = words.semicolon.join(
        f"{name}: {_people(run, *where)}" for name, where in _stations(houses).items()
    )
    workers = words.say("No workers of our own.")
    if crews:
        workers = words.say("Workers: {crews}.", crews=crews)
    return [
        (
            words.say("2.1 Base model overview diagram"),
            words.say(
                "Buyers place and pay → orders are swept, gifts and stock assigned, released → "
                "stages ({floors}) → shipped.",
                floors=_floors(run, houses),
            ),
        ),
        (
            words.say("2.2 Base model logic"),
            words.say(
                "Sweeps every {cycle}; when short: {rule}; orders split over warehouses: {split}. "
                "The full rules are docs/semantics.md of burstsim.",
                cycle=oms.get("cycle", "0s"),
                rule=oms.get("when_short", "?"),
                split=words.say("yes" if oms.get("split") else "no"),
            ),
        ),
        (
            words.say("2.3 Scenario logic"),
            words.say("What happens besides: {events}.", events=_happens(run)),
        ),
        (words.say("2.4 Algorithms"), _algorithms(run, houses)),
        (
            words.say("2.5.1 Entities"),
            words.say(
                "Orders with their lines, and the parcels that they become; streams: {streams}.",
                streams=words.listed(run.scenario["demand"]),
            ),
        ),
        (
            words.say("2.5.2 Activities"),
            words.say(
                "Work at a stage: per task, per line, per piece, with noise; transfers between "
                "stages."
            ),
        ),
        (words.say("2.5.3 Resources"), workers),
        (
            words.say("2.5.4 Queues"),
            words.say(
                "One before each zone, {room}: {disciplines}.",
                room=_room(run, houses),
                disciplines=_disciplines(run, houses),
            ),
        ),
        (
            words.say("2.5.5 Entry and exit points"),
            words.say(
                "Orders enter when they are placed; they leave shipped, cancelled, expired or "
                "rejected, or are left at the end and counted as unfinished."
            ),
        ),
    ]


def _floors(run: RunFolder, houses: dict[str, Any]) -> str:
    words = run.words
    floors = [f"{name}: {' → '.join(house['stages'])}" for name, house in houses.items()]
    partners = [name for name, house in run.scenario["warehouses"].items() if house.get("external")]
    if partners:
        floors.append(words.say("partners: {names}", names=words.listed(partners)))
    return words.semicolon.join(floors)


def _happens(run: RunFolder) -> str:
    """Name disruptions and policies."""
    words = run.words
    disruptions = run.scenario.get("disruptions") or {}
    happens = words.listed(f"{name} ({each.get('what')})" for name, each in disruptions.items())
    policies = words.listed(run.scenario.get("policies") or ())
    if not policies:
        return happens or words.say("nothing")
    if not happens:
        return words.say("policies that act on what is seen: {names}", names=policies)
    return words.say(
        "{events}, and policies that act on what is seen: {names}", events=happens, names=policies
    )


def _algorithms(run: RunFolder, houses: dict[str, Any]) -> str:
    words = run.words
    rules = run.scenario.get("gifts") or {}
    text = words.say(
        "Stations: {disciplines}; stock in the order of payment; routing by {routing}",
        disciplines=_disciplines(run, houses),
        routing=(run.scenario.get("oms") or {}).get("route_by", "preference"),
    )
    if rules:
        text += words.semicolon
        text += words.say("{n} gift rules, in the order of the file", n=len(rules))
    return text + words.stop


def _data(run: RunFolder) -> _Entries:
    words, demand = run.words, run.scenario["demand"]
    logs = [f"{name}: {stream['file']}" for name, stream in demand.items() if stream.get("file")]
    shapes = words.listed(
        words.say("{stream} {shape}", stream=name, shape=stream.get("shape"))
        for name, stream in demand.items()
    )
    sources = words.say(
        "The scenario file. To be said by whoever runs the study: where its numbers come from."
    )
    if logs:
        sources = words.say("Order logs: {files}.", files=words.semicolon.join(logs))
    return [
        (words.say("3.1 Data sources"), sources),
        (
            words.say("3.2 Pre-processing"),
            words.say("Times to whole microseconds, money to whole cents."),
        ),
        (
            words.say("3.3 Input parameters"),
            words.say("Arrivals: {shapes}. All others: the scenario above.", shapes=shapes),
        ),
        (
            words.say("3.4 Assumptions"),
            words.say(
                "As docs/semantics.md says; people of a crew are alike, and work is not "
                "interrupted."
            ),
        ),
    ]


def _experimentation(run: RunFolder) -> _Entries:
    words, count = run.words, run.summary["replications"]
    begins = words.say("The run begins empty; a sale terminates, so nothing is cut off.")
    if run.scenario.get("initial"):
        begins = words.say(
            "The run begins with the open orders and the stock as given; a sale terminates, so "
            "nothing is cut off."
        )
    return [
        (words.say("4.1 Initialisation"), begins),
        (
            words.say("4.2 Run length"),
            words.say(
                "Orders for {horizon}, then at most {drain} to finish.",
                horizon=run.scenario.get("horizon"),
                drain=run.scenario.get("drain"),
            ),
        ),
        (
            words.say("4.3 Estimation approach"),
            words.count(
                count,
                "{n} independent replication; Student t intervals over them; scenarios share "
                "random numbers.",
                "{n} independent replications; Student t intervals over them; scenarios share "
                "random numbers.",
                n=count,
            ),
        ),
    ]


def _implementation(run: RunFolder) -> _Entries:
    words, manifest = run.words, run.manifest
    versions = manifest.get("versions", {})
    software = words.listed(f"{name} {version}" for name, version in versions.items())
    return [
        (words.say("5.1 Software"), software or words.say("not recorded")),
        (
            words.say("5.2 Random sampling"),
            words.say(
                "NumPy streams by purpose and name (scheme {scheme}), seed {seed}.",
                scheme=manifest.get("stream_scheme", "?"),
                seed=manifest.get("seed", "?"),
            ),
        ),
        (
            words.say("5.3 Model execution"),
            words.say(
                "The {engine} engine; ties in the order of placement.",
                engine=manifest.get("engine", "?"),
            ),
        ),
        (
            words.say("5.4 System specification"),
            str(manifest.get("machine", words.say("not recorded"))),
        ),
        (
            words.say("6.1 Computer model sharing"),
            words.say(
                "burstsim, MIT licence; the manifest of this run folder repeats the run exactly."
            ),
        ),
    ]


def _warehouses(run: RunFolder) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = run.scenario["warehouses"]
    return {name: house for name, house in found.items() if not house.get("external")}


def _stations(houses: dict[str, Any]) -> dict[str, tuple[dict[str, Any], str, dict[str, Any]]]:
    """Give each zone, or stage without zones, by path: its warehouse, key of shifts, itself."""
    found = {}
    for name, house in houses.items():
        for stage, its in house["stages"].items():
            for zone, own in (its.get("zones") or {}).items():
                found[f"{name}.{stage}.{zone}"] = (house, f"{stage}.{zone}", own)
            if not its.get("zones"):
                found[f"{name}.{stage}"] = (house, stage, its)
    return found


def _people(run: RunFolder, house: dict[str, Any], key: str, station: dict[str, Any]) -> str:
    """Say who works at a station: its crew, and its shifts."""
    base = station.get("workers")
    shifts = (house.get("shifts") or {}).get(key) or {}
    said = [f"{shift} {each.get('workers')}" for shift, each in shifts.items()]
    if base or not said:
        said.insert(0, str(base or 0))
    return run.words.listed(said)


def _disciplines(run: RunFolder, houses: dict[str, Any]) -> str:
    """Say who is next: first come first served, but for the stations that say otherwise."""
    words = run.words
    other = [
        words.say("{station} by {discipline}", station=name, discipline=said)
        for name, (_, _, station) in _stations(houses).items()
        if (said := station.get("discipline")) and said != "fifo"
    ]
    return words.listed([words.say("first come, first served"), *other])


def _room(run: RunFolder, houses: dict[str, Any]) -> str:
    """Say where queues are limited."""
    words = run.words
    said = {"put_wall": words.say("put wall"), "staging": words.say("staging")}
    limits = [
        f"{name}.{stage} ({said[key]} {its[key]})"
        for name, house in houses.items()
        for stage, its in house["stages"].items()
        for key in said
        if its.get(key) is not None
    ]
    if not limits:
        return words.say("unlimited")
    return words.say("limited at {stages}", stages=words.listed(limits))
