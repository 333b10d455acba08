"""``burstsim stress``: how big a burst the warehouse survives."""

from __future__ import annotations

from functools import partial

import typer

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
from burstsim.report.write import write_report
from burstsim.results.verdict import writing_of
from burstsim.results.wording import format_estimate
from burstsim.scenario.scenario import MOST_REPLICATIONS
from burstsim.studies.limits import Limits
from burstsim.studies.stress import stress
from burstsim.studies.stressed import Stress
from burstsim.studies.vary import parse_vary

__all__ = ["command"]


def command(  # noqa: PLR0913 - one parameter per option
    file: ScenarioFile,
    vary: VaryOption = None,
    set_: Overrides = None,
    threshold: Thresholds = None,
    precision: float = typer.Option(
        0.01, metavar="SHARE", min=0.0001, max=0.5, help="Of the answer, in proportion."
    ),
    reps: int = typer.Option(
        32,
        "--reps",
        min=2,
        max=MOST_REPLICATIONS,
        metavar="N",
        help="Replications of one level at most.",
    ),
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
    """Find the largest burst that keeps every threshold.

    Says what breaks first beyond it, and when.

    Varies demand_scale from 1 to 20 if nothing else is said, by bisection with the same random
    numbers at every level. The answer is an interval: the largest level that holds, the
    smallest that does not; replications that the search has not seen confirm both.

    \b
    Examples:
      burstsim stress configs/double11.yaml --jobs 2
      burstsim stress sale.yaml --vary demand.live-88.orders=10000:200000:1000
      burstsim stress sale.yaml --threshold "backlog_clear_at <= 12:00" --json

    Exit codes: 0 the limit is found, 99 the lowest level breaks already (demand_scale below 1
    if nothing else is said), 3 it cannot be told, 2 the scenario is wrong, 4 a limit was hit.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    scenario = read_scenario(file, set_, seed, language)
    pool = pool_of(jobs, backend, address, Limits(orders=max_orders, memory=max_memory))
    with workplace(
        f"{file.stem}-stress", out, pool, resume=resume, quiet=quiet, limit=limit
    ) as here:
        found = stress(
            scenario,
            vary=parse_vary(vary) if vary else None,
            thresholds={text: text for text in threshold or ()},
            precision=precision,
            most=reps,
            pool=here.pool,
            store=here.store,
            progress=here.said,
        )
        found.save(here.folder)
        write_report(here.folder)
    tables = partial(_print_curve, found)
    show(found, here.folder, tables, as_json=as_json, quiet=quiet)
    return _code(found)


def _code(found: Stress) -> int:
    lowest = float(found.axis.low)
    if found.high is not None and found.high <= lowest:
        return FAILED
    return INCONCLUSIVE if found.low is None or found.low < lowest else OK


def _print_curve(found: Stress, terminal: Terminal) -> None:
    """Print how each threshold's metric goes from level to level."""
    words = found.words
    headers = [
        f"{name}: {expr}" if name != expr else expr for name, expr in found.thresholds.items()
    ]
    table = new_table(
        found.axis.path, *headers, words.say("replications"), words.say("verdict"), right=0
    )
    for level, trial in found.trials.items():
        cells = []
        for name in found.thresholds:
            check = trial.checks[name]
            written = writing_of(found.scenario.start, check, words)
            cells.append(format_estimate(check, written, words))
        shown = str(found.axis.at(level))
        table.add_row(shown, *cells, str(trial.replications), verdict_cell(trial.status, words))
    terminal.print(table)
