"""Command lines that mean nothing: exit code 2 and a message, whatever the command."""

from __future__ import annotations

import json
import os
import random
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from tests.cli.helpers import quick, write

PICK = "warehouses.hub.stages.pick.workers"

#: What is varied, and cannot be.
VARIED = (
    *("demand_scale=", "demand_scale=1:", "demand_scale=:2", "demand_scale=1:2:3:4"),
    *("demand_scale=nan:1", "demand_scale=1:inf", "demand_scale=1:1e400", "demand_scale=2:1"),
    *("demand_scale=1:2:0", "demand_scale=1:2:-1", "demand_scale=a:b"),
    *("demand_scale=1s:2s", "=1:2", ".=1:2", "..=1:2", "demand_scale.=1:2", ".demand_scale=1:2"),
    *("a.b.c=1:2", "__class__=1:2", "demand.__class__=1:2", "demand=1:2", "demand.s=1:2"),
    *("demand.s.orders=1.5:2.5", "demand.s.orders=-5:5", "demand.s.at=0s:10"),
    *("seed=-1:2", "seed=1:99999999999999999999999", "start=1:2", "warehouses.hub=1:2"),
    *(PICK + "=1:2:0.5", PICK + "=-3:3", "warehouses.*.stages.pick.workers=1:2"),
    *("warehouses.hub.stages.0.workers=1:2", "thresholds.t=1:2", "burstsim=1:2"),
    *("demand_scale=1:2\x1b[31m", "demand_scale\x00=1:2", "demand_scale=1:2;rm"),
    *("demand_scale={1:2}", "demand_scale=,", "demand_scale=1,,2", "x" * 5000 + "=1:2"),
    *("demand_scale=" + "9" * 5000 + ":1", "demand_scale=1:" + "9" * 400),
)

#: Options that are wrong for every command that runs something.
OPTIONS = (
    *(("--reps", "0"), ("--reps", "-1"), ("--reps", "1e3"), ("--reps", "9" * 40)),
    *(("--jobs", "0"), ("--jobs", "x"), ("--seed", "-1"), ("--seed", "x"), ("--seed", "9" * 40)),
    *(("--time-limit", "0s"), ("--time-limit", "-1s"), ("--time-limit", "x")),
    *(("--time-limit", "5"), ("--time-limit", "9" * 30 + "d"), ("--max-memory", "0")),
    *(("--max-memory", "-1GB"), ("--max-memory", "1XB"), ("--max-memory", "")),
    *(("--max-memory", "nanGB"), ("--max-orders", "0"), ("--max-orders", "-1")),
    *(("--max-orders", "x"), ("--address", "tcp://x"), ("--backend", "x"), ("--out", "file")),
    *(("--out", "file/x"), ("--out", "/dev/null"), ("--out", "a\x00b"), ("--out", "x" * 300)),
    *(("--out", "pipe"), ("--out", "full"), ("--set", "x"), ("--set", "=1")),
    *(("--set", "demand_scale=nan"), ("--set", "demand_scale=1:2"), ("--nonsense", "1")),
)

#: What else is asked of commands.
ASKED: tuple[tuple[str, ...], ...] = (
    ("compare",),
    ("compare", "f.yaml"),
    ("compare", "f.yaml", "f.yaml", "f.yaml"),
    ("compare", "f.yaml", "nope.yaml"),
    ("compare", "empty", "empty"),
    ("compare", "pipe", "f.yaml"),
    *(
        ("compare", "f.yaml", "--policies", names)
        for names in ("", "none", "none,none", "x", "none,\x1b[31m", "+", ",", " ", "none,<script>")
    ),
    *(
        ("compare", "f.yaml", "g.yaml", "--fail-on", rule, "--reps", "1", "--out", "new")
        for rule in ("", "x", "on_time", "on_time <", "on_time < x", "p95(order_to_ship) > +5%%",
                     "p95(order_to_ship) > nan", "p95(order_to_ship) > 1e999", "\x1b[31m > 1",
                     "__import__('os').system('x') > 1", "on_time < -0.1 or 1")
    ),
    *(("stress", "f.yaml", *more) for more in (
        ("--precision", "nan"), ("--precision", "1"), ("--precision", "x"),
        ("--vary", "demand_scale=1:2", "--vary", "seed=1:2"), ("--threshold", ">= 1"))),
    *(("size", "f.yaml", *more) for more in (
        ("--confidence", "2"), ("--confidence", "nan"), ("--designs", "0"), ("--by", "x"),
        ("--designs", "9" * 30), ("--vary", PICK + "=1:2000000000"))),
    *(("sweep", "f.yaml", *more) for more in (
        ("--vary", "demand_scale=1,2", "--vary", "demand_scale=1,2"),
        ("--vary", "demand_scale=1:2", "--lhs", "0"),
        ("--vary", "demand_scale=1:2", "--lhs", "100000000"),
        ("--vary", "demand_scale=1:2:0.00002", "--vary", "seed=1:50000"),
        ("--vary", "demand_scale=1,2", "--metric", "nope"),
        ("--vary", "demand_scale=1,2", "--metric", "\x1b[31m"),
        ("--vary", "demand_scale=1,2", "--threshold", "__import__('os') >= 1"))),
    *(("init", place) for place in ("file", "file/x", "/dev/null", "a\x00b", "x" * 300, "pipe")),
    ("init", "new", "--template", "../../x"),
    *(("report", place) for place in ("empty", "file", "nope", "pipe", "a\x00b", "x" * 300)),
    *(("fit", name, "-o", "new.yaml") for name in (
        "nope.csv", "empty", "pipe", "bad.csv", "bin.xlsx", "/dev/zero", "a\x00b", "x" * 300)),
    *(("fit", "log.csv", "-o", place) for place in ("file/x", "empty", "a\x00b")),
    ("verify", "f.yaml", "--orders", "0"),
    ("verify", "f.yaml", "--replication", "-1"),
    *(("run", "f.yaml", "--from", name) for name in (
        "nope.csv", "empty", "pipe", "bad.csv", "bin.xlsx", "a\x00b", "/dev/zero", "x" * 300)),
    *(("run", "f.yaml", "--from", "open.csv", "--at", moment) for moment in (
        "x", "25:00", "99d", "\x1b[31m", "nan", "[]")),
    ("run", "f.yaml", "--reps", "auto", "--precision", "nan"),
    ("run", "f.yaml", "--reps", "auto", "--max-reps", "0"),
    ("check",),
    ("run",),
    ("nope",),
    ("--nope",),
    ("schema", "x"),
)  # fmt: skip

