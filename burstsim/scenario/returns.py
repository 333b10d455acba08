"""Returns: orders that come back."""

from __future__ import annotations

from pydantic import Field

from burstsim.scenario.fields import Name, Section, Share
from burstsim.scenario.storefront import Delay

__all__ = ["Returns"]


class Returns(Section):
    """Some of the orders that were shipped come back, and somebody has to look at them."""

    share: Share = Field(description="share of shipped orders")
    after: Delay = Field(description="from shipped to back at the warehouse")
    stage: Name = Field(
        default="returns", description="station of a warehouse that orders going out do not pass"
    )
