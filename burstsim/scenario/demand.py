"""Demand streams: an arrival shape with a basket and regions.

One class per shape, with its own keys and rules. The curve itself, as arrays, is in
`burstsim.kernels.arrivals`; `burstsim.engine.shapes` joins the two.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from burstsim.scenario.customers import Population
from burstsim.scenario.fields import (
    ClockMoment,
    Duration,
    Name,
    NumberWeights,
    OrderRate,
    RateFrom,
    Real,
    Section,
    Text,
    Weights,
    Whole,
)
from burstsim.scenario.orderlog import OrderLog
from burstsim.units import Moment

__all__ = ["Basket", "Drawn", "Drop", "Instant", "Replay", "Steady", "Stream", "Table"]


class Basket(Section):
    """What one order of a stream asks for."""

    weights: Weights = Field(description="item (SKU or kit) → how often it is chosen")
    lines: NumberWeights = Field(
        default={1: 1.0}, description="number of different items in an order → how often"
    )
    quantity: NumberWeights = Field(default={1: 1.0}, description="units of a line → how often")


class _Any(Section):
    channel: Name = "shop"
    scale: Annotated[Real, Field(ge=0, le=1e6)] = Field(
        default=1.0, description="multiplies the stream's orders"
    )


class Drawn(_Any):
    """A stream whose orders are drawn, as opposed to replayed."""

    basket: Basket
    customers: Population | None = Field(default=None, description="left out: nobody is known")
    regions: Weights = Field(default={"all": 1.0}, description="region → share of orders")


class _Curve(Drawn):
    arrivals: Literal["poisson", "even"] = Field(
        default="poisson", description="even: one order each time the curve's area grows by one"
    )


class Steady(_Curve):
    """Orders at a constant rate, from ``start`` to ``horizon``."""

    shape: Literal["steady"]
    rate: OrderRate


class Instant(Drawn):
    """That many orders in the same tick."""

    shape: Literal["instant"]
    at: ClockMoment
    orders: Annotated[Whole, Field(ge=0, le=10**9)]


class Drop(_Curve):
    """A product goes live: the rate rises linearly, then halves every ``half_life``.

    ``orders`` is the area under the whole curve; what lies beyond the horizon is not placed.
    """

    shape: Literal["drop"]
    at: ClockMoment
    orders: Annotated[Real, Field(ge=0, le=1e9)]
    rise: Duration = 0
    half_life: Annotated[Duration, Field(gt=0)]


class Table(_Curve):
    """A rate for each span of time: constant from its moment to the next, the last to the end."""

    shape: Literal["table"]
    rates: Annotated[list[RateFrom], Field(min_length=1)] = Field(
        description="rows of [moment, rate], in order of time"
    )


class Replay(_Any):
    """Orders of a log, one by one, at the times the log gives them."""

    shape: Literal["replay"]
    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
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


Stream = Annotated[Steady | Instant | Drop | Table | Replay, Field(discriminator="shape")]
