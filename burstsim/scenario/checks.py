"""Rules that span sections: names that must exist, moments that must make sense.

Every check yields faults with the path of the key; the reader adds file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from burstsim.errors import did_you_mean
from burstsim.scenario.catalog import Catalog
from burstsim.scenario.demand import Basket, Drop, Instant, Replay, Table
from burstsim.scenario.faults import Fault
from burstsim.scenario.floor import Shift, Warehouse
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import parse_threshold
from burstsim.units import DAY, format_duration

__all__ = ["find_faults"]

#: Most leaf units that one kit may open into.
_LARGEST_KIT = 1_000_000

#: Longest span of time that a log may cover.
_LONGEST_LOG = 3660 * DAY

_SHOWN_NAMES = 5


def find_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield every fault that a look at one section alone cannot find."""
    names = _Names()
    yield from _catalog(scenario.catalog, names)
    yield from _demand(scenario, names)
    for name, warehouse in scenario.warehouses.items():
        yield from _warehouse(scenario, ("warehouses", name), warehouse, names)
    yield from _stock(scenario, names)
    yield from _disruptions(scenario, names)
    yield from _promises(scenario, names)
    yield from _thresholds(scenario)


class _Names:
    """Says of names that they do not exist, with suggestions as long as they come quickly."""

    def __init__(self) -> None:
        self._comparisons_left = 100_000

    def unknown(
        self,
        path: KeyPath,
        what: str,
        name: str,
        known: Iterable[str],
        depends: tuple[KeyPath, ...],
    ) -> Fault:
        known = list(dict.fromkeys(known))
        self._comparisons_left -= len(known)
        hint = did_you_mean(name, known) if self._comparisons_left > 0 else ""
        if not hint and len(known) <= _SHOWN_NAMES and known:
            hint = "there is " + ", ".join(known)
        return Fault(path, f"names no {what} of this scenario", name, hint, depends)


def _entries(*names: str) -> tuple[KeyPath, ...]:
    """Paths at which items of these names would stand."""
    return tuple(("catalog", kind, name) for kind in ("skus", "kits") for name in names)


def _catalog(catalog: Catalog, names: _Names) -> Iterator[Fault]:
    items = {**catalog.skus, **catalog.kits}
    for name, kit in catalog.kits.items():
        path: KeyPath = ("catalog", "kits", name)
        if name in catalog.skus:
            yield Fault(path, "must not have the name of a SKU", name)
        for part in kit.needs:
            if part not in items:
                yield names.unknown((*path, "needs", part), "item", part, items, _entries(part))
    yield from _sizes(catalog)


def _sizes(catalog: Catalog) -> Iterator[Fault]:
    """Find kits in a circle or too large; without recursion, so a long chain is no danger."""
    pieces: dict[str, int] = dict.fromkeys(catalog.skus, 1)  # of one item, as far as known
    for root in catalog.kits:
        if root in pieces:
            continue
        trail = {root: iter(catalog.kits[root].needs)}
        while trail:
            name = next(reversed(trail))
            path: KeyPath = ("catalog", "kits", name)
            part = next(trail[name], None)
            if part is None:
                del trail[name]
                needs = catalog.kits[name].needs
                pieces[name] = sum(count * pieces.get(part, 1) for part, count in needs.items())
                if pieces[name] > _LARGEST_KIT:
                    rule = f"must not open into more than {_LARGEST_KIT:,} pieces"
                    yield Fault(path, rule, f"{pieces[name]:,}", "", _entries(*needs))
                    pieces[name] = 1
            elif part in trail:
                names = list(trail)
                circle = [*names[names.index(part) :], part]
                shown = " → ".join(circle if len(circle) < 8 else [*circle[:3], "…", *circle[-3:]])
                rule = "must not contain itself"
                yield Fault((*path, "needs", part), rule, shown)
            elif part in catalog.kits and part not in pieces:
                trail[part] = iter(catalog.kits[part].needs)


