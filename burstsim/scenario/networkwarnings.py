"""What is odd about the network: it can be meant as it is written, and probably is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from burstsim.scenario.disruptions import InboundDelay, StockCount
from burstsim.scenario.faults import Fault
from burstsim.scenario.giftchecks import gifts_of
from burstsim.scenario.gifts import Gift
from burstsim.scenario.networkchecks import merchants, route_of
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.reach import Reach, reach_of_stream
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.trucks import trucks_of

__all__ = ["network_warnings"]

_SHOWN = 3

#: (merchant, region) of orders of a stream, and the items of that merchant that it sells.
_Sold = dict[tuple[str | None, str], list[str]]


def network_warnings(scenario: Scenario) -> Iterator[Fault]:
    """Yield what is odd about routes, goods that come, and where things are in stock."""
    reaches = {name: reach_of_stream(stream) for name, stream in scenario.demand.items()}
    sold = {name: _sold(scenario, reach) for name, reach in reaches.items()}
    held = _Held(scenario)
    yield from _regions(scenario, reaches.values())
    yield from _routes(scenario, sold.values())
    yield from _trucks(scenario)
    yield from _disruptions(scenario)
    for name, wanted in sold.items():
        yield from _missing(scenario, name, wanted, held)
    for name, rule in scenario.rules.items():
        if rule.source == "add" and rule.fulfil.ship == "with_main":
            keys = _qualify(rule, reaches, sold)
            yield from _gifts(scenario, (name, rule), keys, held)


class _Held:
    """Knows what a warehouse has, or will have, at some time."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._known: dict[tuple[str, str], bool] = {}

    def any(self, houses: Iterable[str], item: str) -> bool:
        return any(self.at(house, item) for house in houses)

    def at(self, house: str, item: str) -> bool:
        if (house, item) not in self._known:
            self._known[house, item] = self._look(house, item)
        return self._known[house, item]

    def _look(self, house: str, item: str) -> bool:
        kit = self.scenario.catalog.kits.get(item)
        if kit is None or kit.kind == "prekit":
            return self._on_shelf(house, item)
        parts = [[name, *part.else_] for name, part in kit.needs.items()]
        parts += [list(names) for names in (kit.of, kit.pool) if names]
        return all(any(self.at(house, name) for name in names) for names in parts)

    def _on_shelf(self, house: str, sku: str) -> bool:
        warehouse = self.scenario.warehouses[house]
        return (
            warehouse.stock is None
            or warehouse.stock.get(sku, 0) > warehouse.safety_stock.get(sku, 0)
            or any(truck.stock.get(sku, 0) for truck in warehouse.inbound.values())
            or any(build.kit == sku for build in warehouse.builds.values())
        )


def _sold(scenario: Scenario, reach: Reach) -> _Sold:
    owned = merchants(scenario.catalog, reach.sold)
    found: _Sold = {}
    for item in reach.sold:
        for owner in owned[item]:
            for region in reach.regions:
                found.setdefault((owner, region), []).append(item)
    return found


def _regions(scenario: Scenario, reaches: Iterable[Reach]) -> Iterator[Fault]:
    """Look for regions that nobody orders from, and warehouses that are named twice."""
    known = {region for reach in reaches for region in reach.regions}
    said = "is a region that no stream has"
    for region, houses in scenario.oms.routing.items():
        path: KeyPath = ("oms", "routing", region)
        if region not in known:
            yield Fault(path, said, region)
        for number, house in enumerate(houses):
            if house in houses[:number]:
                yield Fault((*path, number), "names a warehouse for the second time", house)
    for house, lane in scenario.costs.lanes.items():
        for region in lane:
            if region not in known:
                yield Fault(("costs", "lanes", house, region), said, region)


def _routes(scenario: Scenario, sold: Iterable[_Sold]) -> Iterator[Fault]:
    """Look for warehouses that no order may come from."""
    asked = {
        house for wanted in sold for key in wanted for house in route_of(scenario, key[1], key[0])
    }
    for house in scenario.warehouses:
        if house not in asked:
            said = "is on the route of no order, so nothing ever leaves from it"
            yield Fault(("warehouses", house), said, house)


