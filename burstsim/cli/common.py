"""What commands share: exit codes, overrides, messages, output, progress."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from burstsim.errors import Problem, ScenarioError

__all__ = [
    "FAILED",
    "INCONCLUSIVE",
    "INTERNAL",
    "INTERRUPTED",
    "LIMIT",
    "LOST",
    "OK",
    "USAGE",
    "Overrides",
    "ScenarioFile",
    "overrides_of",
    "print_json",
    "progress_bar",
    "reader_may_leave",
    "say_problems",
    "say_warnings",
    "worst_code",
]

OK, INTERNAL, USAGE, INCONCLUSIVE, LIMIT, LOST, FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 99, 130

#: Of several codes the first of these that occurs is the one to end with. A suite in which a
#: file is wrong is worse off than one that more replications would settle.
_PRECEDENCE = (INTERNAL, INTERRUPTED, LOST, LIMIT, FAILED, USAGE, INCONCLUSIVE)

#: Problems that are listed. A file of which every cell is wrong is wrong in one way.
_MOST_SAID = 200

ScenarioFile = Annotated[
    Path, typer.Argument(metavar="FILE", show_default=False, help="A scenario file (YAML).")
]

Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value, such as demand_scale=2 or "
        "warehouses.hangzhou.stages.pack.workers=90. May be given several times.",
    ),
]


def overrides_of(given: Sequence[str] | None) -> dict[str, object]:
    """Split ``PATH=VALUE`` texts.

    Raises
    ------
    ScenarioError
        For a text without an equals sign.
    """
    values: dict[str, object] = {}
    problems = []
    for text in given or ():
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            problems.append(
                Problem(rule="must read PATH=VALUE", file="--set", value=text or "nothing")
            )
        values[path.strip()] = value.strip()
    if problems:
        raise ScenarioError(problems)
    return values


def say_problems(problems: Sequence[Problem]) -> None:
    """List problems on stderr; of very many the first, and how many there are."""
    for problem in problems[:_MOST_SAID]:
        print(f"error: {problem}", file=sys.stderr)
    if len(problems) > _MOST_SAID:
        print(f"and {len(problems) - _MOST_SAID:,} more like these", file=sys.stderr)
    if len(problems) > 1:
        print(f"{len(problems)} errors", file=sys.stderr)


def say_warnings(warnings: Sequence[Problem]) -> None:
    """List on stderr what is odd in a scenario that runs all the same."""
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)


def worst_code(codes: Sequence[int]) -> int:
    """Choose the code to end with when there are several."""
    return next((code for code in _PRECEDENCE if code in codes), OK)


def print_json(data: object) -> None:
    """Print data as JSON, in letters that the receiving end can take."""
    plain = (sys.stdout.encoding or "ascii").lower().replace("-", "") != "utf8"
    print(json.dumps(data, indent=2, ensure_ascii=plain, allow_nan=False))


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Print to a pipe whose reader may have seen enough (``| head``): then the rest is dropped.

    The command itself goes on, so that its exit code and its files are those of a whole run.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)


@contextmanager
def progress_bar(what: str, total: int, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Show on stderr that work goes on; nothing when piped or quiet.

    Parameters
    ----------
    what
        What is being done.
    total
        Steps; a single one is shown as a bar that only moves.
    quiet
        Show nothing.

    Yields
    ------
    callable
        Takes the number of steps done.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    rest = (MofNCompleteColumn(), Remaining()) if total > 1 else (Elapsed(),)
    with Progress(
        *columns,
        *rest,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # data printed meanwhile belongs on stdout
        redirect_stderr=False,
    ) as progress:
        task = progress.add_task(what, total=total if total > 1 else None)
        yield lambda done: progress.update(task, completed=done)
