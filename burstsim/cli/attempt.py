"""One scenario of a run: however it ends, what is finished is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from burstsim.cli.common import FAILED, INCONCLUSIVE, INTERRUPTED, LIMIT, LOST, OK
from burstsim.cli.deadline import Deadline
from burstsim.errors import LimitError, OutputError, ReplicationError
from burstsim.languages import words_of
from burstsim.report.write import write_report
from burstsim.results.estimates import take_in
from burstsim.results.lock import locked
from burstsim.results.result import Result
from burstsim.results.store import SHARDS, mend, save
from burstsim.studies.pool import Pool
from burstsim.studies.replicate import Run
from burstsim.studies.shardstore import ShardStore

__all__ = ["Ended", "attempt"]

_CODES = {"PASS": OK, "NONE": OK, "FAIL": FAILED, "INCONCLUSIVE": INCONCLUSIVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a scenario ended.

    Parameters
    ----------
    codes
        Exit codes that apply.
    result
        What was found, if anything was.
    message
        What there is to say besides.
    over
        Whether nothing else is to be begun.
    """

    codes: tuple[int, ...]
    result: Result | None = None
    message: str = ""
    over: bool = False


def attempt(
    plan: Run,
    folder: Path,
    pool: Pool,
    deadline: Deadline,
    tick: Callable[[int], None],
    *,
    resume: bool,
) -> Ended:
    """Run a scenario and write its folder.

    Parameters
    ----------
    plan
        What is run.
    folder
        Where it is written.
    pool
        Who runs it.
    deadline
        When to stop.
    tick
        Called with the number of replications done.
    resume
        Take what an earlier run of it finished.

    Raises
    ------
    OutputError
        When the folder cannot be written, or another run is writing it.
    """
    with locked(folder):
        mend(folder)
        store = ShardStore(folder / SHARDS, fresh=not resume)
        try:
            if plan.most > 1:
                take_in()
            with deadline.stops(tick) as watched:
                result = plan.on(pool, store, watched)
            _save(plan, result, folder, store)
        except LimitError as error:
            message = f"{error}: {_kept(plan, folder, store)}"
            return _cut(plan, folder, store, deadline, message)
        except KeyboardInterrupt:
            message = f"interrupted: {_kept(plan, folder, store)}"
            return Ended(codes=(INTERRUPTED,), message=message, over=True)
        except ReplicationError as error:
            message = f"error: some replications failed\n{error}\n{_kept(plan, folder, store)}"
            return Ended(codes=(LOST,), message=message)
    codes = [_CODES[result.verdict]]
    if result.stopping is not None and not result.stopping.reached:
        codes.append(INCONCLUSIVE)
    return Ended(codes=tuple(codes), result=result)


def _cut(plan: Run, folder: Path, store: ShardStore, deadline: Deadline, message: str) -> Ended:
    """Make the best of the replications that are finished, without a gap from the first on."""
    finished = plan.finished(store)
    if not finished:
        return Ended(codes=(LIMIT,), message=message, over=True)
    # a note of the report, and so in its language; messages are English
    words = words_of(plan.scenario.language)
    some = words.say(
        "{why}: {n} of at most {all} replications are counted here",
        why=deadline.said(words),
        n=len(finished),
        all=plan.most,
    )
    result = replace(plan.result(finished), remarks=(some[:1].upper() + some[1:],))
    _save(plan, result, folder, store)
    codes = (LIMIT, _CODES[result.verdict])
    return Ended(codes=codes, result=result, message=message, over=True)


def _save(plan: Run, result: Result, folder: Path, store: ShardStore) -> None:
    try:
        save(result, folder, store.files(plan.first), finish=write_report)
    except OutputError as error:
        raise OutputError(f"{error}; {_kept(plan, folder, store)}") from None


def _kept(plan: Run, folder: Path, store: ShardStore) -> str:
    """Say what is kept, and how to go on."""
    count = len(store.files(plan.first))
    if count == 0:
        return "no replication was finished"
    some = "1 finished replication is" if count == 1 else f"{count} finished replications are"
    return f"{some} kept in {folder}; the same command with --resume goes on from there"
