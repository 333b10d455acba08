"""The figures of one's own machine: what they are of, not how large they are."""

from __future__ import annotations

import numpy as np
import pytest

from burstsim.errors import InvariantError
from burstsim.results.result import Result
from burstsim.studies import bench as module
from burstsim.studies.bench import Figure, bench, machine
from burstsim.studies.benchqueues import draw_queue, heap_loop
from burstsim.studies.benchsale import RULES, sale
from burstsim.studies.replicate import run


@pytest.fixture(scope="module")
def rich() -> Result:
    return run(sale(3_000, warehouses=3, rules=10))


def number(result: Result, name: str) -> float:
    return result.values[name][0].number


def test_the_sale_is_as_large_as_asked(rich: Result) -> None:
    assert number(rich, "orders_placed") == pytest.approx(3_000, abs=6 * 3_000**0.5)


def test_the_sale_uses_all_that_it_names(rich: Result) -> None:
    trace = rich.first
    assert set(trace.parcel_warehouse.tolist()) == {0, 1, 2}
    assert set(trace.gifts.rule.tolist()) == set(range(len(RULES)))
    assert 0 < number(rich, "orders_expired") < 0.2 * number(rich, "orders_placed")
    assert number(rich, "unfinished") == 0


def test_the_night_has_the_same_shape_however_large() -> None:
    """Crews grow with the orders, so a larger sale takes about as long to clear."""
    small, large = run(sale(6_000)), run(sale(48_000))
    ratio = number(large, "backlog_clear_at") / number(small, "backlog_clear_at")
    assert ratio == pytest.approx(1, abs=0.1)


def test_fewer_rules_and_warehouses() -> None:
    scenario = sale(500, warehouses=1, rules=2)
    assert list(scenario.warehouses) == ["hangzhou"]
    assert list(scenario.gifts) == list(RULES)[:2]


def test_the_loop_serves_by_hand() -> None:
    ready, work = np.array([0, 1, 1, 2]), np.array([5, 3, 2, 4])
    assert heap_loop(ready, work, np.array([0, 4])).tolist() == [0, 4, 5, 7]


def test_queues_are_as_asked() -> None:
    queue = draw_queue(50, 0.9, 0.5, tasks=50_000)
    work = queue.work
    offered = work.sum() / (50 * (queue.ready[-1] - queue.ready[0]))
    assert offered == pytest.approx(0.9, rel=0.03)
    assert work.std() / work.mean() == pytest.approx(0.5, rel=0.05)
    assert len(np.unique(draw_queue(3, None, 0.0, tasks=9).ready)) == 1


def test_figures_and_words() -> None:
    found = bench(orders=2_000, crews=(1, 50), rounds=2)
    assert [figure.group for figure in found.figures] == [
        *["engine"] * 3,
        *["kernels"] * 2,
        "scaling",
    ]
    assert all(0 < figure.low <= figure.value <= figure.high for figure in found.figures)
    assert len(found.words) == 4
    assert found.as_dict()["machine"] == {
        name: getattr(found.machine, name) for name in found.machine.__slots__
    }


def test_a_wrong_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "serve", lambda ready, work, free, until: (ready + 1, free))
    with pytest.raises(InvariantError, match="kernel and loop differ with 5 workers"):
        bench(orders=1_000, crews=(5,), rounds=1)


def test_units_say_what_is_better() -> None:
    assert Figure("engine", "", 1, 1, 1, "orders/s").more_is_better
    assert not Figure("scaling", "", 1, 1, 1, "ns/order").more_is_better


def test_the_machine_is_named() -> None:
    here = machine()
    assert here.cpu
    assert here.cores >= 1
    assert here.numpy == np.__version__
