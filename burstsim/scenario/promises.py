"""Promises: by when an order has to be on its way, and what it costs if it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, model_validator
from pydantic import WithJsonSchema as JsonSchema

from burstsim.scenario.fields import ClockMoment, Duration, Money, Name, Section, Share
from burstsim.units import DAY, Moment, parse_moment

__all__ = ["CutOff", "DayClock", "Penalty", "Promise", "PromiseWhere", "Terms"]

_LATER = re.compile(r"\+\s*(\d{1,3})\s*d\s+(.+)")
_WANTED = "must be a time of day, as 23:59, or one so many days later, as +1d 15:00"


class PromiseWhere(Section):
    """Which orders a promise is for; what is left out holds for all."""

    channel: Annotated[list[Name], Field(min_length=1)] | None = None


@dataclass(frozen=True, slots=True)
class DayClock:
    """A time of day, some days after another day.

    Parameters
    ----------
    days
        Days later.
    clock
        Time since midnight.
    """

    days: int
    clock: timedelta

    @property
    def ticks(self) -> int:
        """Ticks since the midnight at which the first of the days began."""
        return self.days * DAY + self.clock // timedelta(microseconds=1)

    def __str__(self) -> str:
        later = f"+{self.days}d " if self.days else ""
        return later + str(Moment(clock=self.clock))


def _day_clock(value: Any) -> DayClock:
    if isinstance(value, DayClock):
        return value
    later = _LATER.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        clock = parse_moment(later[2] if later else str(getattr(value, "text", value))).clock
    except ValueError:
        clock = None
    if clock is None:
        raise ValueError(_WANTED)
    return DayClock(int(later[1]) if later else 0, clock)


def _time_of_day(moment: Moment) -> Moment:
    if moment.clock is None:
        raise ValueError("must be a time of day, such as 23:00")
    return moment


class CutOff(Section):
    """Who has paid before a time of day is promised another."""

    paid_before: Annotated[ClockMoment, AfterValidator(_time_of_day)] = Field(
        description="time of day"
    )
    by: Annotated[
        DayClock,
        PlainValidator(_day_clock),
        PlainSerializer(str, return_type=str),
        JsonSchema({"type": "string", "examples": ["23:59", "+1d 15:00"]}),
    ] = Field(description="time of that day, or +1d and a time of the next")

    @property
    def before(self) -> int:
        """Ticks since midnight before which the payment has to be."""
        return (self.paid_before.clock or timedelta()) // timedelta(microseconds=1)

    @model_validator(mode="after")
    def _not_over_already(self) -> CutOff:
        if self.by.ticks < self.before:
            raise ValueError(f"must be due after it is paid; did you mean +1d {self.by}?")
        return self


class Terms(NamedTuple):
    """A share of what was paid, at least and at most so many cents."""

    rate: float
    least: int
    most: int | None


_PRESETS = {"kuaishou-late-shipment": Terms(0.10, 500, 3000)}


class Penalty(Section):
    """What a late order costs: a share of what was paid for it, within limits."""

    rate: Share = 0.0
    min: Money = 0
    max: Money | None = Field(default=None, description="left out: no limit")
    preset: Literal["kuaishou-late-shipment"] | None = Field(
        default=None, description="instead of the others: 10 %, at least 5, at most 30"
    )

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Penalty:
        if self.preset is not None and (self.rate or self.min or self.max is not None):
            raise ValueError("must have a preset or keys of its own, not both")
        if self.max is not None and self.max < self.min:
            raise ValueError("must not have a max below its min")
        return self

    @property
    def terms(self) -> Terms:
        """What it comes to, presets looked up."""
        if self.preset is not None:
            return _PRESETS[self.preset]
        return Terms(self.rate, self.min, self.max)


class Promise(Section):
    """By when an order is due; of several promises the first that matches it holds.

    Either ``within`` a span after payment, or at a time of day that depends on when it was
    paid: the first of the ``cut_offs`` that it was paid before; after the last one, it is as if
    it was paid when the next day begins.
    """

    where: PromiseWhere = PromiseWhere()
    within: Annotated[Duration, Field(gt=0)] | None = Field(
        default=None, description="span after payment"
    )
    cut_offs: Annotated[list[CutOff], Field(min_length=1)] | None = Field(
        default=None, description="instead of within: in order of paid_before"
    )
    met_at: Literal["pickup", "packed"] = Field(
        default="pickup",
        description="packed: done at the stage named pack, else at the last; pickup: shipped",
    )
    penalty: Penalty | None = Field(default=None, description="for each order that is late")

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Promise:
        if (self.within is None) == (self.cut_offs is None):
            raise ValueError("must have either within or cut_offs")
        times = [cut_off.before for cut_off in self.cut_offs or ()]
        if times != sorted(set(times)):
            raise ValueError("must have its cut_offs in order of paid_before")
        return self
