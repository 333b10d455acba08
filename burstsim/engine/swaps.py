"""Gifts that are given instead of others, from a lever on: rules over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.levers import Pull
from burstsim.engine.rules import Rule
from burstsim.errors import did_you_mean
from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["each_rule", "given_by", "phases_of", "rules_at", "rules_over_time", "swaps_of"]


def swaps_of(model: Model, pulls: Iterable[Pull]) -> tuple[tuple[int, tuple[Rule, ...]], ...]:
    """Say from which tick on the rules give what, the latest replacement of each item.

    Raises
    ------
    ValueError
        When what is to be given instead is no item, or not of fixed parts.
    """
    instead: dict[int, int] = {}
    found = []
    for pull in pulls:
        if pull.lever.replace_gift is not None:
            before = dict(instead)
            for old, new in pull.lever.replace_gift.items():
                instead[_number(model, old)] = _of_fixed_parts(model, new)
            if instead == before:
                continue  # pulled again, it changes nothing
            found.append((pull.tick, tuple(_swapped(rule, instead) for rule in model.rules)))
    return tuple(found)


def rules_over_time(model: Model) -> tuple[tuple[Rule, ...], ...]:
    """Give the rules as they are at first, then as each replacement left them."""
    return model.rules, *(rules for _, rules in model.swaps)


def each_rule(model: Model) -> list[tuple[int, int, Rule]]:
    """List every rule in each of its versions: (phase, position, rule)."""
    versions = enumerate(rules_over_time(model))
    return [(phase, *pair) for phase, rules in versions for pair in enumerate(rules)]


def phases_of(model: Model, decided: Ticks) -> Indices:
    """Say which of the rules over time hold for what is decided at some sweeps."""
    ticks = np.array([tick for tick, _ in model.swaps], np.int64)
    return ticks.searchsorted(decided, side="right")


def rules_at(model: Model, decided: int) -> tuple[Rule, ...]:
    """Give the rules that hold for what a sweep decides."""
    return rules_over_time(model)[int(phases_of(model, np.array([decided]))[0])]


def given_by(model: Model, number: int) -> list[int]:
    """Give all items that a rule, by its position, gives at some time."""
    versions = (rules[number] for rules in rules_over_time(model))
    items = [item for rule in versions for option in rule.options for item, _ in option]
    return list(dict.fromkeys(items))


def _swapped(rule: Rule, instead: Mapping[int, int]) -> Rule:
    """Let a rule give other items; what it costs and is worth stays. Carts are not changed."""
    if rule.in_cart:
        return rule
    options = tuple(
        tuple((instead.get(item, item), pieces) for item, pieces in option)
        for option in rule.options
    )
    return replace(rule, options=options)


def _number(model: Model, name: str) -> int:
    names = model.items.names
    if name not in names:
        hint = did_you_mean(name, names)
        raise ValueError(f"names no item: {name}" + (f"; {hint}" if hint else ""))
    return names.index(name)


def _of_fixed_parts(model: Model, name: str) -> int:
    number, items = _number(model, name), model.items
    is_open = items.open_offsets[number + 1] > items.open_offsets[number]
    if is_open or items.forms[number].choices:
        raise ValueError(f"must be a SKU or a kit of fixed parts: {name}")
    return number
