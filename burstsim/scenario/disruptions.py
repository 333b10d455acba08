"""Disruptions: things that happen to the sale on the clock."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from burstsim.scenario.fields import ClockMoment, Count, Duration, Name, Real, Section, Share
from burstsim.units import NEVER

__all__ = [
    "CloseChannel",
    "Disruption",
    "InboundDelay",
    "NoShow",
    "OmsFreeze",
    "Outage",
    "StockCount",
    "Surge",
    "TruckNoShow",
]


class _Lasting(Section):
    """What begins at a moment and is over after a while."""

    at: ClockMoment
    for_: Annotated[Duration, Field(gt=0)] | None = Field(
        default=None, alias="for", description="left out: to the end"
    )

    def span(self, start: datetime) -> tuple[int, int]:
        """Give the ticks ``[from, to)`` in which it lasts; `NEVER` when it does not end."""
        begin = self.at.resolve(start)
        return begin, NEVER if self.for_ is None else begin + self.for_


class CloseChannel(_Lasting):
    """A channel's links are cut for a while: some of its buyers come another way, the rest not.

    Which way an order goes is drawn for it once, so that two runs that differ in the shares
    or the span treat the others alike.
    """

    what: Literal["close_channel"]
    for_: Annotated[Duration, Field(gt=0)] | None = Field(
        default=None, alias="for", description="left out: it never opens again"
    )
    channel: Name
    divert: dict[Name, Share] = Field(
        default_factory=dict, description="other channel → share of the orders that come by it"
    )

    @model_validator(mode="after")
    def _not_more_than_all(self) -> CloseChannel:
        if sum(self.divert.values()) > 1 + 1e-9:
            raise ValueError("divert must add up to at most 1")
        if self.channel in self.divert:
            raise ValueError("divert must not name the closed channel itself")
        return self


class InboundDelay(_Lasting):
    """Goods that are under way come later."""

    what: Literal["inbound_delay"]
    at: ClockMoment = Field(description="what is due from then on is late")
    for_: Annotated[Duration, Field(gt=0)] | None = Field(
        default=None, alias="for", description="left out: everything after"
    )
    where: Name = Field(description="a warehouse, or one of its trucks: hangzhou.truck-1")
    by: Annotated[Duration, Field(gt=0)]


class StockCount(Section):
    """A count finds fewer pieces on the shelf than the books say."""

    what: Literal["stock_count"]
    at: ClockMoment
    where: Name = Field(description="a warehouse")
    stock: Annotated[dict[Name, Count], Field(min_length=1)] = Field(
        description="SKU → pieces that were counted; more than the books say changes nothing"
    )


class NoShow(_Lasting):
    """Some of the people who should work do not come."""

    what: Literal["no_show"]
    where: Name = Field(description="warehouse, warehouse.stage or warehouse.stage.zone")
    share: Share = Field(description="chance of each of them not to come")


class Outage(_Lasting):
    """Nobody can begin a task: no power, no network, an alarm."""

    what: Literal["outage"]
    where: Name = Field(description="warehouse, warehouse.stage or warehouse.stage.zone")


class OmsFreeze(_Lasting):
    """The order management sends nothing to any warehouse; it catches up afterwards."""

    what: Literal["oms_freeze"]
    for_: Annotated[Duration, Field(gt=0)] = Field(alias="for")


class TruckNoShow(_Lasting):
    """Pickups do not happen."""

    what: Literal["truck_no_show"]
    where: Name = Field(description="warehouse, or warehouse.carrier")


class Surge(_Lasting):
    """A stream brings more orders for a while than was written."""

    what: Literal["surge"]
    stream: Name
    scale: Annotated[Real, Field(gt=1, le=1e6)] = Field(
        description="3: three times as many; what comes besides is drawn apart"
    )


Disruption = Annotated[
    CloseChannel | InboundDelay | StockCount | NoShow | Outage | OmsFreeze | TruckNoShow | Surge,
    Field(discriminator="what"),
]
