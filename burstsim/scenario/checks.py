"""Rules that span sections: names that must exist, moments that must make sense.

Every check yields faults with the path of the key; the reader adds file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from burstsim.errors import did_you_mean
from burstsim.scenario.catalogchecks import build_faults, catalog_faults, on_shelves
from burstsim.scenario.demand import Replay
from burstsim.scenario.demandchecks import demand_faults
from burstsim.scenario.disruptions import CloseChannel
from burstsim.scenario.faults import Fault
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.giftchecks import gift_faults
from burstsim.scenario.giftwarnings import gift_warnings
from burstsim.scenario.initialchecks import initial_faults
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.names import Names, item_paths
from burstsim.scenario.networkchecks import network_faults
from burstsim.scenario.networkwarnings import network_warnings
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shifts import Shift
from burstsim.scenario.thresholds import parse_threshold
from burstsim.units import DAY

__all__ = ["find_faults", "find_warnings"]


def find_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield every fault that a look at one section alone cannot find."""
    names = Names()
    yield from catalog_faults(scenario, names)
    yield from demand_faults(scenario, names)
    for name, warehouse in scenario.warehouses.items():
        yield from _warehouse(scenario, ("warehouses", name), warehouse, names)
        yield from build_faults(scenario, ("warehouses", name), warehouse, names)
    yield from _stock(scenario, names)
    yield from network_faults(scenario, names)
    yield from _disruptions(scenario, names)
    yield from _promises(scenario, names)
    yield from gift_faults(scenario, names)
    yield from initial_faults(scenario, names)
    yield from _thresholds(scenario)


def find_warnings(scenario: Scenario) -> Iterator[Fault]:
    """Yield what may be meant as it is written, and probably is not; for a faultless scenario."""
    yield from gift_warnings(scenario)
    yield from network_warnings(scenario)


def _warehouse(
    scenario: Scenario, path: KeyPath, warehouse: Warehouse, names: Names
) -> Iterator[Fault]:
    stages = warehouse.stages
    homeless = [name for name in warehouse.shifts if name not in stages]
    for name in homeless:
        depends = ((*path, "stages", name),)
        yield names.unknown((*path, "shifts", name), "stage", name, stages, depends)
    for name, stage in stages.items():
        shifts = warehouse.shifts.get(name, {})
        works = stage.workers or any(_works(scenario, shift) for shift in shifts.values())
        # Shifts under a misspelt name are one fault, not two.
        if not works and not did_you_mean(name, homeless):
            rule = "must have workers, here or in a shift: nobody ever works here"
            here: KeyPath = (*path, "stages", name)
            on_shift: KeyPath = (*path, "shifts", name)
            on_shifts = tuple((*on_shift, shift, "workers") for shift in shifts)
            looked_at = (("start",), (*here, "workers"), (*on_shift, "*"), *on_shifts)
            yield Fault(here, rule, "", "", looked_at)
    for stage_name, shifts in warehouse.shifts.items():
        for shift_name, shift in shifts.items():
            yield from _shift(scenario, (*path, "shifts", stage_name, shift_name), shift)


def _works(scenario: Scenario, shift: Shift) -> bool:
    """Whether anybody is at work at some moment of a shift."""
    begin, end = _span(scenario, shift)
    free, at = 0, begin
    for away, back in sorted(_breaks(scenario, shift, begin)):
        free, at = free + max(away - at, 0), max(at, back)
    once = shift.from_.dated is not None and (end <= scenario.begin or begin >= scenario.end)
    return shift.workers > 0 and free + max(end - at, 0) > 0 and not once


def _span(scenario: Scenario, shift: Shift) -> tuple[int, int]:
    begin = shift.from_.resolve(scenario.start)
    return begin, shift.to.resolve(scenario.start, after=begin)


def _breaks(scenario: Scenario, shift: Shift, begin: int) -> Iterator[tuple[int, int]]:
    for left, right in shift.breaks:
        away = left.resolve(scenario.start, after=begin - 1)
        yield away, right.resolve(scenario.start, after=away)


