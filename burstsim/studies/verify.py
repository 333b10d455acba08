"""Prove on a scenario that both engines give the same answer for every order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from burstsim.engine import event, vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.invariants import broken_laws
from burstsim.engine.trace import STATES, Trace
from burstsim.kernels.arrays import Ticks
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER, SECOND

__all__ = ["Difference", "Verification", "first_difference", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first order on which two traces differ.

    Parameters
    ----------
    order
        Its number.
    column
        What differs first on its way: ``released``, ``hangzhou.pack.started`` …
    event, vector
        What each engine says, in seconds since ``start``, or ``never``.
    """

    order: int
    column: str
    event: str
    vector: str

    def __str__(self) -> str:
        return (
            f"order {self.order}: {self.column} is {self.event} in the event engine, "
            f"{self.vector} in the vector engine"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What comparing the engines found.

    Parameters
    ----------
    orders
        Orders compared.
    values
        Single numbers compared.
    difference
        The first one, or None when the engines agree.
    laws
        Conservation laws that either engine broke.
    """

    orders: int
    values: int
    difference: Difference | None
    laws: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether both engines agree and break no law."""
        return self.difference is None and not self.laws


def verify(scenario: Scenario, *, orders: int | None = None, replication: int = 0) -> Verification:
    """Run both engines on the same orders and compare every number of every order.

    Parameters
    ----------
    scenario
        From `burstsim.load`.
    orders
        Take only the first so many orders; left out, all.
    replication
        Which replication's draws.
    """
    model = compile_scenario(scenario)
    drawn = draw_orders(model, replication)
    if orders is not None:
        drawn = drawn.first(orders)
    plain, fast = event.simulate(model, drawn), vector.simulate(model, drawn)
    laws = [f"event engine: {law}" for law in broken_laws(plain)]
    laws += [f"vector engine: {law}" for law in broken_laws(fast)]
    return Verification(
        orders=len(drawn),
        values=sum(map(len, _by_order(plain).values())),
        difference=first_difference(plain, fast),
        laws=tuple(laws),
    )


def first_difference(event_trace: Trace, vector_trace: Trace) -> Difference | None:
    """Find the lowest order number on which two traces of the same orders differ."""
    left, right = _by_order(event_trace), _by_order(vector_trace)
    found: tuple[int, str] | None = None
    for name in left:
        rows = np.flatnonzero(left[name] != right[name])
        if len(rows) and (found is None or rows[0] < found[0]):
            found = int(rows[0]), name
    if found is None:
        return None
    order, name = found
    return Difference(
        order=order,
        column=name,
        event=_shown(name, int(left[name][order])),
        vector=_shown(name, int(right[name][order])),
    )


def _by_order(trace: Trace) -> Mapping[str, Ticks]:
    """Spread the parcels' columns over all orders, in the order in which things happen."""
    columns = trace.columns()
    # which orders have a parcel at all shows in `released`
    del columns["order"]
    spread = {name: trace.per_order(column) for name, column in columns.items()}
    spread["shipped"] = spread.pop("shipped")
    return spread | trace.fates()


def _shown(name: str, value: int) -> str:
    if name == "state":
        return STATES[value]
    if name in ("oversold", "parcel"):
        return str(value)
    return "never" if value == NEVER else f"{value / SECOND:.6f} s"
