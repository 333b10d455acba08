"""Gift rules that stand in a file of their own: how the file is named, and what a row of it has."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, PrivateAttr, Tag

from burstsim.scenario.fields import Name, Section, Text
from burstsim.scenario.gifts import Gift
from burstsim.scenario.paths import KeyPath

__all__ = ["Cell", "GiftFile", "GiftRow", "GiftRules"]

#: Line and column of the file in which a key's value stands.
Cell = tuple[int, str]


class GiftFile(Section):
    """Gift rules in a CSV file or an XLSX sheet, a row for each rule or tier."""

    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
    sheet: Text | None = Field(default=None, description="of an XLSX file; left out: the first")
    _rules: dict[str, Gift] | None = PrivateAttr(default=None)
    _cells: dict[KeyPath, Cell] = PrivateAttr(default_factory=dict)

    def attach(self, rules: dict[str, Gift], cells: dict[KeyPath, Cell]) -> None:
        """Hand over what the file holds, and where; the reader does it once."""
        self._rules, self._cells = rules, cells

    @property
    def rules(self) -> dict[str, Gift]:
        """The rules that the file holds; none until the reader has read it."""
        return self._rules or {}

    def place(self, path: KeyPath) -> Cell:
        """Line and column of a key, (rule, key, ...), or of the next key above it."""
        while path and path not in self._cells:
            path = path[:-1]
        return self._cells.get(path, (0, ""))


class GiftRow(Section):
    """A row of the file, cell by cell as it is written; `giftrows` makes rules of them."""

    rule: Name
    channel: Text | None = None
    room: Text | None = None
    region: Text | None = None
    from_: Text | None = Field(default=None, alias="from")
    to: Text | None = None
    tier: Text | None = None
    new: Text | None = None
    coupon: Text | None = None
    items: Text | None = None
    categories: Text | None = None
    brands: Text | None = None
    except_: Text | None = Field(default=None, alias="except")
    level: Text | None = None
    measure: Text | None = None
    base: Text | None = None
    min: Text | None = None
    amount: Text | None = None
    units: Text | None = None
    max: Text | None = None
    scope: Text | None = None
    every: Text | None = None
    offset: Text | None = None
    buy: Text | None = None
    free: Text | None = None
    pick: Text | None = None
    gift: Text | None = None
    quantity: Text | None = None
    source: Text | None = None
    choose: Text | None = None
    first_n: Text | None = None
    per: Text | None = None
    every_k: Text | None = None
    lottery: Text | None = None
    customer_nth: Text | None = None
    cap_order: Text | None = None
    cap_customer: Text | None = None
    cap_total: Text | None = None
    budget: Text | None = None
    when_exhausted: Text | None = None
    used: Text | None = None
    priority: Text | None = None
    group: Text | None = None
    exclusive: Text | None = None
    stop: Text | None = None
    decide: Text | None = None
    ship: Text | None = None
    out_of_stock: Text | None = None
    zone: Text | None = None
    work: Text | None = None
    cancel: Text | None = None

    def cells(self) -> dict[str, str]:
        """Column → what stands in it, of those that are not empty."""
        return self.model_dump(by_alias=True, exclude_none=True)


def _kind(value: Any) -> str:
    """Tell a file from rules; a rule that is called `file` is a section, not a name."""
    written = value.get("file", {}) if isinstance(value, dict) else {}
    named = not isinstance(written, dict | Gift)
    return "file" if isinstance(value, GiftFile) or named else "rules"


#: Rules in the scenario, or a file that has them.
GiftRules = Annotated[
    Annotated[dict[Name, Gift], Tag("rules")] | Annotated[GiftFile, Tag("file")],
    Discriminator(_kind),
]
