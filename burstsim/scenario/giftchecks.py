"""Faults of gift rules that a look at one rule alone cannot find: names, moments, order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from burstsim.scenario.catalog import Kit, Sku
from burstsim.scenario.demand import Replay
from burstsim.scenario.faults import Fault
from burstsim.scenario.gifts import Gift, Selection, Tiers, Trigger
from burstsim.scenario.names import Names, item_paths
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.reach import Reach, reach_of
from burstsim.scenario.scenario import Scenario
from burstsim.units import format_money

__all__ = ["gift_faults", "gifts_of", "open_part", "shown"]

_ITEMS: tuple[KeyPath, ...] = (("catalog", "skus", "*"), ("catalog", "kits", "*"))


def gift_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield the faults of every gift rule, and of what gifts cost."""
    items = _items(scenario)
    for item in scenario.costs.gift:
        if item not in items:
            yield names.unknown(("costs", "gift", item), "item", item, items, item_paths(item))
    if not scenario.rules:
        return
    reach = reach_of(scenario)
    for name, rule in scenario.rules.items():
        path: KeyPath = ("gifts", name)
        yield from _where(scenario, path, rule, reach, names)
        yield from _trigger(scenario, path, rule.trigger, items, names)
        yield from _order(path, rule)
        yield from _given(scenario, path, rule, items, names)
        yield from _parts(path, rule)


def gifts_of(rule: Gift) -> Iterator[tuple[KeyPath, dict[str, int]]]:
    """Yield what a rule gives, item → pieces, and the key that says it."""
    if isinstance(rule.count, Tiers):
        for number, tier in enumerate(rule.count.tiers):
            yield ("count", "tiers", number, "gift"), tier.gift
    elif rule.reward.gift is not None:
        yield ("reward", "gift"), rule.reward.gift


def shown(rule: Gift, measured: int) -> str:
    """Write a threshold as the file does: units, or money."""
    return format_money(measured) if rule.trigger.measured == "amount" else f"{measured // 100:,}"


def _items(scenario: Scenario) -> dict[str, None]:
    logs = [s.log.skus for s in scenario.demand.values() if isinstance(s, Replay)]
    added = [sku for skus in logs for sku in skus]
    return dict.fromkeys([*scenario.catalog.skus, *scenario.catalog.kits, *added])


def _where(
    scenario: Scenario, path: KeyPath, rule: Gift, reach: Reach, names: Names
) -> Iterator[Fault]:
    known: dict[str, tuple[Iterable[str], KeyPath]] = {
        "channel": (reach.channels, ("demand", "*", "channel")),
        "room": (reach.rooms, ("demand", "*", "room")),
        "region": (reach.regions, ("demand", "*", "regions")),
    }
    for key, (there, depends) in known.items():
        for number, name in enumerate(getattr(rule.where, key) or ()):
            if name not in there:
                here = (*path, "where", key, number)
                yield names.unknown(here, key, name, there, (depends,))
    for number, tier in enumerate(rule.where.tier or ()):
        if tier not in reach.tiers:
            here = (*path, "where", "tier", number)
            there = [str(other) for other in sorted(reach.tiers)]
            depends = ("demand", "*", "customers")
            yield names.unknown(here, "member tier", str(tier), there, (depends,))
    for number, (begin, end) in enumerate(rule.where.time or ()):
        here = (*path, "where", "time", number)
        first = begin.resolve(scenario.start)
        last = end.resolve(scenario.start, after=first)
        if last <= first:
            yield Fault((*here, 1), "must come after the moment it begins", str(end), "", (here,))
        elif (last <= scenario.begin and scenario.initial is None) or first >= scenario.end:
            said = "must lie within the sale: nobody pays in this window"
            shown = f"{begin} to {end}"
            clock: tuple[KeyPath, ...] = (("start",), ("horizon",), ("drain",))
            yield Fault(here, said, shown, "", (*clock, ("demand", "*", "deposits")))


