"""The search finds what looking at every point finds, and bounds what it has not looked at."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.studies.lattice import Floor, Point, Search


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[np.ndarray], list[Point], Point]:
    """Costs of up to three axes, the corners from which everything holds, and a start."""
    axes = draw(st.integers(1, 3))
    sizes = [draw(st.integers(1, 6)) for _ in range(axes)]
    costs = [
        np.cumsum([draw(st.sampled_from([0.5, 1, 1, 2, 7])) for _ in range(size)]) for size in sizes
    ]
    point = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    return costs, draw(st.lists(point, max_size=4)), draw(point)


def search_of(costs: list[np.ndarray], corners: list[Point], most: int = 10_000) -> Search:
    def holds(point: Point) -> bool:
        return any(all(p >= c for p, c in zip(point, corner, strict=True)) for corner in corners)

    return Search(costs=costs, test=holds, guide=lambda p: range(len(p)), most=most)


def cheapest(search: Search) -> float | None:
    points = product(*(range(len(c)) for c in search.costs))
    return min((search.cost(p) for p in points if search.test(p)), default=None)


@settings(max_examples=300)
@given(problem=problems())
def test_it_equals_an_exhaustive_search(
    problem: tuple[list[np.ndarray], list[Point], Point],
) -> None:
    costs, corners, start = problem
    search = search_of(costs, corners)
    found, expected = search.run(start), cheapest(search)
    if expected is None:
        assert found.best is None
        return
    assert found.best is not None
    assert search.test(found.best)
    assert search.cost(found.best) == expected == found.bound


@given(problem=problems(), most=st.integers(1, 8))
def test_the_bound_holds_when_looks_run_out(
    problem: tuple[list[np.ndarray], list[Point], Point], most: int
) -> None:
    costs, corners, start = problem
    search = search_of(costs, corners, most)
    found, expected = search.run(start), cheapest(search)
    if expected is not None:
        assert found.best is not None
        assert search.test(found.best)
        assert found.bound <= expected <= search.cost(found.best)


def test_few_looks_settle_a_large_grid() -> None:
    costs = [np.arange(1000.0), np.arange(1000.0) * 1.5, np.arange(1000.0) * 0.7]
    search = search_of(costs, [(700, 400, 300)])
    assert search.run((690, 380, 100)).best == (700, 400, 300)
    assert len(search.looked) < 80


def test_a_point_can_be_refused_afterwards() -> None:
    search = search_of([np.arange(9.0), np.arange(9.0)], [(3, 3)])
    assert search.run((0, 0)).best == (3, 3)
    search.refuse((3, 3))
    assert search.run((3, 3)).best in [(3, 4), (4, 3)]


def test_ties_cost_the_same_and_hold() -> None:
    search = search_of([np.arange(9.0), np.arange(9.0)], [(3, 3), (2, 4)])
    assert search.ties((3, 3), 5) == [(2, 4)]


@given(problem=problems())
def test_what_is_known_beforehand_changes_no_answer(
    problem: tuple[list[np.ndarray], list[Point], Point],
) -> None:
    costs, corners, start = problem
    bare, told = (search_of(costs, corners) for _ in range(2))
    known = [
        Floor(axes=tuple(range(len(costs))), corners=np.array(corners).reshape(-1, len(costs)))
    ]
    first, second = bare.run(start), told.run(start, known if corners else [])
    assert (first.best is None) == (second.best is None)
    if first.best is not None and second.best is not None:
        assert bare.cost(first.best) == told.cost(second.best) == second.bound
