"""``burstsim fit``: from an order log to a scenario."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import OK, progress_bar
from burstsim.errors import OutputError, Problem, ScenarioError
from burstsim.results.files import write_whole
from burstsim.studies.fit import fit

__all__ = ["command"]


def command(  # noqa: PLR0913 - one parameter per option
    orders: Annotated[
        Path,
        typer.Argument(metavar="ORDERS", show_default=False, help="CSV, XLSX, Parquet or JSON."),
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help="The scenario to be written.")
    ],
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A known data set: uci-online-retail, olist, jd-msom-2020 or kuaishou.",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS",
            help="Which column is which, such as order=InvoiceNo. May be given several times; "
            "usual names in English and Chinese are found without.",
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(metavar="NAME", help="Sheet of an XLSX file; else the first.")
    ] = None,
    time_format: Annotated[
        str | None,
        typer.Option(metavar="FORMAT", help='Of the times, such as "%d/%m/%Y %H:%M"; else ISO.'),
    ] = None,
    rate_step: Annotated[
        str, typer.Option(metavar="SPAN", help="Span for which a rate of orders holds.")
    ] = "1h",
    top: Annotated[
        int, typer.Option(metavar="N", help="Keep the N items most often ordered.")
    ] = 500,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE if it is there.")] = False,
) -> int:
    """Write a scenario whose demand is that of an order log.

    Rates over time, items, prices, baskets, quantities and regions come from the log; the
    warehouse is a plain one to be replaced by yours. What the scenario simulates is held
    against the log, and how well it matches is said.

    \b
    Examples:
      burstsim fit orders.xlsx -o shop.yaml
      burstsim fit retail.csv -o retail.yaml --profile uci-online-retail
      burstsim fit log.csv -o s.yaml --column sku=Artikel --time-format "%d.%m.%y"
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    columns = _columns(column or ())
    _check_target(out, force=force)
    try:
        with progress_bar(f"{orders.name}: fitting", 1):
            fitted = fit(
                orders,
                columns=columns,
                profile=profile,
                sheet=sheet,
                time_format=time_format,
                rate_step=rate_step,
                top=top,
            )
    except ScenarioError as error:
        raise ScenarioError([_in_our_words(problem) for problem in error.problems]) from None
    _write(out, fitted.text)
    facts = fitted.facts
    print(f"{orders}: {facts.orders:,} orders, {facts.lines:,} lines, {facts.items:,} items")
    for note in fitted.notes:
        print(f"  {note}")
    print(f"  {fitted.chi_square.sentence}")
    print(f"Written to {out}")
    return OK


def _columns(given: Sequence[str]) -> dict[str, str]:
    """Split ``OURS=THEIRS`` texts."""
    columns: dict[str, str] = {}
    problems = []
    for text in given:
        ours, equals, theirs = (part.strip() for part in text.partition("="))
        rule = ""
        if not equals or not ours or not theirs:
            rule = "must read OURS=THEIRS, such as order=InvoiceNo"
        elif ours in columns:
            rule = f"must not give {ours} twice"
        if rule:
            problems.append(Problem(rule=rule, file="--column", value=text or "nothing"))
        columns[ours] = theirs
    if problems:
        raise ScenarioError(problems)
    return columns


def _in_our_words(problem: Problem) -> Problem:
    """Name the option instead of the key that a replay would have."""
    path = problem.path
    options = {"time_format": "--time-format", "profile": "--profile", "sheet": "--sheet"}
    if path.startswith("columns."):
        path = f"--column {path.removeprefix('columns.')}"
    rule, hint = (
        re.sub(r"columns: \{(\w+): \.\.\.\}", r"--column \1=...", text)
        for text in (problem.rule, problem.hint)
    )
    return replace(problem, path=options.get(path, path), rule=rule, hint=hint)


def _check_target(out: Path, *, force: bool) -> None:
    if out.is_dir():
        raise OutputError(f"{out} is a folder; name a file")
    if os.path.lexists(out) and not force:
        raise OutputError(f"{out} is there already; --force overwrites it")
    if not out.resolve().parent.is_dir():
        raise OutputError(f"cannot write {out}: there is no folder {out.parent}")


def _write(out: Path, text: str) -> None:
    """Write where the file really is, if a link leads to it."""
    try:
        write_whole(out.resolve(), text)
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}") from None
