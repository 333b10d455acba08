"""Summaries of replications in pieces: whatever the pieces, they are what the whole trace says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from burstsim.engine.compile import Model
from burstsim.engine.piece import Piece
from burstsim.engine.trace import Trace
from burstsim.results.breakdowns import break_down
from burstsim.results.metrics import measure
from burstsim.results.needed import asked_of
from burstsim.results.summing.summary import Summary
from burstsim.results.value import Value

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


def holds(found: Mapping[Any, Value], exact: Mapping[Any, Value]) -> None:
    assert set(found) == set(exact)
    for key, value in found.items():
        name = key if isinstance(key, str) else key[-1]
        true = exact[key]
        if name.startswith("p") and name[1:3].isdigit():
            assert math.isnan(true.number) == math.isnan(value.number), key
            if not math.isnan(true.number):
                assert true.number <= value.number <= true.number * 1.001, key
            # a span that is open may be in the quantile's bin and longer than the true one
            assert value.at_least >= true.at_least, key
        else:
            assert repr(value) == repr(true), key


def agree(summary: Summary, trace: Trace) -> None:
    holds(summary.values(), measure(trace))
    holds(summary.parts(), break_down(trace))
    asked, exact = summary.asked(), asked_of(trace)
    assert asked.place.tolist() == exact.place.tolist()
    assert asked.pieces.tolist() == exact.pieces.tolist()


def can_be_cut(model: Model) -> bool:
    """Whether every order has parcels and tasks of its own."""
    return not model.merge and all(zone.tour is None for zone in model.zones)
