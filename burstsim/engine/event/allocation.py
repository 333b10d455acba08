"""Allocation: goods from the shelves, gifts by the rules, and what waits for stock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from burstsim.engine.compile import Model
from burstsim.engine.event.attempt import Try
from burstsim.engine.event.contents import Line, added_up, lines_of
from burstsim.engine.event.gifts import GiftDesk
from burstsim.engine.event.parcels import Parcel
from burstsim.engine.event.shelf import GiftRow, Shelf
from burstsim.engine.event.sources import Sources
from burstsim.engine.event.storefront import Storefront
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.shipments import AFTER_MAIN, LATER, MAIN, PART_OF
from burstsim.units import NEVER

__all__ = ["Allocation", "Group"]


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
    lines
        What they bought.
    route
        Warehouses that it may come from, the preferred one first.
    decided
        Sweep at which its gifts were decided.
    rules
        The rules as they were then.
    grants
        (rule, gifts of each option), decided once.
    goods
        Warehouse → lines that came from it.
    rows
        What the shelves gave of the gifts.
    refused
        Rules that gave way to others because there was nothing of their gifts.
    after
        Parcels that go once the goods have been shipped.
    on_the_way
        Parcels of goods that are on the floor.
    shipped
        Whether all goods have been shipped.
    """

    members: list[int]
    gone: int
    turn: tuple[int, int, int]
    lines: list[Line]
    route: tuple[int, ...]
    decided: int
    rules: tuple[Rule, ...]
    grants: list[tuple[int, list[int]]] = field(default_factory=list)
    goods: Sources = field(default_factory=dict)
    rows: list[GiftRow] = field(default_factory=list)
    refused: frozenset[int] = frozenset()
    after: list[Parcel] = field(default_factory=list)
    on_the_way: int = 0
    left: bool = False
    shipped: bool = False


