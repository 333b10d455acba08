"""A night that is already under way: what waits where, and what is on the shelves now."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, PrivateAttr, Tag

from burstsim.scenario.fields import ClockMoment, Count, Name, Section, Text, Whole
from burstsim.units import Moment

__all__ = ["Initial", "OpenFile", "OpenLine", "StockFile", "StockRow"]


class OpenLine(Section):
    """A line of an order that is paid and not yet shipped."""

    order: Name
    sku: Name = Field(description="or a kit")
    quantity: Annotated[Whole, Field(ge=1, le=1_000_000)] = 1
    paid_at: ClockMoment | None = Field(default=None, description="left out: just now")
    stage: Name | None = Field(
        default=None, description="where it waits; left out: with the order management"
    )
    warehouse: Name | None = Field(
        default=None, description="of the stage; left out: the first that has such a stage"
    )
    channel: Name = "shop"
    region: Name = "all"


class OpenFile(Section):
    """Open orders in a CSV file or an XLSX sheet, a row for each line."""

    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
    sheet: Text | None = Field(default=None, description="of an XLSX file; left out: the first")
    _lines: list[OpenLine] = PrivateAttr(default_factory=list)

    def attach(self, lines: list[OpenLine]) -> None:
        """Hand over what the file holds; the reader does it once."""
        self._lines = lines

    @property
    def lines(self) -> list[OpenLine]:
        """What the file holds."""
        return self._lines


class StockRow(Section):
    """Pieces of a SKU that were counted in a warehouse."""

    warehouse: Name | None = Field(default=None, description="left out: the first one")
    sku: Name
    quantity: Count


class StockFile(Section):
    """Stock in a CSV file or an XLSX sheet: columns warehouse, sku, quantity."""

    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
    sheet: Text | None = Field(default=None, description="of an XLSX file; left out: the first")
    _rows: list[StockRow] = PrivateAttr(default_factory=list)

    def attach(self, rows: list[StockRow]) -> None:
        """Hand over what the file holds; the reader does it once."""
        self._rows = rows

    @property
    def rows(self) -> list[StockRow]:
        """What the file holds."""
        return self._rows


def _kind(value: Any) -> str:
    """Tell a file from a map of warehouses; one of them may be called file."""
    if isinstance(value, StockFile):
        return "file"
    named = isinstance(value, dict) and "file" in value and not isinstance(value["file"], dict)
    return "file" if named else "map"


#: Rows in the scenario, or a file that has them.
OpenOrders = Annotated[
    Annotated[list[OpenLine], Tag("rows")] | Annotated[OpenFile, Tag("file")],
    Discriminator(lambda value: "file" if isinstance(value, dict | OpenFile) else "rows"),
]

#: Warehouse -> SKU -> pieces, or a file that has them.
CountedStock = Annotated[
    Annotated[StockFile, Tag("file")] | Annotated[dict[Name, dict[Name, Count]], Tag("map")],
    Discriminator(_kind),
]


class Initial(Section):
    """The state at the moment when the clock begins; what was demanded before is dropped."""

    at: ClockMoment = Moment(offset=0)
    open_orders: OpenOrders = Field(
        default_factory=list, description="rows, or a file that has them"
    )
    stock: CountedStock | None = Field(
        default=None, description="as counted at that moment: warehouse → SKU → pieces"
    )

    @property
    def lines(self) -> list[OpenLine]:
        """Lines of the open orders."""
        if isinstance(self.open_orders, OpenFile):
            return self.open_orders.lines
        return self.open_orders

    def counted(self, first: str) -> dict[str, dict[str, int]]:
        """Warehouse → SKU → pieces; rows without a warehouse are about the first one."""
        if not isinstance(self.stock, StockFile):
            return self.stock or {}
        found: dict[str, dict[str, int]] = {}
        for row in self.stock.rows:
            of_house = found.setdefault(row.warehouse or first, {})
            of_house[row.sku] = of_house.get(row.sku, 0) + row.quantity
        return found
