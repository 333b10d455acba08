"""Results on the console: tables for people, plain when piped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.table import Table
from rich.text import Text

from burstsim.cli.terminal import Terminal, new_table, verdict_cell
from burstsim.errors import Problem
from burstsim.languages import ENGLISH, Words, phrase, words_of
from burstsim.report.parts import OF_GAPS
from burstsim.results.breakdowns import SHOWN
from burstsim.results.naming import called, heading_of, metric_label
from burstsim.results.result import Result
from burstsim.results.verdict import writing_of
from burstsim.results.wording import (
    at_least_mark,
    clock_time,
    format_interval,
    format_value,
    written_alike,
)
from burstsim.scenario.metrics import metric_names

__all__ = ["print_metrics", "print_result", "print_suite"]

#: What can happen to orders on their way; shown where it happens to any.
_MISHAPS = (
    "orders_lost",
    "orders_diverted",
    "orders_rejected",
    "orders_oversold",
    "orders_expired",
    "orders_cancelled",
    "orders_backordered",
)

#: What gifts add; shown where they add any.
_OF_GIFTS = ("gift_lines", "gift_work", "orders_held")

#: What there was no stock for, or not in one place; shown where it is any.
_OF_STOCK = ("split_rate", "lost_sales", "oversold_value")

#: What promises and prices add; shown where they come to anything.
_OF_PROMISES = ("orders_late", "penalty_total", "orders_returned")
_OF_COSTS = ("temp_hours", "cost_total", "cost_per_order", "profit")

_HEADLINES = (
    "orders_placed",
    *_MISHAPS,
    "orders_shipped",
    "unfinished",
    "units_shipped",
    "fill_rate",
    "split_rate",
    "lost_sales",
    "oversold_value",
    *_OF_GIFTS,
    "on_time",
    "otif",
    *_OF_PROMISES,
    "p50(order_to_ship)",
    "p95(order_to_ship)",
    "max(order_to_ship)",
    "backlog_peak",
    "backlog_peak_at",
    "backlog_clear_at",
    "throughput_peak",
    "worker_hours",
    *_OF_COSTS,
)

#: Shown only where they are not nothing.
_SELDOM = (*_MISHAPS, *_OF_GIFTS, *_OF_STOCK, *_OF_PROMISES, *_OF_COSTS)

#: Rows of the table of what is missing where.
_MOST_GAPS = 10


#: Columns of the tables of stages, suites, trucks, causes and gifts.
_OF_STAGES = (
    *(phrase("stage"), phrase("utilisation"), phrase("mean wait"), phrase("p95 wait")),
    phrase("most work waiting"),
)
_OF_SUITES = (
    *(phrase("file"), phrase("verdict"), phrase("on time"), phrase("p95 order to ship")),
    phrase("backlog peak"),
)
_OF_TRUCKS = (phrase("trucks"), phrase("how full"), phrase("most left behind"))
_OF_CAUSES = (phrase("late because of"), phrase("orders"), phrase("share"))
_OF_RULES = (
    *(phrase("Gifts"), phrase("proposed"), phrase("granted"), phrase("short")),
    *(phrase("used up at"), phrase("ran out at")),
)


def print_result(result: Result, folder: Path, *, quiet: bool) -> None:
    """Print a run: headline metrics, stages, thresholds, the sentence."""
    console, words = Terminal(), _words(result)
    if not quiet:
        console.say(
            words.count(
                result.replications,
                "{name}: {n} replication, {engine} engine, seed {seed}",
                "{name}: {n} replications, {engine} engine, seed {seed}",
                name=result.scenario.name,
                n=result.replications,
                engine=result.engine,
                seed=result.scenario.seed,
            )
        )
        for note in result.notes:
            console.say(f"  {note}")
        console.print(_headlines(result))
        if result.model.rules:
            console.print(_gifts(result))
        console.print(_stages(result))
        for table in (_trucks(result), _causes(result)):
            if table is not None:
                console.print(table)
        for by in ("warehouse", "owner"):
            if (parts := _broken_down(result, by)) is not None:
                console.print(parts)
        if (gaps := _gaps(result)) is not None:
            console.print(gaps)
        if result.checks:
            console.print(_thresholds(result))
    console.say(result.sentence)
    if not quiet:
        console.say(words.say("Written to {folder}: look at report.html there", folder=folder))


def print_suite(
    results: list[tuple[Path, Result]], invalid: dict[Path, tuple[Problem, ...]]
) -> None:
    """Print the table of a suite, files that could not be run at the end."""
    languages = {result.scenario.language for _, result in results}
    words = words_of(languages.pop()) if len(languages) == 1 else ENGLISH
    table = new_table(*map(words.say, _OF_SUITES), right=2)
    for file, result in results:
        cells = [_value(result, name) for name in ("on_time", "p95(order_to_ship)", "backlog_peak")]
        table.add_row(Text(str(file)), verdict_cell(result.verdict, words), *cells)
    for file in invalid:
        table.add_row(Text(str(file)), Text(words.say("not valid"), style="bold red"), "", "", "")
    Terminal().print(table)


def print_metrics(rows: list[tuple[str, str, str]], note: str, words: Words = ENGLISH) -> None:
    """Print (name, unit, meaning) of every metric, and a note on them."""
    table = new_table(words.say("metric"), words.say("unit"), words.say("meaning"))
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Terminal()
    console.print(table)
    console.say(note)


def _words(result: Result) -> Words:
    return words_of(result.scenario.language)


def _written(result: Result, name: str) -> Callable[[float], str]:
    """Choose how a metric's numbers are written: as times of day, or by their unit."""
    if result.kinds[name].moment:
        return lambda number: clock_time(result.scenario.start, number, _words(result))
    found = result.estimates[name]
    ends = (found.estimate, found.low, found.high)
    return written_alike(result.units[name], *ends, words=_words(result))


