"""Groups that compete for what runs out, one after another, and what waits for stock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from itertools import groupby
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.contents import contents, opened
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.giftrows import GiftRows, in_turn, joined
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Indices
from burstsim.kernels.mixing import among, mixed
from burstsim.kernels.segments import offsets_of, segment_elements
from burstsim.units import NEVER

__all__ = ["Event", "Turns"]

#: group, rule, option, place, item, proposed, granted, later: as in `GiftRows`
_Row = list[int]
_GRANTED, _LATER = 6, 7

#: Counted SKUs and how many of each.
_Needs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens to the shelf besides the orders.

    Parameters
    ----------
    tick
        When; what comes is there at the sweep of this tick.
    sku, pieces
        How many of what come; of a build the kits that were made of the parts taken before.
    build
        Which build it belongs to, -1 if none.
    needs
        SKU → pieces of one kit: nothing comes, but parts are taken for at most `pieces` kits,
        as far as they are there.
    """

    tick: int
    sku: int
    pieces: int
    build: int = -1
    needs: dict[int, int] = field(default_factory=dict)

    @property
    def skus(self) -> set[int]:
        """SKUs that are touched."""
        return set(self.needs) or {self.sku}


@dataclass(slots=True)
class _Try:
    """One try to find everything for a group."""

    outcome: str
    rows: list[_Row]
    missing: dict[int, _Needs] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)


