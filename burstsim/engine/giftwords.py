"""Gift rules said back in plain words, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from burstsim.engine.words import moment_of, span_of
from burstsim.languages import Words, phrase, words_of
from burstsim.scenario.gifts import (
    Every,
    Gift,
    GiftWhere,
    Once,
    Period,
    Selection,
    Tier,
    Tiers,
    Trigger,
)
from burstsim.scenario.scenario import Scenario
from burstsim.units import format_money

__all__ = ["gift_words"]

_SHOWN = 4

_FIRST = {
    None: phrase("the first {n}"),
    "minute": phrase("the first {n} of each minute"),
    "window": phrase("the first {n} of each window"),
    "room": phrase("the first {n} of each room"),
}

_FULL = {
    "partial": phrase("{limit}"),
    "close": phrase("{limit} (who would exceed it ends the rule)"),
    "skip": phrase("{limit} (who would exceed it gets nothing)"),
}

_OUT = {
    "skip": phrase("out of stock: no gift"),
    "next": phrase("out of stock: the next of the list"),
    "hold": phrase("out of stock: the order waits"),
    "backorder": phrase("out of stock: a later parcel"),
    "cancel": phrase("out of stock: the order is cancelled"),
}

_SHIP = {
    "split": phrase("shipped in a parcel of its own"),
    "after_main": phrase("shipped in a parcel after the goods"),
}

_SCOPES = {
    "order": phrase("{things}"),
    "merged": phrase("{things}, all that leave together"),
    "customer": phrase("{things}, all that the customer has bought so far"),
}

#: A threshold with what it counts: of one, and of any other number.
_MEASURES = {
    "units": (phrase("{n} unit"), phrase("{n} units")),
    "amount": (phrase("{n}"), phrase("{n}")),
    "distinct": (phrase("{n} different item"), phrase("{n} different items")),
    "sets": (phrase("{n} set"), phrase("{n} sets")),
    "orders": (phrase("{n} order"), phrase("{n} orders")),
}


def gift_words(scenario: Scenario) -> Iterator[str]:
    """Yield a sentence for each gift rule, in the order of the file."""
    words = words_of(scenario.language)
    for name, rule in scenario.rules.items():
        given = words.say(
            "{who} {what} {gets}",
            who=_who(rule.where, words),
            what=_what(rule, words),
            gets=_gets(rule, words),
        )
        first = words.pause.join([given, *_gates(rule, words), *_caps(rule, words)])
        later = [*_fulfilled(rule, words), *_stacked(rule, words)]
        yield f"gifts.{name}: {words.semicolon.join([first, *later])}"


def _who(where: GiftWhere, words: Words) -> str:
    """Whose orders, and paid when."""
    who = words.say("orders")
    if where.channel is not None:
        who = words.say("{channels} orders", channels=_either(where.channel, words))
    if where.new is not None:
        who = words.say(
            "{orders} of new customers" if where.new else "{orders} of customers who are not new",
            orders=who,
        )
    if where.tier is not None:
        tiers = _either([str(tier) for tier in where.tier], words)
        who = words.say("{orders} of tier {tiers}", orders=who, tiers=tiers)
    if where.room is not None:
        who = words.say("{orders} from room {rooms}", orders=who, rooms=_either(where.room, words))
    if where.region is not None:
        who = words.say("{orders} to {regions}", orders=who, regions=_either(where.region, words))
    if where.coupon is not None:
        who = words.say(
            "{orders} with a coupon" if where.coupon else "{orders} without a coupon", orders=who
        )
    if where.time is not None:
        windows = [
            words.say("{begin} to {end}", begin=moment_of(begin, words), end=moment_of(end, words))
            for begin, end in where.time
        ]
        who = words.say("{orders} paid {windows}", orders=who, windows=_either(windows, words))
    return who


def _what(rule: Gift, words: Words) -> str:
    """Say what they must have, and how it is counted."""
    trigger = rule.trigger
    things = words.say(_SCOPES[trigger.scope], things=_things(trigger, words))
    least, most = trigger.min, trigger.max
    if isinstance(rule.count, Tiers) and least is None:
        return words.say("with {things}", things=things)
    if least is not None and most is not None:
        return words.say(
            "with {least} to {most} of {things}",
            least=_number(rule, least),
            most=_measured(rule, most, words),
            things=things,
        )
    if least is not None:
        least_said = _measured(rule, least, words)
        return words.say("with at least {least} of {things}", least=least_said, things=things)
    if most is not None:
        most_said = _measured(rule, most, words)
        return words.say("with at most {most} of {things}", most=most_said, things=things)
    return words.say("with {things}", things=things)


def _things(trigger: Trigger, words: Words) -> str:
    chosen = _selection(trigger, words) or words.say("anything")
    if trigger.not_ is not None:
        others = _selection(trigger.not_, words)
        chosen = words.say("{things} but {others}", things=chosen, others=others)
    if trigger.level == "leaf":
        return words.say("{things} (kits opened)", things=chosen)
    return chosen


def _selection(selection: Selection, words: Words) -> str:
    parts = []
    if isinstance(selection.items, dict):
        parts.append(words.say("the set {pieces}", pieces=_pieces(selection.items, words)))
    elif selection.items is not None:
        parts.append(_either(selection.items, words))
    if selection.categories is not None:
        names = _either(selection.categories, words)
        parts.append(words.say("category {names}", names=names))
    if selection.brands is not None:
        parts.append(words.say("brand {names}", names=_either(selection.brands, words)))
    if not parts:
        return ""
    said = parts[0]
    for part in parts[1:]:
        said = words.say("{things} of {group}", things=said, group=part)
    return said


def _number(rule: Gift, value: int) -> str:
    amount = rule.trigger.measured == "amount"
    return format_money(value) if amount else f"{value // 100:,}"


def _measured(rule: Gift, value: int, words: Words) -> str:
    """Write a threshold with what it counts."""
    one, many = _MEASURES[rule.trigger.measured]
    return words.say(one if value == 100 else many, n=_number(rule, value))


def _gets(rule: Gift, words: Words) -> str:
    """Say what is given, and how often."""
    count = rule.count
    if isinstance(count, Tiers):
        tiers = words.semicolon.join(_tier(rule, tier, words) for tier in count.tiers)
        if count.pick == "highest":
            return words.say("get the gift of the highest tier: {tiers}", tiers=tiers)
        return words.say("get the gift of every tier that they reach: {tiers}", tiers=tiers)
    gift = _gift(rule, rule.reward.gift, words) if rule.reward.gift else ""
    if isinstance(count, Period):
        return _period(count, gift, words)
    if isinstance(count, Every):
        step = _measured(rule, count.step, words)
        if not count.offset:
            return words.say("get {gift} for every {step}", gift=gift, step=step)
        offset = _measured(rule, count.offset, words)
        return words.say(
            "get {gift} for every {step} beyond {offset}", gift=gift, step=step, offset=offset
        )
    assert isinstance(count, Once)
    return words.say("get {gift}", gift=gift)


def _tier(rule: Gift, tier: Tier, words: Words) -> str:
    gift, least = _gift(rule, tier.gift, words), _measured(rule, tier.min, words)
    if not tier.min_units:
        return words.say("{gift} from {least} on", gift=gift, least=least)
    units = f"{tier.min_units:,}"
    return words.say("{gift} from {least} and {n} units on", gift=gift, least=least, n=units)


def _period(count: Period, gift: str, words: Words) -> str:
    every, free = f"{count.buy + count.free:,}", f"{count.free:,}"
    if gift:
        text = words.say(
            "get of every {n} units the last {free}: {gift} for each", n=every, free=free, gift=gift
        )
    else:
        text = words.say("get of every {n} units the last {free}: these free", n=every, free=free)
    return words.say("{gift}, whole periods only", gift=text) if count.whole else text


def _gift(rule: Gift, gift: dict[str, int], words: Words) -> str:
    if rule.one_of_several and len(gift) > 1:
        how = {
            "dearest": phrase("the dearest that is left of {gifts}"),
            "random": phrase("any that is left of {gifts}"),
        }.get(rule.reward.choose, phrase("the first that is left of {gifts}"))
        return words.say(how, gifts=_pieces(gift, words))
    each = [words.say("{n} {item}", n=f"{pieces:,}", item=item) for item, pieces in gift.items()]
    said = each[0]
    for one in each[1:]:
        said = words.say("{one} and {other}", one=said, other=one)
    if rule.source == "in_cart":
        return words.say("{gift} of their cart free", gift=said)
    return said


def _gates(rule: Gift, words: Words) -> Iterator[str]:
    gate = rule.gate
    if gate.lottery is not None:
        yield words.say("drawn with chance {p}", p=f"{gate.lottery.p:.4g}")
    if gate.customer_nth is not None:
        yield words.say("only the customer's order number {n}", n=f"{gate.customer_nth:,}")
    if gate.every_k is not None:
        yield words.say("one order in {n}, by turn", n=f"{gate.every_k:,}")
    if gate.first_n is not None:
        yield words.say(_FIRST[gate.per], n=f"{gate.first_n:,}")


def _caps(rule: Gift, words: Words) -> Iterator[str]:
    cap = rule.cap
    full = _FULL[cap.when_exhausted]
    if cap.order is not None:
        yield words.count(cap.order, "once per order", "at most {n} per order", n=f"{cap.order:,}")
    if cap.customer is not None:
        yield words.count(
            cap.customer, "once per customer", "at most {n} per customer", n=f"{cap.customer:,}"
        )
    if cap.total is not None:
        text = words.say(full, limit=words.say("{n} in all", n=f"{cap.total:,}"))
        if cap.used:
            text = words.say("{limit}, {n} of them given before", limit=text, n=f"{cap.used:,}")
        yield text
    if cap.budget is not None:
        most = words.say("for at most {money} in all", money=format_money(cap.budget))
        yield words.say(full, limit=most)


def _fulfilled(rule: Gift, words: Words) -> Iterator[str]:
    if rule.source == "in_cart":
        return
    yield words.say(_OUT[rule.fulfil.when_out_of_stock])
    if rule.fulfil.ship in _SHIP:
        yield words.say(_SHIP[rule.fulfil.ship])
    if rule.fulfil.work:
        text = words.say("{span} of work on each", span=span_of(rule.fulfil.work, words))
        if rule.fulfil.zone:
            text = words.say("{work} at {zone}", work=text, zone=rule.fulfil.zone)
        yield text


def _stacked(rule: Gift, words: Words) -> Iterator[str]:
    stack = rule.stack
    ends = phrase("{effect} if it gives") if stack.decide == "granted" else phrase("{effect}")
    if stack.exclusive:
        yield words.say(ends, effect=words.say("before all other rules, and alone"))
    if stack.best_deal:
        yield words.say("only if it is worth most of those that compare themselves")
    if stack.group is not None:
        out = words.say("keeps later rules of group {group} out", group=stack.group)
        yield words.say(ends, effect=out)
    if stack.stop != "none":
        stopped = words.say(
            "no further rule for the order"
            if stack.stop == "order"
            else "no further rule for the lines"
        )
        yield words.say(ends, effect=stopped)
    if stack.consume:
        yield words.say("what it counts, no later rule counts")


def _pieces(gift: dict[str, int], words: Words) -> str:
    return words.listed(
        words.say("{n} {item}", n=f"{pieces:,}", item=item) for item, pieces in gift.items()
    )


def _either(names: Sequence[str], words: Words) -> str:
    """List names, a few of them."""
    shown = [str(name) for name in names[:_SHOWN]]
    if len(names) > _SHOWN:
        more = f"{len(names) - _SHOWN:,}"
        return words.say("{names} or {n} more", names=words.listed(shown), n=more)
    if len(shown) < 2:
        return shown[0]
    return words.say("{names} or {last}", names=words.listed(shown[:-1]), last=shown[-1])
