"""Disruptions: things that happen to the sale on the clock."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from burstsim.scenario.fields import ClockMoment, Count, Duration, Name, Section, Share

__all__ = ["CloseChannel", "Disruption", "InboundDelay", "StockCount"]


class CloseChannel(Section):
    """A channel's links are cut for a while: some of its buyers come another way, the rest not.

    Which way an order goes is drawn for it once, so that two runs that differ in the shares
    or the span treat the others alike.
    """

    what: Literal["close_channel"]
    at: ClockMoment
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


class InboundDelay(Section):
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


Disruption = Annotated[CloseChannel | InboundDelay | StockCount, Field(discriminator="what")]
