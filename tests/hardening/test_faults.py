"""Faults of the world around a run: signals, workers, disks, clocks, other runs."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import burstsim
from burstsim.errors import ReplicationError
from burstsim.scenario.scenario import Scenario
from burstsim.studies.pool import Pool
from burstsim.studies.shards import Shard, Task
from burstsim.studies.work import work
from tests.cli.helpers import COMMAND, environment, process, write
from tests.scenarios import scenario_of, small

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and file limits")

RUN = ["run", "sale.yaml", "--reps", "14", "-q"]
STRESS = ["stress", "sale.yaml", "--reps", "4", "-q", "--vary", "demand_scale=1:3"]


def busy(tmp_path: Path) -> Path:
    """A sale whose replications differ and take a while."""
    demand = {
        "s": {"shape": "instant", "at": "0s", "orders": 9_000, "basket": {"weights": {"A": 1}}}
    }
    data = small(demand=demand, promises={"all": {"within": "10m"}})
    return write(tmp_path / "sale.yaml", {**data, "thresholds": {"t": "on_time >= 0.02"}})


def results(folder: Path) -> dict[str, Any]:
    found = {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    assert found
    return found


def shards(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("shards/*.json")}


@contextmanager
def under_way(
    command: list[str], cwd: Path, folder: str, least: int
) -> Iterator[subprocess.Popen[bytes]]:
    """A command of which some replications are finished."""
    with subprocess.Popen(
        [*COMMAND, *command, "--out", folder],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # whoever started the tests may have the signals ignored
        preexec_fn=lambda: [
            signal.signal(number, signal.SIG_DFL)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        ],
    ) as child:
        until = time.monotonic() + 60
        while child.poll() is None and len(shards(cwd / folder)) < least:
            assert time.monotonic() < until
            time.sleep(0.01)
        try:
            yield child
        finally:
            child.kill()


# --- signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", [RUN, STRESS, [*RUN, "--jobs", "2"]])
def test_a_signal_is_answered_and_the_work_is_kept(
    command: list[str], number: signal.Signals, tmp_path: Path
) -> None:
    busy(tmp_path)
    with under_way(command, tmp_path, "cut", 3) as child:
        child.send_signal(number)
        stdout, stderr = child.communicate(timeout=60)
    said = stderr.decode()
    assert (child.returncode, stdout) == (130, b"")
    assert "kept in cut; the same command with --resume goes on from there" in said
    assert "interrupted: " in said
    assert "Traceback" not in said
    kept = shards(tmp_path / "cut")
    assert len(kept) >= 3
    done = process(*command, "--out", "cut", "--resume", cwd=tmp_path)
    assert done.returncode in (0, 99), done.stderr
    assert shards(tmp_path / "cut").items() >= kept.items()
    whole = process(*command, "--out", "whole", cwd=tmp_path)
    assert whole.returncode == done.returncode
    assert results(tmp_path / "cut") == results(tmp_path / "whole")


def test_an_interruption_of_code_in_a_text_is_answered_as_well(tmp_path: Path) -> None:
    """As of a dataclass that is being made: Python would end the process by the signal."""
    (tmp_path / "night.py").write_text(
        "import typer\n"
        "from burstsim.cli.guard import guarded\n"
        "app = typer.Typer()\n"
        "app.command()(guarded(lambda: exec('raise KeyboardInterrupt')))\n"
        "app()\n"
    )
    command = [sys.executable, "-m", "night"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (130, b"")
    assert done.stderr == b"interrupted: what was not finished is not written\n"


def test_who_ignores_a_signal_is_not_stopped_by_it(tmp_path: Path) -> None:
    """As ``nohup`` does."""
    busy(tmp_path)
    script = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, *COMMAND[1:], *RUN[:2], "--reps", "5", "--out", "o"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.DEVNULL,
    ) as child:
        while child.poll() is None and not shards(tmp_path / "o"):
            time.sleep(0.01)
        child.send_signal(signal.SIGHUP)
        assert child.wait(timeout=60) in (0, 99)
    assert len(shards(tmp_path / "o")) == 5


# --- workers


@dataclass(frozen=True, kw_only=True)
class Hanging(Task):
    """Never ends in its worker: always, or as long as a file is not there."""

    how: str
    until: Path | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """Hang whoever unpickles this; workers need not be able to import a test."""
        known = {"task": Task(scenario=self.scenario, replication=self.replication)}
        return eval, (_HANG[self.how], known | {"until": self.until and str(self.until)})


_ONCE = "task if until and __import__('os').path.exists(until) else [until and open(until, 'x'), "

_HANG = {
    "sleeps": _ONCE + "__import__('time').sleep(10**6)]",
    "halted": _ONCE + "__import__('os').kill(__import__('os').getpid(), 19)]",
    "busy": _ONCE + "all(True for _ in iter(int, 1))]",
}


def tasks_of(scenario: Scenario, count: int) -> list[Task]:
    return [Task(scenario=scenario, replication=number) for number in range(count)]


@pytest.mark.parametrize("how", _HANG)
def test_what_hung_once_is_run_again(how: str, tmp_path: Path) -> None:
    scenario = scenario_of(small())
    tasks = tasks_of(scenario, 6)
    tasks[2] = Hanging(scenario=scenario, replication=2, how=how, until=tmp_path / "hung")
    with Pool(2, patience=4) as pool:
        found = sorted((shard.replication, shard.trace) for shard in pool.shards(tasks))
    assert (tmp_path / "hung").exists()
    assert found == [(shard.replication, shard.trace) for shard in map(work, tasks_of(scenario, 6))]


def test_what_hangs_always_is_given_up_and_nothing_else() -> None:
    scenario = scenario_of(small())
    tasks = tasks_of(scenario, 6)
    tasks[0] = Hanging(scenario=scenario, replication=0, how="halted")
    seen: list[int] = []
    with Pool(2, patience=4) as pool, pytest.raises(ReplicationError) as told:
        seen.extend(shard.replication for shard in pool.shards(tasks))
    assert sorted(seen) == [1, 2, 3, 4, 5]
    (why,) = told.value.failed.values()
    assert why.startswith("its worker hung, twice: no answer for ")


def test_workers_that_are_stopped_at_work_leave_no_thread() -> None:
    """One that is left writes a traceback now and then, when the interpreter ends under it."""
    before = set(threading.enumerate())
    scenario = scenario_of(small(demand_scale=20))
    for _ in range(5):
        with Pool(2) as pool:
            next(pool.shards(tasks_of(scenario, 8)))
        assert set(threading.enumerate()) == before


def test_nobody_hangs_who_takes_as_long_as_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patience grows with the orders, and is never less than ten minutes."""
    pool, hour = Pool(2), 3600.0
    little = tasks_of(scenario_of(small()), 1)
    huge = [Task(scenario=scenario_of(small(demand_scale=1e5)), replication=0)]
    slow = [Task(scenario=huge[0].scenario, replication=0, engine="event")]
    assert 600 <= pool._patience(little, 1) <= pool._patience(little, hour) < 700
    assert hour < pool._patience(huge, 2 * hour) < pool._patience(slow, 2 * hour)


