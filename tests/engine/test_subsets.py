"""Some orders by themselves are what they were among all."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import simulate
from burstsim.engine.subsets import orders_of, trace_of
from burstsim.kernels.segments import segment_elements
from tests.cutting import cut
from tests.scenarios import scenario_of, scenarios


@given(data=scenarios(), cuts=st.lists(st.floats(0, 1), max_size=4), some=st.integers(2, 5))
def test_what_happened_to_some_is_what_happened_to_them(
    data: dict[str, Any], cuts: list[float], some: int
) -> None:
    model = compile_scenario(scenario_of(data))
    if model.merge:
        return
    trace = simulate(model, 0)
    everybody = np.arange(len(trace.orders))
    assert trace_of(trace, everybody).digest() == trace.digest()
    chosen = everybody[::some]
    part = trace_of(trace, chosen)
    assert part.order_shipped().tolist() == trace.order_shipped()[chosen].tolist()
    lines = segment_elements(trace.orders.line_offsets, chosen)
    assert part.line_parcels().shape == lines.shape
    assert part.orders.value.tolist() == trace.orders.value[chosen].tolist()
    assert len(part.gifts.order) == np.isin(trace.gifts.order, chosen).sum()
    for zone in range(len(model.zones)):
        rows = np.flatnonzero(np.isin(trace.parcel_order, chosen))
        assert part.everywhere(zone).done.tolist() == trace.everywhere(zone).done[rows].tolist()
        assert part.loads_everywhere(zone).tolist() == trace.loads_everywhere(zone)[rows].tolist()
    again = trace_of(part, np.arange(len(chosen))[::2])
    assert again.digest() == trace_of(trace, chosen[::2]).digest()
    edges = sorted({model.begin + int(share * (model.end - model.begin)) for share in cuts})
    pieces = cut(trace, [edge for edge in edges if model.begin < edge < model.end])
    numbers = np.concatenate([piece.number[piece.over] for piece in pieces])
    assert sorted(numbers.tolist()) == everybody.tolist()
    assert orders_of(trace.orders, pieces[-1].number).placed.shape == pieces[-1].number.shape
