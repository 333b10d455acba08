"""The storefront: who gets stock, in the order in which they ask."""

from __future__ import annotations

from collections.abc import Iterable

from burstsim.engine.clock import RESERVE, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.contents import Line, contents_of
from burstsim.engine.event.openings import fill
from burstsim.engine.orders import Orders

__all__ = ["Storefront"]


class Storefront:
    """One counter per SKU for the network, and one per allotment.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        What is sold and who buys.
    """

    def __init__(self, clock: Clock, model: Model, orders: Orders) -> None:
        self.clock, self.model, self.orders = clock, model, orders
        #: SKU → pieces on sale, of which there is an end.
        self.left = {sku: n for sku, n in enumerate(model.stock.on_hand.tolist()) if n >= 0}
        #: Order → SKU → pieces: what its open parts have become.
        self.filled: dict[int, dict[int, int]] = {}
        caps = (model.stock.allotments, model.stock.shows)
        self.allotted: dict[object, int] = {key: n for cap in caps for key, n in cap.items()}
        self.asking: list[tuple[int, Signal, list[bool]]] = []
        self.oversold = [False] * len(orders)
        self.sell_more = model.sells_more_than_there_is

    def ask(self, order: int, answer: list[bool]) -> Signal:
        """Ask for an order's stock; when the signal happens, `answer` holds yes or no.

        Everybody who asks in one tick is answered by order number.
        """
        if not self.asking:
            self.clock.at(self.clock.now, RESERVE, self.settle)
        signal = self.clock.signal()
        self.asking.append((order, signal, answer))
        return signal

    def settle(self) -> None:
        """Answer everybody who asked in this tick."""
        asking, self.asking = sorted(self.asking, key=lambda request: request[0]), []
        for order, signal, answer in asking:
            answer.append(self.take(order))
            signal.fire(RESERVE)

    def take(self, order: int) -> bool:
        """Take an order's stock, all of it or none."""
        stock, allotments = self.needs(order)
        fits = all(self.left[sku] >= pieces for sku, pieces in stock.items())
        fits = fits and all(self.allotted[key] >= n for key, n in allotments.items())
        if not fits and not self.sell_more:
            return False
        found, filled = fill(self.orders, order, self.left, stock, oversell=self.sell_more)
        if not filled and not self.sell_more:
            return False
        self.oversold[order] = not (fits and filled)
        if found:
            self.filled[order] = found
        self.count(order, -1)
        return True

    def give_back(self, order: int) -> None:
        """Put an order's stock back on sale."""
        self.count(order, +1)

    def give_back_line(self, line: Line) -> None:
        """Put a line of an order back on sale."""
        for sku, pieces in line.needs.items():
            self.receive(sku, pieces)
        order = int(self.orders.line_offsets.searchsorted(line.number, side="right")) - 1
        for key, units in self.units(order, [line.number]).items():
            self.allotted[key] += units

    def count(self, order: int, sign: int) -> None:
        """Move the counters by what an order needs."""
        stock, allotments = self.needs(order)
        for sku, pieces in stock.items():
            self.left[sku] += sign * pieces
        for key, pieces in allotments.items():
            self.allotted[key] += sign * pieces

    def take_parts(self, needs: dict[int, int], kits: int) -> int:
        """Take the parts of at most so many kits; for how many they are on sale."""
        for sku, each in needs.items():
            kits = min(kits, max(self.left.get(sku, kits * each), 0) // each)
        for sku, each in needs.items():
            self.receive(sku, -each * kits)
        return kits

    def receive(self, sku: int, pieces: int) -> None:
        """Put pieces on sale, or take them off."""
        if sku in self.left:
            self.left[sku] += pieces

    def needs(self, order: int) -> tuple[dict[int, int], dict[object, int]]:
        """Pieces of each SKU, and units of each allotment and show, that an order needs."""
        lines = range(self.orders.line_offsets[order], self.orders.line_offsets[order + 1])
        contents = contents_of(self.orders, [order], self.filled)
        stock = {sku: n for sku, n in contents.items() if sku in self.left}
        return stock, self.units(order, lines)

    def units(self, order: int, lines: Iterable[int]) -> dict[object, int]:
        """Units of each allotment and show that lines of an order need."""
        orders = self.orders
        channel = orders.channels[orders.channel[order]]
        allotments: dict[object, int] = {}
        for line in lines:
            bought = int(orders.items.parent[orders.line_item[line]])
            for key in ((channel, bought), int(orders.substream[order])):
                if key in self.allotted:
                    allotments[key] = allotments.get(key, 0) + int(orders.line_quantity[line])
        return allotments