def _trucks(scenario: Scenario) -> Iterator[Fault]:
    for truck in trucks_of(scenario):
        warehouse = scenario.warehouses[truck.warehouse]
        path: KeyPath = ("warehouses", truck.warehouse, "inbound", truck.name)
        planned = str(warehouse.inbound[truck.name].at)
        if truck.planned >= scenario.end:
            yield Fault((*path, "at"), "is at or after the end, so it never comes", planned)
        elif truck.comes >= scenario.end:
            said = f"comes at or after the end, because of {', '.join(truck.delays)}"
            yield Fault((*path, "at"), said, planned)
        if warehouse.stock is None:
            yield Fault((*path, "stock"), "changes nothing: this warehouse has everything")


def _disruptions(scenario: Scenario) -> Iterator[Fault]:
    late = {name for truck in trucks_of(scenario) for name in truck.delays}
    for name, disruption in scenario.disruptions.items():
        path: KeyPath = ("disruptions", name)
        if isinstance(disruption, InboundDelay) and name not in late:
            said = "holds up nothing: no truck there is due in its time"
            yield Fault((*path, "where"), said, disruption.where)
        if isinstance(disruption, StockCount):
            if disruption.at.resolve(scenario.start) >= scenario.end:
                said = "is at or after the end, so nobody counts"
                yield Fault((*path, "at"), said, str(disruption.at))
            if scenario.warehouses[disruption.where].stock is None:
                said = "changes nothing: this warehouse has everything"
                yield Fault((*path, "stock"), said)


def _missing(scenario: Scenario, stream: str, sold: _Sold, held: _Held) -> Iterator[Fault]:
    """Look for items that a stream sells and that no warehouse on the route ever has."""
    nowhere: dict[str, None] = {}
    elsewhere: dict[str, dict[str, None]] = {}
    for (owner, region), items in sold.items():
        route = route_of(scenario, region, owner)
        for item in items:
            if not held.any(scenario.warehouses, item):
                nowhere[item] = None
            elif not held.any(route, item):
                elsewhere.setdefault(region, {})[item] = None
    path: KeyPath = ("demand", stream)
    if nowhere:
        said = "sells what no warehouse ever has: orders of it are rejected, or wait for ever"
        yield Fault(path, said, _shown(nowhere))
    for region, items_there in elsewhere.items():
        said = f"sells what no warehouse on the route of {region} ever has: orders wait for ever"
        yield Fault(path, said, _shown(items_there))


def _shown(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _qualify(
    rule: Gift, reaches: dict[str, Reach], sold: dict[str, _Sold]
) -> list[tuple[str | None, str]]:
    """List merchants and regions of the orders that a rule is for."""
    where, found = rule.where, dict[tuple[str | None, str], None]()
    for name, reach in reaches.items():
        for given, known in ((where.channel, reach.channels), (where.room, reach.rooms)):
            if given is not None and not any(value in known for value in given):
                break
        else:
            keys = (k for k in sold[name] if where.region is None or k[1] in where.region)
            found.update(dict.fromkeys(keys))
    return list(found)


def _gifts(
    scenario: Scenario,
    named: tuple[str, Gift],
    wanted: list[tuple[str | None, str]],
    held: _Held,
) -> Iterator[Fault]:
    """Look for gifts that only some of the warehouses have that their orders leave from."""
    name, rule = named
    houses = dict.fromkeys(h for owner, region in wanted for h in route_of(scenario, region, owner))
    for key, gift in gifts_of(rule):
        bare = {
            house: [item for item in gift if not held.at(house, item)]
            for house in houses
            if not (rule.one_of_several and _one_of(held, house, gift))
        }
        for item in gift:
            without = [house for house, items in bare.items() if item in items]
            if without and held.any(houses, item):
                said = f"is never at {_shown(without)}: orders that leave from there get none"
                yield Fault(("gifts", name, *key, item), said, item)


def _one_of(held: _Held, house: str, gift: Iterable[str]) -> bool:
    """Whether a warehouse has one of several gifts."""
    return any(held.at(house, item) for item in gift)
