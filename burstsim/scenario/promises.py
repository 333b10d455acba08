"""Promises: by when an order has to be on its way."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from burstsim.scenario.fields import Duration, Name, Section

__all__ = ["Promise", "PromiseWhere"]


class PromiseWhere(Section):
    """Which orders a promise is for; what is left out holds for all."""

    channel: Annotated[list[Name], Field(min_length=1)] | None = None


class Promise(Section):
    """An order is due ``within`` this span after payment; of several the first that matches."""

    where: PromiseWhere = PromiseWhere()
    within: Annotated[Duration, Field(gt=0)]
    met_at: Literal["pickup", "packed"] = Field(
        default="pickup",
        description="packed: done at the stage named pack, else at the last; pickup: shipped",
    )
