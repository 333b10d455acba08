"""Summaries of replications in pieces: whatever the pieces, they are what the whole trace says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.piece import Piece
from burstsim.engine.run import simulate
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Ticks
from burstsim.results.breakdowns import break_down, kinds_of
from burstsim.results.facts import Facts
from burstsim.results.metrics import measure
from burstsim.results.needed import asked_of
from burstsim.results.spreads import Spreads, spread_of
from burstsim.results.summing.events import Events
from burstsim.results.summing.summary import Summary
from burstsim.results.value import Value
from burstsim.scenario.reader import load
from burstsim.units import MINUTE, NEVER
from tests.cutting import cut
from tests.forgetting import forgotten
from tests.scenarios import scenario_of, scenarios, small

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))


def sums_up(pieces: Iterable[Piece], model: Model) -> Summary:
    summary = Summary(model)
    for piece in pieces:
        summary.add(piece)
    return summary


def told(summary: Summary) -> tuple[Any, ...]:
    """Everything that comes out, so that it can be compared: NaN equals NaN in text."""
    asked = summary.asked()
    pieces = asked.place.tolist(), asked.pieces.tolist()
    return repr(summary.values()), repr(summary.parts()), pieces, summary.digest()


def close(found: Mapping[Any, Value], exact: Mapping[Any, Value]) -> None:
    """Everything is exact but quantiles, which are at most 0.1 % too large."""
    assert set(found) == set(exact)
    for key, value in found.items():
        name, true = key if isinstance(key, str) else key[-1], exact[key]
        if not name.startswith(("p50(", "p90(", "p95(", "p99(")):
            assert repr(value) == repr(true), key
        elif math.isnan(true.number):
            assert math.isnan(value.number), key
        else:
            assert true.number <= value.number <= true.number * 1.001, key
            # what is open may be longer than the true quantile and not longer than the bin's edge
            assert value.at_least >= true.at_least, key


def agree(summary: Summary, trace: Trace) -> None:
    close(summary.values(), measure(trace))
    close(summary.parts(), break_down(trace))
    asked, exact = summary.asked(), asked_of(trace)
    assert asked.place.tolist() == exact.place.tolist()
    assert asked.pieces.tolist() == exact.pieces.tolist()


def can_be_cut(model: Model) -> bool:
    """Whether every order has parcels and tasks of its own."""
    return not model.merge and all(zone.tour is None for zone in model.zones)


def moments(trace: Trace) -> Ticks:
    """Every tick at which something happened, in which a piece may begin."""
    columns = [trace.orders.placed, trace.orders.paid, trace.sent, trace.released, trace.shipped]
    columns += [trace.taken, *(crew.times for crew in trace.crews)]
    for its in trace.visits:
        columns += [its.entered, its.started, its.done]
    ticks = np.unique(np.concatenate(columns))
    return ticks[(ticks > trace.model.begin) & (ticks < trace.model.end)]


def apart(data: dict[str, Any]) -> dict[str, Any]:
    """Let no two orders share a parcel or a task."""
    data["oms"].pop("merge", None)
    for house in data["warehouses"].values():
        for stage in house.get("stages", {}).values():
            for zone in (stage, *stage.get("zones", {}).values()):
                zone.pop("tour", None)
    return data


@given(scenarios())
@settings(max_examples=25)
def test_one_piece_is_the_whole(data: dict[str, Any]) -> None:
    model = compile_scenario(scenario_of(data))
    trace = simulate(model, 0)
    agree(sums_up(cut(trace, []), model), trace)


@given(scenarios().map(apart), st.lists(st.floats(0, 1), min_size=1, max_size=9), st.booleans())
@settings(max_examples=60)
def test_any_pieces_tell_the_same(data: dict[str, Any], cuts: list[float], forgets: bool) -> None:
    """The harder half of them knows nothing that a running engine could not know yet."""
    model = compile_scenario(scenario_of(data))
    assume(can_be_cut(model))
    trace = simulate(model, 0)
    ticks = moments(trace)
    assume(len(ticks))
    edges = {int(ticks[int(share * (len(ticks) - 1))]) + (n % 2) for n, share in enumerate(cuts)}
    edges.discard(model.end)
    pieces = cut(trace, sorted(edges), forgets=forgets)
    if forgets:
        pieces = [forgotten(piece) for piece in pieces]
    assert told(sums_up(pieces, model)) == told(sums_up(cut(trace, []), model))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_story(config: Path) -> None:
    model = compile_scenario(load(config))
    trace = simulate(model, 0)
    whole = sums_up(cut(trace, []), model)
    agree(whole, trace)
    if can_be_cut(model):
        edges = sorted(set(np.quantile(trace.orders.placed, [0.2, 0.5, 0.9]).astype(int).tolist()))
        pieces = [forgotten(piece) for piece in cut(trace, edges)]
        assert told(sums_up(pieces, model)) == told(whole)


def _rule(**keys: Any) -> dict[str, Any]:
    return {"gifts": {"one": {"trigger": {"items": ["A"]}, "reward": {"gift": {"A": 1}}, **keys}}}


def _houses(**stock: int) -> dict[str, Any]:
    """Warehouses with so much of all that is asked for; the first is asked first."""
    stages = small()["warehouses"]["hub"]["stages"]
    return {name: {"stages": stages, "stock": {"A": count}} for name, count in stock.items()}


_SLOW = {"workers": 2, "work": {"per_task": "12s"}}


@pytest.mark.parametrize(
    "changes",
    [
        # where an order is told of is known after it was paid
        {"warehouses": _houses(hub=100, depot=100, far=9999), "oms": {"cycle": "5m"}},
        # an order has not shipped when its goods have, while its gift is to come
        _rule(fulfil={"ship": "after_main"}) | {"oms": {"cycle": "5m"}},
        # its gift may leave the floor, because it was cancelled, after its goods have shipped
        _rule(fulfil={"ship": "split", "work": "4m"})
        | {"cancellations": {"share": 0.5, "delay": {"mean": "2m"}}},
        # an order that is cancelled in a queue is open no more, if it leaves the floor in the end
        {
            "cancellations": {"share": 0.5, "delay": {"mean": "2m"}},
            "warehouses": {"hub": {"stages": {"pick": _SLOW, "pack": _SLOW | {"workers": 9}}}},
        },
        # what a rule has given counts in all that follows
        _rule(cap={"total": 150}),
        _rule(gate={"first_n": 150}),
    ],
)
def test_what_is_known_late(changes: dict[str, Any]) -> None:
    model = compile_scenario(scenario_of(small(**changes)))
    trace = simulate(model, 0)
    whole = sums_up(cut(trace, []), model)
    agree(whole, trace)
    edges = range(3 * MINUTE, 90 * MINUTE, 7 * MINUTE // 2)
    pieces = [forgotten(piece) for piece in cut(trace, edges)]
    assert told(sums_up(pieces, model)) == told(whole)


def test_gifts_that_surely_ship_hold_nothing_up() -> None:
    """Else a gift that waits for weeks would keep everybody who came since in memory."""
    model = compile_scenario(scenario_of(small(**_rule(fulfil={"ship": "split", "work": "4m"}))))
    pieces = cut(simulate(model, 0), range(3 * MINUTE, 90 * MINUTE, 7 * MINUTE // 2))
    facts = [Facts(piece.trace) for piece in pieces]
    kinds = kinds_of(facts[0])
    events = Events(len(kinds))
    ends = [
        events.add(piece, its, its.once(kinds_of)).end
        for piece, its in zip(pieces, facts, strict=True)
    ]
    assert ends == [*(piece.until for piece in pieces[:-1]), NEVER]


def test_both_engines_have_one_digest() -> None:
    model = compile_scenario(scenario_of(small()))
    found = {
        sums_up(cut(simulate(model, 0, engine), []), model).digest()
        for engine in ("event", "vector")
    }
    assert len(found) == 1
    assert found != {sums_up(cut(simulate(model, 1), []), model).digest()}


def test_nothing_is_told_before_the_end() -> None:
    model = compile_scenario(scenario_of(small()))
    first, *_ = cut(simulate(model, 0), [model.end // 2])
    with pytest.raises(ValueError, match="last piece"):
        sums_up([first], model).values()


SPANS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 99), st.integers(0, 10**9), st.booleans()),
    min_size=1,
    max_size=60,
)


@given(SPANS, st.integers(1, 7))
def test_quantiles_of_groups(rows: Sequence[tuple[int, int, int, bool]], size: int) -> None:
    """Spans of three groups, a few at a time; some are open at the end."""
    end = 2 * 10**9
    group, begin, length = np.array([row[:3] for row in rows], np.int64).T
    finish = np.where([row[3] for row in rows], NEVER, begin + length)
    spreads = Spreads(3)
    for first in range(0, len(rows), size):
        some = slice(first, first + size)
        spreads.add((begin[some], finish[some]), end, group[some])
    for number, found in enumerate(spreads.values()):
        mine = group == number
        exact = spread_of((begin[mine], finish[mine]), end)
        close(*({f"{key}(x)": v for key, v in side.items()} for side in (found, exact)))
    (found,) = spreads.merged(np.zeros(3, np.int64), 1).values()
    exact = spread_of((begin, finish), end)
    close(*({f"{key}(x)": v for key, v in side.items()} for side in (found, exact)))
