"""Rules of the demand streams that look at more than one key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from burstsim.scenario.demand import (
    Basket,
    Drawn,
    Drop,
    Instant,
    Presale,
    Ramp,
    Replay,
    Session,
    Stream,
    Table,
)
from burstsim.scenario.faults import Fault
from burstsim.scenario.names import SHOWN_NAMES, Names, item_paths
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shows import ShowFile
from burstsim.units import DAY, Moment, format_duration

__all__ = ["demand_faults"]

#: Longest span of time that a log may cover.
_LONGEST_LOG = 3660 * DAY

_START: KeyPath = ("start",)
_CLOCK: tuple[KeyPath, ...] = (_START, ("horizon",))


def demand_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield the faults of every stream."""
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    for name, stream in scenario.demand.items():
        path: KeyPath = ("demand", name)
        if isinstance(stream, Replay):
            yield from _replay(path, stream, items)
        else:
            for item in stream.basket.weights:
                if item not in items:
                    here = (*path, "basket", "weights", item)
                    yield names.unknown(here, "item", item, items, item_paths(item))
            hero = stream.basket.hero
            if hero is not None and hero.item not in items:
                here = (*path, "basket", "hero", "item")
                yield names.unknown(here, "item", hero.item, items, item_paths(hero.item))
            yield from _basket((*path, "basket"), stream.basket)
            yield from _opening(scenario, path, stream)
        if isinstance(stream, Drop | Instant | Replay) or _has_preset(stream):
            yield from _moment(scenario, path, stream, "at", stream.at)  # type: ignore[union-attr]
        if isinstance(stream, Ramp):
            yield from _in_order(scenario, (*path, "rates"), [row.at for row in stream.rates])
        if isinstance(stream, Table):
            yield from _rates(scenario, path, stream)
        if isinstance(stream, Session):
            rows = [row.at for row in stream.viewers]
            yield from _in_order(scenario, (*path, "viewers"), rows)
            yield from _show(scenario, path, stream, names)
        if isinstance(stream, Presale):
            yield from _presale(scenario, path, stream)


def _has_preset(stream: Stream) -> bool:
    return isinstance(stream, Table) and stream.preset is not None


def _moment(
    scenario: Scenario, path: KeyPath, stream: Stream, key: str, moment: Moment
) -> Iterator[Fault]:
    """Compare a moment with the scenario's span and the stream's opening."""
    at = moment.resolve(scenario.start)
    if not 0 <= at < scenario.horizon:
        rule = "must lie between start and horizon"
        when = f"that is {format_duration(abs(at))} {'before' if at < 0 else 'after'} start"
        yield Fault((*path, key), rule, str(moment), when, _CLOCK)
    elif isinstance(stream, Drop | Instant) and not _is_open(scenario, stream, at):
        yield Fault((*path, key), _SHUT, str(moment), "", (_START, (*path, "open")))


_SHUT = "must lie within the stream's open, or nothing of it is placed when it begins"


def _is_open(scenario: Scenario, stream: Drawn, at: int) -> bool:
    if stream.open is None:
        return True
    begin = stream.open.from_.resolve(scenario.start)
    end = stream.open.to.resolve(scenario.start, after=begin)
    return begin <= at < end or begin >= end  # an empty opening is told of itself


def _opening(scenario: Scenario, path: KeyPath, stream: Drawn) -> Iterator[Fault]:
    if stream.open is None:
        return
    here: KeyPath = (*path, "open")
    begin = stream.open.from_.resolve(scenario.start)
    end = stream.open.to.resolve(scenario.start, after=begin)
    if end <= begin:
        rule = "must come after the moment it opens"
        depends = (_START, (*here, "from"))
        yield Fault((*here, "to"), rule, str(stream.open.to), "", depends)
    elif begin >= scenario.horizon or end <= scenario.begin:
        rule = "must be open at some time between start and horizon"
        shown = f"{stream.open.from_} to {stream.open.to}"
        yield Fault(here, rule, shown, "", (*_CLOCK, ("demand", "*", "deposits")))