COMMANDS = (
    *(("stress", "f.yaml", "--vary", vary) for vary in VARIED),
    *(("sweep", "f.yaml", "--vary", vary) for vary in VARIED),
    *(("run", "f.yaml", *option) for option in OPTIONS),
    *(("stress", "f.yaml", *option) for option in OPTIONS),
    *ASKED,
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("f.yaml", "g.yaml"):
        write(tmp_path / name, quick(thresholds={"t": "on_time >= 0.5"}))
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("mine")
    (tmp_path / "bin.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    (tmp_path / "bad.csv").write_text("order;sku\n1;A\n")
    (tmp_path / "log.csv").write_text("order,sku,quantity,time\n1,A,1,2026-11-10 20:00\n")
    (tmp_path / "open.csv").write_text("order,sku,quantity,paid_at,stage\n1,A,1,20:00,pick\n")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize("part", range(8))
def test_what_means_nothing_is_told(part: int, home: Path) -> None:
    assert len(COMMANDS) >= 150
    before = sorted(home.rglob("*"))
    wrong = []
    for command in COMMANDS[part::8]:
        ended = CliRunner().invoke(app, list(command))
        said = ended.stderr
        plain = all(line.isprintable() for line in said.split("\n"))
        if ended.exit_code != 2 or ended.stdout or not said.strip() or not plain:
            wrong.append((command, ended.exit_code, ended.output[:300]))
        if "internal" in said or "Traceback" in said:
            wrong.append((command, ended.exit_code, said[:300]))
        if (left := sorted(home.rglob("*"))) != before:
            wrong.append((command, "leaves", str(set(left) - set(before))))
            before = left
    assert wrong == []


# --- folders that somebody has changed

#: What stands in the place of something that was right.
NASTY = (
    *(None, True, -1, 0, 10**30, 1.5, "", "x", "\x1b[31m", [], {}, [None], [[]], {"a": 1}),
    *(1e308, "=1+1", 2**70, "9999-99-99", "</script><script>alert(1)</script>"),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(data, dict):
        found += [deeper for key in data for deeper in places(data[key], (*path, key))]
    elif isinstance(data, list) and data:
        found += places(data[0], (*path, 0))
    return found


def put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    made = deepcopy(data)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


@pytest.mark.parametrize("file", ["run/summary.json", "run/manifest.json", "stress/stress.json",
                                  "size/size.json"])  # fmt: skip
def test_reports_of_changed_folders(file: str, home: Path) -> None:
    """A page or a message: never an internal error, and never a script."""
    study = file.partition("/")[0]
    more = {"run": [], "stress": ["--vary", "demand_scale=1:2", "--precision", "0.5"],
            "size": ["--vary", f"{PICK}=1:3"]}[study]  # fmt: skip
    made = CliRunner().invoke(app, [study, "f.yaml", "--reps", "2", "--out", study, *more])
    assert made.exit_code in (0, 3, 99), made.output
    shutil.rmtree(home / study / "shards")
    right = json.loads((home / file).read_text("utf-8"))
    chance = random.Random(file)
    codes = []
    for path in [(), ("schema",), *chance.sample(places(right), 30)]:
        (home / file).write_text(json.dumps(put(right, path, chance.choice(NASTY))))
        kind = chance.choice([[], ["--junit"], ["--csv"], ["--xlsx"]]) if study == "run" else []
        ended = CliRunner().invoke(app, ["report", study, *kind])
        codes.append(ended.exit_code)
        assert ended.exit_code in (0, 2), (path, ended.output)
        assert all(line.isprintable() for line in ended.stderr.split("\n"))
        if ended.exit_code == 0:
            assert "<script>alert(1)" not in (home / study / "report.html").read_text("utf-8")
    assert 2 in codes
