"""Digests: no number of a trace changes without being noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.engine import vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.digests import digest_of
from burstsim.engine.draws import draw_orders
from burstsim.engine.trace import Trace
from burstsim.studies.benchsale import sale
from burstsim.studies.verify import first_difference

COLUMNS = st.lists(st.lists(st.integers(-(1 << 62), 1 << 62), max_size=5), max_size=4)


@given(COLUMNS, COLUMNS)
def test_equal_digests_are_of_equal_columns(one: list[list[int]], other: list[list[int]]) -> None:
    digests = [digest_of(np.array(column, np.int64) for column in some) for some in (one, other)]
    assert (digests[0] == digests[1]) == (one == other)


@pytest.mark.parametrize("number", [0, 127, 128, -128, -129, 1 << 15, 1 << 31, -(1 << 31), 1 << 62])
def test_every_bit_counts(number: int) -> None:
    digests = {digest_of([np.array([0, number ^ (1 << bit)])]) for bit in range(62)}
    assert len(digests | {digest_of([np.array([0, number])])}) == 63


def test_the_type_does_not_count() -> None:
    assert digest_of([np.array([1, 2], np.int8)]) == digest_of([np.array([1, 2], np.int64)])


@pytest.fixture(scope="module")
def trace() -> Trace:
    model = compile_scenario(sale(400, warehouses=2, rules=4))
    return vector.simulate(model, draw_orders(model, 0))


#: Columns of the orders that the digest is over; all others are drawn.
OF_ORDERS = ("placed", "paid", "due", "stream", "value", "line_item", "line_quantity")


def tampered(trace: Trace) -> Iterator[tuple[str, Trace]]:
    """Change one number of every column."""

    def other(column: np.ndarray) -> np.ndarray:
        changed = column.copy()
        changed[len(column) // 2] += 1
        return changed

    for name in OF_ORDERS:
        yield (
            name,
            replace(
                trace, orders=replace(trace.orders, **{name: other(getattr(trace.orders, name))})
            ),
        )
    for item in fields(Trace):
        column = getattr(trace, item.name)
        if isinstance(column, np.ndarray) and len(column):
            yield item.name, replace(trace, **{item.name: other(column)})
    for part in ("pickups", "gifts"):
        table = getattr(trace, part)
        for item in fields(table):
            column = getattr(table, item.name)
            if len(column):
                changed = replace(table, **{item.name: other(column)})
                yield f"{part}.{item.name}", replace(trace, **{part: changed})
    for zone, visits in enumerate(trace.visits):
        for name in ("entered", "started", "done"):
            every = list(trace.visits)
            every[zone] = replace(visits, **{name: other(getattr(visits, name))})
            yield f"{zone}.{name}", replace(trace, visits=tuple(every))


def test_no_number_changes_unnoticed(trace: Trace) -> None:
    seen = set()
    for name, other in tampered(trace):
        told = name != "gifts.decided"  # implied by when orders were taken
        assert (trace.digest() != other.digest()) == told, name
        assert told or first_difference(trace, other) is not None
        seen.add(name)
    assert {"parcel", "state", "source", "carrier", "gifts.granted", "gifts.decided"} <= seen
    assert {"7.done", "0.entered", "taken", "due", "parcel_warehouse"} <= seen


def test_both_engines_have_what_is_left_out() -> None:
    model = compile_scenario(sale(300, warehouses=2, rules=6))
    found = vector.simulate(model, draw_orders(model, 0))
    assert len(found.gifts.order)
    assert np.array_equal(found.gifts.decided, found.taken[found.gifts.order])
