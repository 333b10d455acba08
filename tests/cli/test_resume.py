"""Runs that are killed, limited, refused or in each other's way, and go on later."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from burstsim.results.lock import locked
from tests.cli.helpers import COMMAND, environment, process, write
from tests.scenarios import small

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and file limits")


def busy() -> dict[str, Any]:
    """A sale whose replications differ and take a while."""
    demand = {
        "s": {"shape": "instant", "at": "0s", "orders": 20_000, "basket": {"weights": {"A": 1}}}
    }
    return small(demand=demand, promises={"all": {"within": "10m"}})


def summary(folder: Path) -> Any:
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def digests(folder: Path) -> list[str]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [entry["sha256"] for entry in manifest["replications"]]


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("shards/*.json"))


def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", busy())
    command = ["run", "sale.yaml", "--reps", "14", "-q", "--out"]
    assert process(*command, "whole", cwd=tmp_path).returncode == 0
    for jobs, least in (("1", 1), ("2", 4), ("2", 9)):
        child = subprocess.Popen(
            [*COMMAND, *command, "cut", "--resume", "--jobs", jobs],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while child.poll() is None and len(shards(tmp_path / "cut")) < least:
            time.sleep(0.01)
        child.kill()
        child.wait()
    times = {path.name: path.stat().st_mtime_ns for path in shards(tmp_path / "cut")}
    assert len(times) >= 9
    done = process(*command, "cut", "--resume", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert summary(tmp_path / "cut") == summary(tmp_path / "whole")
    assert digests(tmp_path / "cut") == digests(tmp_path / "whole")
    for path in shards(tmp_path / "cut"):  # what was finished was not run again
        assert times.get(path.name, path.stat().st_mtime_ns) == path.stat().st_mtime_ns
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_only_what_is_whole_and_of_this_scenario_is_taken(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", small())
    command = ["run", "sale.yaml", "--reps", "3", "-q", "--out"]
    process(*command, "other", "--seed", "9", cwd=tmp_path)
    process(*command, "good", cwd=tmp_path)
    process(*command, "mixed", cwd=tmp_path)
    (first, second, third), folder = shards(tmp_path / "mixed"), tmp_path / "mixed"
    foreign = shards(tmp_path / "other")
    first.write_text(first.read_text(encoding="utf-8")[:-9], encoding="utf-8")  # half of it
    second.write_bytes(foreign[1].read_bytes())  # another scenario under the name of this one
    third.write_bytes(b"\xff\x00")
    (folder / "shards" / foreign[0].name).write_bytes(foreign[0].read_bytes())
    process(*command, "mixed", "--resume", cwd=tmp_path)
    assert summary(folder) == summary(tmp_path / "good")
    assert digests(folder) == digests(tmp_path / "good") != digests(tmp_path / "other")
    assert [path.name for path in shards(folder)] == [first.name, second.name, third.name]


def test_more_replications_go_on_from_fewer(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", small())
    for count, more in ((2, []), (4, ["--resume"])):
        process("run", "sale.yaml", "--reps", count, "--out", "run", *more, cwd=tmp_path)
    process("run", "sale.yaml", "--reps", 4, "--out", "fresh", "--jobs", 2, cwd=tmp_path)
    assert summary(tmp_path / "run") == summary(tmp_path / "fresh")
    assert digests(tmp_path / "run") == digests(tmp_path / "fresh")


def test_a_run_is_told_in_another_language_without_running_again(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", small())
    command = ["run", "sale.yaml", "--reps", 2, "--out", "run"]
    process(*command, cwd=tmp_path)
    before, made = (
        summary(tmp_path / "run"),
        [p.stat().st_mtime_ns for p in shards(tmp_path / "run")],
    )
    process(*command, "--resume", "--language", "zh", cwd=tmp_path)
    after = summary(tmp_path / "run")
    assert [p.stat().st_mtime_ns for p in shards(tmp_path / "run")] == made
    assert len(made) == 2
    assert after["metrics"] == before["metrics"]
    assert before["sentence"].endswith(".")
    assert after["sentence"].endswith("。")


def test_a_time_limit_keeps_and_counts_what_is_finished(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", small())
    command = ["run", "sale.yaml", "--reps", "100000", "--out", "run"]
    done = process(*command, "--time-limit", "3s", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "stopped after 3s, the --time-limit: " in done.stderr
    assert "--resume goes on" in done.stderr
    found = summary(tmp_path / "run")
    assert 0 < found["replications"] == len(shards(tmp_path / "run"))
    assert f"{found['replications']} of at most 100000 replications" in done.stdout
    # an order at a time, so that nothing can be finished before anybody looks at the clock
    many = {"shape": "steady", "rate": "5000/m", "basket": {"weights": {"A": 1}}}
    write(tmp_path / "large.yaml", small(demand={"shop": many}))
    large = ["run", "large.yaml", "--engine", "event", "--out", "none", "--time-limit", "1ms"]
    none = process(*large, cwd=tmp_path)
    assert (none.returncode, none.stdout) == (4, "")
    assert "no replication was finished" in none.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--max-orders", "5", "orders, more than the 5 of --max-orders; nothing was run"),
        ("--max-memory", "1MB", "of memory, more than the 1 MB of --max-memory; nothing was run"),
    ],
)
def test_what_is_too_large_is_refused(tmp_path: Path, option: str, value: str, said: str) -> None:
    write(tmp_path / "sale.yaml", small())
    done = process("run", "sale.yaml", option, value, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert said in done.stderr
    assert not (tmp_path / "runs").exists()
    allowed = {"--max-orders": "1000000", "--max-memory": "8GB"}[option]
    assert process("run", "sale.yaml", option, allowed, cwd=tmp_path).returncode == 0


def test_two_runs_into_one_folder(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", small())
    with locked(tmp_path / "run"):
        done = process("run", "sale.yaml", "--out", "run", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is writing run; wait until it is over, or give this one another --out" in done.stderr
    assert process("run", "sale.yaml", "--out", "run", cwd=tmp_path).returncode == 0


def test_a_full_disk_gives_one_message_and_loses_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    write(tmp_path / "sale.yaml", small())
    process("run", "sale.yaml", "--reps", "1", "--out", "run", cwd=tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*.*")}
    script = (
        "import resource, runpy, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "sys.argv = ['burstsim', 'run', 'sale.yaml', '--reps', '2', '--out', 'run']\n"
        "runpy.run_module('burstsim', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: cannot keep replication 0 in run/shards: ")
    assert len(done.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in (tmp_path / "run").rglob("*.*")} == before


def test_reps_auto_says_what_stopped_it(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", small(thresholds={"soon": "mean(order_to_ship) <= 10h"}))
    rough = process("run", "sale.yaml", "--reps", "auto", "--precision", "0.9", cwd=tmp_path)
    assert rough.returncode == 0
    assert "Precise enough after 15 replications: mean(order_to_ship) is known" in rough.stdout
    options = ("--precision", "0.000001", "--max-reps", "12", "--json")
    fine = process("run", "sale.yaml", "--reps", "auto", *options, cwd=tmp_path)
    assert fine.returncode == 3
    found = json.loads(fine.stdout)
    assert (found["replications"], found["verdict"]) == (12, "PASS")
    assert found["stopping"]["reached"] is False
    for wrong in (("0", "auto"), ("0.1", "autp"), ("0.1", "0"), ("2", "auto")):
        bad = process("run", "sale.yaml", "--precision", wrong[0], "--reps", wrong[1], cwd=tmp_path)
        assert (bad.returncode, bad.stdout) == (2, ""), wrong
        assert "internal" not in bad.stderr
