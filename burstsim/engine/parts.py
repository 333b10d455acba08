"""The orders of one stream, on their way into the common columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from burstsim.engine.customers import Customers
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.streams import generator, pass_over

__all__ = ["AMOUNTS", "COLUMNS", "Names", "Part", "Source", "Tables"]

_T = TypeVar("_T", bound=np.generic)

#: Columns of a part with a value for each order.
COLUMNS = (
    *("placed", "index", "channel", "region", "room"),
    *("customer", "tier", "new", "coupon", "value"),
)

#: Columns of a part with the cents of each line; they may be one and the same array.
AMOUNTS = ("line_list", "line_net", "line_taxed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One stream's orders of a span of time in order of arrival; columns as in `Orders`.

    Orders of `drawn` indices, from `first` on, were drawn for it. They are all there, one after
    the other, if `in_turn`; else some were left out, or an index comes again.

    `line_taxed` is the very array `line_net`, and that `line_list`, where they do not differ.
    `paid` and `cancelled` are there only where the stream itself says when its orders are (a
    presale, a log with these columns); `stock_at_payment` where stock counts from the payment
    whatever the payment section says.
    """

    first: int = 0
    drawn: int
    in_turn: bool = False
    placed: Ticks
    index: Indices
    channel: Indices
    region: Indices
    room: Indices
    customer: Indices
    tier: Indices
    new: npt.NDArray[np.bool_]
    coupon: npt.NDArray[np.bool_]
    line_offsets: Indices
    line_item: Indices
    line_quantity: Indices
    line_list: Ticks
    line_net: Ticks
    line_taxed: Ticks
    value: Ticks
    paid: Ticks | None = None
    cancelled: Ticks | None = None
    stock_at_payment: bool = False

    def of_each(self, values: npt.NDArray[_T]) -> npt.NDArray[_T]:
        """Give each order its own of the values that were drawn, `drawn` of them."""
        return values if self.in_turn else values[self.index - self.first]


class Names:
    """Names that orders carry as numbers, numbered as they turn up."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, names: Iterable[str]) -> Indices:
        """Numbers of these names."""
        return np.array(
            [self.numbers.setdefault(name, len(self.numbers)) for name in names], np.int64
        )

    def of_log(self, codes: Indices, names: Iterable[str], otherwise: str | None) -> Indices:
        """Numbers for a log's codes into its own names; a code below 0 means `otherwise`.

        With `otherwise` None such a code stays -1.
        """
        if (codes >= 0).all() and len(codes):
            return self.of(names)[codes]
        if otherwise is None:
            return np.append(self.of(names), -1)[codes]
        return self.of([*names, otherwise])[codes]


class Members:
    """What is drawn of the members of the common pool, once for all streams."""

    def __init__(self) -> None:
        self._numbers: Floats = np.empty(0)

    def numbers(self, seed: int, replication: int, count: int) -> Floats:
        """Give a number in [0, 1) for each of the first so many: it says the member's tier."""
        if len(self._numbers) < count:
            self._numbers = generator(seed, replication, "tier", "pool").random(count)
        return self._numbers[:count]


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of one replication, and what its streams have in common."""

    channels: Names = field(default_factory=Names)
    regions: Names = field(default_factory=Names)
    rooms: Names = field(default_factory=Names)
    customers: Customers = field(default_factory=Customers)
    members: Members = field(default_factory=Members)


@dataclass(frozen=True, slots=True)
class Source:
    """Generators of one named thing in one replication.

    Each goes on where it was left, so that what is drawn by and by is what is drawn at once.
    """

    seed: int
    replication: int
    name: str
    _begun: dict[str, np.random.Generator] = field(default_factory=dict, init=False, compare=False)
    _reached: dict[str, int] = field(default_factory=dict, init=False, compare=False)

    def of(self, purpose: str) -> np.random.Generator:
        """Give the generator of a purpose."""
        if purpose not in self._begun:
            self._begun[purpose] = generator(self.seed, self.replication, purpose, self.name)
        return self._begun[purpose]

    def uniforms(self, purpose: str, part: Part) -> Floats:
        """Draw a number in [0, 1) for each order, by its index: gaps change nothing."""
        return part.of_each(self._at(purpose, part).random(part.drawn))

    def bits(self, purpose: str, part: Part) -> npt.NDArray[np.uint64]:
        """Draw 64 bits for each order, by its index."""
        return part.of_each(self._at(purpose, part).integers(0, 2**64, part.drawn, np.uint64))

    def _at(self, purpose: str, part: Part) -> np.random.Generator:
        """Give a generator that is about to draw for a part; nobody may have asked for earlier."""
        draw = self.of(purpose)
        pass_over(draw, part.first - self._reached.get(purpose, 0))
        self._reached[purpose] = part.first + part.drawn
        return draw