def _in_order(scenario: Scenario, path: KeyPath, moments: list[Moment]) -> Iterator[Fault]:
    before = -1
    for number, moment in enumerate(moments):
        at = moment.resolve(scenario.start)
        if at <= before:
            rule = "must come after the row above it, and not before start"
            yield Fault((*path, number), rule, str(moment), "", (_START,))
        before = max(before, at)


def _rates(scenario: Scenario, path: KeyPath, stream: Table) -> Iterator[Fault]:
    """Compare the rows of a table of rates, wherever they are written."""
    moments = [row.at for row in stream.points]
    if stream.file is None:
        yield from _in_order(scenario, (*path, "rates"), moments)
        return
    for fault in _in_order(scenario, (*path, "file"), moments):
        row = f" (line {stream.lines[int(fault.path[-1])]})"
        yield _in_row(replace(fault, path=fault.path[:-1]), "time", row, stream)


def _show(scenario: Scenario, path: KeyPath, stream: Session, names: Names) -> Iterator[Fault]:
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    here: KeyPath = (*path, "run_of_show")
    in_file = stream.run_of_show if isinstance(stream.run_of_show, ShowFile) else None
    for number, entry in enumerate(stream.show):
        place: KeyPath = (*here, "file") if in_file else (*here, number)
        row = f" (line {in_file.lines[number]})" if in_file else ""
        column = "" if in_file else "item"
        if entry.item not in items:
            at = (*place, column) if column else place
            fault = names.unknown(at, "item", entry.item, items, item_paths(entry.item))
            yield _in_row(fault, "item", row, in_file)
        tick = entry.time.resolve(scenario.start)
        at = place if in_file else (*place, "time")
        if not 0 <= tick < scenario.horizon:
            fault = Fault(at, "must lie between start and horizon", str(entry.time), "", _CLOCK)
            yield _in_row(fault, "time", row, in_file)
        elif not _is_open(scenario, stream, tick):
            depends = (_START, (*path, "open"))
            yield _in_row(Fault(at, _SHUT, str(entry.time), "", depends), "time", row, in_file)


def _in_row(fault: Fault, column: str, row: str, in_file: ShowFile | Table | None) -> Fault:
    """Say of a cell's fault in which row and column of the file it is."""
    if in_file is None:
        return fault
    written = in_file.columns.get(column, column)
    rule = f"column {written!r} {fault.rule}"
    shown = f"{fault.value} in {in_file.file}{row}"
    return Fault(fault.path, rule, shown, fault.hint, fault.depends)


def _presale(scenario: Scenario, path: KeyPath, stream: Presale) -> Iterator[Fault]:
    deposits: KeyPath = (*path, "deposits")
    begin = stream.deposits.from_.resolve(scenario.start)
    end = stream.deposits.to.resolve(scenario.start, after=begin)
    balance = stream.balance_at.resolve(scenario.start)
    if end <= begin:
        rule = "must come after the first deposit"
        depends: tuple[KeyPath, ...] = (_START, (*deposits, "from"))
        yield Fault((*deposits, "to"), rule, str(stream.deposits.to), "", depends)
    elif begin >= scenario.horizon:
        rule = "must lie before the horizon"
        yield Fault((*deposits, "from"), rule, str(stream.deposits.from_), "", _CLOCK)
    if not 0 <= balance < scenario.horizon:
        rule = "must lie between start and horizon"
        yield Fault((*path, "balance_at"), rule, str(stream.balance_at), "", _CLOCK)
    elif balance < end and begin < min(end, scenario.horizon):
        rule = "must not come before the last deposit"
        depends = (_START, (*deposits, "from"), (*deposits, "to"))
        yield Fault((*path, "balance_at"), rule, str(stream.balance_at), "", depends)


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
        shown, more = ", ".join(missing[:SHOWN_NAMES]), len(missing) - SHOWN_NAMES
        shown += f" and {more:,} more" if more > 0 else ""
        hint = "unknown: add puts them into the catalogue"
        depends = (*item_paths(*missing), (*path, "unknown"))
        yield Fault((*path, "file"), "has SKUs that the catalogue lacks", shown, hint, depends)