class Allocation:
    """What a sweep does with the orders that it takes, and with those that wait for stock.

    Parameters
    ----------
    model, orders
        The rules and the orders.
    storefront
        Where stock of orders goes back to that are cancelled while they wait, or for lack of it.
    ask_for_sweep
        Has a sweep at or after a tick.
    floors
        What is done with a parcel that leaves for the floor, and what counts the parcels on the
        floor of each warehouse.
    """

    def __init__(
        self,
        model: Model,
        orders: Orders,
        storefront: Storefront,
        ask_for_sweep: Callable[[int], None],
        floors: tuple[Callable[[Parcel], None], Callable[[], list[int]]],
    ) -> None:
        self.model, self.orders, self.storefront = model, orders, storefront
        self.network = model.network  # warehouses may be opened
        self.rules = model.rules  # gifts may be replaced
        self.filled = storefront.filled
        self.ask_for_sweep = ask_for_sweep
        self.send, self.open_parcels = floors
        self.shelf = Shelf(model, orders)
        self.desk = GiftDesk(model, orders)
        self.groups: dict[int, Group] = {}
        self.waiting: list[Group] = []
        self.waiting_gifts: list[tuple[Group, int, dict[int, int]]] = []
        self.left_floor: list[tuple[int, Group, bool]] = []
        self.cancelled: list[tuple[int, Group]] = []
        self.unreleased: list[Parcel] = []
        self.stock_came = False
        self.sent: dict[int, int] = {}
        self.held: set[int] = set()
        self.out: set[int] = set()
        self.dropped: dict[int, int] = {}
        self.backlog: list[int] = []

    def begin_sweep(self) -> None:
        """Look at the floors, where routes depend on them."""
        if self.model.network.by_backlog:
            self.backlog = self.open_parcels()

    def allocate(self, members: list[int], now: int) -> None:
        """Decide the gifts of orders that leave together, and take everything from the shelves."""
        first = members[0]
        group = Group(
            members=members,
            gone=max(int(self.orders.cancelled[order]) for order in members),
            turn=(int(self.orders.due[first]), int(self.orders.paid[first]), first),
            lines=lines_of(self.orders, members, self.filled),
            route=self.route(first, now),
            decided=now,
            rules=self.rules,
        )
        self.groups[first] = group
        found = self._new_try(group)
        group.grants = self.desk.decide(members, found.obtain)
        self._settle(group, found, now)
        if found.outcome == "short" and self.model.when_short != "backorder":
            self._drop(group, now)
        elif found.outcome in ("short", "hold"):
            self.waiting.append(group)
            self.ask_for_sweep(group.gone)

    def resume(self, order: int, stage: int, now: int) -> None:
        """Go on with an order that is on the floor when the clock begins."""
        house = self.model.stages[stage].house
        lines = lines_of(self.orders, [order], self.filled)
        group = Group(
            members=[order],
            gone=int(self.orders.cancelled[order]),
            turn=(int(self.orders.due[order]), int(self.orders.paid[order]), order),
            lines=lines,
            route=(house,),
            decided=now,
            rules=self.rules,
            goods={house: lines},
        )
        parcel = self._goods_parcel(group, house, lines)
        parcel.enters = stage
        group.on_the_way = 1
        self.groups[order], self.sent[order] = group, now
        self.send(parcel)

    def drop_cancelled(self, now: int) -> None:
        """Let go of orders that were cancelled while they waited, and of what they used up."""
        for group in [group for group in self.waiting if group.gone <= now]:
            self.waiting.remove(group)
            self.out.update(group.members)
            self._give_back(group)
            self.desk.release(group.members)
        for parcel in self.unreleased:
            self._come_back(parcel)
        self.unreleased = []
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

    def gifts_used(self, rule: int, now: int) -> int:
        """Count what a rule has proposed and what no sweep before `now` makes free again."""
        freed = [
            group.members
            for tick, group in self.cancelled
            if tick < now and self.model.sweeps.after(tick + 1) < now
        ]
        return self.desk.limits.used(rule, freed)

    def receive(self, house: int, sku: int, pieces: int) -> None:
        """Put pieces on a shelf."""
        self.shelf.put(house, sku, pieces)
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

    def take_back(self, parcel: Parcel, now: int) -> None:
        """Have a parcel that was cancelled before its release come back at the next sweep."""
        self.unreleased.append(parcel)
        self.ask_for_sweep(now)

    def leave_floor(self, parcel: Parcel, now: int, *, shipped: bool) -> Group:
        """Note that goods have been shipped, or left the floor cancelled; give whose they are."""
        group = self.groups[parcel.members[0]]
        group.on_the_way -= 1
        group.left |= not shipped
        if group.on_the_way:
            return group
        self.left_floor.append((now, group, not group.left))
        if group.after:
            self.ask_for_sweep(now + 1)
        if group.left:
            self.cancelled.append((now, group))
        return group

    def route(self, order: int, now: int) -> tuple[int, ...]:
        """Warehouses that an order may come from, the preferred one first."""
        region = self.orders.regions[self.orders.region[order]]
        owner = int(self.orders.owner[order])
        name = self.orders.owners[owner] if owner >= 0 else None
        route = self.network.route(region, name, now)
        if self.model.network.by_backlog:
            return tuple(sorted(route, key=lambda house: self.backlog[house]))
        return route

    def _new_try(self, group: Group) -> Try:
        """Look for the goods of a group on the shelves."""
        first = group.members[0]
        chance = {name: int(bits[first]) for name, bits in self.orders.chance.items()}
        found = Try(self.shelf, group.route, group.rules, chance, group.refused)
        part = self.model.when_short == "ship_partial"
        found.take_goods(group.lines, split=self.model.network.split, part=part)
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
        group.rows, group.refused, group.goods = found.rows, found.refused, found.goods
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
        self._give_back(group)
        self.cancelled.append((now, group))

    def _give_back(self, group: Group) -> None:
        """Put on sale again what orders had reserved that do not get it."""
        for order in group.members:
            if self.orders.reserved[order] < NEVER:
                self.storefront.give_back(order)

    def _come_back(self, parcel: Parcel) -> None:
        """Put all that is in a parcel back to the shelf, and its goods on sale."""
        for sku, pieces in parcel.contents.items():
            self.receive(parcel.warehouse, sku, pieces)
        if parcel.part == MAIN:
            for line in self.groups[parcel.members[0]].goods[parcel.warehouse]:
                self.storefront.give_back_line(line)

    def _send(self, group: Group, found: Try, now: int) -> None:
        """Make parcels of what was found."""
        parcels: dict[tuple[int, int], Parcel] = {}
        for house, lines in found.goods.items():
            parcels[MAIN, house] = self._goods_parcel(group, house, lines)
        group.on_the_way = len(parcels)
        for row in group.rows:
            if self.model.rules[row.rule].in_cart or not row.granted:
                continue
            part = PART_OF[self.model.rules[row.rule].spec.fulfil.ship]
            parcels.setdefault(
                (part, row.house), Parcel(group.members, part, row.house, group.gone)
            )
        for parcel in parcels.values():
            self._pack(parcel, group, "granted")
        self.sent[group.members[0]] = now
        for (part, _), parcel in sorted(parcels.items()):
            if part == AFTER_MAIN:
                group.after.append(parcel)
            else:
                self.send(parcel)
        self.waiting_gifts += [(group, rule, needs) for rule, needs in found.missing.items()]

    def _goods_parcel(self, group: Group, house: int, lines: list[Line]) -> Parcel:
        """Put the lines that come from a warehouse into a parcel, with the work on their kits."""
        parcel = Parcel(group.members, MAIN, house, group.gone, added_up(lines))
        for line in lines:
            for zone, ticks in line.work.items():
                if self.model.zones[zone].house == house:
                    parcel.add_work(zone, ticks)
        return parcel

    def _send_later(self, group: Group, rule: int, missing: dict[int, int], now: int) -> bool:
        """Send gifts of a rule that were out of stock, all of them or none."""
        house = next(iter(group.goods))
        needs: dict[int, int] = {}
        for item, count in missing.items():
            for sku, pieces in self.shelf.leaves(item).items():
                needs[sku] = needs.get(sku, 0) + pieces * count
        if not self.shelf.has(house, needs):
            return False
        for sku, pieces in needs.items():
            self.shelf.put(house, sku, -pieces)
        for row in group.rows:
            if row.rule == rule:
                row.later = row.proposed - row.granted
        parcel = Parcel(group.members, LATER + rule, house, group.gone)
        self._pack(parcel, group, "later")
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
            self.receive(parcel.warehouse, sku, pieces)

    def _pack(self, parcel: Parcel, group: Group, which: str) -> None:
        """Put the gifts that belong into a parcel, with the work on them.

        Work is counted for each gift; one of which a part is missing counts as well.
        """
        for number, rule in enumerate(self.model.rules):
            part = LATER + number if which == "later" else PART_OF[rule.spec.fulfil.ship]
            if rule.in_cart or parcel.part != part:
                continue
            mine = [
                row
                for row in group.rows
                if row.rule == number and (which == "later" or row.house == parcel.warehouse)
            ]
            for option in dict.fromkeys(row.option for row in mine):
                gifts = []
                for row in mine:
                    if row.option != option:
                        continue
                    count, each = getattr(row, which), rule.options[option][row.place][1]
                    gifts.append(-(-count // each))
                    for sku, pieces in self.shelf.leaves(row.item).items():
                        if count:
                            parcel.add(sku, pieces * count)
                made = sum(gifts) if rule.spec.one_of_several else max(gifts)
                zone = rule.zones[parcel.warehouse]
                if zone >= 0 and made:
                    parcel.add_work(zone, rule.spec.fulfil.work * made)