def _demand(scenario: Scenario, names: _Names) -> Iterator[Fault]:
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    for name, stream in scenario.demand.items():
        path: KeyPath = ("demand", name)
        if isinstance(stream, Replay):
            yield from _replay(path, stream, items)
        else:
            for item in stream.basket.weights:
                if item not in items:
                    here = (*path, "basket", "weights", item)
                    yield names.unknown(here, "item", item, items, _entries(item))
            yield from _basket((*path, "basket"), stream.basket)
        if isinstance(stream, Drop | Instant | Replay):
            at = stream.at.resolve(scenario.start)
            if not 0 <= at < scenario.horizon:
                rule = "must lie between start and horizon"
                when = f"that is {format_duration(abs(at))} {'before' if at < 0 else 'after'} start"
                depends = (("start",), ("horizon",))
                yield Fault((*path, "at"), rule, str(stream.at), when, depends)
        if isinstance(stream, Table):
            before = -1
            for number, row in enumerate(stream.rates):
                at = row.at.resolve(scenario.start)
                if at <= before:
                    rule = "must come after the row above it, and not before start"
                    yield Fault((*path, "rates", number), rule, str(row.at), "", (("start",),))
                before = max(before, at)


def _basket(path: KeyPath, basket: Basket) -> Iterator[Fault]:
    """Compare lines with items: an order's lines are different items."""
    choices = sum(weight > 0 for weight in basket.weights.values())
    most = max(number for number, weight in basket.lines.items() if weight > 0)
    if most > choices:
        items = "1 item" if choices == 1 else f"{choices:,} items"
        rule = f"must not ask for more different items than weights offers, {items}"
        yield Fault((*path, "lines"), rule, str(most), "", ((*path, "weights", "*"),))


def _replay(path: KeyPath, stream: Replay, items: Iterable[str]) -> Iterator[Fault]:
    log = stream.log
    if int(log.time[-1]) > _LONGEST_LOG:
        rule = "must not have times more than ten years apart"
        shown = f"{int(log.time[-1]) // DAY:,} days after {log.first}"
        hint = "look for a mistyped date"
        yield Fault((*path, "file"), rule, shown, hint, ((*path, "time_format"),))
    if stream.unknown == "add":
        return
    known = set(items)
    missing = [sku for sku in log.skus if sku not in known]
    if missing:
        shown, more = ", ".join(missing[:_SHOWN_NAMES]), len(missing) - _SHOWN_NAMES
        shown += f" and {more:,} more" if more > 0 else ""
        hint = "unknown: add puts them into the catalogue"
        depends = (*_entries(*missing), (*path, "unknown"))
        yield Fault((*path, "file"), "has SKUs that the catalogue lacks", shown, hint, depends)


def _warehouse(
    scenario: Scenario, path: KeyPath, warehouse: Warehouse, names: _Names
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
    once = shift.from_.dated is not None and (end <= 0 or begin >= scenario.end)
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


def _stock(scenario: Scenario, names: _Names) -> Iterator[Fault]:
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    added = {sku for s in scenario.demand.values() if isinstance(s, Replay) for sku in s.log.skus}
    skus = {**scenario.catalog.skus, **dict.fromkeys(added - set(scenario.catalog.kits))}
    for house, warehouse in scenario.warehouses.items():
        for section in ("stock", "safety_stock"):
            for sku in getattr(warehouse, section) or ():
                if sku not in skus:
                    place: KeyPath = ("warehouses", house, section, sku)
                    yield names.unknown(place, "SKU", sku, skus, _entries(sku))
    channels = _channels(scenario)
    for channel, given in scenario.sellable.items():
        if channel not in channels:
            path: KeyPath = ("sellable", channel)
            depends: tuple[KeyPath, ...] = (("demand", "*", "channel"),)
            yield names.unknown(path, "channel", channel, channels, depends)
        for item in given:
            if item not in items:
                path = ("sellable", channel, item)
                yield names.unknown(path, "item", item, items, _entries(item))


def _disruptions(scenario: Scenario, names: _Names) -> Iterator[Fault]:
    channels = _channels(scenario)
    for name, closure in scenario.disruptions.items():
        path: KeyPath = ("disruptions", name)
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


def _promises(scenario: Scenario, names: _Names) -> Iterator[Fault]:
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
            yield Fault(path, rule, text, hint, (("warehouses", "*", "stages", "*"),))
            continue
        metric = (threshold.nights or threshold).metric
        if metric == "on_time" and not scenario.promises:
            rule = "must not ask for on_time without a promise: nothing says when orders are due"
            yield Fault(path, rule, text, "add a promises section", (("promises", "*"),))
