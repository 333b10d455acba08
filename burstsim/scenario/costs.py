"""What things cost."""

from __future__ import annotations

from pydantic import Field

from burstsim.scenario.fields import Money, Name, Section

__all__ = ["Costs"]


class Costs(Section):
    """Prices that the merchant pays."""

    worker_hour: Money = Field(default=0, description="for each hour that a worker is there")
    temp_hour: Money | None = Field(
        default=None, description="for people whom a policy calls; left out: like worker_hour"
    )
    parcel: Money = Field(default=0, description="for the first parcel of an order")
    extra_parcel: Money | None = Field(
        default=None, description="for each further one; left out: like the first"
    )
    lanes: dict[Name, dict[Name, Money]] = Field(
        default_factory=dict,
        description="warehouse → region → cost of a parcel, where it is another",
    )
    gift: dict[Name, Money] = Field(
        default_factory=dict, description="SKU → cost of a piece given away; left out: its price"
    )
