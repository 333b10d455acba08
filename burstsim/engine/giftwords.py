"""Gift rules said back in plain words, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from burstsim.scenario.gifts import Every, Gift, GiftWhere, Once, Period, Selection, Tiers, Trigger
from burstsim.scenario.scenario import Scenario
from burstsim.units import format_duration, format_money

__all__ = ["gift_words"]

_SHOWN = 4

_PER = {"minute": " of each minute", "window": " of each window", "room": " of each room"}

_FULL = {
    "partial": "",
    "close": " (who would exceed it ends the rule)",
    "skip": " (who would exceed it gets nothing)",
}

_OUT = {
    "skip": "no gift",
    "next": "the next of the list",
    "hold": "the order waits",
    "backorder": "a later parcel",
    "cancel": "the order is cancelled",
}

_SHIP = {"split": "in a parcel of its own", "after_main": "in a parcel after the goods"}


def gift_words(scenario: Scenario) -> Iterator[str]:
    """Yield a sentence for each gift rule, in the order of the file."""
    for name, rule in scenario.rules.items():
        parts = [
            f"{_who(rule.where)} {_what(rule)} {_gets(rule)}",
            *_gates(rule),
            *_caps(rule),
        ]
        later = [*_fulfilled(rule), *_stacked(rule)]
        yield "; ".join([f"gifts.{name}: {', '.join(parts)}", *later])


def _who(where: GiftWhere) -> str:
    """Whose orders, and paid when."""
    before, after = [], []
    if where.channel is not None:
        before.append(_either(where.channel))
    if where.new is not None:
        after.append("of new customers" if where.new else "of customers who are not new")
    if where.tier is not None:
        after.append(f"of tier {_either([str(tier) for tier in where.tier])}")
    if where.room is not None:
        after.append(f"from room {_either(where.room)}")
    if where.region is not None:
        after.append(f"to {_either(where.region)}")
    if where.coupon is not None:
        after.append("with a coupon" if where.coupon else "without a coupon")
    if where.time is not None:
        windows = [f"{begin} to {end}" for begin, end in where.time]
        after.append(f"paid {_either(windows)}")
    return " ".join([*before, "orders", *after])


def _what(rule: Gift) -> str:
    """Say what they must have, and how it is counted."""
    trigger = rule.trigger
    things = _things(trigger)
    scope = {
        "order": "",
        "merged": ", all that leave together",
        "customer": ", all that the customer has bought so far",
    }[trigger.scope]
    least, most = trigger.min, trigger.max
    if isinstance(rule.count, Tiers) and least is None:
        size = "with"
    elif least is not None and most is not None:
        size = f"with {_number(rule, least)} to {_measured(rule, most)} of"
    elif least is not None:
        size = f"with at least {_measured(rule, least)} of"
    elif most is not None:
        size = f"with at most {_measured(rule, most)} of"
    else:
        size = "with"
    return f"{size} {things}{scope}"


def _things(trigger: Trigger) -> str:
    chosen = _selection(trigger) or "anything"
    if trigger.not_ is not None:
        chosen += f" but {_selection(trigger.not_)}"
    return chosen + (" (kits opened)" if trigger.level == "leaf" else "")


def _selection(selection: Selection) -> str:
    parts = []
    if isinstance(selection.items, dict):
        parts.append("the set " + _pieces(selection.items))
    elif selection.items is not None:
        parts.append(_either(selection.items))
    if selection.categories is not None:
        parts.append(f"category {_either(selection.categories)}")
    if selection.brands is not None:
        parts.append(f"brand {_either(selection.brands)}")
    return " of ".join(parts)


def _number(rule: Gift, value: int) -> str:
    amount = rule.trigger.measured == "amount"
    return format_money(value) if amount else f"{value // 100:,}"


def _measured(rule: Gift, value: int) -> str:
    """Write a threshold with what it counts."""
    one, many = {
        "units": ("unit", "units"),
        "amount": ("", ""),
        "distinct": ("different item", "different items"),
        "sets": ("set", "sets"),
        "orders": ("order", "orders"),
    }[rule.trigger.measured]
    return f"{_number(rule, value)} {one if value == 100 else many}".strip()


def _gets(rule: Gift) -> str:
    """Say what is given, and how often."""
    count = rule.count
    if isinstance(count, Tiers):
        each = []
        for tier in count.tiers:
            units = f" and {tier.min_units:,} units" if tier.min_units else ""
            each.append(f"{_gift(rule, tier.gift)} from {_measured(rule, tier.min)}{units} on")
        which = "the highest tier" if count.pick == "highest" else "every tier that they reach"
        return f"get the gift of {which}: {'; '.join(each)}"
    gift = _gift(rule, rule.reward.gift) if rule.reward.gift else ""
    if isinstance(count, Period):
        whole = ", whole periods only" if count.whole else ""
        what = f"{gift} for each" if gift else "these free"
        return (
            f"get of every {count.buy + count.free:,} units the last {count.free:,}: {what}{whole}"
        )
    if isinstance(count, Every):
        beyond = f" beyond {_measured(rule, count.offset)}" if count.offset else ""
        return f"get {gift} for every {_measured(rule, count.step)}{beyond}"
    assert isinstance(count, Once)
    return f"get {gift}"


def _gift(rule: Gift, gift: dict[str, int]) -> str:
    if rule.one_of_several and len(gift) > 1:
        how = {"dearest": "the dearest", "random": "any"}.get(rule.reward.choose, "the first")
        return f"{how} that is left of {_pieces(gift)}"
    free = " of their cart free" if rule.source == "in_cart" else ""
    return _pieces(gift, " and ") + free


def _gates(rule: Gift) -> Iterator[str]:
    gate = rule.gate
    if gate.lottery is not None:
        yield f"drawn with chance {gate.lottery.p:.4g}"
    if gate.customer_nth is not None:
        yield f"only the customer's order number {gate.customer_nth:,}"
    if gate.every_k is not None:
        yield f"one order in {gate.every_k:,}, by turn"
    if gate.first_n is not None:
        yield f"the first {gate.first_n:,}{_PER.get(gate.per or '', '')}"


def _caps(rule: Gift) -> Iterator[str]:
    cap = rule.cap
    full = _FULL[cap.when_exhausted]
    for limit, of in ((cap.order, "per order"), (cap.customer, "per customer")):
        if limit is not None:
            yield "once " + of if limit == 1 else f"at most {limit:,} {of}"
    if cap.total is not None:
        used = f", {cap.used:,} of them given before" if cap.used else ""
        yield f"{cap.total:,} in all{full}{used}"
    if cap.budget is not None:
        yield f"for at most {format_money(cap.budget)} in all{full}"


def _fulfilled(rule: Gift) -> Iterator[str]:
    if rule.source == "in_cart":
        return
    yield f"out of stock: {_OUT[rule.fulfil.when_out_of_stock]}"
    if rule.fulfil.ship in _SHIP:
        yield f"shipped {_SHIP[rule.fulfil.ship]}"
    if rule.fulfil.work:
        where = f" at {rule.fulfil.zone}" if rule.fulfil.zone else ""
        yield f"{format_duration(rule.fulfil.work)} of work on each{where}"


def _stacked(rule: Gift) -> Iterator[str]:
    stack = rule.stack
    ends = " if it gives" if stack.decide == "granted" else ""
    if stack.exclusive:
        yield f"before all other rules, and alone{ends}"
    if stack.best_deal:
        yield "only if it is worth most of those that compare themselves"
    if stack.group is not None:
        yield f"keeps later rules of group {stack.group} out{ends}"
    if stack.stop != "none":
        yield f"no further rule for the {'order' if stack.stop == 'order' else 'lines'}{ends}"
    if stack.consume:
        yield "what it counts, no later rule counts"


def _pieces(gift: dict[str, int], between: str = ", ") -> str:
    return between.join(f"{pieces:,} {item}" for item, pieces in gift.items())


def _either(names: Sequence[str]) -> str:
    """List names, a few of them."""
    shown = [str(name) for name in names[:_SHOWN]]
    if len(names) > _SHOWN:
        return f"{', '.join(shown)} or {len(names) - _SHOWN:,} more"
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
