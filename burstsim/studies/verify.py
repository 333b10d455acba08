"""Prove on a scenario that both engines give the same answer for every order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from burstsim.engine import event, vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.invariants import broken_laws
from burstsim.engine.subsets import orders_of
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.world import Process
from burstsim.kernels.arrays import Indices
from burstsim.kernels.work import work_ticks
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER, SECOND

__all__ = ["Difference", "Verification", "first_difference", "verify"]

#: Columns that hold ticks; those of a zone do as well.
_TICKS = ("sent", "released", "done", "shipped", "dropped")


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


def verify(
    scenario: Scenario,
    *,
    orders: int | None = None,
    replication: int = 0,
    processes: Sequence[Process] = (),
) -> Verification:
    """Run both engines on the same orders and compare every number of every order.

    Parameters
    ----------
    scenario
        From `burstsim.load`.
    orders
        Take only the first so many orders; left out, all.
    replication
        Which replication's draws.
    processes
        Users' own, as for `burstsim.run`.
    """
    model = compile_scenario(scenario)
    drawn = draw_orders(model, replication)
    if orders is not None:
        drawn = orders_of(drawn, np.arange(min(orders, len(drawn))))
    plain, fast = (engine.simulate(model, drawn, processes) for engine in (event, vector))
    laws = [f"event engine: {law}" for law in broken_laws(plain)]
    laws += [f"vector engine: {law}" for law in broken_laws(fast)]
    return Verification(
        orders=len(drawn),
        values=sum(len(column) for _, table, _ in _tables(plain) for column in table.values()),
        difference=first_difference(plain, fast),
        laws=tuple(laws),
    )


def first_difference(event_trace: Trace, vector_trace: Trace) -> Difference | None:
    """Find the lowest order number on which two traces of the same orders differ."""
    found: Difference | None = None
    tables = zip(_tables(event_trace), _tables(vector_trace), strict=True)
    for (what, left, keys), (_, right, _) in tables:
        difference = _missing(what, left, right, keys) or _unequal(left, right)
        if difference and (found is None or difference.order < found.order):
            found = difference
    return found


def _tables(trace: Trace) -> Iterator[tuple[str, dict[str, Indices], int]]:
    """Yield open parts, gifts, parcels and orders, in the order in which things happen.

    Of each table what a row is called, its columns, the number of the order first, and how
    many of them say which row it is.
    """
    gifts = {field.name: getattr(trace.gifts, field.name) for field in fields(GiftTable)}
    yield "gift", gifts, 6
    yield "filling", trace.fillings(), 2
    yield "gift", gifts, 5
    yield "parcel", trace.columns() | _loads(trace), 2
    owner = np.repeat(np.arange(len(trace.orders)), np.diff(trace.orders.line_offsets))
    yield "line", {"order": owner, "line": np.arange(len(owner)), "source": trace.source}, 2
    yield "order", {"order": np.arange(len(trace.orders)), **trace.fates()}, 1


def _loads(trace: Trace) -> dict[str, Indices]:
    every = {
        zone.path: trace.loads_everywhere(number) for number, zone in enumerate(trace.model.zones)
    }
    return {
        f"{path}.work": np.where(load > 0, work_ticks(load, 1.0), 0) for path, load in every.items()
    }


def _missing(
    what: str, left: dict[str, Indices], right: dict[str, Indices], keys: int
) -> Difference | None:
    """Find the first row that only one of the engines has."""
    of_event, of_vector = (_rows(table, keys) for table in (left, right))
    if of_event == of_vector:
        return None
    only = min(set(of_event) ^ set(of_vector))
    shown = ["there" if only in side else "not there" for side in (of_event, of_vector)]
    name = f"{what} {'.'.join(map(str, only[1:]))}"
    return Difference(order=only[0], column=name, event=shown[0], vector=shown[1])


def _rows(table: dict[str, Indices], keys: int) -> list[tuple[int, ...]]:
    """Say which rows a table has."""
    return list(zip(*(column.tolist() for column in list(table.values())[:keys]), strict=True))


def _unequal(left: dict[str, Indices], right: dict[str, Indices]) -> Difference | None:
    """Find the first row in which a column differs."""
    number = next(iter(left.values()))
    found: tuple[int, str] | None = None
    for name in left:
        rows = np.flatnonzero(left[name] != right[name])
        if len(rows) and (found is None or rows[0] < found[0]):
            found = int(rows[0]), name
    if found is None:
        return None
    row, name = found
    shown = [_shown(name, int(side[name][row])) for side in (left, right)]
    return Difference(order=int(number[row]), column=name, event=shown[0], vector=shown[1])


def _shown(name: str, value: int) -> str:
    if name == "state":
        return STATES[value]
    if name in _TICKS or "." in name:
        return "never" if value == NEVER else f"{value / SECOND:.6f} s"
    return str(value)
