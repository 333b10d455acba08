"""Results on the console: tables for people, plain when piped."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from burstsim.results.result import Result
from burstsim.results.verdict import clock_time, format_value

__all__ = ["print_metrics", "print_result", "print_suite"]

_HEADLINES = (
    "orders_placed",
    "orders_shipped",
    "unfinished",
    "units_shipped",
    "on_time",
    "p50(order_to_ship)",
    "p95(order_to_ship)",
    "max(order_to_ship)",
    "backlog_peak",
    "backlog_peak_at",
    "backlog_clear_at",
    "throughput_peak",
    "worker_hours",
)

_COLOURS = {"PASS": "green", "FAIL": "bold red", "INCONCLUSIVE": "yellow"}


def print_result(result: Result, folder: Path, *, quiet: bool) -> None:
    """Print a run: headline metrics, stages, thresholds, the sentence."""
    console = _console()
    if not quiet:
        scenario = result.scenario
        console.print(
            Text(
                f"{scenario.name}: {result.replications} replication"
                f"{'s' if result.replications != 1 else ''}, {result.engine} engine, "
                f"seed {scenario.seed}"
            )
        )
        for note in result.notes:
            console.print(Text(f"  {note}"))
        console.print(_headlines(result))
        console.print(_stages(result))
        if result.checks:
            console.print(_thresholds(result))
    console.print(Text(result.sentence))
    if not quiet:
        console.print(Text(f"Written to {folder}"))


def print_suite(results: list[tuple[Path, Result]]) -> None:
    """Print a line per run of a suite."""
    table = Table("file", "verdict", "on time", "p95 order to ship", "backlog peak", title="Suite")
    for file, result in results:
        verdict = Text(result.verdict, style=_COLOURS.get(result.verdict, ""))
        cells = [
            _value(result, name) for name in ("on_time", "p95(order_to_ship)", "backlog_peak")
        ]
        table.add_row(Text(str(file)), verdict, *cells)
    _console().print(table)


def print_metrics(rows: list[tuple[str, str, str]]) -> None:
    """Print (name, unit, meaning) of every metric."""
    table = Table("metric", "unit", "meaning")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _console().print(table)


def _console() -> Console:
    """Stdout; wide enough that a piped table is never folded."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=140)


def _value(result: Result, name: str) -> str:
    found, unit = result.estimates[name], result.units[name]
    mark = "≥ " if found.at_least else ""
    if name.endswith("_at"):
        return mark + clock_time(result.scenario.start, found.estimate)
    return mark + format_value(found.estimate, unit)


def _interval(result: Result, name: str) -> str:
    found, unit = result.estimates[name], result.units[name]
    if found.low != found.low:
        return ""
    if name.endswith("_at"):
        start = result.scenario.start
        return f"{clock_time(start, found.low)} to {clock_time(start, found.high)}"
    return f"{format_value(found.low, unit)} to {format_value(found.high, unit)}"


def _headlines(result: Result) -> Table:
    table = Table("metric", "estimate", "95 % interval of the mean")
    table.columns[1].justify = table.columns[2].justify = "right"
    for name in _HEADLINES:
        if name == "on_time" and not result.scenario.promises:
            continue
        table.add_row(name, _value(result, name), _interval(result, name))
    return table


def _stages(result: Result) -> Table:
    headers = ("stage", "utilisation", "mean wait", "p95 wait", "p95 time in stage", "work left")
    table = Table(*headers)
    for column in table.columns[1:]:
        column.justify = "right"
    for zone in result.model.zones:
        names = (
            f"utilisation.{zone.path}",
            f"mean(wait.{zone.path})",
            f"p95(wait.{zone.path})",
            f"p95(time_in.{zone.stage})",
            f"work_left_peak.{zone.path}",
        )
        table.add_row(Text(zone.path), *(_value(result, name) for name in names))
    table.columns[-1].header = "work waiting, peak"
    return table


def _thresholds(result: Result) -> Table:
    table = Table("threshold", "needs", "estimate", "95 % interval", "verdict")
    for name, check in result.checks.items():
        unit = _unit_of(result, name)
        interval = (
            ""
            if check.low != check.low
            else f"{format_value(check.low, unit)} to {format_value(check.high, unit)}"
        )
        table.add_row(
            Text("" if name == check.expr else name),
            Text(check.expr),
            format_value(check.estimate, unit),
            interval,
            Text(check.status, style=_COLOURS[check.status]),
        )
    return table


def _unit_of(result: Result, name: str) -> str:
    threshold = result.checks[name].threshold
    return "share" if threshold.nights else result.units[threshold.metric]
