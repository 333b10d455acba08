"""Rules that span sections: names that must exist, moments that must make sense.

Every check yields faults with the path of the key; the reader adds file and line.
"""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.scenario.carrierchecks import carrier_faults
from burstsim.scenario.catalogchecks import build_faults, catalog_faults, on_shelves
from burstsim.scenario.clockwarnings import clock_warnings
from burstsim.scenario.demandchecks import demand_faults
from burstsim.scenario.disruptionchecks import disruption_faults
from burstsim.scenario.disruptions import CloseChannel
from burstsim.scenario.faults import Fault
from burstsim.scenario.floorchecks import floor_faults
from burstsim.scenario.floorwarnings import floor_warnings
from burstsim.scenario.giftchecks import gift_faults
from burstsim.scenario.giftwarnings import gift_warnings
from burstsim.scenario.initialchecks import initial_faults
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.names import Names, item_paths
from burstsim.scenario.networkchecks import network_faults
from burstsim.scenario.networkwarnings import network_warnings
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.policychecks import policy_faults
from burstsim.scenario.reach import channels_of
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shiftchecks import shift_faults
from burstsim.scenario.thresholds import parse_threshold

__all__ = ["find_faults", "find_warnings"]


def find_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield every fault that a look at one section alone cannot find."""
    names = Names()
    yield from catalog_faults(scenario, names)
    yield from demand_faults(scenario, names)
    for name, warehouse in scenario.warehouses.items():
        yield from shift_faults(scenario, ("warehouses", name), warehouse, names)
        yield from build_faults(scenario, ("warehouses", name), warehouse, names)
    yield from _stock(scenario, names)
    yield from floor_faults(scenario, names)
    yield from carrier_faults(scenario)
    yield from network_faults(scenario, names)
    yield from _disruptions(scenario, names)
    yield from disruption_faults(scenario, names)
    yield from _promises(scenario, names)
    yield from policy_faults(scenario, names)
    yield from gift_faults(scenario, names)
    yield from initial_faults(scenario, names)
    yield from _thresholds(scenario)


def find_warnings(scenario: Scenario) -> Iterator[Fault]:
    """Yield what may be meant as it is written, and probably is not; for a faultless scenario."""
    yield from gift_warnings(scenario)
    yield from network_warnings(scenario)
    yield from floor_warnings(scenario)
    yield from clock_warnings(scenario)


def _stock(scenario: Scenario, names: Names) -> Iterator[Fault]:
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    skus = on_shelves(scenario)
    for house, warehouse in scenario.warehouses.items():
        for section in ("stock", "safety_stock"):
            for sku in getattr(warehouse, section) or ():
                if sku not in skus:
                    place: KeyPath = ("warehouses", house, section, sku)
                    yield names.unknown(place, "SKU", sku, skus, item_paths(sku))
    channels = channels_of(scenario)
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
    channels = channels_of(scenario)
    for name, closure in scenario.disruptions.items():
        path: KeyPath = ("disruptions", name)
        if not isinstance(closure, CloseChannel):
            continue
        if closure.channel not in channels:
            depends: tuple[KeyPath, ...] = (("demand", "*", "channel"),)
            yield names.unknown((*path, "channel"), "channel", closure.channel, channels, depends)
        if closure.at.resolve(scenario.start) >= scenario.horizon:
            yield Fault((*path, "at"), "must lie before the horizon", str(closure.at))


def _promises(scenario: Scenario, names: Names) -> Iterator[Fault]:
    known = channels_of(scenario)
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
