"""What happens to the shelves besides the orders."""

from __future__ import annotations

from dataclasses import dataclass, field

from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["Event", "coming_to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that comes to a shelf or leaves it.

    Parameters
    ----------
    tick
        When; what comes is there at the sweep of this tick.
    house
        The warehouse.
    sku, pieces
        How many of what come; of a build the kits that were made of the parts taken before.
        With `counted`: so many are there at most, whatever the books say.
    build
        Which build it belongs to, -1 if none.
    needs
        SKU → pieces of one kit: nothing comes, but parts are taken for at most `pieces` kits,
        as far as they are there.
    counted
        Which step of the model it is, if it is a count of what is there; else -1.
    """

    tick: int
    house: int
    sku: int
    pieces: int
    build: int = -1
    needs: dict[int, int] = field(default_factory=dict)
    counted: int = -1

    @property
    def skus(self) -> set[int]:
        """SKUs that are touched."""
        return set(self.needs) or {self.sku}

    @property
    def taken(self) -> dict[int, int]:
        """SKU → most pieces that leave the shelf."""
        if self.counted >= 0:
            return {self.sku: 1 << 40}
        return {sku: each * self.pieces for sku, each in self.needs.items()}


def coming_to(tick: Ticks, house: Indices, sku: Indices, pieces: Indices) -> tuple[Event, ...]:
    """Make events of pieces that come to shelves, one for each tick, shelf and SKU, in order.

    Parameters
    ----------
    tick, house, sku, pieces : (n,) int64
        How many of which SKU come when to which warehouse.
    """
    columns = (column.tolist() for column in (tick, house, sku, pieces))
    total: dict[tuple[int, int, int], int] = {}
    for when, where, which, many in zip(*columns, strict=True):
        total[when, where, which] = total.get((when, where, which), 0) + many
    return tuple(
        Event(tick=when, house=where, sku=which, pieces=many)
        for (when, where, which), many in sorted(total.items())
    )
