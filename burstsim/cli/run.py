"""``burstsim run``: simulate a sale, print the verdict, write a run folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.attempt import attempt
from burstsim.cli.common import (
    USAGE,
    Overrides,
    overrides_of,
    print_json,
    progress_bar,
    reader_may_leave,
    say_problems,
    say_warnings,
    worst_code,
)
from burstsim.cli.deadline import Deadline
from burstsim.cli.folders import common_folder, folders_of
from burstsim.cli.options import (
    Address,
    BackendName,
    BackendOption,
    EngineName,
    EngineOption,
    Jobs,
    LanguageOption,
    MaxMemory,
    MaxOrders,
    TimeLimit,
    checked_address,
)
from burstsim.cli.tables import print_result, print_suite
from burstsim.cli.underway import under_way
from burstsim.errors import Problem, ScenarioError
from burstsim.report.folder import read_folder
from burstsim.report.junit import suites_bytes
from burstsim.report.write import write_file
from burstsim.results.precision import MOST, WIDTH, Precision
from burstsim.results.result import Result
from burstsim.results.store import check_target
from burstsim.results.summary import summary_of
from burstsim.scenario.reader import load
from burstsim.scenario.scenario import MOST_REPLICATIONS, Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.studies.limits import Limits
from burstsim.studies.pool import Pool
from burstsim.studies.replicate import Run

__all__ = ["command"]

Invalid = dict[Path, tuple[Problem, ...]]

_NUMBER = re.compile(r"[0-9]{1,7}")


def _replications(text: str) -> str:
    """Let pass what ``--reps`` may be."""
    if text != "auto" and not (_NUMBER.fullmatch(text) and 1 <= int(text) <= MOST_REPLICATIONS):
        raise typer.BadParameter(
            f"must be a number from 1 to {MOST_REPLICATIONS:,}, or auto, got {text!r}"
        )
    return text


def command(  # noqa: PLR0913 - one parameter per option
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Scenario files.")],
    set_: Overrides = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPR",
            help='A further threshold, such as "on_time >= 0.98". May be given several times.',
        ),
    ] = None,
    reps: Annotated[
        str | None,
        typer.Option(
            parser=_replications,
            metavar="N|auto",
            help="Replications; else as the file says. auto: until --precision is reached.",
        ),
    ] = None,
    precision: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="With --reps auto: half-width of the interval of every metric that a threshold "
            "is on, relative to its mean; of shares, absolute.",
        ),
    ] = WIDTH,
    max_reps: Annotated[
        int, typer.Option(metavar="N", help="With --reps auto: stop here, precise or not.")
    ] = MOST,
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Another seed than the file's.")
    ] = None,
    engine: EngineOption = EngineName.vector,
    language: LanguageOption = None,
    jobs: Jobs = 1,
    backend: BackendOption = BackendName.local,
    address: Address = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="OPEN",
            help="A night under way: a CSV or XLSX with the open orders (columns order, sku, "
            "quantity, paid_at, stage); a sheet named stock in an XLSX has the stock as counted.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help='When that was, such as "21:00"; else at start.'),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Run folder; else one of its own below runs/."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped or killed.")
    ] = False,
    max_orders: MaxOrders = None,
    max_memory: MaxMemory = None,
    limit: TimeLimit = None,
    junit: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Also the thresholds as JUnit XML: one file, a test suite for each scenario.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only the sentence.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check the conservation laws in every replication.")
    ] = False,
) -> int:
    """Simulate scenarios and say whether the warehouse holds.

    Prints the metrics with their 95 % intervals, the thresholds and one sentence; writes a
    folder with report.html, summary.json, the tables of the first replication and a manifest.
    Finished replications are kept in it from the start, so that --resume can go on from them.

    \b
    Examples:
      burstsim run configs/double11.yaml
      burstsim run configs/double11.yaml --set demand_scale=1.5 --reps 10
      burstsim run sale.yaml --threshold "p95(order_to_ship) <= 24h" --json
      burstsim run configs/*.yaml --junit thresholds.xml
      burstsim run sale.yaml --from open.xlsx --at "21:00"
      burstsim run big.yaml --reps 200 --jobs 8 --time-limit 10m
      burstsim run big.yaml --reps 200 --jobs 8 --resume
      burstsim run big.yaml --reps auto --precision 0.02
      burstsim run big.yaml --backend dask --address tcp://10.0.0.5:8786

    Exit codes: 0 thresholds hold, 99 one fails, 3 more replications are needed to tell,
    2 the scenario is wrong, 4 a limit was hit, 5 replications failed, 130 interrupted. Of
    several: 1, 130, 5, 4, 99, 2, 3.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    changes = overrides_of(set_)
    if seed is not None:
        changes["seed"] = seed
    if language is not None:
        changes["language"] = language.value
    changes |= under_way(from_, at)
    extra = {text: text for text in threshold or ()}
    wanted = _wanted(reps, precision, max_reps)
    pool = Pool(jobs, backend.value, checked_address(address, backend))
    scenarios, invalid = _load_all(files, changes, extra)
    how = (str(wanted) if isinstance(wanted, Precision) else wanted, engine.value, sorted(extra))
    folders = folders_of(scenarios, out, several=len(files) > 1, how=how)
    limits = Limits(orders=max_orders, memory=max_memory)
    for file, scenario in scenarios:
        limits.refuse(scenario, engine=engine.value, jobs=jobs, tables=True, left="nothing was run")
        check_target(folders[file])
    codes = [USAGE] if invalid else []
    results: list[tuple[Path, Result]] = []
    broken = {str(file): "it was not begun" for file, _ in scenarios}
    broken |= {str(file): _as_text(problems) for file, problems in invalid.items()}
    deadline = Deadline(limit)
    with pool:
        for number, (file, scenario) in enumerate(scenarios, 1):
            plan = Run(scenario, wanted, engine=engine.value, extra=extra, check=check)
            total = 1 if isinstance(wanted, Precision) else plan.most
            with progress_bar(f"{file.name}: replications", total, quiet=quiet) as tick:
                ended = attempt(plan, folders[file], pool, deadline, tick, resume=resume)
            codes += ended.codes
            if ended.result is not None:
                results.append((file, ended.result))
                if not as_json:
                    with reader_may_leave():
                        if len(files) > 1:
                            print(f"{file}: {ended.result.sentence}", flush=True)
                        else:
                            print_result(ended.result, folders[file], quiet=quiet)
            if not ended.message:
                del broken[str(file)]
            else:
                broken[str(file)] = ended.message
                print(f"{file}: {ended.message}", file=sys.stderr)
            if ended.over:
                if number < len(scenarios):
                    left = ", ".join(str(file) for file, _ in scenarios[number:])
                    print(f"not begun: {left}", file=sys.stderr)
                break
    if junit is not None:
        read = {
            str(file): read_folder(folders[file]) for file, _ in results if str(file) not in broken
        }
        write_file(junit, suites_bytes(read, broken))
    if as_json and (results or len(files) > 1):
        _print_json(results, invalid, single=len(files) == 1)
    elif len(files) > 1 and not quiet and not as_json:
        print_suite(results, invalid)
        print(f"Written to {common_folder(folders.values())}")
    return worst_code(codes)


def _wanted(reps: str | None, precision: float, max_reps: int) -> int | Precision | None:
    """Say how many replications, or how precise.

    Raises
    ------
    ScenarioError
        When the precision is none.
    """
    if reps != "auto":
        return None if reps is None else int(reps)
    try:
        return Precision(width=precision, most=max_reps)
    except ValueError as error:
        raise ScenarioError([Problem(rule=str(error), file="--reps auto")]) from None


def _load_all(
    files: list[Path], changes: dict[str, object], extra: dict[str, str]
) -> tuple[list[tuple[Path, Scenario]], Invalid]:
    """Read every file; a single wrong one is an error, in a suite the others still run."""
    scenarios: list[tuple[Path, Scenario]] = []
    invalid: Invalid = {}
    for file in dict.fromkeys(files):
        try:
            scenario = load(file, set=changes)
            read_thresholds(scenario, extra)
            say_warnings(scenario.warnings)
            scenarios.append((file, scenario))
        except ScenarioError as error:
            if len(files) == 1:
                raise
            say_problems(error.problems)
            invalid[file] = error.problems
    return scenarios, invalid


def _as_text(problems: Iterable[Problem]) -> str:
    return "\n".join(map(str, problems))


def _print_json(results: list[tuple[Path, Result]], invalid: Invalid, *, single: bool) -> None:
    if single:
        print_json(summary_of(results[0][1]))
        return
    runs = {str(file): summary_of(result) for file, result in results}
    wrong = {str(file): [str(problem) for problem in found] for file, found in invalid.items()}
    print_json({"runs": runs, "invalid": wrong})
