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

_OURS = "To be said by whoever runs the study:"


def stress_des(run: RunFolder) -> list[Block]:
    """Fill the checklist in; what the scenario cannot know says that it is open."""
    parts = {
        "Objectives": _objectives(run),
        "Logic": _logic(run),
        "Data": _data(run),
        "Experimentation": _experimentation(run),
        "Implementation": _implementation(run),
    }
    intro = "The checklist of Monks et al. (2019), filled in from the scenario and the manifest."
    every: list[tuple[str, str]] = [entry for entries in parts.values() for entry in entries]
    return [
        Prose(lines=[intro]),
        Folded(summary=f"{len(every)} items", blocks=[Terms(entries=every)]),
    ]


def _objectives(run: RunFolder) -> list[tuple[str, str]]:
    thresholds = "; ".join(str(t["expr"]) for t in run.summary["thresholds"].values())
    return [
        (
            "1.1 Purpose of the model",
            f"Whether the warehouses carry the sale “{run.name}”. {_OURS} the background.",
        ),
        (
            "1.2 Model outputs",
            f"{len(run.metrics)} metrics, defined in this page, each with a 95 % Student t "
            "interval over replications.",
        ),
        (
            "1.3 Experimentation aims",
            f"One scenario, held against: {thresholds}." if thresholds else f"{_OURS} the aim.",
        ),
    ]


def _logic(run: RunFolder) -> list[tuple[str, str]]:
    houses = _warehouses(run)
    floors = "; ".join(f"{name}: {' → '.join(house['stages'])}" for name, house in houses.items())
    partners = [name for name, house in run.scenario["warehouses"].items() if house.get("external")]
    if partners:
        floors += f"; partners: {', '.join(partners)}"
    oms = run.scenario.get("oms") or {}
    crews = "; ".join(f"{name}: {_people(*where)}" for name, where in _stations(houses).items())
    disruptions = run.scenario.get("disruptions") or {}
    happens = ", ".join(f"{name} ({each.get('what')})" for name, each in disruptions.items())
    if policies := run.scenario.get("policies"):
        happens += f"{', and ' if happens else ''}policies that act on what is seen: "
        happens += ", ".join(policies)
    rules = run.scenario.get("gifts") or {}
    algorithms = f"Stations: {_disciplines(houses)}; stock in the order of payment"
    algorithms += f"; routing by {oms.get('route_by', 'preference')}"
    algorithms += f"; {len(rules)} gift rules, in the order of the file." if rules else "."
    return [
        (
            "2.1 Base model overview diagram",
            "Buyers place and pay → orders are swept, gifts and stock assigned, released → stages "
            f"({floors}) → shipped.",
        ),
        (
            "2.2 Base model logic",
            f"Sweeps every {oms.get('cycle', '0s')}; when short: {oms.get('when_short', '?')}; "
            f"orders split over warehouses: {_yes(oms.get('split'))}. The full rules are "
            "docs/semantics.md of burstsim.",
        ),
        ("2.3 Scenario logic", f"What happens besides: {happens or 'nothing'}."),
        ("2.4 Algorithms", algorithms),
        (
            "2.5.1 Entities",
            "Orders with their lines, and the parcels that they become; streams: "
            f"{', '.join(run.scenario['demand'])}.",
        ),
        (
            "2.5.2 Activities",
            "Work at a stage: per task, per line, per piece, with noise; transfers between stages.",
        ),
        ("2.5.3 Resources", f"Workers: {crews}." if crews else "No workers of our own."),
        ("2.5.4 Queues", f"One before each zone, {_room(houses)}: {_disciplines(houses)}."),
        (
            "2.5.5 Entry and exit points",
            "Orders enter when they are placed; they leave shipped, cancelled, expired or "
            "rejected, or are left at the end and counted as unfinished.",
        ),
    ]


def _data(run: RunFolder) -> list[tuple[str, str]]:
    demand = run.scenario["demand"]
    logs = [f"{name}: {stream['file']}" for name, stream in demand.items() if stream.get("file")]
    shapes = ", ".join(f"{name} {stream.get('shape')}" for name, stream in demand.items())
    return [
        (
            "3.1 Data sources",
            f"Order logs: {'; '.join(logs)}."
            if logs
            else f"The scenario file. {_OURS} where its numbers come from.",
        ),
        ("3.2 Pre-processing", "Times to whole microseconds, money to whole cents."),
        ("3.3 Input parameters", f"Arrivals: {shapes}. All others: the scenario above."),
        (
            "3.4 Assumptions",
            "As docs/semantics.md says; people of a crew are alike, and work is not interrupted.",
        ),
    ]


def _experimentation(run: RunFolder) -> list[tuple[str, str]]:
    initial = run.scenario.get("initial")
    begins = "with the open orders and the stock as given" if initial else "empty"
    count = run.summary["replications"]
    return [
        (
            "4.1 Initialisation",
            f"The run begins {begins}; a sale terminates, so nothing is cut off.",
        ),
        (
            "4.2 Run length",
            f"Orders for {run.scenario.get('horizon')}, then at most {run.scenario.get('drain')} "
            "to finish.",
        ),
        (
            "4.3 Estimation approach",
            f"{count} independent replication{'s' * (count != 1)}; Student t intervals over them; "
            "scenarios share random numbers.",
        ),
    ]


def _implementation(run: RunFolder) -> list[tuple[str, str]]:
    versions = run.manifest.get("versions", {})
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    return [
        ("5.1 Software", said or "not recorded"),
        (
            "5.2 Random sampling",
            f"NumPy streams by purpose and name (scheme {run.manifest.get('stream_scheme', '?')}), "
            f"seed {run.manifest.get('seed', '?')}.",
        ),
        (
            "5.3 Model execution",
            f"The {run.manifest.get('engine', '?')} engine; ties in the order of placement.",
        ),
        ("5.4 System specification", str(run.manifest.get("machine", "not recorded"))),
        (
            "6.1 Computer model sharing",
            "burstsim, MIT licence; the manifest of this run folder repeats the run exactly.",
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


def _people(house: dict[str, Any], key: str, station: dict[str, Any]) -> str:
    """Say who works at a station: its crew, and its shifts."""
    base = station.get("workers")
    shifts = (house.get("shifts") or {}).get(key) or {}
    said = [f"{shift} {each.get('workers')}" for shift, each in shifts.items()]
    if base or not said:
        said.insert(0, str(base or 0))
    return ", ".join(said)


def _disciplines(houses: dict[str, Any]) -> str:
    """Say who is next: first come first served, but for the stations that say otherwise."""
    other = {
        name: str(said)
        for name, (_, _, station) in _stations(houses).items()
        if (said := station.get("discipline")) and said != "fifo"
    }
    text = "first come, first served"
    return text + "".join(f", {name} by {said}" for name, said in other.items())


def _room(houses: dict[str, Any]) -> str:
    """Say where queues are limited."""
    limits = [
        f"{name}.{stage} ({key.replace('_', ' ')} {its[key]})"
        for name, house in houses.items()
        for stage, its in house["stages"].items()
        for key in ("put_wall", "staging")
        if its.get(key) is not None
    ]
    return f"limited at {', '.join(limits)}" if limits else "unlimited"


def _yes(flag: object) -> str:
    return "yes" if flag else "no"