def descendants(parent: int) -> list[int]:
    """Processes below one, the youngest last."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        below.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, todo = [], [parent]
    while todo:
        more = sorted(below.get(todo.pop(0), []))
        found += more
        todo += more
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_a_worker_of_a_command_is_killed(tmp_path: Path) -> None:
    """What the system does when memory runs out."""
    busy(tmp_path)
    with under_way([*RUN, "--jobs", "2"], tmp_path, "cut", 3) as child:
        os.kill(descendants(child.pid)[-1], signal.SIGKILL)
        _, stderr = child.communicate(timeout=60)
    assert (child.returncode, stderr) == (0, b"")
    assert process(*RUN, "--out", "whole", cwd=tmp_path).returncode == 0
    assert results(tmp_path / "cut") == results(tmp_path / "whole")


# --- disks


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("no file system may be mounted here; a limit on files stands for it elsewhere")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(tiny_disk: Path) -> None:
    """Replications fit, the page does not: with more room the run goes on and nothing is lost."""
    write(tiny_disk / "sale.yaml", small())
    command = ["run", "sale.yaml", "--reps", "3", "--out", "out"]
    done = process(*command, cwd=tiny_disk)
    assert (done.returncode, done.stdout) == (2, "")
    assert "No space left on device; 3 finished replications are kept in out; " in done.stderr
    assert len(done.stderr.splitlines()) == 1
    kept = shards(tiny_disk / "out")
    assert [path.name for path in (tiny_disk / "out").iterdir()] == ["shards"]
    subprocess.run(["mount", "-o", "remount,size=90M", str(tiny_disk)], check=True)
    assert process(*command, "--resume", cwd=tiny_disk).returncode == 0
    assert shards(tiny_disk / "out") == kept


@pytest.mark.parametrize("command", [RUN, STRESS])
def test_a_disk_that_cannot_be_written(command: list[str], tiny_disk: Path) -> None:
    busy(tiny_disk)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    done = process(*command, "--out", "new/out", cwd=tiny_disk)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: cannot write new/out: Read-only file system")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [RUN, STRESS])
def test_a_folder_that_holds_something_else(command: list[str], tmp_path: Path) -> None:
    busy(tmp_path)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "report.html").write_text("mine")
    done = process(*command, "--out", "thesis", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "thesis holds something else than a" in done.stderr
    assert (tmp_path / "thesis" / "report.html").read_text() == "mine"
    done = process(*command, "--out", "sale.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


# --- other runs


@pytest.mark.parametrize("command", [RUN, STRESS])
def test_two_at_once_into_one_folder(command: list[str], tmp_path: Path) -> None:
    busy(tmp_path)
    endless = [*command, "--reps", "5000", "--set", "thresholds.t=nights(on_time >= 0) >= 0.999"]
    with under_way(endless, tmp_path, "out", 1) as child:
        second = process(*command, "--out", "out", cwd=tmp_path)
        assert child.poll() is None
        before = shards(tmp_path / "out")
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
    assert (second.returncode, second.stdout) == (2, "")
    assert f"another run (process {child.pid}) is writing out; wait until" in second.stderr
    assert shards(tmp_path / "out").items() >= before.items()


# --- clocks


def test_nothing_asks_for_the_time_of_day() -> None:
    """Spans are measured by clocks that nobody sets, and no result depends on when it is made."""
    calls = {("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "ctime")}
    calls |= {(c, m) for c in ("datetime", "date") for m in ("now", "today", "utcnow")}
    found = []
    for path in Path(burstsim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = getattr(node.func.value, "id", getattr(node.func.value, "attr", ""))
                if (owner, node.func.attr) in calls:
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_a_clock_that_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replications are the same, and so is their file, on the day after and the year before."""
    task = Task(scenario=scenario_of(small()), replication=0, detailed=True)
    plain = work(task)
    jumps = iter([2e9, 0.0, 1e9, -5.0] * 1000)
    monkeypatch.setattr(time, "time", lambda: next(jumps))
    monkeypatch.setattr(time, "time_ns", lambda: int(next(jumps) * 1e9))
    after = work(task)
    assert after.trace == plain.trace
    assert after.seconds >= 0
    assert _timeless(after) == _timeless(plain)


