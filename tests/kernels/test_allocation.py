"""Allocation over several warehouses against a plain loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.kernels.allocation import Asked, Wishes, allocate_in_turn, unsure
from burstsim.kernels.segments import offsets_of

Answer = int | list[tuple[int, list[int]]]


def plainly(
    orders: list[list[dict[int, int]]],
    routes: list[tuple[int, ...]],
    stock: list[list[int]],
    split: bool,
    part: bool,
) -> list[Answer]:
    """One order after another; -1 in the stock is no end."""
    left = [[1 << 50 if n < 0 else n for n in shelf] for shelf in stock]
    answers: list[Answer] = []

    def fits(house: int, lines: list[dict[int, int]]) -> bool:
        return all(
            sum(line.get(sku, 0) for line in lines) <= there
            for sku, there in enumerate(left[house])
        )

    for lines, route in zip(orders, routes, strict=True):
        whole = [house for house in route if fits(house, lines)]
        chosen: list[tuple[int, list[int]]] = [(whole[0], list(range(len(lines))))] if whole else []
        rest, houses = [] if whole else list(range(len(lines))), list(route)
        while rest and houses and (split or (part and not chosen)):
            covered: dict[int, list[int]] = {}
            for house in houses:
                covered[house] = []
                for line in rest:
                    if fits(house, [lines[n] for n in [*covered[house], line]]):
                        covered[house].append(line)
            best = max(houses, key=lambda house: len(covered[house]))
            if not covered[best]:
                break
            chosen.append((best, covered[best]))
            rest = [line for line in rest if line not in covered[best]]
            houses.remove(best)
        if rest and not part:
            chosen = []
        for house, some in chosen:
            for line in some:
                for sku, count in lines[line].items():
                    left[house][sku] -= count
        answers.append(-1 if not chosen else chosen[0][0] if whole else chosen)
    return answers


@st.composite
def floors(draw: st.DrawFn) -> dict[str, Any]:
    houses, skus = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    line = st.dictionaries(st.integers(0, skus - 1), st.integers(1, 3), min_size=1, max_size=2)
    orders = draw(st.lists(st.lists(line, min_size=1, max_size=3), max_size=12))
    route = st.lists(st.sampled_from(range(houses)), min_size=1, unique=True).map(tuple)
    return {
        "orders": orders,
        "routes": [draw(route) for _ in orders],
        "stock": [[draw(st.integers(-1, 12)) for _ in range(skus)] for _ in range(houses)],
    }


@given(floors(), st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_kernels_are_the_plain_loop(floor: dict[str, Any], split: bool, part: bool) -> None:
    orders, routes, stock = floor["orders"], floor["routes"], np.array(floor["stock"])
    houses, skus = stock.shape
    asks = [
        (n, sku, sum(line.get(sku, 0) for line in lines))
        for n, lines in enumerate(orders)
        for sku in range(skus)
        if any(sku in line for line in lines)
    ]
    table = np.array(asks, np.int64).reshape(-1, 3)

    def at(rank: int, chosen: np.ndarray[Any, Any]) -> tuple[Any, Any, Any]:
        rows = [row for row in asks if row[0] in chosen and len(routes[row[0]]) > rank]
        columns = np.array(
            [(2 * n + 1, routes[n][rank] * skus + sku, count) for n, sku, count in rows], np.int64
        )
        return tuple(columns.reshape(-1, 3).T)  # type: ignore[return-value]

    def others(chosen: np.ndarray[Any, Any]) -> tuple[Any, Any, Any]:
        parts = [at(rank, chosen) for rank in range(1, houses)] or [at(houses, chosen)]
        return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]

    everybody = np.arange(len(orders))
    first = at(0, everybody)
    none = np.empty(0, np.int64)
    marked, scarce, asked = unsure(len(orders), first, others, stock.reshape(-1), none)
    chosen = np.flatnonzero(marked)
    mine = np.isin(table[:, 0], chosen)
    needs = offsets_of(np.bincount(np.searchsorted(chosen, table[mine, 0]), minlength=len(chosen)))
    lines = [(n, number, line) for n in chosen for number, line in enumerate(orders[n])]
    parts = [(sku, count) for _, _, line in lines for sku, count in line.items()]
    turn = 2 * table[mine, 0] + 1
    wishes = Wishes(
        routes=[routes[n] for n in chosen],
        needs=(needs, table[mine, 1], table[mine, 2]),
        lines=(
            offsets_of(np.array([len(orders[n]) for n in chosen], np.int64)),
            np.array([number for _, number, _ in lines], np.int64),
        ),
        parts=(
            offsets_of(np.array([len(line) for _, _, line in lines], np.int64)),
            *np.array(parts, np.int64).reshape(-1, 2).T,
        ),
        alone=np.array(
            [sum(sku in line for line in orders[n]) == 1 for n, sku, _ in table[mine]], bool
        ),
        surely=np.stack(
            [
                asked.taken_before(marked, turn, house * skus + table[mine, 1])
                for house in range(houses)
            ],
            axis=1,
        ),
    )
    shelves = np.where(scarce.reshape(stock.shape), stock, 1 << 50)
    found: list[Answer] = [route[0] for route in routes]
    answers = allocate_in_turn(wishes, shelves, split=split, part=part)
    for n, answer in zip(chosen.tolist(), answers, strict=True):
        found[n] = answer
    assert found == plainly(orders, routes, floor["stock"], split, part)


def test_large_numbers_do_not_fit_into_one() -> None:
    """Sorting falls back where turns, shelves and pieces do not fit into 62 bits."""
    demand = np.array([3, 1]), np.array([5, 5]), np.array([1 << 58, 2])
    asked, nobody = Asked(demand, 6), np.zeros(9, bool)
    shelves = np.array([5, 5])
    assert asked.taken_before(nobody, np.array([3, 9]), shelves).tolist() == [2, 2 + (1 << 58)]
    assert asked.late(np.array([9, 9, 9, 9, 9, 1 << 40]))[1].tolist() == [3]
    asked.add((np.array([1 << 20]), np.array([0]), np.array([10])))
    assert asked.late(np.array([9, 9, 9, 9, 9, 1 << 40]))[1].tolist() == [1 << 20, 3]
