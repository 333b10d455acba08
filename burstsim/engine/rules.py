"""Gift rules as numbers: which items they look at, what they give, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.items import Items
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import segment_sums
from burstsim.scenario.catalog import Kit, Sku
from burstsim.scenario.gifts import Every, Gift, Selection, Tiers
from burstsim.scenario.scenario import Scenario

__all__ = ["Rule", "costs_of_gifts", "rules_of", "sets_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A gift rule, names replaced by numbers; measures are whole units, or cents.

    Parameters
    ----------
    name, spec
        As in the scenario.
    selects : (items,) bool
        Items that the trigger looks at, of the catalogue: as bought, or where the trigger looks
        at leaves those leaves.
    needs
        (item, how many) of a set.
    least, most
        Limits of the measure, None without one.
    step, offset
        Of ``count: every``.
    tier_min, tier_units : (options,) int64
        What each tier asks for.
    windows
        ``[from, to)`` of the payment, in ticks; empty where any will do.
    options
        What one gift is, (item, pieces) each: one for every tier, else one.
    costs, worths
        Cents that one gift of each option costs the merchant, and is worth to a customer.
    zones
        For each warehouse the station where its work is done, -1 if it has none.
    best_deal
        Rules with the same number compete; -1 for a rule by itself.
    """

    name: str
    spec: Gift
    selects: npt.NDArray[np.bool_]
    needs: tuple[tuple[int, int], ...]
    least: int | None
    most: int | None
    step: int
    offset: int
    tier_min: Indices
    tier_units: Indices
    windows: tuple[tuple[int, int], ...]
    options: tuple[tuple[tuple[int, int], ...], ...]
    costs: tuple[int, ...]
    worths: tuple[int, ...]
    zones: tuple[int, ...]
    best_deal: int

    @property
    def in_cart(self) -> bool:
        """Whether units that the buyer has put into the cart become free."""
        return self.spec.source == "in_cart"


def rules_of(scenario: Scenario, items: Items, zones: list[dict[str, int]]) -> tuple[Rule, ...]:
    """Compile the gift rules, in the order in which they are looked at.

    Exclusive ones go first, then larger priority, then the order of the file. Rules that
    compete for the best deal stand together where the first of them would; exclusive ones
    compete only with each other, or a plain rule would go before an exclusive one with them.

    Parameters
    ----------
    scenario, items
        The rules and the catalogue.
    zones
        For each warehouse: stage that gifts may be worked on at → its station; ``""`` where
        nothing is said, or no such stage is there.
    """
    numbers = {name: number for number, name in enumerate(items.names)}
    in_turn = _in_turn(scenario.rules)
    return tuple(_compile(scenario, items, numbers, (name, deal), zones) for name, deal in in_turn)


def sets_of(rules: tuple[Rule, ...]) -> Iterator[list[int]]:
    """Yield positions of rules that are decided together: one, or all that compete."""
    position = 0
    while position < len(rules):
        deal, together = rules[position].best_deal, [position]
        while deal >= 0 and together[-1] + 1 < len(rules):
            if rules[together[-1] + 1].best_deal != deal:
                break
            together.append(together[-1] + 1)
        yield together
        position = together[-1] + 1


def _in_turn(rules: dict[str, Gift]) -> list[tuple[str, int]]:
    """Names of the rules in their order, and which of them compete."""
    order = sorted(
        rules, key=lambda name: (not rules[name].stack.exclusive, -rules[name].stack.priority)
    )
    deals: dict[tuple[str | None, bool], list[str]] = {}
    for name in order:
        stack = rules[name].stack
        if stack.best_deal:
            deals.setdefault((stack.group, stack.exclusive), []).append(name)
    competing = list(deals)
    in_turn: list[tuple[str, int]] = []
    for name in order:
        stack = rules[name].stack
        deal = stack.group, stack.exclusive
        if not stack.best_deal:
            in_turn.append((name, -1))
        elif deals[deal][0] == name:
            in_turn += [(other, competing.index(deal)) for other in deals[deal]]
    return in_turn


def _compile(
    scenario: Scenario,
    items: Items,
    numbers: dict[str, int],
    who: tuple[str, int],
    zones: list[dict[str, int]],
) -> Rule:
    name, deal = who
    spec = scenario.rules[name]
    trigger, count = spec.trigger, spec.count
    unit = 1 if trigger.measured == "amount" else 100  # the file's numbers are hundredths
    tiers = count.tiers if isinstance(count, Tiers) else []
    options = tuple(
        tuple((numbers[item], pieces) for item, pieces in gift.items()) for gift in spec.options
    )
    prices = costs_of_gifts(scenario, items)
    windows = []
    for begin, end in spec.where.time or ():
        first = begin.resolve(scenario.start)
        windows.append((first, end.resolve(scenario.start, after=first)))
    needs = trigger.items.items() if isinstance(trigger.items, dict) else ()
    works = spec.fulfil.work > 0 and spec.source == "add"
    return Rule(
        name=name,
        spec=spec,
        selects=_selects(scenario, items, spec),
        needs=tuple((numbers[item], pieces) for item, pieces in needs),
        least=None if trigger.min is None else trigger.min // unit,
        most=None if trigger.max is None else trigger.max // unit,
        step=count.step // unit if isinstance(count, Every) else 1,
        offset=count.offset // unit if isinstance(count, Every) else 0,
        tier_min=np.array([tier.min // unit for tier in tiers], np.int64),
        tier_units=np.array([tier.min_units for tier in tiers], np.int64),
        windows=tuple(windows),
        options=options,
        costs=tuple(sum(prices[item] * n for item, n in option) for option in options),
        worths=tuple(_worth(items, spec, option) for option in options),
        zones=tuple(
            stages.get(spec.fulfil.zone or "", stages.get("", -1)) if works else -1
            for stages in zones
        ),
        best_deal=deal,
    )


def _worth(items: Items, spec: Gift, option: tuple[tuple[int, int], ...]) -> int:
    """Cents that a gift is worth: of all its items, or of the one that is chosen first."""
    worths = [int(items.price[item]) * pieces for item, pieces in option]
    if not spec.one_of_several:
        return sum(worths)
    return max(worths) if spec.reward.choose == "dearest" else worths[0]


def costs_of_gifts(scenario: Scenario, items: Items) -> list[int]:
    """Cents that a piece of each item costs when it is given away."""
    given = scenario.costs.gift
    of_sku = [
        given.get(name, int(price))
        for name, price in zip(items.names, items.price.tolist(), strict=True)
    ][: items.n_skus]
    leaves = np.array(of_sku, np.int64)[items.leaf_sku] * items.leaf_count
    sums = segment_sums(leaves, items.leaf_offsets).tolist()
    return [given.get(name, sums[number]) for number, name in enumerate(items.names)]


def _selects(scenario: Scenario, items: Items, spec: Gift) -> npt.NDArray[np.bool_]:
    """Which items of the catalogue the trigger looks at."""
    catalog, trigger = scenario.catalog, spec.trigger
    found: dict[str, Sku | Kit] = {**catalog.skus, **catalog.kits}
    return np.array(
        [
            all(_says(trigger, name, found.get(name)))
            and not (trigger.not_ is not None and any(_says(trigger.not_, name, found.get(name))))
            for name in items.names
        ],
        bool,
    )


def _says(selection: Selection, name: str, item: Sku | Kit | None) -> Iterator[bool]:
    """Yield what each key of a selection says of an item; logs add items without any."""
    if selection.items is not None:
        yield name in selection.items
    if selection.categories is not None:
        yield item is not None and item.category in selection.categories
    if selection.brands is not None:
        yield item is not None and item.brand in selection.brands