def _shift(scenario: Scenario, path: KeyPath, shift: Shift) -> Iterator[Fault]:
    begin, end = _span(scenario, shift)
    depends: tuple[KeyPath, ...] = (("start",), (*path, "from"), (*path, "to"))
    if not 0 < end - begin <= DAY:
        rule = "must end after it begins, and within a day"
        yield Fault((*path, "to"), rule, str(shift.to), "", depends)
        return
    if shift.from_.dated is None:
        for number, (left, right) in enumerate(shift.breaks):
            if left.dated is not None or right.dated is not None:
                rule = "must be times of day, because its shift is daily"
                hint = "a shift that begins at a date happens once, and so do its breaks"
                yield Fault((*path, "breaks", number), rule, f"{left} to {right}", hint)
                return
    breaks = list(_breaks(scenario, shift, begin))
    for number, (away, back) in enumerate(breaks):
        if not begin <= away < back <= end:
            shown = " to ".join(str(moment) for moment in shift.breaks[number])
            here = (*path, "breaks", number)
            yield Fault(here, "must lie within its shift", shown, "", depends)
    in_order = sorted((*span, number) for number, span in enumerate(breaks))
    for (_, back, _), (away, _, number) in pairwise(in_order):
        if away < back:
            shown = " to ".join(str(moment) for moment in shift.breaks[number])
            here = (*path, "breaks", number)
            yield Fault(here, "must not overlap another break", shown, "", depends)


def _stock(scenario: Scenario, names: Names) -> Iterator[Fault]:
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    skus = on_shelves(scenario)
    for house, warehouse in scenario.warehouses.items():
        for section in ("stock", "safety_stock"):
            for sku in getattr(warehouse, section) or ():
                if sku not in skus:
                    place: KeyPath = ("warehouses", house, section, sku)
                    yield names.unknown(place, "SKU", sku, skus, item_paths(sku))
    channels = _channels(scenario)
    for channel, given in scenario.sellable.items():
        if channel not in channels:
            path: KeyPath = ("sellable", channel)
            depends: tuple[KeyPath, ...] = (("demand", "*", "channel"),)
            yield names.unknown(path, "channel", channel, channels, depends)
        for item in given:
            if item not in items:
                path = ("sellable", channel, item)
                yield names.unknown(path, "item", item, items, item_paths(item))


def _disruptions(scenario: Scenario, names: Names) -> Iterator[Fault]:
    channels = _channels(scenario)
    for name, closure in scenario.disruptions.items():
        path: KeyPath = ("disruptions", name)
        if not isinstance(closure, CloseChannel):
            continue
        if closure.channel not in channels:
            depends: tuple[KeyPath, ...] = (("demand", "*", "channel"),)
            yield names.unknown((*path, "channel"), "channel", closure.channel, channels, depends)
        if closure.at.resolve(scenario.start) >= scenario.horizon:
            yield Fault((*path, "at"), "must lie before the horizon", str(closure.at))


def _channels(scenario: Scenario) -> dict[str, None]:
    """Channels that orders can have."""
    channels = [stream.channel for stream in scenario.demand.values()]
    for stream in scenario.demand.values():
        channels += stream.log.channels if isinstance(stream, Replay) else ()
    return dict.fromkeys(channels)


def _promises(scenario: Scenario, names: Names) -> Iterator[Fault]:
    known = _channels(scenario)
    depends: tuple[KeyPath, ...] = (("demand", "*", "channel"),)
    for name, promise in scenario.promises.items():
        for number, channel in enumerate(promise.where.channel or ()):
            if channel not in known:
                path: KeyPath = ("promises", name, "where", "channel", number)
                yield names.unknown(path, "channel", channel, known, depends)


def _thresholds(scenario: Scenario) -> Iterator[Fault]:
    names = metric_names(scenario)
    for name, text in scenario.thresholds.items():
        path: KeyPath = ("thresholds", name)
        try:
            threshold = parse_threshold(text, names, scenario.start)
        except ValueError as error:
            rule, _, hint = str(error).partition("; ")
            looked_at: tuple[KeyPath, ...] = (("warehouses", "*", "stages", "*"),)
            looked_at += (("gifts", "*"),) if "gift" in text else ()
            yield Fault(path, rule, text, hint, looked_at)
            continue
        metric = (threshold.nights or threshold).metric
        if metric == "on_time" and not scenario.promises:
            rule = "must not ask for on_time without a promise: nothing says when orders are due"
            yield Fault(path, rule, text, "add a promises section", (("promises", "*"),))
