"""What the manager's sentence says of gift rules: which ran out of what, when, by how much."""

from __future__ import annotations

from collections.abc import Mapping

from burstsim.engine.compile import Model
from burstsim.engine.rules import Rule
from burstsim.languages import words_of
from burstsim.results.estimates import Estimate
from burstsim.results.wording import clock_time, format_value

__all__ = ["gifts_short"]


def gifts_short(model: Model, metrics: Mapping[str, Estimate]) -> list[str]:
    """Say which rule could not give all that it should, the worst one first; nothing if none.

    Parameters
    ----------
    model, metrics
        The rules, and what was measured.
    """
    lacking = [rule for rule in model.rules if _short(metrics, rule) > 0]
    if not lacking:
        return []
    worst = max(lacking, key=lambda rule: _short(metrics, rule))
    moment = metrics[f"gift_out_at.{worst.name}"]
    several = len(moment.values)
    words = words_of(model.scenario.language)
    what = _of_what(model, metrics, worst)
    out = words.say("{rule} ran out", rule=worst.name)
    if what:
        out = words.say("{rule} ran out of {gift}", rule=worst.name, gift=what)
    if moment.n != several:
        out = words.say("{event} in {n} of {all} nights", event=out, n=moment.n, all=several)
    missing = format_value(_short(metrics, worst), "units", words=words)
    short = words.count(missing == "1", "{n} gift short", "{n} gifts short", n=missing)
    if several > 1:
        short = words.say("on average {number}", number=short)
    at = clock_time(model.scenario.start, moment.estimate, words)
    text = words.say("{event} at {time}, {short}", event=out, time=at, short=short)
    more = len(lacking) - 1
    if more:
        others = words.count(more, "{n} more rule short", "{n} more rules short", n=more)
        text = words.say("{text} ({others})", text=text, others=others)
    return [text]


def _short(metrics: Mapping[str, Estimate], rule: Rule) -> float:
    return metrics[f"gift_shortfall.{rule.name}"].estimate


def _of_what(model: Model, metrics: Mapping[str, Estimate], rule: Rule) -> str:
    """Name the gift, if a rule has one; of several the one that was missed most."""
    items = model.items
    names = list(dict.fromkeys(item for option in rule.options for item, _ in option))
    for policy in model.scenario.policies.values():  # what may have been given instead
        swaps = policy.do.replace_gift or {}
        given = [items.names[item] for item in names]
        names += [items.names.index(new) for old, new in swaps.items() if old in given]
    if len(names) == 1:
        return items.names[names[0]]
    leaves = {
        int(sku)
        for item in names
        for sku in items.leaf_sku[items.leaf_offsets[item] : items.leaf_offsets[item + 1]]
    }
    missed = {
        items.names[sku]: metrics[f"gift_missing.{items.names[sku]}"].estimate
        for sku in sorted(leaves)
    }
    return max(missed, key=lambda name: missed[name]) if any(missed.values()) else ""
