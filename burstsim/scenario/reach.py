"""What orders of a scenario can be like: where they come from, who buys, what is in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from burstsim.scenario.demand import Replay, Session, Stream
from burstsim.scenario.disruptions import CloseChannel
from burstsim.scenario.scenario import Scenario

__all__ = ["Reach", "channels_of", "leaves_of", "reach_of", "reach_of_stream"]


@dataclass(slots=True)
class Reach:
    """Everything that some order may have.

    Parameters
    ----------
    channels, rooms, regions, tiers
        Where orders come from, and member tiers of their buyers.
    known, new, coupons
        Whether any stream knows customers, has new ones, hands out coupons.
    sold
        Items that orders may have, as bought.
    lines, units
        Most different items, and units, of one order; None where a log says.
    """

    channels: dict[str, None] = field(default_factory=dict)
    rooms: dict[str, None] = field(default_factory=dict)
    regions: dict[str, None] = field(default_factory=dict)
    tiers: set[int] = field(default_factory=lambda: {0})
    known: bool = False
    new: bool = False
    coupons: bool = False
    sold: dict[str, None] = field(default_factory=dict)
    lines: int | None = 0
    units: int | None = 0


def reach_of(scenario: Scenario) -> Reach:
    """Look at every stream of a scenario."""
    reach = Reach()
    for stream in scenario.demand.values():
        _add(reach, stream)
    for closure in scenario.disruptions.values():
        if isinstance(closure, CloseChannel):
            reach.channels.update(dict.fromkeys(closure.divert))
    return reach


def channels_of(scenario: Scenario) -> dict[str, None]:
    """Channels by which buyers come, unless they are diverted."""
    channels = [stream.channel for stream in scenario.demand.values()]
    for stream in scenario.demand.values():
        channels += stream.log.channels if isinstance(stream, Replay) else ()
    return dict.fromkeys(channels)


def reach_of_stream(stream: Stream) -> Reach:
    """Look at one stream."""
    reach = Reach()
    _add(reach, stream)
    return reach


def _add(reach: Reach, stream: Stream) -> None:
    reach.channels[stream.channel] = None
    reach.coupons |= stream.coupon > 0
    if stream.room is not None:
        reach.rooms[stream.room] = None
    if isinstance(stream, Replay):
        _of_log(reach, stream)
    else:
        _of_drawn(reach, stream)


def _of_log(reach: Reach, stream: Replay) -> None:
    log = stream.log
    reach.channels.update(dict.fromkeys(log.channels))
    reach.rooms.update(dict.fromkeys(log.rooms))
    reach.regions.update(dict.fromkeys(log.regions))
    if (log.region < 0).any():
        reach.regions["all"] = None
    reach.tiers.update(set(log.tier.tolist()))
    reach.known |= bool((log.customer >= 0).any())
    reach.new |= bool((log.new == 1).any())
    reach.coupons |= bool((log.coupon == 1).any())
    reach.sold.update(dict.fromkeys(log.skus))
    reach.lines = reach.units = None


def _of_drawn(reach: Reach, stream: Stream) -> None:
    assert not isinstance(stream, Replay)
    reach.regions.update({name: None for name, weight in stream.regions.items() if weight > 0})
    basket, people = stream.basket, stream.customers
    hero = set() if basket.hero is None else {basket.hero.item}
    offered = [name for name, weight in basket.choices.items() if weight > 0 or name in hero]
    reach.sold.update(dict.fromkeys(offered))
    if isinstance(stream, Session):
        reach.sold.update(dict.fromkeys(entry.item for entry in stream.show))
    if people is not None:
        reach.known = True
        reach.new |= people.new > 0
        reach.tiers.update(tier for tier, share in (people.tiers or {}).items() if share > 0)
    lines = max(number for number, weight in basket.lines.items() if weight > 0)
    each = max(number for number, weight in basket.quantity.items() if weight > 0)
    if reach.lines is not None and reach.units is not None:
        reach.lines = max(reach.lines, lines)
        reach.units = max(reach.units, lines * each)


def leaves_of(scenario: Scenario, items: dict[str, None]) -> dict[str, None]:
    """Everything that may be in items once their kits are opened, and the items themselves."""
    found: dict[str, None] = {}
    waiting = list(items)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = None
        if (kit := scenario.catalog.kits.get(name)) is not None:
            for part, quantity in kit.needs.items():
                waiting += [part, *quantity.else_]
            waiting += [*(kit.of or ()), *(kit.pool or ())]
    return found
