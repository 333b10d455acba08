"""Whatever step goes wrong while a run is written: nothing finished is lost, nothing half is read.

Of all steps that change the disk some are tried here; BURSTSIM_FUZZ=3 tries every one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burstsim.studies.shards import Shard
from tests.cli.helpers import environment, process, quick, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are forked")

FACTOR = int(os.environ.get("BURSTSIM_FUZZ", "1"))

#: More steps than any of the commands takes.
MOST = 120

RUN = ["run", "sale.yaml", "--reps", "2", "--out", "out", "--set", "seed=5"]
STRESS = ["stress", "sale.yaml", "--reps", "2", "--precision", "0.5", "--out", "out"]
STRESS += ["--vary", "demand_scale=1:2"]


def tried(kind: str, steps: list[int], command: list[str], cwd: Path) -> list[dict[str, Any]]:
    found = subprocess.run(
        [*(sys.executable, "-m", "tests.hardening.faultpoints"), kind, ",".join(map(str, steps)),
         *command],
        cwd=cwd, env=environment(), capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in found.stdout.splitlines()]


def whole(folder: Path) -> None:
    """Everything that has its own name in a folder is whole; what is on its way has another."""
    for path in folder.glob("shards/*.json"):
        Shard.from_json(path.read_text(encoding="utf-8"))
    for path in folder.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    for path in folder.glob("*.parquet"):
        pd.read_parquet(path)
    for path in folder.glob("*.html"):
        assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


def prepared(tmp_path: Path, command: list[str], earlier: list[str]) -> tuple[int, Any]:
    """Make the folder of the first step, with an earlier run; says how many steps there are."""
    (tmp_path / "1").mkdir()
    write(tmp_path / "1" / "sale.yaml", quick(thresholds={"on-time": "on_time >= 0.5"}))
    if earlier:
        assert process(*earlier, cwd=tmp_path / "1").returncode == 0
    shutil.copytree(tmp_path / "1", tmp_path / "0")
    (reference,) = tried("none", [0], command, tmp_path)
    assert reference["code"] == 0, reference
    count = int(reference["steps"])
    assert 20 < count < MOST
    return count, results(tmp_path / "0" / "out")


def results(folder: Path) -> dict[str, Any]:
    return {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}


@pytest.mark.parametrize(
    ("kind", "command", "every"),
    [("kill", RUN, 8), ("full", RUN, 13), ("denied", RUN, 15), ("kill", STRESS, 17)],
    ids=["run is killed", "disk is full", "disk is read-only", "study is killed"],
)
def test_any_step_may_go_wrong(kind: str, command: list[str], every: int, tmp_path: Path) -> None:
    earlier = [*RUN[:6], "--set", "seed=4"] if command is RUN else []
    count, expected = prepared(tmp_path, command, earlier)
    steps = list(range(1, count + 1, 1 if FACTOR > 2 else every))
    for step in steps[1:]:
        shutil.copytree(tmp_path / "1", tmp_path / str(step))
    kept: dict[int, dict[str, int]] = {}
    for told in tried(kind, steps, command, tmp_path):
        home = tmp_path / str(told["step"])
        if kind == "kill":
            assert told["code"] in (137, 0)
        else:
            assert told["code"] in (2, 0), told
            assert (told["code"] == 2) == told["stderr"].startswith("error: cannot ")
            assert len(told["stderr"].splitlines()) <= 1
        whole(home / "out")
        aside = list(home.glob(".out.*.old"))
        assert (home / "out").exists() or aside or told["step"] < 5
        for folder in aside:
            whole(folder)
        kept[told["step"]] = {
            path.name: path.stat().st_mtime_ns
            for place in (home / "out", *aside)
            for path in place.glob("shards/*.json")
        }
    for told in tried("none", steps, [*command, "--resume"], tmp_path):
        assert (told["code"], told["stderr"]) == (0, ""), told
        home = tmp_path / str(told["step"])
        assert results(home / "out") == expected
        whole(home / "out")
        assert not [path for path in home.rglob(".*") if path.suffix in (".part", ".old")]
        shards = {path.name: path.stat().st_mtime_ns for path in home.glob("out/shards/*.json")}
        before = kept[told["step"]]
        assert all(before.get(name, at) == at for name, at in shards.items()), "none is run again"
