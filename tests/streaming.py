"""Random sales that can be run a piece at a time, and their orders by slices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.slices import OrderSlice
from burstsim.engine.subsets import orders_of


def forgetful(data: dict[str, Any]) -> dict[str, Any]:
    """Take everything away from a random sale that needs all of its past."""
    text = json.dumps(data)
    for chosen in ("LUCK", "EITHER", "DEEP"):
        text = text.replace(f'"{chosen}"', '"BIG"')
    sale: dict[str, Any] = json.loads(text)
    big = {"needs": {"KIT": 2, "A": 1}, "price": 9, "category": "big"}
    sale["catalog"]["kits"]["BIG"] = big
    sale["catalog"]["kits"]["PICK"] |= {"of": {"A": 2, "B": 1, "KIT": 1}, "limits": {}}
    for gone in ("sellable", "initial", "policies", "returns"):
        sale.pop(gone, None)
    for gone in ("rate", "merge", "manual_review"):
        sale["oms"].pop(gone, None)
    if sale["oms"].get("route_by") == "least_backlog":
        sale["oms"]["route_by"] = "cheapest"
    what = ("stock_count", "inbound_delay")
    troubles = sale["disruptions"]
    sale["disruptions"] = {n: its for n, its in troubles.items() if its["what"] not in what}
    for house in sale["warehouses"].values():
        for gone in ("stock", "safety_stock", "inbound", "builds", "release", "open"):
            house.pop(gone, None)
        stages = house.get("stages", {})
        stages.pop("returns", None)
        for stage in stages.values():
            for place in (stage, *stage.get("zones", {}).values()):
                for gone in ("tour", "discipline", "put_wall", "staging"):
                    place.pop(gone, None)
    for rule in sale["gifts"].values():
        rule["clawback"] = {"cancel": "keep"}
        if rule["fulfil"]["ship"] == "after_main":
            rule["fulfil"]["ship"] = "split"
    return sale


def slices_of(model: Model, orders: Orders, edges: Sequence[int]) -> Iterator[OrderSlice]:
    """Cut orders at some ticks, ascending."""
    first = 0
    for until in (*edges, model.end):
        last = int(orders.placed.searchsorted(until)) if until < model.end else len(orders)
        some = orders_of(orders, np.arange(first, last))
        yield OrderSlice(first=first, until=until, orders=some)
        orders = replace(orders, lost=0, diverted=0)  # all of them came first
        first = last
