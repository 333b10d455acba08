"""Gifts as rows: what rules give of each item, before the shelf is looked at."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.swaps import each_rule, phases_of
from burstsim.engine.vector.gifts import Grants
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Indices
from burstsim.kernels.columns import joined as columns_joined
from burstsim.kernels.columns import lean, taken
from burstsim.kernels.mixing import among_each, mixed_each
from burstsim.kernels.rules import running_before
from burstsim.kernels.segments import offsets_of, order_by, order_of_rows

__all__ = ["GiftRows", "gift_rows", "in_turn", "joined"]


#: By what rows are in order.
_KEYS = ("group", "rule", "option", "place", "house")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GiftRows:
    """One row per group, rule, option, item and warehouse; in this order.

    Parameters
    ----------
    group, rule, option, place, house, item : (r,) int64
        `place` is the item's position among the option's gifts, `house` the warehouse that was
        asked for it, -1 if none was.
    proposed, granted, later : (r,) int64
        Pieces; see `burstsim.engine.gifttable.GiftTable`.
    """

    group: Indices
    rule: Indices
    option: Indices
    place: Indices
    house: Indices
    item: Indices
    proposed: Indices
    granted: Indices
    later: Indices

    def __len__(self) -> int:
        return len(self.group)

    def only(self, chosen: Indices) -> GiftRows:
        """Choose some of the rows."""
        return GiftRows(**{f.name: taken(getattr(self, f.name), chosen) for f in fields(self)})


def joined(parts: list[GiftRows], *, by: tuple[str, ...] = _KEYS) -> GiftRows:
    """Put rows together and in order; by fewer columns where they stand in that of the others."""
    columns = {
        f.name: columns_joined(*(getattr(part, f.name) for part in parts)) if parts else _NONE
        for f in fields(GiftRows)
    }
    if all(part.granted is part.proposed for part in parts):
        columns["granted"] = columns["proposed"]  # as long as nothing is short
    order = order_of_rows(*(columns[key] for key in by))
    known: dict[int, Indices] = {}
    for name, column in columns.items():
        if id(column) not in known:
            known[id(column)] = lean(taken(column, order))
        columns[name] = known[id(column)]
    return GiftRows(**columns)


_NONE = np.empty(0, np.int64)


def in_turn(orders: Orders, rule: Rule, option: int) -> list[int]:
    """Places of an option's gifts, in the order in which one of them is chosen."""
    items = [item for item, _ in rule.options[option]]
    if rule.spec.reward.choose != "dearest":
        return list(range(len(items)))
    prices = orders.items.price[items]
    places: list[int] = np.argsort(-prices, kind="stable").tolist()
    return places


def gift_rows(
    model: Model, orders: Orders, groups: Groups, house: Indices, grants: Grants
) -> GiftRows:
    """Rows as they are when nothing is out of stock.

    Parameters
    ----------
    model, orders, groups
        The rules, and who gets gifts by them.
    house : (g,) int64
        Warehouse that gives each group its gifts.
    grants
        How many of which option.
    """
    parts: list[GiftRows] = []
    if len(grants.rule) == 0:
        return joined(parts)
    chosen = _Chosen(model, groups, grants)
    for phase, number, rule in each_rule(model):
        for option, gifts in enumerate(rule.options):
            group, count = chosen.of(phase, number, option)
            if len(group) == 0:
                continue
            whole = rule.spec.source == "in_cart" or not rule.spec.one_of_several
            at = np.full(len(group), -1) if rule.in_cart else house[group]
            if not gifts:
                parts.append(_rows(group, (number, option, 0, -1), at, count))
            elif whole:
                for place, (item, each) in enumerate(gifts):
                    parts.append(_rows(group, (number, option, place, item), at, count * each))
            elif rule.spec.reward.choose == "random":
                bits = orders.chance[rule.name][groups.first[group]]
                draws = bits, chosen.turns_before(phase, number, option)
                parts += _drawn((group, at), (number, option), gifts, count, draws)
            else:
                place = in_turn(orders, rule, option)[0]
                item, each = gifts[place]
                parts.append(_rows(group, (number, option, place, item), at, count * each))
    # each group has its rows from one phase, and they are made in the order of the rest
    return joined(parts, by=("group",))


class _Chosen:
    """Grants by the phase and the rule that they are of, and by their option."""

    def __init__(self, model: Model, groups: Groups, grants: Grants) -> None:
        self.group, self.count, self.rules = grants.group, grants.count, len(model.rules)
        self.options = max(len(rule.options) for _, _, rule in each_rule(model))
        code = grants.rule * self.options + grants.option
        if model.swaps:
            code += phases_of(model, groups.leaves)[grants.group] * (self.rules * self.options)
            order = order_by(code)
            self.group, self.count = self.group[order], self.count[order]
        self.begins = offsets_of(np.bincount(code))

    def of(self, phase: int, rule: int, option: int) -> tuple[Indices, Indices]:
        """Give the groups that get an option, ascending, and how many times."""
        here = self._span(phase, rule, option, 1)
        return self.group[here], self.count[here]

    def _span(self, phase: int, rule: int, option: int, options: int) -> slice:
        first = (phase * self.rules + rule) * self.options + option
        ends = np.minimum((first, first + options), len(self.begins) - 1)
        return slice(*self.begins[ends].tolist())

    def turns_before(self, phase: int, rule: int, option: int) -> Indices:
        """How many gifts of lower options each group of an option has from the same rule."""
        every = self._span(phase, rule, 0, self.options)
        mine = self._span(phase, rule, option, 1)
        turns = running_before(self.group[every], self.count[every])
        return turns[mine.start - every.start : mine.stop - every.start]


def _rows(
    group: Indices, what: tuple[int, int, int, int], house: Indices, pieces: Indices
) -> GiftRows:
    rule, option, place, item = (np.broadcast_to(np.int64(number), len(group)) for number in what)
    return GiftRows(
        group=group,
        rule=rule,
        option=option,
        place=place,
        house=house,
        item=item,
        proposed=pieces,
        granted=pieces,
        later=np.broadcast_to(np.int64(0), len(group)),
    )


def _drawn(
    where: tuple[Indices, Indices],
    what: tuple[int, int],
    gifts: tuple[tuple[int, int], ...],
    count: Indices,
    draws: tuple[np.ndarray[tuple[int], np.dtype[np.uint64]], Indices],
) -> list[GiftRows]:
    """Rows of gifts that chance chooses, all of them being there."""
    (group, house), (bits, before) = where, draws
    row = np.repeat(np.arange(len(group)), count)
    turn = np.arange(len(row)) - np.repeat(offsets_of(count)[:-1], count)
    place = among_each(mixed_each(bits[row], before[row] + turn), len(gifts))
    parts = []
    for number, (item, each) in enumerate(gifts):
        times = np.bincount(row[place == number], minlength=len(group))
        some = np.flatnonzero(times)
        pieces = times[some] * each
        parts.append(_rows(group[some], (*what, number, item), house[some], pieces))
    return parts
