"""What commands share: exit codes, overrides, messages, progress."""

from __future__ import annotations

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
    "OK",
    "USAGE",
    "Overrides",
    "ScenarioFile",
    "overrides_of",
    "progress_bar",
    "say_problems",
    "worst_code",
]

OK, INTERNAL, USAGE, INCONCLUSIVE, FAILED, INTERRUPTED = 0, 1, 2, 3, 99, 130

#: Of several codes the first of these that occurs is the one to end with.
_PRECEDENCE = (INTERNAL, INTERRUPTED, FAILED, INCONCLUSIVE, USAGE)

ScenarioFile = Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file (YAML).")]

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
    """List problems on stderr."""
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    count = len(problems)
    if count > 1:
        print(f"{count} errors; nothing was run", file=sys.stderr)


def worst_code(codes: Sequence[int]) -> int:
    """Choose the code to end with when there are several."""
    return next((code for code in _PRECEDENCE if code in codes), OK)


@contextmanager
def progress_bar(what: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while work goes on; nothing when piped or quiet.

    Yields
    ------
    callable
        Takes the number of steps done.
    """
    if quiet or total < 2 or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)
