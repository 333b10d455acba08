"""Columns of one warehouse's parcels, and the same columns for all parcels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.engine.visits import Visits, rows_of
from burstsim.units import NEVER


@given(st.integers(1, 4), st.data())
def test_what_is_narrowed_is_spread_again(houses: int, data: st.DataObject) -> None:
    warehouse = np.array(data.draw(st.lists(st.integers(0, houses - 1), max_size=30)), np.int64)
    rows, column = rows_of(warehouse, houses), np.arange(len(warehouse)) * 10
    for house in range(houses):
        mine = rows.narrow(house, column)
        assert mine.tolist() == [10 * n for n, home in enumerate(warehouse) if home == house]
        expected = [10 * n if home == house else -1 for n, home in enumerate(warehouse)]
        assert rows.spread(house, mine, -1).tolist() == expected
        parcels = rows.of_house[house]
        assert np.array_equal(parcels[rows.within(parcels)], parcels)


def test_a_tour_counts_once_where_its_first_parcel_is() -> None:
    visits = Visits(
        rows=np.array([1, 4, 5, 7]),
        entered=np.array([3, 3, 8, NEVER]),
        started=np.array([5, 5, NEVER, NEVER]),
        done=np.array([9, 9, NEVER, NEVER]),
        task=np.array([1, 1, 5, -1]),
    )
    tasks = visits.tasks()
    assert tasks.entered.tolist() == [3, NEVER, 8, NEVER]
    assert tasks.started.tolist() == [5, NEVER, NEVER, NEVER]
    assert tasks.done.tolist() == [9, NEVER, NEVER, NEVER]
