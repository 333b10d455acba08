"""Run folders: whole or not at all, and enough to run again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from burstsim.errors import InvariantError, OutputError
from burstsim.results import store
from burstsim.results.result import Result
from burstsim.results.store import check_target, save
from burstsim.scenario.reader import loads
from burstsim.studies.replicate import run
from tests.scenarios import scenario_of, small

FILES = [
    *("breakdowns", "costs", "flow", "gift_flow", "gifts", "manifest", "orders", "parcels"),
    *("stock", "stock_needed", "summary", "timeline", "trucks"),
]


@pytest.fixture(scope="module")
def result() -> Result:
    data = small(promises={"all": {"within": "10m"}}, thresholds={"good": "on_time >= 0.9"})
    return run(scenario_of(data), replications=3, thresholds={"x": "unfinished <= 0"})


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_a_folder_has_every_file_and_nothing_is_left_beside_it(
    result: Result, tmp_path: Path
) -> None:
    save(result, tmp_path / "runs" / "one")
    assert [file.stem for file in sorted((tmp_path / "runs" / "one").iterdir())] == FILES
    assert os.listdir(tmp_path / "runs") == ["one"]


def test_a_summary_keeps_no_row_of_an_order(result: Result, tmp_path: Path) -> None:
    """Quantiles come from bins, nothing else differs: metrics, breakdowns, tables of minutes."""
    few = run(result.scenario.model_copy(update={"record": "summary"}), replications=3)
    assert few.trace is None
    assert few.model.scenario.digest() == result.model.scenario.digest()
    for name, values in few.values.items():
        exact = result.values[name]
        if name.startswith("p") and name[1:3].isdigit():
            off = [value.number / true.number for value, true in zip(values, exact, strict=True)]
            assert all(1 <= ratio < 1.001 or ratio != ratio for ratio in off), name
        else:
            assert repr(values) == repr(exact), name
    save(result, tmp_path / "orders")
    save(few, tmp_path / "summary")
    kept, sums = contents(tmp_path / "orders"), contents(tmp_path / "summary")
    assert kept.keys() - sums.keys() == {"orders.parquet", "parcels.parquet", "gifts.parquet"}
    for name in ("timeline", "flow", "gift_flow", "stock", "trucks", "stock_needed", "costs"):
        assert sums[f"{name}.parquet"] == kept[f"{name}.parquet"], name
    again = replace(few, tables=None)
    pd.testing.assert_frame_equal(again.timeline, few.timeline)
    assert len(again.orders) == len(result.orders)
    with pytest.raises(InvariantError, match="comes out otherwise"):
        replace(few, tables=None, digests=("0",)).timeline  # noqa: B018


def test_same_scenario_and_seed_same_bytes(result: Result, tmp_path: Path) -> None:
    save(result, tmp_path / "one")
    again = run(result.scenario, replications=3, thresholds=result.extra)
    save(again, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_manifest_runs_again(result: Result, tmp_path: Path) -> None:
    save(result, tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    scenario = loads(json.dumps(manifest["scenario"]))
    assert scenario.digest() == manifest["scenario_sha256"]
    again = run(scenario)  # as many replications as there were, not as the file said
    assert list(again.digests) == [entry["sha256"] for entry in manifest["replications"]]
    assert manifest["seed"] == scenario.seed
    assert manifest["further_thresholds"] == ["unfinished <= 0"]
    assert {"python", "numpy", "burstsim", "simpy"} <= manifest["versions"].keys()


@pytest.mark.parametrize(
    "name",
    [
        *("orders", "parcels", "timeline", "flow", "gifts", "gift_flow", "stock"),
        *("breakdowns", "trucks", "costs"),
    ],
)
def test_parquet_gives_the_tables_back(result: Result, tmp_path: Path, name: str) -> None:
    save(result, tmp_path / "run")
    read = pd.read_parquet(tmp_path / "run" / f"{name}.parquet")
    pd.testing.assert_frame_equal(read, getattr(result, name), check_categorical=False)
    assert list(read.columns) == list(getattr(result, name).columns)


@pytest.mark.parametrize("name", ["orders", "parcels", "gifts"])
def test_long_tables_are_written_some_rows_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data = small(oms={"cycle": "1m"})
    data["demand"]["shop"]["customers"] = {"pool": 200, "new": 0.5}
    data["gifts"] = {
        "card": {"trigger": {"min": 1}, "count": {"mode": "once"}, "reward": {"gift": {"A": 1}}}
    }
    result = run(scenario_of(data), replications=1)
    monkeypatch.setattr(store, "_AT_ONCE", 100)
    save(result, tmp_path / "run")
    file, whole = tmp_path / "run" / f"{name}.parquet", getattr(result, name)
    assert len(whole) > 500
    assert pq.ParquetFile(file).num_row_groups == -(-len(whole) // 100)
    pd.testing.assert_frame_equal(pd.read_parquet(file), whole, check_categorical=False)


def test_needed_stock_is_read_back(result: Result, tmp_path: Path) -> None:
    save(result, tmp_path / "run")
    read = pd.read_parquet(tmp_path / "run" / "stock_needed.parquet")
    pd.testing.assert_frame_equal(read, result.stock_needed(), check_categorical=False)
    assert read["needed"].sum() > 0
    assert (read["stock"].isna() & (read["short"] == 0)).all()


def test_a_run_without_orders_is_written(tmp_path: Path) -> None:
    empty = run(scenario_of(small(demand_scale=0)))
    save(empty, tmp_path / "run")
    assert len(pd.read_parquet(tmp_path / "run" / "orders.parquet")) == 0
    summary = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert summary["sentence"] == "No orders were placed."
    assert summary["metrics"]["mean(order_to_ship)"]["estimate"] is None


def test_a_stage_without_people_is_written(tmp_path: Path) -> None:
    """Its utilisation is undefined, which JSON has no number for."""
    data = small()
    data["warehouses"]["hub"]["stages"]["pick"] = {"work": {"per_task": "9s"}}
    late = {"from": "12:00", "to": "13:00", "workers": 1}  # the run is from 20:00 to 00:30
    data["warehouses"]["hub"]["shifts"] = {"pick": {"late": late}}
    save(run(scenario_of(data)), tmp_path / "run")
    summary = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert summary["bottleneck"]["stage"] == "pick"
    assert summary["bottleneck"]["utilisation"] is None


def broken_table(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pd.DataFrame, "to_parquet", fail)


def broken_rows(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """When some rows of a long table have been written, and others not."""
    monkeypatch.setattr(store, "_AT_ONCE", 100)
    write, written = pq.ParquetWriter.write_table, []

    def fail(self: pq.ParquetWriter, rows: object) -> None:
        if len(written) == 2:
            raise error
        written.append(rows)
        write(self, rows)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", fail)


def broken_rename(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Between the two renames, when the earlier run is out of its place."""
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)


