"""``burstsim compare``: what is different, and whether it may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from burstsim.cli.common import FAILED, INCONCLUSIVE, OK, Overrides
from burstsim.cli.options import (
    Address,
    BackendName,
    BackendOption,
    Jobs,
    LanguageOption,
    MaxMemory,
    MaxOrders,
    TimeLimit,
)
from burstsim.cli.studying import (
    AsJson,
    Out,
    Quiet,
    Resume,
    Seed,
    pool_of,
    read_scenario,
    show,
    workplace,
)
from burstsim.cli.terminal import Terminal, new_table, verdict_cell
from burstsim.errors import Problem, ScenarioError
from burstsim.report.write import write_report
from burstsim.results.naming import key_of, metric_label
from burstsim.scenario.scenario import MOST_REPLICATIONS, Scenario
from burstsim.studies.compare import Comparable, compare
from burstsim.studies.compared import Compare
from burstsim.studies.comparewords import headlines, row_text
from burstsim.studies.limits import Limits

__all__ = ["command"]

_CODES = {"PASS": OK, "NONE": OK, "FAIL": FAILED, "INCONCLUSIVE": INCONCLUSIVE}


def command(  # noqa: PLR0913 - one parameter per option
    sides: Annotated[
        list[Path], typer.Argument(metavar="FILE|RUN...", help="Scenario files or run folders.")
    ],
    policies: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Of one file: which policies are kept, such as none,temps,temps+cap-set.",
        ),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="EXPR",
            help='A change that is forbidden, such as "p95(order_to_ship) > +5%" (in proportion) '
            'or "on_time < -0.005". May be given several times.',
        ),
    ] = None,
    set_: Overrides = None,
    reps: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST_REPLICATIONS, metavar="N", help="Replications; else as the first says."
        ),
    ] = None,
    seed: Seed = None,
    language: LanguageOption = None,
    jobs: Jobs = 1,
    backend: BackendOption = BackendName.local,
    address: Address = None,
    out: Out = None,
    resume: Resume = False,
    max_orders: MaxOrders = None,
    max_memory: MaxMemory = None,
    limit: TimeLimit = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Compare two scenarios, two runs, or policies of one scenario.

    Replication i of every side shares its random numbers, so that the difference is known far
    better than either side is. The first side is what the others are held against.

    \b
    Examples:
      burstsim compare before.yaml after.yaml --jobs 2
      burstsim compare runs/base runs/head --fail-on "p95(order_to_ship) > +5%"
      burstsim compare sale.yaml --policies none,call-temps,call-temps+cap-set

    Exit codes: 0 no forbidden change, 99 one has happened for certain, 3 it cannot be told,
    2 something is wrong, 4 a limit was hit.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    given, names = _sides(sides, policies, lambda file: read_scenario(file, set_, seed, language))
    stem = "-".join(dict.fromkeys(side.stem for side in sides))
    pool = pool_of(jobs, backend, address, Limits(orders=max_orders, memory=max_memory))
    with workplace(f"{stem}-compare", out, pool, resume=resume, quiet=quiet, limit=limit) as here:
        found = compare(
            given[0],
            given[1] if len(given) > 1 else None,
            policies=names if policies is not None else None,
            names=names,
            fail_on=fail_on or (),
            replications=reps,
            pool=here.pool,
            store=here.store,
            progress=here.said,
            language=None if language is None else language.value,
        )
        found.save(here.folder)
        write_report(here.folder)
    tables = partial(_print_differences, found)
    show(found, here.folder, tables, as_json=as_json, quiet=quiet)
    return _CODES[found.verdict]


def _sides(
    sides: Sequence[Path], policies: str | None, read: Callable[[Path], Scenario]
) -> tuple[list[Comparable], list[str]]:
    """Read files as scenarios, take folders as runs, and name what is compared."""
    if len(sides) != (1 if policies is not None else 2):
        rule = "must be two files or run folders, or one file with --policies"
        raise ScenarioError([Problem(rule=rule, value=f"{len(sides)}")])
    given: list[Comparable] = [side if side.is_dir() else read(side) for side in sides]
    if policies is None:
        return given, [str(side) for side in sides] if sides[0] != sides[1] else ["first", "second"]
    if sides[0].is_dir():
        raise ScenarioError([Problem(rule="must be a scenario file", value=str(sides[0]))])
    names = [name.strip() for name in policies.split(",") if name.strip()]
    if len(set(names)) != len(names) or len(names) < 2:
        rule = "must name at least two sides, each once"
        hint = "such as none,temps"
        raise ScenarioError([Problem(rule=rule, file="--policies", value=policies, hint=hint)])
    return given, names


def _print_differences(found: Compare, terminal: Terminal) -> None:
    words = found.words
    heads = (words.say("metric"), words.say("side"), *found.names[:1])
    table = new_table(*heads, words.say("the side"), words.say("difference"), right=2)
    ruled = [rule.metric for rule in found.rules]
    first = found.sides[0].start
    for side in found.sides[1:]:
        for row in headlines(found.rows_of(side.name), ruled):
            one, two, change, interval = row_text(row, (first, side.start), words)
            told = change
            if interval:
                told = words.say("{value} ({interval})", value=change, interval=interval)
            label = metric_label(row["metric"], key_of(row["metric"]), words)
            table.add_row(Text(label), Text(side.name), one, two, told)
    if table.rows:
        terminal.print(table)
    if not found.rules:
        return
    rules = new_table(words.say("forbidden"), words.say("of"), words.say("verdict"))
    for name, judged in found.judged.items():
        for stands in judged:
            rules.add_row(Text(stands.rule.expr), Text(name), verdict_cell(stands.status, words))
    terminal.print(rules)
