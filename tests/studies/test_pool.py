"""Pools: the same shards from one process, from several, and from other machines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from burstsim.errors import BurstsimError, Problem, ReplicationError, ScenarioError
from burstsim.scenario.scenario import Scenario
from burstsim.studies.evaluate import evaluate
from burstsim.studies.pool import Backend, Pool
from burstsim.studies.shards import Shard, Task
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.work import work
from tests.cli.helpers import environment
from tests.scenarios import scenario_of, small


def tasks_of(scenario: Scenario, count: int) -> list[Task]:
    return [Task(scenario=scenario, replication=number) for number in range(count)]


def by_number(shards: Iterator[Shard]) -> list[tuple[int, str]]:
    return sorted((shard.replication, shard.trace) for shard in shards)


@pytest.mark.parametrize("backend", ["local", "dask"])
def test_workers_find_what_one_process_finds(backend: Backend) -> None:
    scenario = scenario_of(small())
    alone = evaluate(scenario, range(6), Pool())
    with Pool(2, backend) as pool:
        assert evaluate(scenario, range(6), pool).traces == alone.traces
        part = evaluate(scenario, range(2, 5), pool)
    assert part.traces == alone.traces[2:5]
    for name, values in part.values.items():
        assert values.tobytes() == alone.values[name][2:5].tobytes(), name


def test_progress_counts_and_the_store_spares_work(tmp_path: Path) -> None:
    tasks, store, seen = tasks_of(scenario_of(small()), 4), ShardStore(tmp_path / "s"), []
    with Pool() as pool:
        first = by_number(pool.shards(tasks[1:3], store))
        everything = by_number(pool.shards(tasks, store, progress=seen.append))
    assert seen == [1, 2, 3, 4]
    assert everything[1:3] == first
    assert len(list((tmp_path / "s").iterdir())) == 4


@dataclass(frozen=True, kw_only=True)
class Deadly(Task):
    """Kills its worker: always, or as long as a file is not there."""

    until: Path | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """Kill whoever unpickles this; workers need not be able to import a test."""
        known = {"task": Task(scenario=self.scenario, replication=self.replication)}
        known |= {"until": None if self.until is None else str(self.until), "signal": 9}
        return eval, (_DEATH, known)


_DEATH = """task if until and __import__('os').path.exists(until) else [
    until and open(until, 'x').close(),
    __import__('os').kill(__import__('os').getpid(), signal),
]"""


def test_a_task_that_lost_its_worker_is_run_again(tmp_path: Path) -> None:
    scenario = scenario_of(small())
    tasks = tasks_of(scenario, 6)
    tasks[2] = Deadly(scenario=scenario, replication=2, until=tmp_path / "died")
    with Pool(2) as pool:
        found = by_number(pool.shards(tasks))
    assert (tmp_path / "died").exists()
    assert found == by_number(map(work, tasks_of(scenario, 6)))


def test_only_the_task_that_kills_is_given_up() -> None:
    scenario = scenario_of(small())
    tasks: list[Task] = tasks_of(scenario, 6)
    tasks[3] = Deadly(scenario=scenario, replication=3)
    seen: list[int] = []
    with Pool(2) as pool, pytest.raises(ReplicationError, match="replication 3: its worker died 3"):
        seen.extend(shard.replication for shard in pool.shards(tasks))
    assert sorted(seen) == [0, 1, 2, 4, 5]


def test_what_does_not_fit_into_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(task: Task) -> Shard:
        if task.replication == 1:
            raise MemoryError
        return work(task)

    monkeypatch.setattr("burstsim.studies.pool.work", full)
    with Pool() as pool, pytest.raises(ReplicationError, match="replication 1: it does not fit"):
        list(pool.shards(tasks_of(scenario_of(small()), 3)))


def test_errors_travel_whole() -> None:
    import pickle

    wrong = ScenarioError([Problem(rule="must be good", path="a.b", value="bad")])
    assert pickle.loads(pickle.dumps(wrong)).problems == wrong.problems
    lost = ReplicationError(dict.fromkeys(range(9), "gone"))
    assert pickle.loads(pickle.dumps(lost)).failed == lost.failed
    assert str(lost).endswith("and 4 more")


def test_wrong_arguments_are_refused() -> None:
    for jobs in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="jobs must be a whole number, at least 1"):
            Pool(jobs)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"local or dask, got 'dsk' \(did you mean 'dask'"):
        Pool(2, "dsk")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="address belongs to"):
        Pool(2, "local", "tcp://127.0.0.1:1")
    with Pool(2, "dask", "nonsense://x") as pool, pytest.raises(BurstsimError, match="no Dask"):
        list(pool.shards(tasks_of(scenario_of(small()), 1)))


def test_another_version_in_a_worker_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    task = tasks_of(scenario_of(small()), 1)[0]
    before = work(task)
    monkeypatch.setattr("burstsim.studies.pool.work", lambda _: before)
    monkeypatch.setattr("burstsim.studies.shards.version", lambda _: "99")
    newer = Task(scenario=task.scenario, replication=0)
    with Pool() as pool, Pool(2) as many:
        assert list(pool.shards([task])) == [before]
        many._submit = lambda _: _done(before)  # type: ignore[method-assign]
        with pytest.raises(BurstsimError, match="another version"):
            list(many.shards([newer]))


def _done(shard: Shard):  # type: ignore[no-untyped-def]
    from concurrent.futures import Future

    future: Future[Shard] = Future()
    future.set_result(shard)
    return future


# --- a cluster of processes


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def line_with(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError(f"the process ended without a line like {pattern}")


WORKER = ("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")


def test_a_study_outlives_a_worker_of_its_cluster() -> None:
    """A real scheduler and two worker processes, of which one is killed on the way."""
    scenario = scenario_of(small())
    alone = by_number(map(work, tasks_of(scenario, 40)))
    arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    with running("distributed.cli.dask_scheduler", *arguments) as scheduler:
        address = line_with(scheduler, r"Scheduler at:\s+(tcp://\S+)")
        with running(*WORKER, address) as one, running(*WORKER, address) as other:
            for worker in (one, other):
                line_with(worker, r"(Registered to)")
            found = []
            with Pool(1, "dask", address) as pool:
                for number, shard in enumerate(pool.shards(tasks_of(scenario, 40))):
                    found.append((shard.replication, shard.trace))
                    if number == 3:
                        one.kill()
                        one.wait()
    assert sorted(found) == alone


def test_workers_do_not_outlive_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(
        "import json, os, sys\n"
        "from burstsim.studies.pool import Pool\n"
        "if __name__ == '__main__':\n"
        "    with Pool(2) as pool:\n"
        "        executor = pool._crew.start()\n"
        "        pids = list(pool._crew._executor._processes)\n"
        "        print(json.dumps(pids), flush=True)\n"
        "        sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    workers = json.loads(process.stdout.readline())
    assert len(workers) == 2
    process.kill()
    process.communicate()
    limit = time.monotonic() + 20
    while any(map(_alive, workers)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not any(map(_alive, workers))


def _alive(process: int) -> bool:
    try:
        # a process that nobody has waited for yet is over all the same
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
