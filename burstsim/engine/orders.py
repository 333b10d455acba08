"""Orders as columns: what both engines are given."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.kernels.arrays import Floats, Indices, Ticks

__all__ = ["Orders"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orders:
    """All orders of a replication by number, with everything that is drawn for them.

    An order's number is its rank by (placed, position of its stream, sub-stream, index there).

    Parameters
    ----------
    placed, paid, due : (n,) int64
        Ticks; `paid` is `NEVER` where no payment comes before the end, `due` also without a
        promise.
    stream : (n,) int64
        Position in the scenario's demand.
    substream : (n,) int64
        Position in `burstsim.engine.substreams.substreams`.
    index : (n,) int64
        Index within the sub-stream.
    channel, region, customer : (n,) int64
        Positions in `channels`, `regions` and `customers`; a customer of -1 is unknown.
    line_offsets : (n+1,) int64
    line_item, line_quantity : (lines,) int64
        Position of the item in the model's catalogue, and how many of it.
    pieces, pick_lines : (n,) int64
        Units and different SKUs of an order, kits opened.
    value : (n,) int64
        Cents.
    loads : tuple of (n,) float64
        For each zone of the model, ticks of work of each order at productivity 1.
    """

    placed: Ticks
    paid: Ticks
    due: Ticks
    stream: Indices
    substream: Indices
    index: Indices
    channel: Indices
    region: Indices
    customer: Indices
    line_offsets: Indices
    line_item: Indices
    line_quantity: Indices
    pieces: Indices
    pick_lines: Indices
    value: Ticks
    loads: tuple[Floats, ...]
    channels: tuple[str, ...]
    regions: tuple[str, ...]
    customers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.placed)

    def first(self, count: int) -> Orders:
        """Only the orders with a number below `count`."""
        lines = int(self.line_offsets[min(count, len(self))])
        columns = {
            name: getattr(self, name)[:count]
            for name in (
                *("placed", "paid", "due", "stream", "substream", "index", "channel"),
                *("region", "customer", "pieces", "pick_lines", "value"),
            )
        }
        return Orders(
            **columns,
            line_offsets=self.line_offsets[: count + 1],
            line_item=self.line_item[:lines],
            line_quantity=self.line_quantity[:lines],
            loads=tuple(load[:count] for load in self.loads),
            channels=self.channels,
            regions=self.regions,
            customers=self.customers,
        )
