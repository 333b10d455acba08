"""Carriers: trucks that take parcels away."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from burstsim.scenario.fields import ClockMoment, Count, Name, Section, Weight

__all__ = ["Carrier"]


class Carrier(Section):
    """Takes some of a warehouse's parcels, at its pickups."""

    share: Weight | None = Field(
        default=None, description="weight among the carriers that have a share"
    )
    regions: Annotated[list[Name], Field(min_length=1)] | None = Field(
        default=None, description="instead of a share: takes all orders from there"
    )
    pickups: Annotated[list[ClockMoment], Field(min_length=1)] = Field(
        description="every day; a dated moment once"
    )
    capacity: Annotated[Count, Field(ge=1)] | None = Field(
        default=None, description="parcels of one pickup at most; left out: any number"
    )

    @model_validator(mode="after")
    def _by_share_or_region(self) -> Carrier:
        if (self.share is None) == (self.regions is None):
            raise ValueError("must have either share or regions; a carrier of all has share: 1")
        return self
