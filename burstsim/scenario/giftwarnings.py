"""What is odd about gift rules: they can be meant as they are written, and probably are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from burstsim.scenario.catalog import Kit, Sku
from burstsim.scenario.faults import Fault
from burstsim.scenario.giftchecks import gifts_of, shown
from burstsim.scenario.gifts import Every, Gift, Period, Selection, Tiers
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.reach import Reach, leaves_of, reach_of
from burstsim.scenario.scenario import Scenario
from burstsim.units import format_money

__all__ = ["gift_warnings"]

_NEVER = "so the rule never gives anything"


def gift_warnings(scenario: Scenario) -> Iterator[Fault]:
    """Yield what is odd about each rule, and about groups of rules."""
    if not scenario.rules:
        return
    reach = reach_of(scenario)
    for name, rule in scenario.rules.items():
        path: KeyPath = ("gifts", name)
        for found in (
            _where(scenario, rule, reach),
            _selected(scenario, rule, reach),
            _measure(rule, reach),
            _gate(rule, reach),
            _cap(scenario, rule, reach),
            _reward(scenario, rule),
        ):
            for key, said, value in found:
                yield Fault((*path, *key), said, value)
    yield from _groups(scenario)


#: Key below the rule, what is odd, the value.
_Odd = tuple[KeyPath, str, str]


def _where(scenario: Scenario, rule: Gift, reach: Reach) -> Iterator[_Odd]:
    where = rule.where
    if where.new and not reach.new:
        yield ("where", "new"), f"is true, but no stream has new customers, {_NEVER}", ""
    if where.coupon and not reach.coupons:
        yield ("where", "coupon"), f"is true, but no stream hands out coupons, {_NEVER}", ""
    for number, (begin, _) in enumerate(where.time or ()):
        first = begin.resolve(scenario.start)
        if scenario.horizon <= first < scenario.end:
            said = "begins after the horizon, when only late payments still come"
            yield ("where", "time", number), said, str(begin)


def _selected(scenario: Scenario, rule: Gift, reach: Reach) -> Iterator[_Odd]:
    """Compare what the trigger looks at with what anybody can buy."""
    trigger = rule.trigger
    sold = reach.sold if trigger.level == "line" else leaves_of(scenario, reach.sold)
    things: dict[str, Sku | Kit] = {**scenario.catalog.skus, **scenario.catalog.kits}

    def says(selection: Selection, item: str) -> list[bool]:
        thing = things.get(item)
        said = []
        if selection.items is not None:
            said.append(item in selection.items)
        if selection.categories is not None:
            said.append(thing is not None and thing.category in selection.categories)
        if selection.brands is not None:
            said.append(thing is not None and thing.brand in selection.brands)
        return said

    def selects(item: str) -> bool:
        return all(says(trigger, item)) and not (
            trigger.not_ is not None and any(says(trigger.not_, item))
        )

    found = [item for item in sold if selects(item)]
    if not found:
        yield ("trigger",), f"selects no item that any stream sells, {_NEVER}", ""
    elif trigger.measured == "sets":
        missing = [item for item in trigger.names if item not in found]
        if missing:
            said = f"has an item that no stream sells, or that not excludes, {_NEVER}"
            yield ("trigger", "items", missing[0]), said, missing[0]


def _measure(rule: Gift, reach: Reach) -> Iterator[_Odd]:
    """Compare thresholds with each other, and with the largest order that streams draw."""
    trigger, count = rule.trigger, rule.count
    most = trigger.max
    if most is not None and isinstance(count, Every) and count.step + count.offset > most:
        said = f"is more than max allows together with offset, {_NEVER}"
        yield ("count", "step"), said, shown(rule, count.step)
    if most is not None and isinstance(count, Tiers) and count.tiers[0].min > most:
        said = f"are all above the trigger's max, {_NEVER}"
        yield ("count", "tiers"), said, shown(rule, count.tiers[0].min)
    if most is not None and isinstance(count, Period):
        needed = count.buy + (count.free if count.whole else 1)
        if needed * 100 > most:
            yield ("count", "buy"), f"is more than the trigger's max allows, {_NEVER}", ""
    largest = {"units": reach.units, "distinct": reach.lines, "orders": 1}.get(trigger.measured)
    alone = trigger.scope == "order" and trigger.level == "line"
    if alone and largest is not None and trigger.min is not None and trigger.min > largest * 100:
        said = f"is more than any order has, at most {largest:,}, {_NEVER}"
        yield ("trigger", "min"), said, shown(rule, trigger.min)


def _gate(rule: Gift, reach: Reach) -> Iterator[_Odd]:
    gate = rule.gate
    if gate.first_n == 0:
        yield ("gate", "first_n"), f"is 0, {_NEVER}", ""
    if gate.lottery is not None and gate.lottery.p == 0:
        yield ("gate", "lottery", "p"), f"is 0, {_NEVER}", ""
    if gate.per == "room" and not reach.rooms:
        yield ("gate", "per"), "is room, but no stream has a room: first_n never restarts", ""
    if gate.per == "window" and rule.where.time is None:
        said = "is window, but where names no time: first_n never restarts"
        yield ("gate", "per"), said, ""
    nth = gate.customer_nth
    if nth is not None and nth > 1 and rule.where.new:
        said = f"is above 1, but where asks for new customers, who buy once, {_NEVER}"
        yield ("gate", "customer_nth"), said, str(nth)
    elif nth is not None and not reach.known:
        said = "counts orders of customers, but no stream knows any: each order is a first one"
        yield ("gate", "customer_nth"), said, str(nth)
    if rule.trigger.scope == "customer" and not reach.known:
        said = "is customer, but no stream knows any: each order counts by itself"
        yield ("trigger", "scope"), said, ""


def _cap(scenario: Scenario, rule: Gift, reach: Reach) -> Iterator[_Odd]:
    cap = rule.cap
    for key in ("order", "customer", "total"):
        if getattr(cap, key) == 0:
            yield ("cap", key), f"is 0, {_NEVER}", ""
    if cap.total and cap.total <= cap.used:
        said = f"is not more than used, what was given before, {_NEVER}"
        yield ("cap", "total"), said, str(cap.total)
    if cap.used and cap.total is None:
        yield ("cap", "used"), "counts towards a total, but there is none", str(cap.used)
    if cap.customer and not reach.known:
        said = "limits customers, but no stream knows any: it holds for each order by itself"
        yield ("cap", "customer"), said, str(cap.customer)
    for small, large in (("total", "order"), ("total", "customer"), ("customer", "order")):
        below, above = getattr(cap, small), getattr(cap, large)
        if below and above and above > below:
            yield ("cap", large), f"can never be reached: {small} is {below:,}", f"{above:,}"
    if cap.budget is not None:
        cheapest = _cheapest(scenario, rule)
        if cheapest is None:
            said = "limits nothing: units in the cart cost the rule no gifts"
            yield ("cap", "budget"), said, format_money(cap.budget)
        elif cap.budget < cheapest:
            said = f"is below the cost of one gift, {format_money(cheapest)}, {_NEVER}"
            yield ("cap", "budget"), said, format_money(cap.budget)
        elif cheapest == 0:
            said = "limits nothing: a gift costs 0; say what it costs in costs.gift"
            yield ("cap", "budget"), said, format_money(cap.budget)


def _cheapest(scenario: Scenario, rule: Gift) -> int | None:
    """Cents that the cheapest gift costs; None where the rule names none."""
    costs = []
    for _, gift in gifts_of(rule):
        # as the budget counts: all of the list, where one of it is chosen, too
        known = scenario.costs.gift
        costs.append(sum(_cost(scenario, item, known) * pieces for item, pieces in gift.items()))
    return min(costs) if costs else None


def _cost(scenario: Scenario, item: str, known: dict[str, int]) -> int:
    if item in known:
        return known[item]
    kit = scenario.catalog.kits.get(item)
    if kit is not None and kit.kind == "prekit":
        if kit.price is not None:
            return kit.price
        known = {}  # it is one piece: what its parts cost as gifts says nothing of it
    if kit is not None:
        parts = kit.needs.items()
        return sum(part.quantity * _cost(scenario, name, known) for name, part in parts)
    sku = scenario.catalog.skus.get(item)
    return sku.price if sku is not None else 0


def _reward(scenario: Scenario, rule: Gift) -> Iterator[_Odd]:
    """Look at what is given, and whether there is any of it."""
    gifts = list(gifts_of(rule))
    chosen = rule.reward.choose != "all"
    if chosen and gifts and all(len(gift) == 1 for _, gift in gifts):
        said = "chooses among several gifts, but there is only one"
        yield ("reward", "choose"), said, rule.reward.choose
    if rule.source != "add":
        return
    short = [
        (key, gift, [item for item in gift if not _has(scenario, item)]) for key, gift in gifts
    ]
    policy = rule.fulfil.when_out_of_stock
    for key, gift, missing in short:
        if not missing or (rule.one_of_several and len(missing) < len(gift)):
            continue
        said = "is a gift without any stock"
        if policy == "hold":
            said += ": every order that qualifies waits for it until the end (hold)"
        elif policy == "cancel":
            said += ": every order that qualifies is cancelled for lack of it (cancel)"
        yield (*key, missing[0]), said, missing[0]


def _has(scenario: Scenario, item: str) -> bool:
    """Whether there is, or will be, any piece of an item in a warehouse."""
    kit = scenario.catalog.kits.get(item)
    if kit is not None and kit.kind == "virtual":
        return all(_has(scenario, part) for part in kit.needs)
    for warehouse in scenario.warehouses.values():
        stock = warehouse.stock
        if stock is None:
            return True
        if stock.get(item, 0) > warehouse.safety_stock.get(item, 0):
            return True
        if any(build.kit == item for build in warehouse.builds.values()):
            return True
        if any(truck.stock.get(item, 0) for truck in warehouse.inbound.values()):
            return True
    return False


def _groups(scenario: Scenario) -> Iterator[Fault]:
    rules = scenario.rules
    members = Counter(rule.stack.group for rule in rules.values())
    deals = Counter(rule.stack.group for rule in rules.values() if rule.stack.best_deal)
    for name, rule in rules.items():
        group = rule.stack.group
        if rule.stack.best_deal and deals[group] == 1:
            place = "without a group" if group is None else f"of group {group}"
            said = f"compares with nothing: no other rule {place} has it"
            yield Fault(("gifts", name, "stack", "best_deal"), said, "true")
        elif group is not None and members[group] == 1:
            said = "has only this rule, so it keeps nothing out"
            yield Fault(("gifts", name, "stack", "group"), said, group)