def _value(result: Result, name: str) -> str:
    found = result.estimates[name]
    return at_least_mark(found.at_least) + _written(result, name)(found.estimate)


def _headlines(result: Result) -> Table:
    several, words, keys = result.replications > 1, _words(result), metric_names(result.scenario)
    headers = [words.say("metric"), words.say("mean" if several else "value")]
    headers += [words.say("95 % interval of the mean")] if several else []
    table = new_table(*headers, right=1)
    for name in _HEADLINES:
        if name in ("on_time", "otif") and not result.scenario.promises:
            continue
        found = result.estimates[name]
        if name in _SELDOM and not any(value > 0 or value < 0 for value in found.values):
            continue
        if name == "fill_rate" and not result.model.stock.limited:
            continue
        written = _written(result, name)
        interval = format_interval(found.estimate, found.low, found.high, written, words)
        label = metric_label(name, keys[name], words)
        table.add_row(label, _value(result, name), *([interval] if several else []))
    return table


def _stages(result: Result) -> Table:
    table = new_table(*map(_words(result).say, _OF_STAGES), right=1)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for zone in result.model.zones:
        names = (
            f"utilisation.{zone.path}",
            f"mean(wait.{zone.path})",
            f"p95(wait.{zone.path})",
            f"work_left_peak.{zone.path}",
        )
        known = (name in result.estimates for name in names)
        cells = (_value(result, n) if there else "-" for n, there in zip(names, known, strict=True))
        table.add_row(Text(zone.path), *cells)
    return table


def _trucks(result: Result) -> Table | None:
    """Say how full the trucks are, where there are any."""
    names = [
        f"{house}.{carrier}"
        for house, warehouse in result.scenario.warehouses.items()
        for carrier in warehouse.carriers
    ]
    if not names:
        return None
    table = new_table(*map(_words(result).say, _OF_TRUCKS), right=1)
    table.columns[0].no_wrap = True
    for name in names:
        cells = (_value(result, f"{metric}.{name}") for metric in ("truck_fill", "left_behind"))
        table.add_row(Text(name), *cells)
    return table


