"""Sales over several warehouses whose every order is written out, in both engines."""

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
from burstsim.scenario.reader import loads
from burstsim.units import NEVER
from tests.engines import agreed

START = datetime(2026, 1, 1)

#: A warehouse in which nothing ever waits: a parcel has shipped a second after its release.
FLOOR: dict[str, Any] = {"stages": {"pack": {"workers": 10_000, "work": {"per_task": "1s"}}}}

#: Region and SKU → quantity of one order; they come a second after each other.
Order = tuple[str, Mapping[str, int]]


@dataclass(frozen=True)
class Sale:
    """What became of each order, by number; both engines have said the same."""

    trace: Trace

    @cached_property
    def states(self) -> list[str]:
        """How each order ended."""
        return [STATES[state] for state in self.trace.state]

    @cached_property
    def parcels(self) -> list[dict[str, int]]:
        """For each order warehouse → pieces that came from it."""
        trace = self.trace
        names = trace.model.network.names
        found: list[dict[str, int]] = [{} for _ in trace.state]
        for row, number in enumerate(trace.parcel_order.tolist()):
            name = names[trace.parcel_warehouse[row]]
            found[number][name] = found[number].get(name, 0) + int(trace.pieces[row])
        return found

    @cached_property
    def sources(self) -> list[list[str]]:
        """For each order the warehouses that its parcels came from."""
        return [list(sources) for sources in self.parcels]

    @cached_property
    def shipped(self) -> list[list[int]]:
        """For each order the ticks at which its parcels were shipped."""
        found: list[list[int]] = [[] for _ in self.trace.state]
        for row, number in enumerate(self.trace.parcel_order.tolist()):
            if self.trace.shipped[row] < NEVER:
                found[number].append(int(self.trace.shipped[row]))
        return found


def sell(
    folder: Path,
    warehouses: Mapping[str, Mapping[str, Any]],
    orders: Sequence[Order | Mapping[str, int]],
    *,
    times: Sequence[float] | None = None,
    channels: Sequence[str] | None = None,
    **sections: Any,
) -> Sale:
    """Play orders through both engines, which must say the same and break no law.

    Parameters
    ----------
    folder
        Where the log is written.
    warehouses
        Name → its keys; one without stages or a partner gets a floor where nothing waits.
    orders
        What is bought, and from which region if that matters.
    times
        Seconds; left out: 0, 1, 2 …
    channels
        By which each order comes; left out: all by the same.
    sections
        Sections of the scenario instead of the usual ones; `skus` are the catalogue's.
    """
    moments = times or list(range(len(orders)))
    rows = [order if isinstance(order, tuple) else ("east", order) for order in orders]
    bought = dict.fromkeys(sku for _, lines in rows for sku in lines)
    kits = sections.pop("kits", {})
    skus = sections.pop("skus", {name: {} for name in bought if name not in kits})
    with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["order", "sku", "quantity", "time", "region", "channel"])
        for place, ((region, lines), second) in enumerate(zip(rows, moments, strict=True)):
            moment = (START + timedelta(seconds=second)).isoformat(sep=" ")
            whence = [region, channels[place] if channels else "shop"]
            for sku, quantity in lines.items():
                writer.writerow([f"n{place:05}", sku, quantity, moment, *whence])
    data = {
        "burstsim": 1,
        "start": START.isoformat(sep=" "),
        "horizon": "2h",
        "drain": "4h",
        "catalog": {"skus": skus, "kits": kits},
        "demand": {"log": {"shape": "replay", "file": "log.csv", "at": f"{min(moments)}s"}},
        "warehouses": {
            name: {**({} if "external" in house or "stages" in house else FLOOR), **house}
            for name, house in warehouses.items()
        },
        **sections,
        "oms": {"cycle": "0s", **sections.get("oms", {})},
    }
    model = compile_scenario(loads(json.dumps(data), folder=folder))
    return Sale(agreed(model))
