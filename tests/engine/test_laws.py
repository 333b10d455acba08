"""The laws notice what was tampered with: a checker that never cries is worth nothing.

Sound traces of random scenarios have a few numbers changed in one column; the numbers that the
laws determine must not be changed unnoticed.
"""

from __future__ import annotations

import ast
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from typer.testing import CliRunner

import burstsim.engine
from burstsim.cli import app
from burstsim.engine import vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.invariants import broken_laws, check_invariants
from burstsim.engine.run import ENGINES
from burstsim.engine.trace import Trace
from burstsim.errors import InvariantError
from burstsim.units import NEVER
from tests.scenarios import scenario_of, scenarios, small

Change = tuple[str, Trace]

#: Columns of a trace, of a zone, and of other tables, in which nothing may be changed unnoticed
#: or which take part in some law.
OWN = ("state", "parcel", "parcel_order", "parcel_part", "parcel_warehouse", "pieces", "sent")
OWN += ("released", "done", "shipped", "carrier", "source", "held", "missing", "left", "made")
ZONE = ("entered", "started", "done", "task")
TABLES = {
    "gifts": ("proposed", "granted", "later"),
    "pickups": ("loaded", "behind", "tick"),
    "orders": ("placed", "paid", "customer", "line_quantity"),
}

#: Of these a change is noticed nearly always: times follow from each other, and pieces are counted.
FIXED = ("entered", "released", "pieces", "parcel", "parcel_order", "shipped", "sent")


def changed(column: Any, chance: random.Random) -> Any:
    """A copy with something changed, None where nothing is."""
    made = np.array(column, copy=True)
    if len(made) == 0:
        return None
    at, other = chance.randrange(len(made)), chance.randrange(len(made))
    kind = chance.randrange(6)
    if kind == 0:
        made[at] += chance.choice((1, -1))
    elif kind == 1:
        made[at], made[other] = made[other], made[at]
    elif kind == 2:
        made[at] = NEVER
    elif kind == 3:
        made = np.roll(made, 1)
    elif kind == 4:
        made[at] += chance.choice((1_000_000, -7_000_000))
    else:
        made[at] = chance.choice((0, 1, 2, -1, 5))
    return None if np.array_equal(made, column) else made


def tampered(trace: Trace, chance: random.Random) -> Iterator[Change]:
    """The trace with every column changed once."""
    for name in OWN:
        made = changed(getattr(trace, name), chance)
        if made is not None:
            yield name, replace(trace, **{name: made})
    zone = chance.randrange(len(trace.visits))
    for name in ZONE:
        column = getattr(trace.visits[zone], name)
        made = None if column is None else changed(column, chance)
        if made is not None:
            visits = list(trace.visits)
            visits[zone] = replace(visits[zone], **{name: made})
            yield name if name != "done" else "zone.done", replace(trace, visits=tuple(visits))
    for table, names in TABLES.items():
        for name in names:
            made = changed(getattr(getattr(trace, table), name), chance)
            if made is not None:
                other: Any = replace(getattr(trace, table), **{name: made})
                yield f"{table}.{name}", replace(trace, **{table: other})


def sentences() -> set[str]:
    """Patterns of all that a law can say."""
    found = set()
    for name in ("invariants", "unitlaws", "floorlaws", "carrierlaws", "releaselaws", "giftlaws",
                 "kitlaws"):  # fmt: skip
        path = Path(burstsim.engine.__file__).parent / f"{name}.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Yield) and isinstance(node.value, ast.Constant):
                found.add(re.escape(str(node.value.value)))
    return found


def test_changes_are_noticed() -> None:
    noticed, missed, said = Counter[str](), Counter[str](), set[str]()
    chance = random.Random(0)

    @seed(1)
    @settings(
        max_examples=60,
        database=None,
        phases=[Phase.generate],
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(scenarios())
    def search(data: dict[str, Any]) -> None:
        model = compile_scenario(scenario_of(data))
        trace = vector.simulate(model, draw_orders(model, 0))
        assert not list(broken_laws(trace))
        for name, other in tampered(trace, chance):
            found = list(broken_laws(other))
            (noticed if found else missed)[name] += 1
            said.update(found)

    search()
    for name in FIXED:
        assert noticed[name] > 10
        assert noticed[name] >= 9 * missed[name], (name, noticed[name], missed[name])
    assert noticed.total() >= 2 * missed.total()
    laws = sentences()
    fired = {law for law in laws if any(re.search(law + "$", one) for one in said)}
    assert len(laws) > 60
    # those of the limits of gift rules, which few random scenarios reach, are in test_giftlaws.py
    assert len(fired) >= 40, sorted(laws - fired)


@pytest.mark.parametrize(
    ("column", "value", "law"),
    [
        ("parcel", 10**9, "every parcel is one that there is"),
        ("parcel_order", -1, "every first order of a parcel is one that there is"),
        ("parcel_part", 99, "every part of an order is one that there is"),
        ("parcel_warehouse", 7, "every warehouse of a parcel is one that there is"),
        ("source", 7, "every source of a line is one that there is"),
        ("state", 6, "every state is one that there is"),
        ("pieces", 2, "every piece that is sent or given is in a parcel, once"),
        ("pieces", 0, "every piece that is sent or given is in a parcel, once"),
        ("lines", 5, "a parcel has no more different SKUs than pieces"),
        ("held", 1, "orders are held only by rules that hold"),
        ("taken", NEVER, "an order is sent when it has left the order management"),
        ("dropped", 5, "what a sweep drops is cancelled, and in no parcel"),
        ("source", -1, "a parcel of goods leaves every warehouse that lines come from"),
    ],
)
def test_what_points_to_nothing_and_pieces_out_of_nothing(
    column: str, value: int, law: str
) -> None:
    model = compile_scenario(scenario_of(small()))
    trace = vector.simulate(model, draw_orders(model, 0))
    made = getattr(trace, column).copy()
    made[3] = value
    with pytest.raises(InvariantError, match=law):
        check_invariants(replace(trace, **{column: made}))


def test_every_field_of_a_trace_is_looked_at() -> None:
    """A column that is added must be added to a law, or be named here with the reason."""
    source = "".join(
        path.read_text("utf-8") for path in Path(burstsim.engine.__file__).parent.glob("*.py")
        if path.stem.endswith("laws") or path.stem in ("invariants", "unreleased")
    )  # fmt: skip
    unread = [f.name for f in fields(Trace) if f"trace.{f.name}" not in source]
    assert unread == []


def test_a_run_is_checked_where_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken law ends with 1 and its name; without ``--check`` nobody looks."""
    sound = ENGINES["vector"]

    def unsound(*arguments: Any) -> Trace:
        trace = sound(*arguments)
        return replace(trace, pieces=trace.pieces + 1)

    monkeypatch.setitem(ENGINES, "vector", unsound)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sale.yaml").write_text(json.dumps(small()))
    plain = CliRunner().invoke(app, ["run", "sale.yaml", "--reps", "1"])
    assert plain.exit_code == 0
    ended = CliRunner().invoke(app, ["run", "sale.yaml", "--reps", "1", "--check"])
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "a law of the simulation is broken: every piece that is sent or given" in ended.stderr
