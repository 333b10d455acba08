"""``burstsim size``: how many people, and how much stock, are enough."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from burstsim.cli.common import FAILED, INCONCLUSIVE, OK, Overrides, ScenarioFile
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
    Thresholds,
    VaryOption,
    pool_of,
    read_scenario,
    show,
    workplace,
)
from burstsim.cli.terminal import Terminal, new_table, verdict_cell
from burstsim.report import blocks
from burstsim.report.planbook import plan_sheets
from burstsim.report.plantable import crew_table, plan_table
from burstsim.report.workbook import workbook_bytes
from burstsim.report.write import write_file, write_report
from burstsim.results.wording import format_value
from burstsim.scenario.scenario import MOST_REPLICATIONS
from burstsim.studies.limits import Limits
from burstsim.studies.size import size
from burstsim.studies.sized import Size
from burstsim.studies.vary import parse_vary

__all__ = ["command"]


class By(StrEnum):
    """What has a number of its own."""

    zone = "zone"
    shift = "shift"


def command(  # noqa: PLR0913 - one parameter per option
    file: ScenarioFile,
    vary: VaryOption = None,
    by: Annotated[
        By, typer.Option(help="Without --vary: one number for each station, or for each shift.")
    ] = By.zone,
    set_: Overrides = None,
    threshold: Thresholds = None,
    confidence: Annotated[
        float,
        typer.Option(
            metavar="SHARE", min=0.51, max=0.9999, help="Of the intervals that must hold."
        ),
    ] = 0.95,
    reps: Annotated[
        int,
        typer.Option(
            min=2, max=MOST_REPLICATIONS, metavar="N", help="Replications of one design at most."
        ),
    ] = 32,
    designs: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="Designs that are tried at most.")
    ] = 60,
    precision: Annotated[
        float,
        typer.Option(
            metavar="SHARE", min=0, max=0.5, help="Of the cost; 0 searches until nothing is left."
        ),
    ] = 0.005,
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
    """Find the cheapest crew that keeps every threshold, or stock.

    Prints the crew, how it compares with what is planned, what less or more money would buy,
    and the plan hour by hour; writes all of it, with plan.xlsx for the shift leader. Costs are
    those of costs.worker_hour, else hours on the roster.

    \b
    Examples:
      burstsim size configs/double11.yaml --jobs 2
      burstsim size sale.yaml --by shift
      burstsim size sale.yaml --vary warehouses.hub.stages.pick.workers=80:130
      burstsim size sale.yaml --vary warehouses.hub.stock.TOTE=500:3000:100 --json

    Exit codes: 0 found and confirmed, 99 not even the largest design holds, 3 it could not be
    confirmed, 2 the scenario is wrong, 4 a limit was hit.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    scenario = read_scenario(file, set_, seed, language)
    pool = pool_of(jobs, backend, address, Limits(orders=max_orders, memory=max_memory))
    with workplace(f"{file.stem}-size", out, pool, resume=resume, quiet=quiet, limit=limit) as here:
        found = size(
            scenario,
            vary=parse_vary(vary) if vary else None,
            by=by.value,
            thresholds={text: text for text in threshold or ()},
            confidence=confidence,
            most=reps,
            designs=designs,
            precision=precision,
            pool=here.pool,
            store=here.store,
            progress=here.said,
        )
        found.save(here.folder)
        if sheets := plan_sheets(found):
            write_file(here.folder / "plan.xlsx", workbook_bytes(sheets))
        write_report(here.folder)
    tables = partial(_print_tables, found)
    show(found, here.folder, tables, as_json=as_json, quiet=quiet)
    if found.best is None:
        return FAILED
    return OK if found.confirmed is not None and found.confirmed.status == "PASS" else INCONCLUSIVE


def _print_tables(found: Size, terminal: Terminal) -> None:
    if found.best is None:
        return
    words = found.words
    terminal.print(_shown(crew_table(found.crew, words), right=1))
    terminal.print(_frontier(found))
    terminal.print(_shown(plan_table(found.plan, found.scenario.start, words), right=2))
    for note in found.notes:
        terminal.say(note)


def _frontier(found: Size) -> Table:
    """Say what less or more money would buy."""
    name, words = next(iter(found.thresholds)), found.words
    headers = (words.say("design"), words.say("cost"), found.thresholds[name])
    table = new_table(*headers, words.say("verdict"))
    table.columns[1].justify = table.columns[2].justify = "right"
    unit = next(iter(found.trials.values())).checks[name].unit
    for row in found.frontier.to_dict("records"):
        design = words.listed(f"{knob.label} {row[knob.name]:g}" for knob in found.knobs)
        cost = found.price.written(row["cost"], words)
        value = format_value(row[name], unit, words=words)
        table.add_row(Text(design), cost, value, verdict_cell(row["verdict"], words))
    return table


def _shown(laid_out: blocks.Table, right: int) -> Table:
    """Show a table of the page on the console, its columns from `right` on to the right."""
    table = new_table(*laid_out.headers, right=right)
    for row in laid_out.rows:
        table.add_row(*map(Text, row))
    return table
