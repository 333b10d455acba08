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
from burstsim.engine.vector.contents import leaves_of
from burstsim.engine.vector.counted import GRANTED, LATER, PROPOSED, Counted, Needs, Row
from burstsim.engine.vector.events import Event
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.giftrows import GiftRows, joined
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.routes import Routes
from burstsim.engine.vector.sources import Line, Sources, find_sources
from burstsim.engine.vector.surely import Surely
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import order_by, segment_elements
from burstsim.units import NEVER

__all__ = ["Event", "Turns"]

Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class _Try:
    """One try to find everything for a group."""

    outcome: str
    rows: list[Row]
    sources: Sources = field(default_factory=dict)
    missing: dict[int, Needs] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)


class Turns(Counted):
    """The shelves, for groups that ask for what runs out.

    Parameters
    ----------
    model, orders
        The rules and the orders.
    where
        Who leaves when, and from where.
    scarce : (warehouses * skus,) bool
        Shelves that are counted; on all others there is enough.
    surely
        What those take from them who are not looked at.
    events
        What comes to the shelves and leaves them otherwise, in order.
    """

    def __init__(
        self,
        model: Model,
        orders: Orders,
        where: tuple[Groups, Routes],
        scarce: npt.NDArray[np.bool_],
        surely: Surely,
        events: Iterable[Event],
    ) -> None:
        groups, self.routes = where
        super().__init__(model, orders, groups, scarce)
        self.model, self.surely, self.n_skus = model, surely, model.stock.shelves.shape[1]
        self.events = [e for e in events if e.skus & self.left[e.house].keys()]
        self.made: dict[int, int] = {}
        self.waiting: list[tuple[tuple[int, int, int, int], int, Needs]] = []
        self.goods: dict[int, list[Line]] = {}
        self.grants: dict[int, list[tuple[int, list[tuple[int, int]]]]] = {}
        self.refused: dict[int, list[int]] = {}
        self.rows: dict[int, list[Row]] = {}

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
        filled.house = filled.house.copy()
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
        groups, orders = self.groups, self.orders
        lengths = np.diff(groups.offsets)[chosen]
        members = groups.members[segment_elements(groups.offsets, chosen)]
        owner = np.repeat(np.repeat(chosen, lengths), np.diff(orders.line_offsets)[members])
        lines = segment_elements(orders.line_offsets, members)
        source, sku, pieces = leaves_of(orders, lines)
        mine = self.counted[sku]
        needs: dict[int, dict[int, int]] = {}
        columns = (lines[source[mine]].tolist(), sku[mine].tolist(), pieces[mine].tolist())
        for line, which, count in zip(*columns, strict=True):
            of_line = needs.setdefault(line, {})
            of_line[which] = of_line.get(which, 0) + count
        none: dict[int, int] = {}
        for group, line in zip(owner.tolist(), lines.tolist(), strict=True):
            self.goods.setdefault(group, []).append((line, needs.get(line, none)))
        grants = self.filled.grants
        of_chosen = np.flatnonzero(np.isin(grants.group, chosen))
        of_chosen = of_chosen[order_by(grants.group[of_chosen])]
        names = ("group", "rule", "option", "count")
        rows = zip(*(getattr(grants, name)[of_chosen].tolist() for name in names), strict=True)
        for group, of_group in groupby(rows, key=itemgetter(0)):
            self.grants[group] = [
                (rule, [(option, count) for _, _, option, count in of_rule])
                for rule, of_rule in groupby(of_group, key=itemgetter(1))
            ]

    def _look(self, house: int, skus: Iterable[int], group: int) -> None:
        """Take off a shelf what groups before this one surely took."""
        left = self.left[house]
        for sku in skus:
            if sku in left:
                left[sku] -= self.surely.since(house * self.n_skus + sku, group)

    def _position(self, tick: int) -> int:
        """Give the first group that a sweep has not yet taken when stock is received."""
        return int(self.groups.leaves.searchsorted(tick))

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
        """Take the parts of a build, count, or bring something; whether anything came."""
        left = self.left[event.house]
        if event.taken:
            self._look(event.house, event.taken, self._position(event.tick))
        if event.counted >= 0:
            missing = max(left[event.sku] - event.pieces, 0)
            left[event.sku] -= missing
            if missing:
                self.filled.counted[event.counted] = missing
            return False
        if event.needs:
            parts = [(sku, each) for sku, each in event.needs.items() if sku in left]
            kits = min([event.pieces, *(left[sku] // each for sku, each in parts)])
            self.made[event.build] = self.filled.made[event.build] = kits
            self._use(event.house, [(sku, kits * each) for sku, each in parts])
            return False
        pieces = event.pieces
        if event.build in self.made:
            pieces = min(pieces, self.made[event.build])
            self.made[event.build] -= pieces
        self._use(event.house, [(event.sku, -pieces)])
        return pieces > 0

    def _retry(self, now: int) -> None:
        """Give what came to who waits, by (due, paid, order number, rule)."""
        queue, self.waiting = sorted(self.waiting, key=itemgetter(0)), []
        position = self._position(now)
        for entry in queue:
            turn, group, missing = entry
            if self.groups.gone[group] <= now:
                continue
            rule = turn[-1]
            if rule < 0:
                found = self._try(group, position)
                self._settle(group, found, now)
                if found.outcome in ("short", "hold"):
                    self.waiting.append(entry)
                continue
            self._look(int(self.filled.house[group]), [sku for sku, _ in missing], position)
            if self._has(int(self.filled.house[group]), missing):
                self._use(int(self.filled.house[group]), missing)
                self.filled.later_at[group, rule] = now
                for row in self.rows[group]:
                    if row[1] == rule:
                        row[LATER] = row[PROPOSED] - row[GRANTED]
            else:
                self.waiting.append(entry)

    def _first_try(self, group: int, now: int) -> None:
        """Let a group take what it needs when its turn comes."""
        found = self._try(group, group)
        self.refused[group] = found.refused
        for rule in found.refused:
            self.filled.refuse(rule, group)
        if found.outcome == "short" and self.model.when_short != "backorder":
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
        sent = found.outcome == "sent"
        filled.sent[group] = now if sent else NEVER
        filled.house[group] = next(iter(found.sources)) if sent else -1
        filled.split.pop(group, None)
        if sent:
            lines = sum(map(len, found.sources.values()))
            if len(found.sources) > 1 or lines < len(self.goods[group]):
                filled.split[group] = [
                    (house, [line for line, _ in some]) for house, some in found.sources.items()
                ]
        elif found.outcome == "cancel":
            filled.dropped[group] = now
        elif found.outcome == "hold":
            filled.held[group] = True
        for rule, missing in found.missing.items():
            self.waiting.append((self._turn(group, rule), group, missing))

    def _try(self, group: int, position: int) -> _Try:
        """Take a group's goods, then its gifts by rule; all of it goes back if it cannot leave.

        Parameters
        ----------
        group
            Who.
        position
            Those before this group have had their turn.
        """
        self.used = []
        found = _Try("sent", [])
        route = self.routes.ways[int(self.routes.way[group])]
        skus = {sku for _, needs in self.goods[group] for sku in needs}
        for rule, counts in self.grants.get(group, []):
            for option, _ in counts:
                gifts = self.options[self.phase[group]][rule][option]
                skus.update(sku for _, _, leaves in gifts for sku, _ in leaves)
        for house in route:
            self._look(house, skus, position)
        part, split = self.model.when_short == "ship_partial", self.model.network.split
        sources = find_sources(self.left, self.goods[group], route, split=split, part=part)
        if sources is None:
            found.outcome = "short"
        else:
            found.sources = sources
            for house, lines in sources.items():
                for _, needs in lines:
                    self._use(house, list(needs.items()))
        grants, refused = self.grants.get(group, []), self.refused.get(group, [])
        for rule, counts in grants:
            spec = self.rules[rule].spec
            if found.outcome != "sent" or self.rules[rule].in_cart or rule in refused:
                self._promise(group, rule, counts, found.rows)
                continue
            main = next(iter(found.sources))
            asked: tuple[int, ...] = (main,)
            if spec.fulfil.ship != "with_main":
                asked = (main, *(house for house in route if house != main))
            take = self._one_of_several if spec.one_of_several else self._all
            missing, given = take(group, rule, counts, asked, found.rows)
            policy = spec.fulfil.when_out_of_stock
            if missing and policy == "backorder":
                found.missing[rule] = missing
            elif missing and policy in ("hold", "cancel"):
                found.outcome = policy
            elif not given and spec.stack.decide == "granted" and policy in ("skip", "next"):
                found.refused.append(rule)
        if found.outcome != "sent":
            for house, sku, pieces in self.used:
                self.left[house][sku] += pieces
            found.rows, found.missing = [], {}
            for rule, counts in grants:
                self._promise(group, rule, counts, found.rows)
        return found