def _causes(result: Result) -> Table | None:
    """Say what made orders late, where any are, the most frequent cause first."""
    kind = "late_because."
    found = {
        name.removeprefix(kind): estimate.estimate
        for name, estimate in result.estimates.items()
        if name.startswith(kind) and estimate.estimate > 0
    }
    if not found:
        return None
    total = sum(found.values())
    words = _words(result)
    table = new_table(*map(words.say, _OF_CAUSES), right=1)
    table.columns[0].no_wrap = True
    for cause, count in sorted(found.items(), key=lambda entry: -entry[1]):
        share = format_value(count / total, "share")
        table.add_row(Text(called(cause, words)), _value(result, f"{kind}{cause}"), share)
    return table


def _gifts(result: Result) -> Table:
    """Say what each rule gave, in the order in which rules are looked at."""
    table = new_table(*map(_words(result).say, _OF_RULES), right=1)
    table.columns[0].no_wrap = True
    kinds = ("gifts_proposed", "gifts_granted", "gift_shortfall", "gift_used_up_at", "gift_out_at")
    for rule in result.model.rules:
        names = [f"{kind}.{rule.name}" for kind in kinds]
        table.add_row(Text(rule.name), *(_seldom(result, name) for name in names))
    return table


def _broken_down(result: Result, by: str) -> Table | None:
    """Tell warehouses or merchants apart, where there are several."""
    rows = result.breakdowns
    rows = rows[rows["by"] == by]
    names = list(dict.fromkeys(rows["name"]))
    if len(names) < 2:
        return None
    found = rows.set_index(["name", "metric"])["estimate"]
    metrics = [m for m in SHOWN if m != "on_time" or result.scenario.promises]
    words = _words(result)
    headers = (heading_of(metric, words) for metric in metrics)
    table = new_table(called(by, words), *headers, right=1)
    table.columns[0].no_wrap = True
    for name in names:
        values = ((float(found[name, m]), result.units[m]) for m in metrics)
        cells = (format_value(value, unit, words=words) for value, unit in values)
        table.add_row(Text(name), *cells)
    return table


def _gaps(result: Result) -> Table | None:
    """Name what is most missing where, where anything is."""
    needed = result.stock_needed()
    needed = needed[needed["short"] > 0].sort_values("short", ascending=False, kind="stable")
    if needed.empty:
        return None
    table = new_table(*map(_words(result).say, OF_GAPS), right=2)
    table.columns[0].no_wrap = True
    for row in needed.head(_MOST_GAPS).to_dict("records"):
        numbers = (f"{int(row[name]):,}" for name in ("stock", "inbound", "needed", "short"))
        table.add_row(Text(row["sku"]), Text(row["warehouse"]), *numbers)
    return table


def _seldom(result: Result, name: str) -> str:
    """Write a value; a moment that did not come in every replication with how often it did."""
    found = result.estimates[name]
    if not result.kinds[name].moment or found.n == result.replications:
        return _value(result, name)
    if not found.n:
        return "-"
    words, value = _words(result), _value(result, name)
    return words.say("{value} in {n} of {all}", value=value, n=found.n, all=result.replications)


def _thresholds(result: Result) -> Table:
    several = result.replications > 1
    nights = [check.threshold.nights is not None for check in result.checks.values()]
    words = _words(result)
    ends = words.say("95 % bounds" if all(nights) else "95 % interval")
    headers = [words.say("threshold"), words.say("estimate")]
    headers += [*([ends] if several else []), words.say("verdict")]
    table = new_table(*headers)
    table.columns[1].no_wrap = table.columns[-1].no_wrap = True
    for name, check in result.checks.items():
        written = writing_of(result.scenario.start, check, words)
        interval = format_interval(check.estimate, check.low, check.high, written, words)
        if interval and check.threshold.nights is not None and not all(nights):
            interval = words.say("bounds {interval}", interval=interval)
        table.add_row(
            Text(check.expr if name == check.expr else f"{name}: {check.expr}"),
            at_least_mark(check.at_least) + written(check.estimate),
            *([interval] if several else []),
            verdict_cell(check.status, words),
        )
    return table
