"""Order management: from paid orders to parcels on the floor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from burstsim.scenario.fields import Duration, Name, OrderRate, Section, Share, Whole

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
    routing: dict[Name, Annotated[list[Name], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="region → warehouses, the preferred one first; left out: as in the file",
    )
    route_by: Literal["preference", "cheapest", "least_backlog"] = Field(
        default="preference",
        description="which of a region's warehouses is asked first: as routing says, the one "
        "with the lowest cost of a parcel, or the one with the fewest parcels on its floor",
    )
    split: StrictBool = Field(
        default=True, description="whether lines of an order may come from several warehouses"
    )
    when_short: Literal["backorder", "cancel", "ship_partial"] = Field(
        default="backorder",
        description="for orders that were sold and are not on the shelf; ship_partial: what is "
        "there goes, the rest is lost",
    )