@pytest.mark.parametrize("where", [broken_table, broken_rows, broken_rename])
@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (OSError(28, "No space left on device"), OutputError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
@pytest.mark.parametrize("earlier", [True, False])
def test_a_fault_leaves_what_was_there(
    result: Result,
    tmp_path: Path,
    where: Callable[[pytest.MonkeyPatch, BaseException], None],
    error: BaseException,
    seen: type[BaseException],
    earlier: bool,
) -> None:
    target = tmp_path / "run"
    if earlier:
        save(run(result.scenario, replications=1), target)
    before = contents(target) if earlier else None
    with pytest.MonkeyPatch.context() as patch:
        where(patch, error)
        with pytest.raises(seen):
            save(result, target)
    assert os.listdir(tmp_path) == (["run"] if earlier else [])
    assert before is None or contents(target) == before


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    return process.pid


def test_what_a_killed_process_left_is_mended(result: Result, tmp_path: Path) -> None:
    save(result, tmp_path / "run")
    before = contents(tmp_path / "run")
    pid = dead_process()
    (tmp_path / "run").rename(tmp_path / f".run.{pid}.old")
    (tmp_path / f".run.{pid}.part").mkdir()
    (tmp_path / f".run.{os.getppid()}.part").mkdir()  # of somebody who is alive
    (tmp_path / f".other.{pid}.part").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        broken_table(patch, OSError(28, "No space left on device"))
        with pytest.raises(OutputError, match="No space left"):
            save(result, tmp_path / "run")
    assert contents(tmp_path / "run") == before
    left = {f".run.{os.getppid()}.part", f".other.{pid}.part", "run"}
    assert set(os.listdir(tmp_path)) == left


def test_targets_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "photo.jpg").write_text("mine")
    for target, why in (
        ("file", "is a file"),
        ("folder", "something else than an earlier run"),
        ("file/run", "cannot write"),
        ("x" * 300, "cannot write"),
    ):
        with pytest.raises(OutputError, match=why):
            check_target(tmp_path / target)
    assert (tmp_path / "folder" / "photo.jpg").read_text() == "mine"
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="permission denied"):
        check_target(tmp_path / "new")


def test_empty_folders_and_links_are_taken(result: Result, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    save(result, tmp_path / "empty")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    save(result, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["empty", "link"]
