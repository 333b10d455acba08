"""Rules give the same gifts however their orders are cut into batches."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.vector.gifts import Batch, Grants, Memory, decide
from burstsim.engine.vector.groups import groups_of
from burstsim.engine.vector.oms import departures
from tests.scenarios import scenario_of, scenarios, small

_NONE = np.empty(0, np.int64)
_NOBODY = (_NONE, _NONE)


@given(scenarios(), st.lists(st.floats(0, 1), max_size=4))
@settings(max_examples=150, deadline=None)
def test_cutting_batches_changes_nothing(data: dict[str, Any], cuts: list[float]) -> None:
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    groups = groups_of(model, orders, departures(model, orders))
    whole = Batch(orders=orders, groups=groups.offsets, members=groups.members)
    expected = decide(model.rules, whole, {}, _NOBODY)

    memory = Memory.of(model.rules)
    edges = sorted({0, len(groups), *(round(cut * len(groups)) for cut in cuts)})
    parts = []
    for begin, end in pairwise(edges):
        inside = slice(groups.offsets[begin], groups.offsets[end])
        offsets = groups.offsets[begin : end + 1] - groups.offsets[begin]
        batch = Batch(orders=orders, groups=offsets, members=groups.members[inside])
        grants = decide(model.rules, batch, {}, _NOBODY, memory)
        parts.append(
            Grants(
                group=grants.group + begin,
                rule=grants.rule,
                option=grants.option,
                count=grants.count,
            )
        )
    names = [field.name for field in fields(Grants)]
    found = [np.concatenate([getattr(part, name) for part in parts] or [_NONE]) for name in names]
    # within each batch gifts come by rule, option and group
    assert sorted(_rows(found)) == sorted(_rows([getattr(expected, name) for name in names]))
    in_order = _rows([expected.rule, expected.option, expected.group])
    assert in_order == sorted(in_order)


def test_customers_are_forgotten_that_nobody_asks_about() -> None:
    """Else a rule's memory would grow with every batch."""
    rule = {"trigger": {"items": ["A"]}, "reward": {"gift": {"A": 1}}, "cap": {"total": 99}}
    model = compile_scenario(scenario_of(small(gifts={"one": rule})))
    orders = draw_orders(model, 0)
    groups = groups_of(model, orders, departures(model, orders))
    batch = Batch(orders=orders, groups=groups.offsets, members=groups.members)
    memory = Memory.of(model.rules)
    decide(model.rules, batch, {}, _NOBODY, memory)
    counters = memory.counters[0]
    assert counters.given == 99
    assert counters.customers.added == []
    assert len(counters.customers.keys) == 0


def _rows(columns: list[np.ndarray[Any, Any]]) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))
