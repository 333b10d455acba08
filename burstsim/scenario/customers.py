"""Who the buyers of a stream are."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from burstsim.scenario.fields import Section, Share, Weight, Whole, whole_key

__all__ = ["Population"]


class Population(Section):
    """A pool of known customers, shared by all streams, and new ones."""

    pool: Annotated[Whole, Field(ge=0, le=50_000_000)] = Field(
        default=0, description="known customers; each order's is drawn from them, so some repeat"
    )
    new: Share = Field(default=0.0, description="share of orders by customers who never bought")
    tiers: dict[Annotated[int, BeforeValidator(whole_key), Field(ge=0, le=100)], Weight] | None = (
        Field(default=None, description="member tier → share of customers")
    )

    @model_validator(mode="after")
    def _somebody(self) -> Population:
        if not self.pool and self.new < 1:
            raise ValueError("must have a pool above 0, or new: 1 for new customers only")
        if self.tiers is not None and not sum(self.tiers.values()) > 0:
            raise ValueError("tiers must have at least one share above zero")
        return self
