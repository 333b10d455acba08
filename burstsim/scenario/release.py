"""Release: when parcels that the order management has sent may enter the floor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from burstsim.scenario.fields import Count, Duration, Section

__all__ = ["Release"]


class Release(Section):
    """How parcels are let onto the floor of a warehouse."""

    mode: Literal["continuous", "wave"] = "continuous"
    every: Annotated[Duration, Field(gt=0)] | None = Field(
        default=None, description="of waves: at whole multiples of this from start"
    )
    orders: Annotated[Count, Field(ge=1)] | None = Field(
        default=None, description="of waves: as soon as so many parcels wait"
    )
    order: Literal["paid", "promise", "size"] = Field(
        default="paid", description="who goes first: paid first, due first, or fewest pieces"
    )
    max_open_orders: Annotated[Count, Field(ge=1)] | None = Field(
        default=None, description="parcels on the floor at most"
    )

    @model_validator(mode="after")
    def _waves_have_a_time(self) -> Release:
        if self.mode == "wave" and self.every is None and self.orders is None:
            raise ValueError("must have every or orders with mode: wave; they say when it comes")
        for key in ("every", "orders"):
            if self.mode == "continuous" and getattr(self, key) is not None:
                raise ValueError(f"must have {key} with mode: wave, and only then")
        return self