def _trigger(
    scenario: Scenario, path: KeyPath, trigger: Trigger, items: Iterable[str], names: Names
) -> Iterator[Fault]:
    yield from _selection(scenario, (*path, "trigger"), trigger, items, names)
    if trigger.not_ is not None:
        yield from _selection(scenario, (*path, "trigger", "not"), trigger.not_, items, names)


def _selection(
    scenario: Scenario, path: KeyPath, selection: Selection, items: Iterable[str], names: Names
) -> Iterator[Fault]:
    for number, item in enumerate(selection.names):
        if item not in items:
            part = item if isinstance(selection.items, dict) else number
            here = (*path, "items", part)
            yield names.unknown(here, "item", item, items, item_paths(item))
    catalog = scenario.catalog
    things: list[Sku | Kit] = [*catalog.skus.values(), *catalog.kits.values()]
    categories = dict.fromkeys(thing.category for thing in things if thing.category is not None)
    brands = dict.fromkeys(thing.brand for thing in things if thing.brand is not None)
    for key, what, there in (
        ("categories", "category", categories),
        ("brands", "brand", brands),
    ):
        for number, name in enumerate(getattr(selection, key) or ()):
            if name not in there:
                yield names.unknown((*path, key, number), what, name, there, _ITEMS)


def _order(path: KeyPath, rule: Gift) -> Iterator[Fault]:
    """Compare thresholds: the least with the most, each tier with the one before it."""
    least, most = rule.trigger.min, rule.trigger.max
    if least is not None and most is not None and most < least:
        here = (*path, "trigger", "max")
        said = "must not be below min"
        yield Fault(here, said, shown(rule, most), "", ((*path, "trigger", "min"),))
    tiers = rule.count.tiers if isinstance(rule.count, Tiers) else []
    for number, tier in enumerate(tiers[1:], start=1):
        before = tiers[number - 1]
        if (tier.min, tier.min_units) > (before.min, before.min_units):
            continue
        here = (*path, "count", "tiers", number)
        said = "must ask for more than the tier before it, a larger min or else more min_units"
        yield Fault(here, said, shown(rule, tier.min), "put the tiers in order")


def _given(
    scenario: Scenario, path: KeyPath, rule: Gift, items: Iterable[str], names: Names
) -> Iterator[Fault]:
    """Look for gifts that do not exist, or of which nobody knows what is in them."""
    for key, gift in gifts_of(rule):
        for item in gift:
            here = (*path, *key, item)
            if item not in items:
                yield names.unknown(here, "item", item, items, item_paths(item))
            elif rule.source == "add" and (why := open_part(scenario, item)) is not None:
                said = "must be a SKU or a kit of fixed parts"
                yield Fault(here, said, item, why, item_paths(item))


def open_part(scenario: Scenario, item: str) -> str | None:
    """Say which kit makes the parts of an item a matter of choice, chance or stock."""
    seen: set[str] = set()
    waiting = [item]
    while waiting:
        name = waiting.pop()
        kit = scenario.catalog.kits.get(name)
        if kit is None or name in seen:
            continue
        seen.add(name)
        if kit.kind in ("choose", "mystery"):
            return f"{name} is of kind: {kit.kind}"
        if kit.kind == "virtual":
            if any(part.else_ for part in kit.needs.values()):
                return f"{name} has parts with else"
            waiting += kit.needs
    return None


def _parts(path: KeyPath, rule: Gift) -> Iterator[Fault]:
    """Look for parts of a rule that do not go together."""
    level, scope = rule.trigger.level, rule.trigger.scope
    reason = "" if scope != "customer" else "scope: customer counts what was bought before, too"
    stack: KeyPath = (*path, "stack")
    depends: tuple[KeyPath, ...] = ((*path, "trigger", "scope"), (*path, "trigger", "level"))
    if rule.stack.consume and (reason or level == "leaf"):
        said = "must not be true where the trigger does not count lines of the order"
        reason = reason or "level: leaf counts what is in kits"
        yield Fault((*stack, "consume"), said, "true", reason, depends)
    if rule.stack.stop == "line" and scope == "customer":
        said = "must not be line where the trigger does not count lines of the order"
        yield Fault((*stack, "stop"), said, "line", reason, depends)
