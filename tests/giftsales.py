"""Sales whose every order is written out, to see what gift rules give to each of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from burstsim.engine.compile import compile_scenario
from burstsim.engine.trace import STATES, Trace
from burstsim.results.metrics import measure
from burstsim.scenario.reader import loads
from burstsim.units import NEVER, SECOND
from tests.engines import agreed

START = datetime(2026, 1, 1)

#: Columns of a log that say something of the order as a whole.
OF_ORDER = (
    *("customer", "region", "channel", "room", "tier", "new", "coupon"),
    *("discount", "shipping", "tax"),
)

#: An order: lines, SKU → quantity or (quantity, price of one); seconds ``t`` and ``cancelled``;
#: and any column of `OF_ORDER`.
Order = Mapping[str, Any]


@dataclass(frozen=True)
class Played:
    """What became of each order, in the order in which they were written down.

    Parameters
    ----------
    trace
        Of the event engine; the vector engine has said the same.
    numbers
        The number of each order.
    """

    trace: Trace
    numbers: list[int]

    @cached_property
    def given(self) -> list[dict[str, int]]:
        """Item → pieces granted; units in the cart that no rule names are called ``free``."""
        return self._by_order("granted", "later")

    @cached_property
    def proposed(self) -> list[dict[str, int]]:
        """Item → pieces proposed."""
        return self._by_order("proposed")

    @cached_property
    def states(self) -> list[str]:
        """How each order ended."""
        return [STATES[self.trace.state[number]] for number in self.numbers]

    @cached_property
    def parcels(self) -> list[list[tuple[int, int, float]]]:
        """Parcels: which part, how many pieces, and seconds at which it was shipped."""
        trace = self.trace
        found: dict[int, list[tuple[int, int, float]]] = {number: [] for number in self.numbers}
        for row, number in enumerate(trace.parcel_order.tolist()):
            tick = int(trace.shipped[row])
            shipped = tick / SECOND if tick < NEVER else float("inf")
            found[number].append((int(trace.parcel_part[row]), int(trace.pieces[row]), shipped))
        return [found[number] for number in self.numbers]

    @cached_property
    def metrics(self) -> dict[str, float]:
        """Every metric."""
        return {name: value.number for name, value in measure(self.trace).items()}

    def by_rule(self, order: int) -> list[str]:
        """Names of the rules that gave something to an order."""
        table = self.trace.gifts
        rows = (table.order == self.numbers[order]) & (table.granted > 0)
        return sorted({self.trace.model.rules[rule].name for rule in table.rule[rows]})

    def _by_order(self, *columns: str) -> list[dict[str, int]]:
        table, names = self.trace.gifts, self.trace.orders.items.names
        found: dict[int, dict[str, int]] = {number: {} for number in self.numbers}
        for row, number in enumerate(table.order.tolist()):
            pieces = sum(int(getattr(table, column)[row]) for column in columns)
            name = names[table.item[row]] if table.item[row] >= 0 else "free"
            if pieces:
                found[number][name] = found[number].get(name, 0) + pieces
        return [found[number] for number in self.numbers]


def play(
    folder: Path,
    rules: Mapping[str, Any],
    orders: Sequence[Order],
    *,
    stock: Mapping[str, int] | None = None,
    skus: Mapping[str, Any] | None = None,
    **sections: Any,
) -> Played:
    """Play orders one by one through both engines, which must say the same and break no law.

    Parameters
    ----------
    folder
        Where the log is written.
    rules
        Name → gift rule.
    orders
        As told above; without ``t`` a second after each other.
    stock
        SKU → pieces, of those that there is an end of.
    skus
        SKU → its keys, of those that need any.
    sections
        Sections of the scenario instead of the usual ones.
    """
    times = [order.get("t", place) for place, order in enumerate(orders)]
    _write_log(folder / "log.csv", orders, times)
    kits = sections.pop("kits", {})
    named = dict.fromkeys([*_skus(rules, orders, stock or {}), *(skus or {})])
    every = {name: (skus or {}).get(name, {}) for name in named if name not in kits}
    on_hand = None if stock is None else {name: stock.get(name, 10**6) for name in every}
    stages = sections.pop("stages", {"pick": {"workers": 10_000, "work": {"per_task": "1s"}}})
    data = {
        "burstsim": 1,
        "start": START.isoformat(sep=" "),
        "horizon": "30d",
        "drain": sections.pop("drain", "1d"),
        "catalog": {"skus": every, "kits": kits},
        "demand": {"log": {"shape": "replay", "file": "log.csv", "at": f"{min(times)}s"}},
        "oms": {"cycle": "0s"},
        "gifts": rules,
        "warehouses": {"hub": {"stages": stages, **({"stock": on_hand} if on_hand else {})}},
        **sections,
    }
    model = compile_scenario(loads(json.dumps(data), folder=folder))
    places = sorted(range(len(orders)), key=lambda place: times[place])
    return Played(agreed(model), [places.index(place) for place in range(len(orders))])


def _write_log(path: Path, orders: Sequence[Order], times: Sequence[float]) -> None:
    columns = [name for name in OF_ORDER if any(name in order for order in orders)]
    gone = any("cancelled" in order for order in orders)
    priced = any(isinstance(n, list | tuple) for order in orders for n in order["lines"].values())
    header = ["order", "sku", "quantity", "time", *columns]
    header += [*(["cancelled_at"] if gone else []), *(["price"] if priced else [])]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        for place, (order, time) in enumerate(zip(orders, times, strict=True)):
            row = {"order": f"n{place:05}", "time": _moment(time)}
            row |= {name: order.get(name, "") for name in columns}
            if gone:
                row["cancelled_at"] = _moment(order["cancelled"]) if "cancelled" in order else ""
            for sku, bought in order["lines"].items():
                many, price = bought if isinstance(bought, list | tuple) else (bought, "")
                if priced and price == "":
                    price = 0
                row |= {"sku": sku, "quantity": many, **({"price": price} if priced else {})}
                writer.writerow(row)


def _moment(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat(sep=" ")


def _skus(rules: Mapping[str, Any], orders: Sequence[Order], stock: Mapping[str, int]) -> list[str]:
    """Every SKU that is bought, given, looked at or in stock."""
    names = [*stock, *(sku for order in orders for sku in order["lines"])]
    for rule in rules.values():
        names += rule.get("trigger", {}).get("items", [])
        tiers = rule.get("count", {}).get("tiers", [])
        for gift in (rule.get("reward", {}).get("gift", {}), *(tier["gift"] for tier in tiers)):
            names += [gift] if isinstance(gift, str) else list(gift)
    return names
