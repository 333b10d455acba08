"""Allocation: goods from the shelf, gifts by the rules, and what waits for stock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from burstsim.engine.compile import Model
from burstsim.engine.event.contents import Filled, contents_of, work_of
from burstsim.engine.event.gifts import GiftDesk
from burstsim.engine.event.parcels import AFTER_MAIN, LATER, MAIN, SPLIT, Parcel
from burstsim.engine.event.shelf import GiftRow, Shelf, Try
from burstsim.engine.orders import Orders

__all__ = ["Allocation", "Group"]

_PART = {"with_main": MAIN, "split": SPLIT, "after_main": AFTER_MAIN}


@dataclass(slots=True, eq=False)
class Group:
    """Orders that leave together, and what they get.

    Parameters
    ----------
    members
        The first gives the group its number, payment and promise.
    gone
        Tick at which the last of them is cancelled.
    turn
        Due, paid and number: who is first when stock comes.
    needs
        SKU → pieces of their goods.
    decided
        Sweep at which its gifts were decided.
    grants
        (rule, gifts of each option), decided once.
    rows
        What the shelf gave of them.
    refused
        Rules that gave way to others because there was nothing of their gifts.
    after
        Parcels that go once the goods have been shipped.
    shipped
        Whether they have.
    """

    members: list[int]
    gone: int
    turn: tuple[int, int, int]
    needs: dict[int, int]
    decided: int
    grants: list[tuple[int, list[int]]] = field(default_factory=list)
    rows: list[GiftRow] = field(default_factory=list)
    refused: frozenset[int] = frozenset()
    after: list[Parcel] = field(default_factory=list)
    shipped: bool = False


class Allocation:
    """What a sweep does with the orders that it takes, and with those that wait for stock.

    Parameters
    ----------
    model, orders
        The rules and the orders.
    filled
        What their open parts have become.
    ask_for_sweep
        Has a sweep at or after a tick.
    send
        What is done with a parcel that leaves for the floor.
    """

    def __init__(
        self,
        model: Model,
        orders: Orders,
        filled: Filled,
        ask_for_sweep: Callable[[int], None],
        send: Callable[[Parcel], None],
    ) -> None:
        self.model, self.orders, self.filled = model, orders, filled
        self.ask_for_sweep, self.send = ask_for_sweep, send
        self.shelf = Shelf(model, orders)
        self.desk = GiftDesk(model, orders)
        self.groups: dict[int, Group] = {}
        self.waiting: list[Group] = []
        self.waiting_gifts: list[tuple[Group, int, dict[int, int]]] = []
        self.left_floor: list[tuple[int, Group, bool]] = []
        self.cancelled: list[tuple[int, Group]] = []
        self.stock_came = False
        self.sent: dict[int, int] = {}
        self.held: set[int] = set()
        self.out: set[int] = set()
        self.dropped: dict[int, int] = {}

    def allocate(self, members: list[int], now: int) -> None:
        """Decide the gifts of orders that leave together, and take everything from the shelf."""
        first = members[0]
        group = Group(
            members=members,
            gone=max(int(self.orders.cancelled[order]) for order in members),
            turn=(int(self.orders.due[first]), int(self.orders.paid[first]), first),
            needs=contents_of(self.orders, members, self.filled),
            decided=now,
        )
        self.groups[first] = group
        found = self._new_try(group)
        group.grants = self.desk.decide(members, found.obtain)
        self._settle(group, found, now)
        if found.outcome == "short" and self.model.when_short == "cancel":
            self._drop(group, now)
        elif found.outcome in ("short", "hold"):
            self.waiting.append(group)
            self.ask_for_sweep(group.gone)

    def drop_cancelled(self, now: int) -> None:
        """Let go of orders that were cancelled while they waited, and of what they used up."""
        for group in [group for group in self.waiting if group.gone <= now]:
            self.waiting.remove(group)
            self.out.update(group.members)
            self.desk.release(group.members)
        for tick, group in list(self.cancelled):
            if tick < now:
                self.cancelled.remove((tick, group))
                self.desk.release(group.members)

    def after_goods(self, now: int) -> None:
        """Send the gifts that go after goods which have been shipped since, or put them back."""
        for entry in list(self.left_floor):
            tick, group, shipped = entry
            if tick >= now:
                continue
            self.left_floor.remove(entry)
            group.shipped = shipped
            for parcel in group.after:
                self._send_or_put_back(group, parcel, now)
            group.after = []

    def receive(self, sku: int, pieces: int) -> None:
        """Put pieces on the shelf."""
        self.shelf.put(sku, pieces)
        self.stock_came = True

    def retry(self, now: int) -> None:
        """If stock has come, give it to who waits, by (due, paid, order number, rule)."""
        if not self.stock_came:
            return
        self.stock_came = False
        gifts, self.waiting_gifts = self.waiting_gifts, []
        queue: list[tuple[tuple[int, int, int], int, Group, dict[int, int]]] = [
            *((group.turn, -1, group, {}) for group in self.waiting),
            *((group.turn, rule, group, missing) for group, rule, missing in gifts),
        ]
        for _, rule, group, missing in sorted(queue, key=lambda entry: entry[:2]):
            if rule < 0:
                self._try_again(group, now)
            elif group.gone > now and not self._send_later(group, rule, missing, now):
                self.waiting_gifts.append((group, rule, missing))

    def leave_floor(self, members: list[int], now: int, *, shipped: bool) -> None:
        """Note that the goods of some orders have been shipped, or left the floor cancelled."""
        group = self.groups[members[0]]
        self.left_floor.append((now, group, shipped))
        if group.after:
            self.ask_for_sweep(now + 1)
        if not shipped:
            self.cancelled.append((now, group))

    def _new_try(self, group: Group) -> Try:
        """Look for the goods of a group on the shelf."""
        first = group.members[0]
        chance = {name: int(bits[first]) for name, bits in self.orders.chance.items()}
        found = Try(self.shelf, self.model.rules, chance, group.refused)
        found.take_goods(group.needs)
        return found

    def _try_again(self, group: Group, now: int) -> None:
        """Look once more for what a group waits for; its gifts have been decided."""
        found = self._new_try(group)
        for rule, counts in group.grants:
            found.obtain(rule, counts)
        self._settle(group, found, now)
        if found.outcome in ("sent", "cancel"):
            self.waiting.remove(group)

    def _settle(self, group: Group, found: Try, now: int) -> None:
        """Draw the consequences of a try."""
        if found.outcome != "sent":
            found.give_up(group.grants)
        group.rows, group.refused = found.rows, found.refused
        if found.outcome == "sent":
            self._send(group, found, now)
        elif found.outcome == "cancel":
            self._drop(group, now)
        elif found.outcome == "hold":
            self.held.update(group.members)

    def _drop(self, group: Group, now: int) -> None:
        """Cancel orders for lack of stock."""
        self.out.update(group.members)
        self.dropped.update(dict.fromkeys(group.members, now))
        self.cancelled.append((now, group))

    def _send(self, group: Group, found: Try, now: int) -> None:
        """Make parcels of what was found."""
        goods = Parcel(group.members, MAIN, group.gone, dict(group.needs))
        for zone, ticks in work_of(self.orders, group.members).items():
            goods.add_work(zone, ticks)
        parcels = {MAIN: goods}
        for rule in dict.fromkeys(row.rule for row in group.rows):
            if self.model.rules[rule].spec.source == "add":
                part = _PART[self.model.rules[rule].spec.fulfil.ship]
                parcel = parcels.setdefault(part, Parcel(group.members, part, group.gone))
                self._pack(parcel, group, rule, "granted")
        self.sent[group.members[0]] = now
        self.send(goods)
        if SPLIT in parcels and parcels[SPLIT].contents:
            self.send(parcels[SPLIT])
        if AFTER_MAIN in parcels and parcels[AFTER_MAIN].contents:
            group.after.append(parcels[AFTER_MAIN])
        self.waiting_gifts += [(group, rule, needs) for rule, needs in found.missing.items()]

    def _send_later(self, group: Group, rule: int, missing: dict[int, int], now: int) -> bool:
        """Send gifts of a rule that were out of stock, all of them or none."""
        needs: dict[int, int] = {}
        for item, count in missing.items():
            for sku, pieces in self.shelf.leaves(item).items():
                needs[sku] = needs.get(sku, 0) + pieces * count
        if not self.shelf.has(needs):
            return False
        for sku, pieces in needs.items():
            self.shelf.put(sku, -pieces)
        for row in group.rows:
            if row.rule == rule:
                row.later = row.proposed - row.granted
        parcel = Parcel(group.members, LATER + rule, group.gone)
        self._pack(parcel, group, rule, "later")
        if self.model.rules[rule].spec.fulfil.ship != "after_main":
            self.send(parcel)
        elif group.shipped:
            self._send_or_put_back(group, parcel, now)
        else:
            group.after.append(parcel)
        return True

    def _send_or_put_back(self, group: Group, parcel: Parcel, now: int) -> None:
        """Send a parcel that had to wait for the goods, unless its orders are cancelled."""
        if group.shipped and group.gone > now:
            self.send(parcel)
            return
        for sku, pieces in parcel.contents.items():
            self.receive(sku, pieces)

    def _pack(self, parcel: Parcel, group: Group, rule: int, which: str) -> None:
        """Put a rule's gifts into a parcel, with the work on them.

        Work is counted for each gift; one of which a part is missing counts as well.
        """
        compiled = self.model.rules[rule]
        for option in dict.fromkeys(row.option for row in group.rows if row.rule == rule):
            gifts = []
            for row in group.rows:
                if (row.rule, row.option) != (rule, option):
                    continue
                count, each = getattr(row, which), compiled.options[option][row.place][1]
                gifts.append(-(-count // each))
                for sku, pieces in self.shelf.leaves(row.item).items():
                    if count:
                        parcel.add(sku, pieces * count)
            made = sum(gifts) if compiled.spec.one_of_several else max(gifts)
            if compiled.zone >= 0 and made:
                parcel.add_work(compiled.zone, compiled.spec.fulfil.work * made)
