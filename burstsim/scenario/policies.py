"""Policies: levers that are pulled by what is seen at a check."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictBool, model_validator

from burstsim.scenario.conditions import Condition, parse_condition
from burstsim.scenario.fields import (
    ClockMoment,
    Count,
    Duration,
    Name,
    Real,
    Section,
    Share,
    Text,
    Workers,
)

__all__ = [
    "AddWorkers",
    "ExtraTruck",
    "Lever",
    "LimitPerCustomer",
    "MoveWorkers",
    "Overtime",
    "Policy",
    "Throttle",
]

_People = Annotated[Workers, Field(ge=1)]
_Span = Annotated[Duration, Field(gt=0)]
_Some = Field(min_length=1)


class AddWorkers(Section):
    """Call people in from outside."""

    zone: Name = Field(description="warehouse.stage or warehouse.stage.zone")
    workers: _People
    for_: _Span = Field(alias="for")
    productivity: Annotated[Real, Field(gt=0, le=100)] = 1.0


class MoveWorkers(Section):
    """Send people from one zone to another."""

    from_: Name = Field(alias="from", description="warehouse.stage or warehouse.stage.zone")
    to: Name = Field(description="warehouse.stage or warehouse.stage.zone")
    workers: _People = Field(description="so many, or as many as there are")
    for_: _Span | None = Field(default=None, alias="for", description="left out: to the end")


class Overtime(Section):
    """Let people of the shift that ends next stay."""

    zone: Name = Field(description="warehouse.stage or warehouse.stage.zone")
    until: ClockMoment
    at_most: _People = Field(description="people who stay")


class Throttle(Section):
    """Let only some of a channel's orders in."""

    channel: Name
    keep: Share = Field(description="share of orders that are let in")


class ExtraTruck(Section):
    """Send for one more truck."""

    carrier: Name = Field(description="warehouse.carrier, or a carrier of every warehouse")
    after: Duration = Field(default=0, description="until it is there")
    capacity: Annotated[Count, Field(ge=1)] | None = Field(
        default=None, description="parcels; left out: any number"
    )


class LimitPerCustomer(Section):
    """Sell each customer only so many of an item."""

    item: Name
    units: Annotated[Count, Field(ge=1)] = Field(description="in the whole sale")


class Lever(Section):
    """What a policy does: exactly one of these."""

    add_workers: AddWorkers | None = None
    move_workers: MoveWorkers | None = None
    overtime: Overtime | None = None
    stop_selling: Name | None = Field(default=None, description="item that is sold no more")
    throttle: Throttle | None = None
    replace_gift: Annotated[dict[Name, Name], _Some] | None = Field(
        default=None, description="gift SKU → what is given instead"
    )
    set_promise: Annotated[dict[Name, _Span], _Some] | None = Field(
        default=None, description="promise → due so long after payment"
    )
    open_warehouse: Name | None = None
    extra_truck: ExtraTruck | None = None
    limit_per_customer: LimitPerCustomer | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Lever:
        pulled = [key for key in type(self).model_fields if getattr(self, key) is not None]
        if len(pulled) != 1:
            every = ", ".join(type(self).model_fields)
            raise ValueError(f"must name exactly one lever; of {every}")
        return self

    @property
    def name(self) -> str:
        """Which lever it is."""
        return next(key for key in type(self).model_fields if getattr(self, key) is not None)

    @property
    def setting(self) -> Any:
        """What stands under its name."""
        return getattr(self, self.name)


def _is_condition(text: str) -> str:
    parse_condition(text)
    return text


class Policy(Section):
    """Looks at something again and again, and does something about it."""

    when: Annotated[Text, AfterValidator(_is_condition)] = Field(
        description="signal, >= <= > or <, limit: work_left.hangzhou.pack > 6h"
    )
    every: _Span = Field(description="checked at whole multiples of this from start")
    delay: Duration = Field(default=0, description="from the check until it takes effect")
    once: StrictBool = False
    do: Lever

    @property
    def condition(self) -> Condition:
        """What it looks at."""
        return parse_condition(self.when)
