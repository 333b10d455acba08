"""Comparing the engines: agreement, and the first difference where there is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from burstsim.engine import vector
from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.trace import Trace
from burstsim.engine.visits import Visits, rows_of
from burstsim.studies.verify import verify
from tests.scenarios import scenario_of, small

TICKS = ("entered", "started", "done")


def test_sound_engines_agree() -> None:
    found = verify(scenario_of(small()))
    assert found.agrees
    assert found.orders > 500
    # of parcels order, part, warehouse, pieces, lines, left, carrier, when sent, released, done,
    # shipped, three times and work at two stages; of orders number, state, oversold, held, dropped,
    # taken, parcel; of lines order, line, source
    assert found.values == found.orders * (19 + 7 + 3)


def test_only_the_first_orders() -> None:
    assert verify(scenario_of(small()), orders=7).orders == 7
    assert verify(scenario_of(small()), orders=10**9).agrees


def test_the_first_difference_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = vector.simulate

    def late(model: Model, orders: Orders, _: object = ()) -> Trace:
        trace = sound(model, orders)
        visits = trace.visits[1]
        done = visits.done.copy()
        done[[5, 9]] += 1_500_000
        changed = (trace.visits[0], replace(visits, done=done))
        return replace(trace, visits=changed)

    monkeypatch.setattr(vector, "simulate", late)
    found = verify(scenario_of(small()))
    assert not found.agrees
    assert found.difference is not None
    assert (found.difference.order, found.difference.column) == (5, "hub.pack.done")
    event, other = (
        float(text.removesuffix(" s")) for text in (found.difference.event, found.difference.vector)
    )
    assert other - event == pytest.approx(1.5)
    assert any(law.startswith("vector engine: hub.pack:") for law in found.laws)


def test_a_lost_parcel_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = vector.simulate

    def lossy(model: Model, orders: Orders, _: object = ()) -> Trace:
        trace = sound(model, orders)
        keep = np.arange(len(trace.parcel_order)) != 3
        rows = rows_of(trace.parcel_warehouse[keep], 1)
        visits = tuple(
            Visits(rows=rows.of_house[0], **{name: getattr(v, name)[keep] for name in TICKS})
            for v in trace.visits
        )
        return replace(
            trace,
            parcel=np.where(trace.parcel == 3, -1, trace.parcel - (trace.parcel > 3)),
            parcel_order=trace.parcel_order[keep],
            parcel_part=trace.parcel_part[keep],
            parcel_warehouse=trace.parcel_warehouse[keep],
            pieces=trace.pieces[keep],
            lines=trace.lines[keep],
            left=trace.left[keep],
            carrier=trace.carrier[keep],
            loads=tuple(load[keep] for load in trace.loads),
            sent=trace.sent[keep],
            released=trace.released[keep],
            done=trace.done[keep],
            shipped=trace.shipped[keep],
            rows=rows,
            visits=visits,
        )

    monkeypatch.setattr(vector, "simulate", lossy)
    difference = verify(scenario_of(small())).difference
    assert difference is not None
    assert (difference.order, difference.column) == (3, "parcel 0")
    assert (difference.event, difference.vector) == ("there", "not there")
