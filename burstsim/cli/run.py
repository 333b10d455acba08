"""``burstsim run``: simulate a sale, print the verdict, write a run folder."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import (
    FAILED,
    INCONCLUSIVE,
    OK,
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
from burstsim.cli.tables import print_result, print_suite
from burstsim.cli.underway import under_way
from burstsim.errors import Problem, ScenarioError
from burstsim.report.write import write_report
from burstsim.results.result import Result
from burstsim.results.store import check_target, save
from burstsim.results.summary import summary_of
from burstsim.scenario.reader import load
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.studies.replicate import run

__all__ = ["command"]


class EngineName(StrEnum):
    """Engines to choose from."""

    vector = "vector"
    event = "event"


Invalid = dict[Path, tuple[Problem, ...]]

_CODES = {"PASS": OK, "NONE": OK, "FAIL": FAILED, "INCONCLUSIVE": INCONCLUSIVE}


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
        int | None, typer.Option(min=1, metavar="N", help="Replications; else as the file says.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Another seed than the file's.")
    ] = None,
    engine: Annotated[
        EngineName, typer.Option(help="vector is fast, event the plain one; same answers.")
    ] = EngineName.vector,
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

    \b
    Examples:
      burstsim run configs/double11.yaml
      burstsim run configs/double11.yaml --set demand_scale=1.5 --reps 10
      burstsim run sale.yaml --threshold "p95(order_to_ship) <= 24h" --json
      burstsim run configs/*.yaml
      burstsim run sale.yaml --from open.xlsx --at "21:00"

    Exit codes: 0 thresholds hold, 99 one fails, 3 more replications are needed to tell,
    2 the scenario is wrong.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    changes = overrides_of(set_)
    if seed is not None:
        changes["seed"] = seed
    changes |= under_way(from_, at)
    extra = {text: text for text in threshold or ()}
    scenarios, invalid = _load_all(files, changes, extra)
    how = (reps, engine.value, sorted(extra))
    folders = _folders(scenarios, out, several=len(files) > 1, how=how)
    for folder in folders.values():
        check_target(folder)
    codes = [USAGE] if invalid else []
    results: list[tuple[Path, Result]] = []
    for file, scenario in scenarios:
        count = reps or scenario.replications
        with progress_bar(f"{file.name}: replications", count, quiet=quiet) as tick:
            result = run(
                scenario,
                replications=count,
                engine=engine.value,
                thresholds=extra,
                check=check,
                progress=tick,
            )
        save(result, folders[file], finish=write_report)
        results.append((file, result))
        codes.append(_CODES[result.verdict])
        if not as_json:
            with reader_may_leave():
                if len(files) > 1:
                    print(f"{file}: {result.sentence}", flush=True)
                else:
                    print_result(result, folders[file], quiet=quiet)
    if as_json:
        _print_json(results, invalid, single=len(files) == 1)
    elif len(files) > 1 and not quiet:
        print_suite(results, invalid)
        print(f"Written to {_common(folders.values())}")
    return worst_code(codes)


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


def _folders(
    scenarios: list[tuple[Path, Scenario]],
    out: Path | None,
    *,
    several: bool,
    how: tuple[int | None, str, list[str]],
) -> dict[Path, Path]:
    """Where each run goes: as asked, else a name that everything fixes which the run shows.

    Parameters
    ----------
    scenarios
        What is run.
    out
        As asked.
    several
        Whether it is a suite.
    how
        Replications if they are not the scenario's, engine, further thresholds.
    """
    stems = Counter(file.stem for file, _ in scenarios)
    folders = {}
    for file, scenario in scenarios:
        count = how[0] or scenario.replications
        shown = scenario.model_dump_json(exclude={"replications"})
        # the digest tells logs apart that have one name
        content = json.dumps([shown, scenario.digest(), count, *how[1:]])
        mark = hashlib.sha256(content.encode()).hexdigest()[:8]
        marked = f"{file.stem}-{mark}"
        if out is None:
            folders[file] = Path("runs") / marked
        elif several:
            # two files of one name in different folders are two runs
            folders[file] = out / (file.stem if stems[file.stem] == 1 else marked)
        else:
            folders[file] = out
    return folders


def _common(folders: Iterable[Path]) -> Path:
    """Give the folder in which the runs of a suite lie."""
    return next((folder.parent for folder in folders), Path())


def _print_json(results: list[tuple[Path, Result]], invalid: Invalid, *, single: bool) -> None:
    if single:
        print_json(summary_of(results[0][1]))
        return
    runs = {str(file): summary_of(result) for file, result in results}
    wrong = {str(file): [str(problem) for problem in found] for file, found in invalid.items()}
    print_json({"runs": runs, "invalid": wrong})
