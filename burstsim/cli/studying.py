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
from burstsim.cli.options import BackendName, LanguageName, checked_address
from burstsim.cli.terminal import Terminal
from burstsim.errors import OutputError, ScenarioError
from burstsim.languages import Words
from burstsim.results.lock import locked
from burstsim.scenario.reader import load
from burstsim.scenario.scenario import Scenario
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
    name: str, out: Path | None, pool: Pool, *, resume: bool, quiet: bool
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
    """
    folder = out or Path("runs") / name
    store = ShardStore(folder / "shards", fresh=not resume)
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
    try:
        with locked(folder), pool, _told(quiet=quiet) as said:
            yield Workplace(pool=pool, store=store, folder=folder, said=said)
    except ScenarioError:
        # the study was never begun: nothing is left of it
        if folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            for place in made[1:]:
                place.rmdir()
        raise
    except KeyboardInterrupt:
        print(f"what has been run is kept in {folder}: --resume goes on from it", file=sys.stderr)
        raise


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


def pool_of(jobs: int, backend: BackendName, address: str | None) -> Pool:
    """Make the pool that options ask for."""
    return Pool(jobs, backend.value, checked_address(address, backend))


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
