"""A warehouse: shelves, goods that come, stages in a row and the people in them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from burstsim.scenario.carriers import Carrier
from burstsim.scenario.crews import Crew
from burstsim.scenario.fields import ClockMoment, Count, Money, Name, OrderRate, Section, Workers
from burstsim.scenario.release import Release
from burstsim.scenario.shifts import Shift, Stop, TableFile
from burstsim.scenario.stages import Breakdown, Stage
from burstsim.scenario.storefront import Delay

__all__ = ["Build", "External", "Inbound", "Warehouse"]


#: Stage or stage.zone → shift; what a roster's file holds is one as well by the time it is read.
_Shifts = dict[Name, Annotated[dict[Name, Shift], Field(min_length=1)]]


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
    open: StrictBool = Field(
        default=True, description="false: in no route until a policy or process opens it"
    )
    release: Release = Release()
    stages: dict[Name, Stage] = Field(default_factory=dict)
    shifts: Annotated[
        _Shifts, BeforeValidator(lambda value: value, json_schema_input_type=_Shifts | TableFile)
    ] = Field(
        default_factory=dict,
        description="stage or stage.zone → shift → when and how many, or {file: roster.csv}",
    )
    standards: TableFile | None = Field(
        default=None, exclude=True, description="how fast people work, from a file"
    )
    crews: dict[Name, Crew] = Field(
        default_factory=dict, description="people who go where the work is"
    )
    breakdowns: dict[Name, Breakdown] = Field(
        default_factory=dict, description="stage or stage.zone → how often its machines fail"
    )
    stops: dict[Name, Stop] = Field(default_factory=dict, description="planned stops")
    carriers: dict[Name, Carrier] = Field(
        default_factory=dict, description="who takes parcels away; left out: shipped when done"
    )

    @model_validator(mode="after")
    def _ours_or_a_partners(self) -> Warehouse:
        if self.external is None and not self.stages:
            raise ValueError("must have stages, or be external: {lead_time: {mean: 20h}}")
        if self.external is None:
            return self
        if self.stages or self.shifts or self.builds:
            raise ValueError("must not have stages, shifts or builds; it is external")
        for key in ("crews", "breakdowns", "stops", "carriers"):
            if getattr(self, key):
                raise ValueError(f"must not have {key}; it is external")
        if self.release != Release():
            raise ValueError("must not have release; it is external")
        return self
