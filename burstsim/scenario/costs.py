"""What things cost."""

from __future__ import annotations

from pydantic import Field

from burstsim.scenario.fields import Money, Name, Section

__all__ = ["Costs"]


class Costs(Section):
    """Prices that the merchant pays."""

    gift: dict[Name, Money] = Field(
        default_factory=dict, description="SKU → cost of a piece given away; left out: its price"
    )
