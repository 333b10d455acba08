"""Order management: from paid orders to parcels on the floor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from burstsim.scenario.fields import Duration, OrderRate, Section, Share, Whole

__all__ = ["ManualReview", "Oms"]


class ManualReview(Section):
    """People who look at some of the orders before they may leave."""

    share: Share
    people: Annotated[Whole, Field(ge=1, le=1_000_000)]
    work: Annotated[Duration, Field(gt=0)] = Field(description="per order")


class Oms(Section):
    """How paid orders are taken to the floor, sweep by sweep."""

    cycle: Duration = Field(
        default=60_000_000, description="time between sweeps; 0s: each order at once"
    )
    rate: OrderRate | None = Field(default=None, description="orders taken at most")
    hold: Duration = Field(default=0, description="time for which every paid order is held")
    manual_review: ManualReview | None = None
    merge: Duration = Field(
        default=0,
        description="an order waits this long for others of its customer, and takes them along",
    )
    when_short: Literal["backorder", "cancel"] = Field(
        default="backorder", description="for orders that were sold and are not on the shelf"
    )
