"""What the commands of studies share: options, workers, folder, progress."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from burstsim.cli.common import overrides_of, print_json, say_warnings
from burstsim.cli.deadline import Deadline
from burstsim.cli.options import BackendName, LanguageName, checked_address
from burstsim.cli.terminal import Terminal
from burstsim.errors import BurstsimError, LimitError, OutputError, ReplicationError
from burstsim.languages import Words
from burstsim.results.estimates import take_in
from burstsim.results.files import tidy
from burstsim.results.lock import locked
from burstsim.scenario.reader import load
from burstsim.scenario.scenario import Scenario
from burstsim.studies.limits import Limits
from burstsim.studies.pool import Pool
from burstsim.studies.shardstore import ShardStore

__all__ = [
    "AsJson",
    "Out",
    "Quiet",
    "Resume",
    "Seed",
    "Thresholds",
    "VaryOption",
    "Workplace",
    "pool_of",
    "read_scenario",
    "show",
    "workplace",
]

VaryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="PATH=VALUES",
        help="What is varied, by the path that --set takes: LO:HI, LO:HI:STEP or A,B,C.",
    ),
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold",
        metavar="EXPR",
        help='A further threshold, such as "on_time >= 0.98". May be given several times.',
    ),
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, metavar="N", help="Another seed than the file's."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder of the study; else one below runs/."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with what an earlier, stopped study has run.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON and nothing else.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Only the sentence.")]


#: What lies in the folder of a study that was begun.
_OF_STUDIES = {"shards", "stress.json", "size.json", "sweep.json", "compare.json"}


class Answer(Protocol):
    """What a study found."""

    @property
    def sentence(self) -> str:
        """What it says."""
        ...

    @property
    def words(self) -> Words:
        """The language in which it says it."""
        ...

    def summary(self) -> dict[str, Any]:
        """All of it, for machines."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where a study runs and what it leaves.

    Parameters
    ----------
    pool
        Who runs replications.
    store
        Those that have been run.
    folder
        Of the study.
    said
        Takes a word on what is being run.
    """

    pool: Pool
    store: ShardStore
    folder: Path
    said: Callable[[str], None]


def read_scenario(
    file: Path,
    changes: Sequence[str] | None,
    seed: int | None,
    language: LanguageName | None = None,
) -> Scenario:
    """Load a scenario with its overrides, and say on stderr what is odd in it.

    Raises
    ------
    ScenarioError
        When it is wrong.
    """
    values = overrides_of(changes)
    if seed is not None:
        values["seed"] = seed
    if language is not None:
        values["language"] = language.value
    scenario = load(file, set=values)
    say_warnings(scenario.warnings)
    return scenario


@contextmanager
def workplace(
    name: str, out: Path | None, pool: Pool, *, resume: bool, quiet: bool, limit: int | None
) -> Iterator[Workplace]:
    """Open the folder of a study and engage its workers.

    Parameters
    ----------
    name
        Of the study, for a folder below ``runs/``.
    out
        Folder, where it is given.
    pool
        Who runs replications.
    resume
        Whether replications of an earlier study in that folder are used.
    quiet
        Show no progress.
    limit
        Ticks after which it stops; None for never.

    Raises
    ------
    OutputError
        When the folder cannot be written, or is in use.
    LimitError
        When a limit was hit; what has been run is kept.
    """
    deadline = Deadline(limit)
    folder = out or Path("runs") / name
    store = ShardStore(folder / "shards", fresh=not resume)
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    _refuse_other(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
    ours = False
    try:
        with locked(folder), pool, _told(quiet=quiet) as told, deadline.stops(told) as said:
            ours = True
            with contextlib.suppress(OSError):
                tidy(folder)
            take_in()
            yield Workplace(pool=pool, store=store, folder=folder, said=said)
    except (BurstsimError, KeyboardInterrupt) as error:
        kept = store.kept
        if not kept and ours:
            _remove(made)
        if isinstance(error, LimitError):
            raise LimitError(f"{error}{_how_to_go_on(kept, folder)}") from None
        if isinstance(error, ReplicationError | KeyboardInterrupt):
            print(f"stopped{_how_to_go_on(kept, folder)}", file=sys.stderr)
        raise


def _refuse_other(folder: Path) -> None:
    """Refuse a folder in which something else than an earlier study lies.

    Raises
    ------
    OutputError
        When there is.
    """
    try:
        names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    except OSError as error:
        raise OutputError(f"cannot read {folder}: {error.strerror or error}") from None
    if names and (not names & _OF_STUDIES or "manifest.json" in names):
        raise OutputError(f"{folder} holds something else than a study; give another folder")


def _remove(made: list[Path]) -> None:
    """Leave nothing of a study that was never begun."""
    if made:
        shutil.rmtree(made[0], ignore_errors=True)
    with contextlib.suppress(OSError):
        for place in made[1:]:
            place.rmdir()


def _how_to_go_on(kept: int, folder: Path) -> str:
    """Say what is kept of a study that has not ended."""
    if not kept:
        return ": no replication was finished"
    some = "1 finished replication is" if kept == 1 else f"{kept:,} finished replications are"
    return f": {some} kept in {folder}; the same command with --resume goes on from there"


def show(
    found: Answer,
    folder: Path,
    tables: Callable[[Terminal], None],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Print what a study found: as JSON, or its tables, its sentence and where it was written."""
    if as_json:
        print_json(found.summary())
        return
    terminal = Terminal()
    if not quiet:
        tables(terminal)
    terminal.say(found.sentence)
    if not quiet:
        terminal.say(found.words.say("Written to {folder}", folder=folder))


def pool_of(jobs: int, backend: BackendName, address: str | None, limits: Limits) -> Pool:
    """Make the pool that options ask for."""
    return Pool(jobs, backend.value, checked_address(address, backend), limits=limits)


@contextmanager
def _told(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show on stderr what is being done; nothing when piped or quiet."""
    if quiet or not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("starting") as status:
        yield lambda text: status.update(escape(text))
