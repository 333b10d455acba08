"""The streams as they are drawn: a live session is several of them, any other stream is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from burstsim.scenario.demand import Basket, Curved, Drop, Ramp, Session, Stream
from burstsim.scenario.disruptions import Surge
from burstsim.scenario.fields import RatePoint
from burstsim.scenario.scenario import Scenario
from burstsim.units import Rate

__all__ = ["SubStream", "parts_of", "substreams"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubStream:
    """A part of a stream that is drawn with random numbers of its own.

    Parameters
    ----------
    name
        Name for random streams: that of the stream, for the items of a show with a slash and
        their position in it, from 1.
    parent
        Name of the stream in the scenario.
    number
        Position of the stream in the scenario.
    spec
        Its shape; never a session.
    price
        Cents that each item costs here instead of what the catalogue says.
    stock
        Most units that may be sold of it.
    factor
        What multiplies its orders besides all else.
    span
        Ticks ``[from, to)``: only what is placed within them counts.
    """

    name: str
    parent: str
    number: int
    spec: Stream
    price: int | None = None
    stock: int | None = None
    factor: float = 1.0
    span: tuple[int, int] | None = None


def substreams(scenario: Scenario) -> tuple[SubStream, ...]:
    """All parts of all streams, in the order of the scenario; then what surges bring besides.

    A surge has draws of its own, so that whatever comes without it is the same with it. Its
    orders of a show's item are not among the units that the show may sell.
    """
    written = [
        part
        for number, (name, stream) in enumerate(scenario.demand.items())
        for part in parts_of(name, number, stream)
    ]
    more = [
        replace(
            part,
            name=f"{part.name}/surge {name}",
            stock=None,
            factor=surge.scale - 1,
            span=surge.span(scenario.start),
        )
        for name, surge in scenario.disruptions.items()
        if isinstance(surge, Surge)
        for part in written
        if part.parent == surge.stream
    ]
    return (*written, *more)


def parts_of(name: str, number: int, stream: Stream) -> Iterator[SubStream]:
    """Yield the parts of one stream: the viewers of a session, then each item of its show."""
    if not isinstance(stream, Session):
        yield SubStream(name=name, parent=name, number=number, spec=stream)
        return
    common = {key: getattr(stream, key) for key in Curved.model_fields}
    pace = stream.conversion
    rates = [RatePoint(row.at, Rate(row.viewers * pace.count, pace.per)) for row in stream.viewers]
    audience = Ramp(shape="ramp", rates=rates, **common)
    yield SubStream(name=name, parent=name, number=number, spec=audience)
    quantity = stream.basket.quantity
    per_order = sum(k * weight for k, weight in quantity.items()) / sum(quantity.values())
    for position, entry in enumerate(stream.show, start=1):
        basket = Basket(weights={entry.item: 1.0}, quantity=quantity)
        drop = Drop(
            shape="drop",
            at=entry.time,
            orders=entry.expected_units / per_order,
            rise=stream.rise,
            half_life=stream.half_life,
            **{**common, "basket": basket},
        )
        yield SubStream(
            name=f"{name}/{position}",
            parent=name,
            number=number,
            spec=drop,
            price=entry.price,
            stock=entry.stock,
        )
