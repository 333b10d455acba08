"""Rules that span sections: names that must exist, moments that must make sense.

Every check yields problems with the path of the key at fault; the reader adds file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from burstsim.errors import did_you_mean
from burstsim.scenario.catalog import Catalog
from burstsim.scenario.demand import Drop, Instant, Replay, Table
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import parse_threshold
from burstsim.units import DAY, format_duration

__all__ = ["Fault", "find_faults"]

Path = tuple[str | int, ...]

#: (path, rule, value, hint)
Fault = tuple[Path, str, str, str]

#: Most leaf units that one kit may open into, and most kinds of SKU in it.
_LARGEST_KIT = 1_000_000


def find_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield every fault that a look at one section alone cannot find."""
    yield from _catalog(scenario.catalog)
    yield from _demand(scenario)
    for name, warehouse in scenario.warehouses.items():
        yield from _warehouse(scenario, ("warehouses", name), warehouse)
    yield from _promises(scenario)
    yield from _thresholds(scenario)


def _unknown(path: Path, what: str, name: str, known: Iterable[str]) -> Fault:
    return path, f"names no {what} of this scenario", name, did_you_mean(name, known)


def _catalog(catalog: Catalog) -> Iterator[Fault]:
    items = {**catalog.skus, **catalog.kits}
    for name, kit in catalog.kits.items():
        path: Path = ("catalog", "kits", name)
        if name in catalog.skus:
            yield path, "must not have the name of a SKU", name, ""
        for part in kit.needs:
            if part not in items:
                yield _unknown((*path, "needs", part), "item", part, items)
    yield from _cycles(catalog)


def _cycles(catalog: Catalog) -> Iterator[Fault]:
    """Depth-first over kits without recursion, so that a long chain is no danger."""
    done: dict[str, int] = dict.fromkeys(catalog.skus, 1)  # item → leaf units
    for root in catalog.kits:
        trail = [root]
        while trail:
            name = trail[-1]
            needs = catalog.kits[name].needs if name in catalog.kits else {}
            open_part = next((part for part in needs if part not in done), None)
            if open_part is None:
                done[name] = sum(count * done[part] for part, count in needs.items()) or 1
                if name in catalog.kits and done[name] > _LARGEST_KIT:
                    rule = f"must not open into more than {_LARGEST_KIT:,} pieces"
                    yield ("catalog", "kits", name), rule, f"{done[name]:,}", ""
                    done[name] = 1
                trail.pop()
            elif open_part in trail:
                circle = [*trail[trail.index(open_part) :], open_part]
                rule = "must not contain itself"
                yield ("catalog", "kits", name, "needs", open_part), rule, " → ".join(circle), ""
                done[open_part] = 1
            else:
                trail.append(open_part)


def _demand(scenario: Scenario) -> Iterator[Fault]:
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    for name, stream in scenario.demand.items():
        path: Path = ("demand", name)
        if isinstance(stream, Replay):
            yield from _replay(scenario, path, stream)
        else:
            for item in stream.basket.weights:
                if item not in items:
                    yield _unknown((*path, "basket", "weights", item), "item", item, items)
        if isinstance(stream, Drop | Instant | Replay):
            at = stream.at.resolve(scenario.start)
            if not 0 <= at < scenario.horizon:
                rule = "must lie between start and horizon"
                yield (*path, "at"), rule, str(stream.at), f"that is {format_duration(at)}"
        if isinstance(stream, Table):
            before = -1
            for number, row in enumerate(stream.rates):
                at = row.at.resolve(scenario.start)
                if at <= before:
                    rule = "rows must be in order of time, from start on"
                    yield (*path, "rates", number), rule, str(row.at), ""
                before = max(before, at)


def _replay(scenario: Scenario, path: Path, stream: Replay) -> Iterator[Fault]:
    if stream.unknown == "add":
        return
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    missing = [sku for sku in stream.log.skus if sku not in items]
    if missing:
        shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if missing[5:] else "")
        hint = "unknown: add puts them into the catalogue"
        yield (*path, "file"), "has SKUs that the catalogue lacks", shown, hint


def _warehouse(scenario: Scenario, path: Path, warehouse: Warehouse) -> Iterator[Fault]:
    for name in warehouse.shifts:
        if name not in warehouse.stages:
            yield _unknown((*path, "shifts", name), "stage", name, warehouse.stages)
    for name, stage in warehouse.stages.items():
        shifts = warehouse.shifts.get(name, {})
        if not (stage.workers or any(shift.workers for shift in shifts.values())):
            rule = "must have workers, here or in a shift: nobody ever works here"
            yield (*path, "stages", name), rule, "", ""
    for stage_name, shifts in warehouse.shifts.items():
        for shift_name, shift in shifts.items():
            here: Path = (*path, "shifts", stage_name, shift_name)
            begin = shift.from_.resolve(scenario.start)
            end = shift.to.resolve(scenario.start, after=begin)
            if not 0 < end - begin <= DAY:
                yield (*here, "to"), "must end after it begins, within a day", str(shift.to), ""
                continue
            for number, (left, right) in enumerate(shift.breaks):
                away = left.resolve(scenario.start, after=begin - 1)
                back = right.resolve(scenario.start, after=away)
                if not begin <= away < back <= end:
                    rule = "must lie within its shift"
                    yield (*here, "breaks", number), rule, f"{left}-{right}", ""


def _promises(scenario: Scenario) -> Iterator[Fault]:
    channels = [stream.channel for stream in scenario.demand.values()]
    for stream in scenario.demand.values():
        channels += stream.log.channels if isinstance(stream, Replay) else ()
    for name, promise in scenario.promises.items():
        for channel in promise.where.channel or ():
            if channel not in channels:
                path: Path = ("promises", name, "where", "channel")
                yield _unknown(path, "channel", channel, channels)


def _thresholds(scenario: Scenario) -> Iterator[Fault]:
    names = metric_names(scenario)
    for name, text in scenario.thresholds.items():
        path: Path = ("thresholds", name)
        try:
            threshold = parse_threshold(text, names)
        except ValueError as error:
            yield path, str(error), text, ""
            continue
        if "on_time" in text and not scenario.promises:
            rule = "needs a promise: without promises on_time is undefined"
            yield path, rule, threshold.metric, "add a promises section"