def _timeless(shard: Shard) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(shard.to_json())
    return {name: value for name, value in data.items() if name != "seconds"}


# --- limits of studies

SIZE = ["size", "sale.yaml", "--reps", "4", "-q"]
SWEEP = ["sweep", "sale.yaml", "--reps", "4", "-q", "--vary", "demand_scale=1,2"]
COMPARE = ["compare", "sale.yaml", "other.yaml", "-q", "--reps", "4"]


@pytest.mark.parametrize("command", [STRESS, SIZE, SWEEP, COMPARE], ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--max-orders", "5", "orders, more than the 5 of --max-orders; nothing was run"),
        ("--max-memory", "1MB", "of memory, more than the 1 MB of --max-memory; nothing was run"),
    ],
)
def test_a_study_that_is_too_large_is_refused(
    command: list[str], option: str, value: str, said: str, tmp_path: Path
) -> None:
    file = busy(tmp_path)
    (tmp_path / "other.yaml").write_bytes(file.read_bytes())
    done = process(*command, option, value, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert said in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.yaml", "sale.yaml"]


def test_a_level_that_is_too_large_is_not_run(tmp_path: Path) -> None:
    """The levels below it are kept."""
    busy(tmp_path)
    limited = [*STRESS, "--set", "thresholds.t=on_time >= 0", "--max-orders", "15000"]
    done = process(*limited, "--out", "limit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "orders, more than the 15,000 of --max-orders; it was not run" in done.stderr
    assert "kept in limit; the same command with --resume goes on from there" in done.stderr
    assert len(shards(tmp_path / "limit")) >= 4


@pytest.mark.parametrize("command", [STRESS, SWEEP], ids=lambda command: command[0])
def test_a_study_stops_when_it_is_time(command: list[str], tmp_path: Path) -> None:
    busy(tmp_path)
    long = [*command, "--set", "demand.s.orders=60000", "--reps", "5000", "--out", "o"]
    done = process(*long, "--time-limit", "4s", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "stopped after 4s, the --time-limit: " in done.stderr
    assert (len(shards(tmp_path / "o")) > 0) == ("--resume goes on" in done.stderr)
    none = process(*command, "--out", "p", "--time-limit", "1ms", cwd=tmp_path)
    assert (none.returncode, none.stdout) == (4, "")
    assert "no replication was finished" in none.stderr
    assert not (tmp_path / "p").exists()


# --- what a run takes


#: A program that runs another and prints its peak in KiB.
_MEASURED = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="unit of the peak")
@pytest.mark.parametrize(
    ("engine", "orders"), [("vector", 2_000), ("vector", 200_000), ("event", 12_000)]
)
def test_the_estimate_of_memory_is_of_the_right_size(
    engine: str, orders: int, tmp_path: Path, expected: Callable[[Scenario, str], float]
) -> None:
    stream = {"shape": "instant", "at": "0s", "orders": orders, "basket": {"weights": {"A": 1}}}
    data = {**small(demand={"s": stream}), "replications": 1}
    file = write(tmp_path / "sale.yaml", data)
    command = [*COMMAND, "run", str(file), "--engine", engine, "-q"]
    # by way of a small process: what one starts begins with the peak of who started it
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=True,
    )
    peak = int(done.stdout) * 1024
    assert peak / 1.7 < expected(scenario_of(data), engine) < peak * 1.7


@pytest.fixture
def expected() -> Callable[[Scenario, str], float]:
    """Bytes that a run is expected to take: the least limit that does not refuse it."""
    from burstsim.errors import LimitError
    from burstsim.studies.limits import Limits

    def least(scenario: Scenario, engine: Any) -> float:
        low, high = 1.0, 1e12
        while high / low > 1.01:
            middle = (low * high) ** 0.5
            try:
                Limits(memory=int(middle)).refuse(scenario, engine=engine, tables=True)
                high = middle
            except LimitError:
                low = middle
        return high

    return least
