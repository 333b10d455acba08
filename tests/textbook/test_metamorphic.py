"""What must follow when a scenario is changed, whatever the answer itself is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from burstsim.engine.trace import Trace
from burstsim.scenario.reader import loads
from tests.textbook.floors import agreed_answer, sale


@pytest.mark.parametrize("dist", ["exponential", "lognormal, cv: 1.5", "constant"])
@pytest.mark.parametrize(
    "shape",
    [
        "shape: drop, at: 10s, orders: 2000, rise: 30s, half_life: 5m",
        "shape: instant, at: 0s, orders: 500",
        "shape: steady, rate: 600/h",
    ],
    ids=["drop", "instant", "steady"],
)
def test_more_workers_make_no_order_later(shape: str, dist: str) -> None:
    """Every order of a one-stage floor starts and ships no later, not only on average.

    First come, first served: the ordered free times of c + 1 workers stay below those of c
    (Kiefer and Wolfowitz). Crews change no draw, so the orders are the same.
    """
    crews = [1, 2, 3, 7, 20, 60]
    answers = [
        agreed_answer(
            loads(sale(f"s: {{{shape}}}", {"desk": (c, f"per_task: 40s, dist: {dist}")}, "2h"))
        )
        for c in crews
    ]
    for fewer, more in itertools.pairwise(answers):
        assert np.array_equal(fewer.orders.placed, more.orders.placed)
        assert np.array_equal(fewer.loads[0], more.loads[0])
        for name in ("started", "done"):
            assert (getattr(more.visits[0], name) <= getattr(fewer.visits[0], name)).all()
        assert (more.shipped <= fewer.shipped).all()
    assert answers[0].shipped.sum() > answers[-1].shipped.sum(), "some order gains"


def stretched(shape: str, factor: int, horizon: int) -> Trace:
    """Two stages with every span of time in the scenario `factor` times as long."""
    stages = {
        "pick": (3, f"per_task: {5 * factor}s, per_unit: {2 * factor}s"),
        "pack": (2, f"uph: {720 / factor!r}"),
    }
    text = sale(f"s: {{{shape}}}", stages, f"{horizon * factor}m")
    return agreed_answer(loads(text))


#: Columns that say which parcel it is and what is in it; all others are moments.
COUNTS = ("parcel_order", "parcel_part", "pieces", "lines", "carrier", "left")


@pytest.mark.parametrize("factor", [2, 3, 60])
def test_stretched_time_stretches_the_answer_exactly(factor: int) -> None:
    """With moments and work in whole ticks nothing is rounded."""
    one = stretched("shape: instant, at: 7s, orders: 300", 1, 60)
    other = stretched(f"shape: instant, at: {7 * factor}s, orders: 300", factor, 60)
    for name, column in one.columns().items():
        scale = 1 if name in COUNTS else factor
        assert np.array_equal(column * scale, other.columns()[name]), name


@pytest.mark.parametrize("factor", [2, 7, 60])
def test_stretched_rates_stretch_the_answer_to_a_tick(factor: int) -> None:
    """Arrivals are rounded down to a tick; a start moves by no more than the arrivals do."""

    def rates(k: int) -> str:
        return (
            "shape: table, arrivals: even, "
            f"rates: [[0s, {40 / k!r}/m], [{5 * k}m, {11 / k!r}/m], [{20 * k}m, {3 / k!r}/m]]"
        )

    one, other = stretched(rates(1), 1, 60), stretched(rates(factor), factor, 60)
    assert len(one.orders) == len(other.orders) == 40 * 5 + 11 * 15 + 3 * 40
    for name, column in one.columns().items():
        scale = 1 if name in COUNTS else factor
        assert np.abs(column * scale - other.columns()[name]).max() <= factor + 1, name
