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
from burstsim.kernels.mixing import among_each, mixed_each
from burstsim.kernels.segments import offsets_of

__all__ = ["GiftRows", "gift_rows", "in_turn", "joined"]


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
        return GiftRows(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})


def joined(parts: list[GiftRows]) -> GiftRows:
    """Put rows together and in order."""
    columns = {
        f.name: np.concatenate([getattr(part, f.name) for part in parts]) if parts else _NONE
        for f in fields(GiftRows)
    }
    keys = ("house", "place", "option", "rule", "group")
    order = np.lexsort([columns[key] for key in keys])
    return GiftRows(**{name: column[order] for name, column in columns.items()})


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
    parts = []
    phases = phases_of(model, groups.leaves)[grants.group]
    for phase, number, rule in each_rule(model):
        of_rule = np.flatnonzero((grants.rule == number) & (phases == phase))
        if len(of_rule) == 0:
            continue
        turns = _turns_before(grants, of_rule)
        for option, gifts in enumerate(rule.options):
            mine = grants.option[of_rule] == option
            group, count = grants.group[of_rule[mine]], grants.count[of_rule[mine]]
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
                draws = bits, turns[mine]
                parts += _drawn((group, at), (number, option), gifts, count, draws)
            else:
                place = in_turn(orders, rule, option)[0]
                item, each = gifts[place]
                parts.append(_rows(group, (number, option, place, item), at, count * each))
    return joined(parts)


def _turns_before(grants: Grants, chosen: Indices) -> Indices:
    """How many gifts of lower options each row's group has from the same rule."""
    group, count = grants.group[chosen], grants.count[chosen]
    running = np.cumsum(count) - count
    begins = np.flatnonzero(np.diff(group, prepend=-1))
    lengths = np.diff(np.append(begins, len(group)))
    turns: Indices = running - np.repeat(running[begins], lengths)
    return turns


def _rows(
    group: Indices, what: tuple[int, int, int, int], house: Indices, pieces: Indices
) -> GiftRows:
    rule, option, place, item = (np.full(len(group), number) for number in what)
    return GiftRows(
        group=group,
        rule=rule,
        option=option,
        place=place,
        house=house,
        item=item,
        proposed=pieces,
        granted=pieces,
        later=np.zeros(len(group), np.int64),
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
