"""The orders of one stream, on their way into the common columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from burstsim.engine.customers import Customers
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.streams import generator

__all__ = ["AMOUNTS", "COLUMNS", "Names", "Part", "Source", "Tables"]

#: Columns of a part with a value for each order.
COLUMNS = (
    *("placed", "index", "channel", "region", "room"),
    *("customer", "tier", "new", "coupon", "value"),
)

#: Columns of a part with the cents of each line; they may be one and the same array.
AMOUNTS = ("line_list", "line_net", "line_taxed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One stream's orders in order of arrival; columns as in `Orders`.

    `line_taxed` is the very array `line_net`, and that `line_list`, where they do not differ.
    `paid` and `cancelled` are there only where the stream itself says when its orders are (a
    presale, a log with these columns); `stock_at_payment` where stock counts from the payment
    whatever the payment section says.
    """

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


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of one replication."""

    channels: Names = field(default_factory=Names)
    regions: Names = field(default_factory=Names)
    rooms: Names = field(default_factory=Names)
    customers: Customers = field(default_factory=Customers)


@dataclass(frozen=True, slots=True)
class Source:
    """Generators of one named thing in one replication."""

    seed: int
    replication: int
    name: str

    def of(self, purpose: str) -> np.random.Generator:
        """Make the generator of a purpose."""
        return generator(self.seed, self.replication, purpose, self.name)
