"""The storefront: who gets stock, in the order in which they ask."""

from __future__ import annotations

from burstsim.engine.clock import RESERVE, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders

__all__ = ["Storefront", "needs_of"]


def needs_of(model: Model, orders: Orders, order: int) -> dict[int, int]:
    """SKU → pieces of an order, kits opened; SKUs of unlimited stock left out."""
    items = model.items
    needs: dict[int, int] = {}
    for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
        item, quantity = int(orders.line_item[line]), int(orders.line_quantity[line])
        for leaf in range(items.leaf_offsets[item], items.leaf_offsets[item + 1]):
            sku = int(items.leaf_sku[leaf])
            if model.stock.on_hand[sku] >= 0:
                needs[sku] = needs.get(sku, 0) + int(items.leaf_count[leaf]) * quantity
    return needs


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
        self.left = model.stock.on_hand.tolist()
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
        if not fits and self.sell_more:
            self.oversold[order] = fits = True
        if fits:
            self.count(order, -1)
        return fits

    def give_back(self, order: int) -> None:
        """Put an order's stock back on sale."""
        self.count(order, +1)

    def count(self, order: int, sign: int) -> None:
        """Move the counters by what an order needs."""
        stock, allotments = self.needs(order)
        for sku, pieces in stock.items():
            self.left[sku] += sign * pieces
        for key, pieces in allotments.items():
            self.allotted[key] += sign * pieces

    def needs(self, order: int) -> tuple[dict[int, int], dict[object, int]]:
        """Pieces of each SKU, and units of each allotment and show, that an order needs."""
        orders = self.orders
        channel = orders.channels[orders.channel[order]]
        allotments: dict[object, int] = {}
        for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
            for key in ((channel, int(orders.line_item[line])), int(orders.substream[order])):
                if key in self.allotted:
                    allotments[key] = allotments.get(key, 0) + int(orders.line_quantity[line])
        return needs_of(self.model, orders, order), allotments
