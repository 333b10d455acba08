"""Tables with a row for each order, parcel or gift: whole, or some rows at a time.

Times are float64 seconds since ``start``; NaN means never. Money is in units, not cents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from burstsim.engine.orders import Orders
from burstsim.engine.trace import STATES, Trace
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import sums_by
from burstsim.results.causes import causes_of
from burstsim.results.facts import Facts
from burstsim.results.giftfacts import given
from burstsim.results.spelling import spelt_out
from burstsim.scenario.metrics import late_causes
from burstsim.units import NEVER, SECOND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Table", "frame_of", "frames_of", "gift_rows", "order_rows", "parcel_rows"]

#: By name of the column: numbers of all rows, and how some of them are shown.
Table = dict[str, tuple[npt.NDArray[Any], Callable[[npt.NDArray[Any]], Any]]]


def frame_of(table: Table, rows: slice = slice(None)) -> pd.DataFrame:
    """Show some rows of a table, or all of them."""
    import pandas as pd

    return pd.DataFrame({name: show(values[rows]) for name, (values, show) in table.items()})


def frames_of(table: Table, size: int) -> Iterator[pd.DataFrame]:
    """Show a table as one frame after the other, of so many rows each; of none an empty one."""
    count = len(next(iter(table.values()))[0])
    for begin in range(0, max(count, 1), size):
        yield frame_of(table, slice(begin, begin + size))


def order_rows(trace: Trace) -> Table:
    """Tell of every order.

    Columns: ``order stream channel customer region owner state placed paid shipped parcels
    lines units gifts value due late late_because returned``. ``late`` is true when the promise is
    known to be broken; an order without a promise is not late. ``late_because`` names where it
    lost most of its time.
    """
    facts, orders, scenario = Facts(trace), trace.orders, trace.model.scenario
    return {
        "order": (np.arange(len(orders)), _plain),
        "stream": (orders.stream, _named(tuple(scenario.demand))),
        "channel": (orders.channel, _named(orders.channels)),
        "customer": _customers(orders),
        "region": (orders.region, _named(orders.regions)),
        "owner": (orders.owner, _named(orders.owners)),
        "state": (trace.state, _named(STATES)),
        "placed": (orders.placed, _seconds),
        "paid": (facts.paid, _seconds),
        "shipped": (facts.shipped, _seconds),
        "parcels": (trace.per_order_count(), _plain),
        "lines": (facts.lengths, _plain),
        "units": (orders.pieces, _plain),
        "gifts": (sums_by(trace.gifts.order, given(trace), len(orders)), _plain),
        "value": (orders.value, _units),
        "due": (np.where(facts.paid < NEVER, facts.due, NEVER), _seconds),
        "late": (facts.late, _plain),
        "late_because": (causes_of(facts), _named(late_causes(scenario))),
        "returned": (facts.returned, _plain),
    }


def parcel_rows(trace: Trace) -> Table:
    """Tell of every parcel: where it went and when it was at each stage.

    Columns: ``order parcel warehouse carrier released``, then ``<stage>_entered
    <stage>_started <stage>_done`` for each stage, then ``shipped``. Stages of one name in
    several warehouses share their columns; a partner's is called ``external``. ``parcel`` tells
    the parcels of an order in one warehouse apart: 0 its goods, 1 gifts beside them, 2 gifts
    after them, from 3 on gifts that came later.
    """
    table: Table = {
        "order": (trace.parcel_order, _plain),
        "parcel": (trace.parcel_part, _plain),
        "warehouse": (trace.parcel_warehouse, _named(tuple(trace.model.scenario.warehouses))),
        "carrier": _carriers(trace),
        "released": (trace.released, _seconds),
    }
    for name in dict.fromkeys(stage.name for stage in trace.model.stages):
        visits = [
            trace.stage_visits(number)
            for number, stage in enumerate(trace.model.stages)
            if stage.name == name
        ]
        for what in ("entered", "started", "done"):
            if len(visits) == 1 and len(visits[0].rows) == trace.rows.count:
                ticks = getattr(visits[0], what)
            else:
                ticks = np.full(trace.rows.count, NEVER)
                for visit in visits:
                    ticks[visit.rows] = getattr(visit, what)
            table[f"{name}_{what}"] = ticks, _seconds
    return table | {"shipped": (trace.shipped, _seconds)}


def gift_rows(trace: Trace) -> Table:
    """Tell of every order, rule and item that a rule gives to it.

    Columns: ``order rule sku proposed granted``: pieces that the rule gives after all its caps,
    and those that there was stock for, at once or later. Of orders that leave together the
    first has them; units in the cart that a rule does not name have no ``sku``.
    """
    gifts = trace.gifts
    return {
        "order": (gifts.order, _plain),
        "rule": (gifts.rule, _named(tuple(rule.name for rule in trace.model.rules))),
        "sku": (gifts.item, _named(trace.orders.items.names)),
        "proposed": (gifts.proposed, _plain),
        "granted": (given(trace), _plain),
    }


def _customers(orders: Orders) -> tuple[Indices, Callable[[Indices], pd.Categorical]]:
    """Names of the customers; unknown ones are missing."""
    different, places = np.unique(orders.customer, return_inverse=True)
    unknown = int((different < 0).sum())
    named = _named(tuple(orders.customers.name(int(code)) for code in different[unknown:]))

    def show(codes: Indices) -> pd.Categorical:
        return named(codes).remove_unused_categories()  # few of them are in a few rows

    return np.maximum(places - unknown, -1), show


def _carriers(trace: Trace) -> tuple[Indices, Callable[[Indices], pd.Categorical]]:
    """Names of the carriers of parcels that are done."""
    names: dict[str, int] = {}
    codes = np.full(len(trace.carrier), -1)
    for house, carriers in enumerate(trace.model.carriers):
        own = [names.setdefault(carrier.name, len(names)) for carrier in carriers.each]
        mine = (trace.parcel_warehouse == house) & (trace.carrier >= 0)
        codes[mine] = np.array(own, np.int64)[trace.carrier[mine]] if own else -1
    return codes, _named(tuple(names))


def _plain(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values


def _units(cents: Ticks) -> Floats:
    return cents / 100


def _seconds(ticks: Ticks) -> Floats:
    return np.where(ticks == NEVER, np.nan, ticks / SECOND)


def _named(names: tuple[str, ...]) -> Callable[[Indices], pd.Categorical]:
    return partial(spelt_out, names=names)