class Turns:
    """The shelf, for groups that ask for SKUs which run out.

    Parameters
    ----------
    model, orders, groups
        Who leaves when.
    scarce : (skus,) bool
        SKUs that are counted; of all others there is enough.
    events
        What comes to the shelf and leaves it otherwise, in order.
    """

    def __init__(
        self,
        model: Model,
        orders: Orders,
        groups: Groups,
        scarce: npt.NDArray[np.bool_],
        events: Iterable[Event],
    ) -> None:
        self.model, self.orders, self.groups, self.rules = model, orders, groups, model.rules
        self.left = {int(sku): int(model.stock.on_hand[sku]) for sku in np.flatnonzero(scarce)}
        self.events = [event for event in events if event.skus & self.left.keys()]
        self.used: _Needs = []
        self.made: dict[int, int] = {}
        self.waiting: list[tuple[tuple[int, int, int, int], int, _Needs]] = []
        self.options = [
            [[(item, each, self._leaves(item)) for item, each in option] for option in rule.options]
            for rule in model.rules
        ]
        self.in_turn = [
            [in_turn(orders, rule, option) for option in range(len(rule.options))]
            for rule in model.rules
        ]
        self.goods: dict[int, dict[int, int]] = {}
        self.grants: dict[int, list[tuple[int, list[tuple[int, int]]]]] = {}
        self.refused: dict[int, list[int]] = {}
        self.rows: dict[int, list[_Row]] = {}

    def take(self, chosen: Indices, filled: Filled) -> None:
        """Let the chosen groups take what they need, and note what they got.

        Parameters
        ----------
        chosen : (k,) int64
            Groups, ascending.
        filled
            Is brought up to date.
        """
        self.filled = filled
        self._look_up(chosen)
        at = 0
        for group, now in zip(chosen.tolist(), self.groups.leaves[chosen].tolist(), strict=True):
            at = self._until(now, at)
            self._first_try(group, now)
        self._until(self.model.end - 1, at)
        kept = np.flatnonzero(~np.isin(filled.rows.group, chosen))
        rows = [row for group in self.rows.values() for row in group]
        columns = np.array(rows, np.int64).reshape(-1, len(fields(GiftRows))).T
        new = GiftRows(**{f.name: c for f, c in zip(fields(GiftRows), columns, strict=True)})
        filled.rows = joined([filled.rows.only(kept), new])

    def _look_up(self, chosen: Indices) -> None:
        """Make lists of what the chosen groups ask for."""
        groups = self.groups
        lengths = np.diff(groups.offsets)[chosen]
        members = groups.members[segment_elements(groups.offsets, chosen)]
        owner, sku, pieces = contents(self.orders, offsets_of(lengths), members)
        mine = np.isin(sku, np.array(list(self.left), np.int64))
        columns = (chosen[owner[mine]].tolist(), sku[mine].tolist(), pieces[mine].tolist())
        for group, which, count in zip(*columns, strict=True):
            needs = self.goods.setdefault(group, {})
            needs[which] = needs.get(which, 0) + count
        grants = self.filled.grants
        mine = np.isin(grants.group, chosen)
        names = ("group", "rule", "option", "count")
        rows = zip(*(getattr(grants, name)[mine].tolist() for name in names), strict=True)
        for group, of_group in groupby(rows, key=itemgetter(0)):
            self.grants[group] = [
                (rule, [(option, count) for _, _, option, count in of_rule])
                for rule, of_rule in groupby(of_group, key=itemgetter(1))
            ]

    def _leaves(self, item: int) -> _Needs:
        """Give the counted SKUs of one of an item of fixed parts."""
        _, sku, pieces = opened(self.orders.items, np.array([item]), np.array([1]))
        pairs = zip(sku.tolist(), pieces.tolist(), strict=True)
        return [(which, count) for which, count in pairs if which in self.left]

    def _until(self, now: int, at: int) -> int:
        """Let everything happen up to a sweep; where in the events it stands then."""
        events = self.events
        while at < len(events) and events[at].tick <= now:
            tick, came = events[at].tick, False
            while at < len(events) and events[at].tick == tick:
                came |= self._happen(events[at])
                at += 1
            if came:
                self._retry(tick)
        return at

    def _happen(self, event: Event) -> bool:
        """Take the parts of a build, or bring something; whether anything came."""
        if event.needs:
            parts = [(sku, each) for sku, each in event.needs.items() if sku in self.left]
            kits = min([event.pieces, *(self.left[sku] // each for sku, each in parts)])
            self.made[event.build] = self.filled.made[event.build] = kits
            self._use([(sku, kits * each) for sku, each in parts])
            return False
        pieces = event.pieces
        if event.build in self.made:
            pieces = min(pieces, self.made[event.build])
            self.made[event.build] -= pieces
        self._use([(event.sku, -pieces)])
        return pieces > 0

    def _retry(self, now: int) -> None:
        """Give what came to who waits, by (due, paid, order number, rule)."""
        queue, self.waiting = sorted(self.waiting, key=itemgetter(0)), []
        for entry in queue:
            turn, group, missing = entry
            if self.groups.gone[group] <= now:
                continue
            rule = turn[-1]
            if rule < 0:
                found = self._try(group)
                self._settle(group, found, now)
                if found.outcome in ("short", "hold"):
                    self.waiting.append(entry)
            elif all(self.left[sku] >= pieces for sku, pieces in missing):
                self._use(missing)
                self.filled.later_at[group, rule] = now
                for row in self.rows[group]:
                    if row[1] == rule:
                        row[_LATER] = row[_GRANTED - 1] - row[_GRANTED]
            else:
                self.waiting.append(entry)

    def _first_try(self, group: int, now: int) -> None:
        """Let a group take what it needs when its turn comes."""
        found = self._try(group)
        self.refused[group] = found.refused
        for rule in found.refused:
            self.filled.refuse(rule, group)
        if found.outcome == "short" and self.model.when_short == "cancel":
            found.outcome = "cancel"
        self._settle(group, found, now)
        if found.outcome in ("short", "hold"):
            self.waiting.append((self._turn(group, -1), group, []))

    def _turn(self, group: int, rule: int) -> tuple[int, int, int, int]:
        """Who is first when stock comes."""
        first = int(self.groups.first[group])
        return int(self.orders.due[first]), int(self.orders.paid[first]), first, rule

    def _settle(self, group: int, found: _Try, now: int) -> None:
        """Note the outcome of a try."""
        filled = self.filled
        self.rows[group] = found.rows
        filled.sent[group] = now if found.outcome == "sent" else NEVER
        if found.outcome == "cancel":
            filled.dropped[group] = now
        elif found.outcome == "hold":
            filled.held[group] = True
        for rule, missing in found.missing.items():
            self.waiting.append((self._turn(group, rule), group, missing))

    def _use(self, needs: _Needs) -> None:
        """Take counted pieces off the shelf."""
        for sku, pieces in needs:
            if sku in self.left:
                self.left[sku] -= pieces
                self.used.append((sku, pieces))

    def _try(self, group: int) -> _Try:
        """Take a group's goods, then its gifts by rule; all of it goes back if it cannot leave."""
        self.used = []
        found = _Try("sent", [])
        goods = self.goods.get(group, {})
        if any(self.left[sku] < pieces for sku, pieces in goods.items()):
            found.outcome = "short"
        else:
            self._use(list(goods.items()))
        grants, refused = self.grants.get(group, []), self.refused.get(group, [])
        for rule, counts in grants:
            spec = self.rules[rule].spec
            in_cart = spec.source == "in_cart"
            if found.outcome != "sent" or in_cart or rule in refused:
                self._promise(group, rule, counts, found.rows)
                continue
            take = self._one_of_several if spec.one_of_several else self._all
            missing, given = take(group, rule, counts, found.rows)
            policy = spec.fulfil.when_out_of_stock
            if missing and policy == "backorder":
                found.missing[rule] = missing
            elif missing and policy in ("hold", "cancel"):
                found.outcome = policy
            elif not given and spec.stack.decide == "granted" and policy in ("skip", "next"):
                found.refused.append(rule)
        if found.outcome != "sent":
            for sku, pieces in self.used:
                self.left[sku] += pieces
            found.rows, found.missing = [], {}
            for rule, counts in grants:
                self._promise(group, rule, counts, found.rows)
        return found

    def _all(
        self, group: int, rule: int, counts: list[tuple[int, int]], rows: list[_Row]
    ) -> tuple[_Needs, bool]:
        """Take every gift as far as it is there; what is missing, and whether any was given."""
        missing: dict[int, int] = {}
        given = False
        for option, count in counts:
            for place, (item, each, leaves) in enumerate(self.options[rule][option]):
                wanted = count * each
                there = min([wanted, *(self.left[sku] // n for sku, n in leaves)])
                self._use([(sku, n * there) for sku, n in leaves])
                rows.append([group, rule, option, place, item, wanted, there, 0])
                given |= there > 0
                for sku, n in leaves if there < wanted else ():
                    missing[sku] = missing.get(sku, 0) + n * (wanted - there)
        return list(missing.items()), given

    def _one_of_several(
        self, group: int, rule: int, counts: list[tuple[int, int]], rows: list[_Row]
    ) -> tuple[_Needs, bool]:
        """Take one item for every gift; what none was there for, and whether any was given."""
        compiled, missing, given, turn = self.rules[rule], dict[int, int](), False, 0
        at_random = compiled.spec.reward.choose == "random"
        for option, count in counts:
            gifts, in_turn = self.options[rule][option], self.in_turn[rule][option]
            of_place: dict[int, _Row] = {}
            for _ in range(count):
                there = [place for place in in_turn if self._has_gift(gifts[place])]
                place = (there or in_turn)[0]
                if there and at_random:
                    bits = int(self.orders.chance[compiled.name][self.groups.first[group]])
                    place = there[among(mixed(bits, turn), len(there))]
                turn += 1
                item, each, leaves = gifts[place]
                row = of_place.setdefault(place, [group, rule, option, place, item, 0, 0, 0])
                row[_GRANTED - 1] += each
                if there:
                    row[_GRANTED] += each
                    self._use([(sku, n * each) for sku, n in leaves])
                    given = True
                else:
                    for sku, n in leaves:
                        missing[sku] = missing.get(sku, 0) + n * each
            rows += of_place.values()
        return list(missing.items()), given

    def _has_gift(self, gift: tuple[int, int, _Needs]) -> bool:
        _, each, leaves = gift
        return all(self.left[sku] >= n * each for sku, n in leaves)

    def _promise(
        self, group: int, rule: int, counts: list[tuple[int, int]], rows: list[_Row]
    ) -> None:
        """Note what a rule gives without looking at the shelf."""
        spec = self.rules[rule].spec
        in_cart = spec.source == "in_cart"
        for option, count in counts:
            gifts = self.options[rule][option]
            if not gifts:
                rows.append([group, rule, option, 0, -1, count, count, 0])
            instead = spec.one_of_several and not in_cart
            for place in self.in_turn[rule][option][:1] if instead else range(len(gifts)):
                item, each, _ = gifts[place]
                wanted = count * each
                rows.append([group, rule, option, place, item, wanted, in_cart * wanted, 0])
