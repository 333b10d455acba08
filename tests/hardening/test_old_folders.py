"""A run folder as the first version wrote it is still read; one of an unknown version is told of.

``firstrun`` was written on 2026-11-23 by the first version that wrote run folders, of schema 1.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from burstsim.cli import app

FIRST = Path(__file__).parent / "firstrun"


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(FIRST, tmp_path / "old")
    return tmp_path / "old"


def test_its_report_is_made(old: Path) -> None:
    ended = CliRunner().invoke(app, ["report", "old", "--xlsx", "--csv", "--junit"])
    assert (ended.exit_code, ended.stderr) == (0, "")
    page = (old / "report.html").read_text("utf-8")
    assert "a sale of long ago" in page
    assert "stock.parquet is not in this run folder, written by burstsim 0.1.0" in page
    assert {path.name for path in old.iterdir()} >= {"report.xlsx", "junit.xml", "csv"}


def test_it_can_be_compared(old: Path) -> None:
    shutil.copytree(old, old.with_name("again"))
    ended = CliRunner().invoke(app, ["compare", "old", "again", "--fail-on", "on_time < -0.01"])
    assert (ended.exit_code, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (2, "has schema 2, of a newer burstsim; this one reads up to 1: update burstsim"),
        (99, "has schema 99, of a newer burstsim; this one reads up to 1: update burstsim"),
        (0, "has schema 0, which no burstsim wrote"),
        (-1, "has schema -1, which no burstsim wrote"),
        (True, "says no schema: it is not of a run"),
        ("1", "says no schema: it is not of a run"),
        (None, "says no schema: it is not of a run"),
    ],
)
def test_an_unknown_version_is_explained(old: Path, schema: object, said: str) -> None:
    summary = json.loads((old / "summary.json").read_text("utf-8"))
    (old / "summary.json").write_text(json.dumps({**summary, "schema": schema}))
    ended = CliRunner().invoke(app, ["report", "old"])
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert not (old / "report.html").exists()


def test_shards_of_an_unknown_version_are_run_again(tmp_path: Path) -> None:
    """Only what is known for certain to be the same is taken over."""
    from burstsim.studies.shards import Shard, Task
    from burstsim.studies.shardstore import ShardStore
    from burstsim.studies.work import work
    from tests.scenarios import scenario_of, small

    task = Task(scenario=scenario_of(small()), replication=0)
    store = ShardStore(tmp_path)
    store.put(work(task))
    (file,) = tmp_path.iterdir()
    data = json.loads(file.read_text("utf-8"))
    assert ShardStore(tmp_path).get(task) is not None
    for change in ({"schema": 2}, {"schema": 0}, {"key": "0" * 64}, {"engine": "event"}):
        file.write_text(json.dumps({**data, **change}))
        assert ShardStore(tmp_path).get(task) is None
    with pytest.raises(ValueError, match="another schema"):
        Shard.from_json(json.dumps({**data, "schema": 2}))
