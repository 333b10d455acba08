"""The floor of a warehouse: stages in a row, the work in them, shifts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from burstsim.scenario.fields import (
    ClockMoment,
    Count,
    Duration,
    Money,
    Name,
    OrderRate,
    Real,
    Section,
    Variation,
    Whole,
    Window,
)
from burstsim.scenario.storefront import Delay

__all__ = ["Build", "External", "Inbound", "Shift", "Stage", "Warehouse", "Work"]

Workers = Annotated[Whole, Field(ge=0, le=1_000_000)]


class Work(Section):
    """How long one order keeps one worker busy, before noise and productivity."""

    per_task: Duration = 0
    per_line: Duration = Field(default=0, description="per different SKU to be picked")
    per_unit: Duration = Field(default=0, description="per piece, kits opened")
    uph: Annotated[Real, Field(gt=0, le=1e9)] | None = Field(
        default=None, description="a rate instead of seconds: so many per hour and worker"
    )
    per: Literal["order", "line", "unit"] = Field(default="order", description="what uph counts")
    allowance: Annotated[Real, Field(ge=0, le=10)] = Field(
        default=0.0, description="0.15: everything takes 15 % longer"
    )
    cv: Variation | None = Field(default=None, description="left out: constant")
    dist: Literal["lognormal", "gamma", "exponential", "constant"] = "lognormal"

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Work:
        seconds = self.per_task or self.per_line or self.per_unit
        if self.uph is None and not seconds:
            raise ValueError("must say how long work takes: per_task, per_line, per_unit or uph")
        if self.uph is not None and seconds:
            raise ValueError("must give seconds (per_task, per_line, per_unit) or uph, not both")
        if self.uph is None and self.per != "order":
            raise ValueError("must not have per without uph; per says what uph counts")
        if self.dist == "exponential" and self.cv not in (None, 1):
            raise ValueError("must not have another cv than 1 with dist: exponential; leave cv out")
        if self.dist == "constant" and self.cv:
            raise ValueError("must not have a cv with dist: constant; leave cv out")
        if self.dist == "gamma" and not self.cv:
            raise ValueError("must have a cv above 0 with dist: gamma")
        return self

    @property
    def variation(self) -> float:
        """Coefficient of variation of the noise."""
        return 1.0 if self.dist == "exponential" else self.cv or 0.0


class Stage(Section):
    """A step of the work that orders pass, with a crew of exchangeable workers."""

    workers: Workers | None = Field(
        default=None, description="where no shift covers; left out: none outside the shifts"
    )
    only: Literal["needs_work"] | None = Field(
        default=None,
        description="needs_work: only orders with kits to make or gifts to wrap come here",
    )
    work: Work | None = Field(default=None, description="besides that of kits and gifts")
    transfer: Duration = Field(
        default=0, description="from here to the next stage; of the last stage it has no effect"
    )

    @model_validator(mode="after")
    def _has_work(self) -> Stage:
        if self.work is None and self.only is None:
            raise ValueError("must have work, or only: needs_work")
        return self


class Shift(Section):
    """A daily span with so many workers."""

    from_: ClockMoment = Field(alias="from")
    to: ClockMoment
    workers: Workers
    productivity: Annotated[Real, Field(gt=0, le=100)] = 1.0
    breaks: list[Window] = Field(
        default_factory=list, description="spans [from, to) in which nobody starts a task"
    )


class Build(Section):
    """People who make kits for the shelf, out of parts that are on it and not sold.

    They begin with as many kits as there are parts for, at most `quantity`, and bring them to
    the shelf lot by lot.
    """

    at: ClockMoment
    kit: Name = Field(description="of kind: prekit")
    quantity: Annotated[Count, Field(ge=1)]
    people: Annotated[Workers, Field(ge=1)]
    lot: Annotated[Count, Field(ge=1)] | None = Field(
        default=None, description="kits brought to the shelf at once; left out: all"
    )
    stage: Name | None = Field(
        default=None, description="whose crew the people are taken from; left out: extra people"
    )


class Inbound(Section):
    """Goods that come to a warehouse."""

    at: ClockMoment
    stock: Annotated[dict[Name, Count], Field(min_length=1)] = Field(description="SKU → pieces")


class External(Section):
    """A partner who ships for us: a lead time instead of a floor."""

    lead_time: Delay = Field(description="from the start on an order to shipped")
    capacity: OrderRate | None = Field(
        default=None, description="parcels started at most; left out: any number"
    )
    fee: Money = Field(default=0, description="per parcel")

    @model_validator(mode="after")
    def _begins_something(self) -> External:
        if self.capacity is not None and not self.capacity.count:
            raise ValueError("must have a capacity above 0; leave it out for any number")
        return self


class Warehouse(Section):
    """One building: what is on its shelves, its stages in order, and who works when.

    A partner's warehouse is `external` and has no stages that we know of.
    """

    external: External | None = None
    owners: list[Name] | None = Field(
        default=None, description="merchants whose goods it ships; left out: everybody's"
    )

    stock: dict[Name, Count] | None = Field(
        default=None, description="SKU → pieces; left out: everything, a SKU left out: none"
    )
    safety_stock: dict[Name, Count] = Field(
        default_factory=dict, description="SKU → pieces that are kept back"
    )
    builds: dict[Name, Build] = Field(
        default_factory=dict, description="orders to make prekits for the shelf"
    )
    inbound: dict[Name, Inbound] = Field(
        default_factory=dict, description="trucks that bring goods"
    )
    stages: dict[Name, Stage] = Field(default_factory=dict)
    shifts: dict[Name, Annotated[dict[Name, Shift], Field(min_length=1)]] = Field(
        default_factory=dict, description="stage → shift → when and how many"
    )

    @model_validator(mode="after")
    def _ours_or_a_partners(self) -> Warehouse:
        if self.external is None and not self.stages:
            raise ValueError("must have stages, or be external: {lead_time: {mean: 20h}}")
        if self.external is not None and (self.stages or self.shifts or self.builds):
            raise ValueError("must not have stages, shifts or builds; it is external")
        return self
