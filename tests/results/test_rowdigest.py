"""The digest of a summary: any number of any order changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.engine.carriers import PickupTable
from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import simulate
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices
from burstsim.results.summing.digest import RowDigest
from tests.scenarios import scenario_of, scenarios

Change = tuple[str, Indices, Callable[[Indices], Trace]]

_TRACE = (
    *("source", "state", "oversold", "held", "dropped", "taken", "parcel"),
    *("parcel_order", "parcel_part", "parcel_warehouse", "pieces", "lines", "sent"),
    *("released", "done", "shipped", "carrier", "left", "parts_for", "made", "missing"),
)
_ORDERS = ("placed", "paid", "due", "stream", "value", "line_item", "line_quantity")
_GIFTS = ("order", "rule", "option", "place", "house", "item", "proposed", "granted", "later")
_PICKUPS = tuple(PickupTable.__dataclass_fields__)


def columns(trace: Trace) -> Iterator[Change]:
    """Give every column, and the trace with another one in its place."""

    def within(part: str, name: str) -> Callable[[Indices], Trace]:
        whole = getattr(trace, part)
        return lambda column: replace(trace, **{part: replace(whole, **{name: column})})

    def of_zone(zone: int, name: str) -> Callable[[Indices], Trace]:
        def put(column: Indices) -> Trace:
            visits = list(trace.visits)
            visits[zone] = replace(visits[zone], **{name: column})
            return replace(trace, visits=tuple(visits))

        return put

    def of_fillings(name: str) -> Callable[[Indices], Trace]:
        def put(column: Indices) -> Trace:
            fillings = replace(trace.orders.fillings, **{name: column})
            return replace(trace, orders=replace(trace.orders, fillings=fillings))

        return put

    for name in _TRACE:
        yield name, getattr(trace, name), lambda column, name=name: replace(trace, **{name: column})
    for part, names in (("orders", _ORDERS), ("gifts", _GIFTS), ("pickups", _PICKUPS)):
        for name in names:
            yield f"{part}.{name}", getattr(getattr(trace, part), name), within(part, name)
    for name in ("sku", "pieces"):
        yield f"fillings.{name}", getattr(trace.orders.fillings, name), of_fillings(name)
    for zone, visits in enumerate(trace.visits):
        for name in ("entered", "started", "done", "task"):
            if getattr(visits, name) is not None:
                yield f"{zone}.{name}", getattr(visits, name), of_zone(zone, name)


def digest(trace: Trace, number: Indices | None = None) -> str:
    found = RowDigest()
    found.add(trace, np.arange(len(trace.orders)) if number is None else number)
    return found.hex(trace)


#: Columns whose numbers are positions: of orders, or of parcels.
_POSITIONS = ("parcel", "parcel_order", "gifts.order", "task")


@given(scenarios(), st.floats(0, 1, exclude_max=True), st.sampled_from([1, -1, 1 << 40]))
@settings(max_examples=40)
def test_every_number_counts(data: dict[str, Any], share: float, by: int) -> None:
    trace = simulate(compile_scenario(scenario_of(data)), 0)
    known = digest(trace)
    for name, column, put in columns(trace):
        if len(column) == 0:
            continue
        other, row = column.copy(), int(share * len(column))
        if name.endswith(_POSITIONS):
            other[row] = -1 if name in ("parcel", "task") and other[row] >= 0 else other[row] - 1
            if other[row] < 0 and not (name == "parcel" or name.endswith("task")):
                other[row] = column[row] + 1
            limit = len(trace.orders if name.endswith("order") else trace.parcel_order)
            if other[row] < -1 or other[row] >= limit:
                continue
        else:
            other[row] += by
        assert digest(put(other)) != known, name


@given(scenarios())
@settings(max_examples=20)
def test_numbers_of_orders_count(data: dict[str, Any]) -> None:
    trace = simulate(compile_scenario(scenario_of(data)), 0)
    number = np.arange(len(trace.orders))
    if len(number):
        number[-1] += 1
        assert digest(trace, number) != digest(trace)
