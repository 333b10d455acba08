"""``burstsim sweep``: many points of a scenario."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer
from rich.text import Text

from burstsim.cli.common import OK, Overrides, ScenarioFile
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
from burstsim.errors import Problem, ScenarioError
from burstsim.report.write import write_report
from burstsim.results.naming import key_of, metric_label
from burstsim.results.wording import format_estimate, metric_written
from burstsim.scenario.scenario import MOST_REPLICATIONS
from burstsim.scenario.variants import VARY
from burstsim.studies.limits import Limits
from burstsim.studies.sweep import MOST_POINTS, Sweep, sweep
from burstsim.studies.vary import parse_vary

__all__ = ["command"]


def command(  # noqa: PLR0913 - one parameter per option
    file: ScenarioFile,
    vary: VaryOption = None,
    lhs: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST_POINTS, metavar="N", help="N points of a Latin hypercube, not the grid."
        ),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A metric to tell of; may be given several times."),
    ] = None,
    set_: Overrides = None,
    threshold: Thresholds = None,
    reps: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_REPLICATIONS,
            metavar="N",
            help="Replications of each point; else as the file says.",
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
    """Run a scenario at the points of a grid or a Latin hypercube.

    Give --vary once for each thing that changes. All points share their random numbers, and a
    sweep that was stopped goes on with --resume.

    \b
    Examples:
      burstsim sweep sale.yaml --vary demand_scale=0.8:1.4:0.1 --reps 10 --jobs 2
      burstsim sweep sale.yaml --vary demand_scale=1,2 --vary oms.cycle=30s,300s
      burstsim sweep sale.yaml --vary demand_scale=1:3 --vary seed=1:9 --lhs 40

    Exit codes: 0 done, whatever the thresholds say, 2 the scenario or a point is wrong,
    4 a limit was hit.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    if not vary:
        hint = "such as --vary demand_scale=1:2:0.25"
        raise ScenarioError([Problem(rule="is needed at least once", file=VARY, hint=hint)])
    scenario = read_scenario(file, set_, seed, language)
    axes = parse_vary(vary)
    pool = pool_of(jobs, backend, address, Limits(orders=max_orders, memory=max_memory))
    with workplace(
        f"{file.stem}-sweep", out, pool, resume=resume, quiet=quiet, limit=limit
    ) as here:
        found = sweep(
            scenario,
            axes,
            lhs=lhs,
            replications=reps,
            thresholds={text: text for text in threshold or ()},
            metrics=metric,
            pool=here.pool,
            store=here.store,
            progress=here.said,
        )
        found.save(here.folder)
        write_report(here.folder)
    tables = partial(_print_points, found)
    show(found, here.folder, tables, as_json=as_json, quiet=quiet)
    return OK


def _print_points(found: Sweep, terminal: Terminal) -> None:
    words, paths = found.words, [axis.path for axis in found.axes]
    heads = [metric_label(name, key_of(name), words) for name in found.metrics]
    table = new_table(*paths, *heads, words.say("verdict"), right=0)
    for point, sample, stands in zip(found.points, found.samples, found.verdicts, strict=True):
        cells = []
        for name in found.metrics:
            estimate = sample.estimate(name)
            ends = estimate.estimate, estimate.low, estimate.high
            written = metric_written(name, found.scenario.start, *ends, words=words)
            cells.append(format_estimate(estimate, written, words))
        table.add_row(*(Text(str(value)) for value in point), *cells, verdict_cell(stands, words))
    terminal.print(table)
