"""Demand streams: an arrival shape with a basket and regions.

One class per shape, with its own keys and rules. The curve itself, as arrays, is in
`burstsim.kernels.arrivals`; `burstsim.engine.shapes` joins the two.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, model_validator

from burstsim.scenario.customers import Population
from burstsim.scenario.fields import (
    ClockMoment,
    Duration,
    Name,
    NumberWeights,
    OrderRate,
    RateFrom,
    RatePoint,
    Real,
    Section,
    Share,
    Text,
    Variation,
    Weights,
    Whole,
)
from burstsim.scenario.forecasts import Forecast
from burstsim.scenario.orderlog import OrderLog
from burstsim.scenario.profiles import ProfileName
from burstsim.scenario.shows import RunOfShow, ShowEntry, ShowFile, Viewers
from burstsim.units import MINUTE, SECOND, Moment

__all__ = [
    "Basket",
    "Curved",
    "Deposits",
    "Drawn",
    "Drop",
    "Hero",
    "Instant",
    "Opening",
    "Presale",
    "Ramp",
    "Replay",
    "Session",
    "Steady",
    "Stream",
    "Table",
]

_MIDNIGHT = Moment(clock=timedelta())


class Hero(Section):
    """The product that a stream is about."""

    item: Name
    share: Annotated[Share, Field(gt=0)] = Field(
        description="share of orders whose first line it is, besides its weight among the others"
    )


class Basket(Section):
    """What one order of a stream asks for."""

    weights: Weights = Field(description="item (SKU or kit) → how often it is chosen")
    hero: Hero | None = None
    lines: NumberWeights = Field(
        default={1: 1.0}, description="number of different items in an order → how often"
    )
    quantity: NumberWeights = Field(default={1: 1.0}, description="units of a line → how often")

    @property
    def choices(self) -> dict[str, float]:
        """Item → weight, the hero among them whether it has a weight or not."""
        hero = {} if self.hero is None else {self.hero.item: 0.0}
        return {**hero, **self.weights}


class _Any(Section):
    channel: Name = "shop"
    room: Name | None = Field(default=None, description="live room that the orders come from")
    coupon: Share = Field(default=0.0, description="share of orders that hold a coupon")
    scale: Annotated[Real, Field(ge=0, le=1e6)] = Field(
        default=1.0, description="multiplies the stream's orders"
    )
    forecast: Forecast | None = Field(
        default=None, description="how wrong scale may be: one draw per replication"
    )


class Opening(Section):
    """When orders can be placed at all; the end is the first such moment after the beginning."""

    from_: ClockMoment = Field(alias="from")
    to: ClockMoment


class Drawn(_Any):
    """A stream whose orders are drawn, as opposed to replayed."""

    basket: Basket
    customers: Population | None = Field(default=None, description="left out: nobody is known")
    regions: Weights = Field(default={"all": 1.0}, description="region → share of orders")
    open: Opening | None = Field(
        default=None, description="only what the shape places inside this span is placed"
    )


class Curved(Drawn):
    """A stream whose orders are placed one by one, along a curve."""

    arrivals: Literal["poisson", "even"] = Field(
        default="poisson", description="even: one order each time the curve's area grows by one"
    )
    dispersion: Variation = Field(
        default=0.0,
        description="coefficient of variation of a factor drawn for each minute's rate",
    )


class Steady(Curved):
    """Orders at a constant rate, from ``start`` to ``horizon``."""

    shape: Literal["steady"]
    rate: OrderRate


class Instant(Drawn):
    """That many orders in the same tick."""

    shape: Literal["instant"]
    at: ClockMoment
    orders: Annotated[Whole, Field(ge=0, le=10**9)]


class Drop(Curved):
    """A product goes live: the rate rises linearly, then halves every ``half_life``.

    ``orders`` is the area under the whole curve; what lies beyond the horizon is not placed.
    """

    shape: Literal["drop"]
    at: ClockMoment
    orders: Annotated[Real, Field(ge=0, le=1e9)]
    rise: Duration = 0
    half_life: Annotated[Duration, Field(gt=0)]


class Table(Curved):
    """A rate for each span of time: constant from its moment to the next, the last to the end.

    The rates stand in the scenario or in a CSV file with the columns time and rate. Or, with
    ``preset: double-11``, the curve of the published Double 11 turnover over 24 hours.
    """

    shape: Literal["table"]
    rates: Annotated[list[RateFrom], Field(min_length=1)] | None = Field(
        default=None, description="rows of [moment, rate], in order of time"
    )
    file: Name | None = Field(default=None, description="instead of rates: a CSV file of them")
    columns: dict[Name, Name] = Field(
        default_factory=dict, description="with a file: our name → the file's"
    )
    preset: Literal["double-11"] | None = Field(
        default=None, description="instead of rates: a published curve"
    )
    orders: Annotated[Real, Field(ge=0, le=1e9)] | None = Field(
        default=None, description="with a preset: orders in its 24 hours"
    )
    at: ClockMoment = Field(
        default=_MIDNIGHT, description="with a preset: the midnight it begins at"
    )
    _points: list[RatePoint] | None = PrivateAttr(default=None)
    _lines: list[int] = PrivateAttr(default_factory=list)

    @model_validator(mode="after")
    def _one_way(self) -> Table:
        if sum(way is not None for way in (self.rates, self.file, self.preset)) != 1:
            raise ValueError("must have either rates or a file of rates or a preset with orders")
        if self.columns and self.file is None:
            raise ValueError("must say columns with a file, and only then")
        if (self.preset is None) != (self.orders is None):
            raise ValueError("must say orders with a preset, and only then")
        if self.preset is None and "at" in self.model_fields_set and self.at != _MIDNIGHT:
            raise ValueError("must say at only with a preset; rates have moments of their own")
        return self

    def attach(self, points: list[RatePoint], lines: list[int]) -> None:
        """Hand over what the file holds, and on which lines; the reader does it once."""
        self._points, self._lines = points, lines

    @property
    def points(self) -> list[RatePoint]:
        """The rates, wherever they are written; none with a preset."""
        if self.file is None:
            return self.rates or []
        assert self._points is not None, "the reader attaches the rates"
        return self._points

    @property
    def lines(self) -> list[int]:
        """Line of each rate in the file."""
        return self._lines


class Ramp(Curved):
    """Rates at moments, with straight lines between them: constant after the last."""

    shape: Literal["ramp"]
    rates: Annotated[list[RateFrom], Field(min_length=1)] = Field(
        description="rows of [moment, rate], in order of time"
    )


class Session(Curved):
    """A live session: viewers who order at a steady pace, and a drop for each item of the show.

    The items of the show are orders besides those of the viewers. They have one line, with the
    stream's quantities.
    """

    shape: Literal["session"]
    viewers: Viewers = Field(
        description="rows of [moment, viewers], with straight lines between them"
    )
    conversion: OrderRate = Field(description="orders of one viewer per span of time, as 0.4/h")
    run_of_show: RunOfShow = Field(
        default_factory=list, description="what is presented when, or {file: show.csv}"
    )
    rise: Duration = Field(default=30 * SECOND, description="of each item's drop")
    half_life: Annotated[Duration, Field(gt=0)] = Field(
        default=5 * MINUTE, description="of each item's drop"
    )

    @property
    def show(self) -> list[ShowEntry]:
        """The run of show, wherever it is written."""
        return (
            self.run_of_show.entries
            if isinstance(self.run_of_show, ShowFile)
            else (self.run_of_show)
        )


class Deposits(Opening):
    """How many order, and within which span; it may lie before ``start``."""

    orders: Annotated[Real, Field(ge=0, le=1e9)]


class Presale(Curved):
    """Orders placed with a deposit, evenly over a span, and paid when the balance is due.

    The balances come in like a drop that begins at ``balance_at``.
    """

    shape: Literal["presale"]
    deposits: Deposits
    balance_at: ClockMoment
    rise: Duration = 0
    half_life: Annotated[Duration, Field(gt=0)]
    never_pay: Share = Field(default=0.0, description="share of deposits without a balance")


class Replay(_Any):
    """Orders of a log, one by one, at the times the log gives them."""

    shape: Literal["replay"]
    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
    profile: ProfileName | None = Field(
        default=None, description="a ready-made way to read a well-known data set"
    )
    sheet: Text | None = Field(default=None, description="of an XLSX file; left out: the first")
    time_format: Text | None = Field(default=None, description="as in strptime: %d/%m/%Y %H:%M")
    spread: Duration = Field(
        default=0, description="for logs that know only the day: draw the moment within this span"
    )
    at: ClockMoment = Field(
        default=Moment(offset=0), description="when the log's first moment happens"
    )
    speed: Annotated[Real, Field(ge=0.001, le=1e9)] = Field(
        default=1.0, description="60: an hour of the log passes in a minute"
    )
    unknown: Literal["error", "add"] = Field(
        default="error", description="what to do with SKUs that the catalogue lacks"
    )
    _log: OrderLog | None = PrivateAttr(default=None)

    def attach(self, log: OrderLog) -> None:
        """Hand over what the file holds; the reader does it once."""
        self._log = log

    @property
    def log(self) -> OrderLog:
        """The orders that the file holds; there once the reader has read it."""
        assert self._log is not None, "the reader attaches the log"
        return self._log


Stream = Annotated[
    Steady | Ramp | Instant | Drop | Session | Presale | Table | Replay,
    Field(discriminator="shape"),
]
