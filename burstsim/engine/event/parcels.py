"""What goes through the floor as one: an order's goods, or gifts that travel by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Number", "Parcel"]

#: First order, part, warehouse: what a parcel is called, and what breaks ties.
Number = tuple[int, int, int]


@dataclass(slots=True, eq=False)
class Parcel:
    """A parcel.

    Parameters
    ----------
    members
        Orders that it is for; the first gives it its number.
    part
        Which of their parcels it is.
    warehouse
        Which it leaves from.
    gone
        Tick at which the last of them is cancelled.
    contents
        SKU → pieces.
    extra
        Ticks of work on kits and gifts, by zone.
    enters
        Stage at which it begins, -1 for the first.
    number
        What breaks ties: the number of the first order, then the part and the warehouse.
    """

    members: list[int]
    part: int
    warehouse: int
    gone: int
    contents: dict[int, int] = field(default_factory=dict)
    extra: dict[int, int] = field(default_factory=dict)
    enters: int = -1
    number: Number = field(init=False)

    def __post_init__(self) -> None:
        """Name it once: it is asked for its name all the time."""
        self.number = self.members[0], self.part, self.warehouse

    def add(self, sku: int, pieces: int) -> None:
        """Put pieces in."""
        self.contents[sku] = self.contents.get(sku, 0) + pieces

    def add_work(self, zone: int, ticks: int) -> None:
        """Have somebody work on it in a zone."""
        self.extra[zone] = self.extra.get(zone, 0) + ticks
