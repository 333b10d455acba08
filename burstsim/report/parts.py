"""Tables of who and where: stages, channels, warehouses, merchants, stock that was missing."""

from __future__ import annotations

from burstsim.languages import phrase
from burstsim.report.blocks import Table
from burstsim.report.folder import RunFolder
from burstsim.report.numbers import number
from burstsim.results.breakdowns import SHOWN
from burstsim.results.naming import called, heading_of
from burstsim.results.wording import at_least_mark, format_value

__all__ = ["breakdown_tables", "missing_stock_table", "stage_table"]

_MOST_ROWS = 20

#: Column of the table of stages → family of metrics.
_OF_STAGES = {
    phrase("utilisation"): "utilisation.{}",
    phrase("mean wait"): "mean(wait.{})",
    phrase("p95 wait"): "p95(wait.{})",
    phrase("most work waiting"): "work_left_peak.{}",
}


#: Columns of the table of stock that is missing.
OF_GAPS = (
    *(phrase("stock needed"), phrase("warehouse"), phrase("there"), phrase("to come")),
    *(phrase("enough for 95 %"), phrase("short")),
)


def stage_table(run: RunFolder) -> Table:
    """List every zone with how busy it is and how long one waits there."""
    zones = [
        name.removeprefix("mean(wait.").removesuffix(")")
        for name in run.metrics
        if name.startswith("mean(wait.")
    ]
    rows = [
        [zone, *(_cell(run, form.format(zone)) for form in _OF_STAGES.values())] for zone in zones
    ]
    headers = [run.words.say("stage"), *map(run.words.say, _OF_STAGES)]
    return Table(headers=headers, rows=rows, numbers=frozenset({1, 2, 3, 4}))


def breakdown_tables(run: RunFolder) -> list[Table]:
    """List channels, warehouses and merchants, where there are several."""
    table = run.table("breakdowns")
    if table is None:
        return []
    metrics = [m for m in SHOWN if m in set(table["metric"])]
    tables = []
    for by in dict.fromkeys(table["by"]):
        part = table[table["by"] == by]
        names = list(dict.fromkeys(part["name"]))
        if len(names) < 2:
            continue
        found = part.set_index(["name", "metric"])["estimate"]
        shown = [m for m in metrics if found.loc[names, m].notna().any()]
        units = {m: str(run.metrics.get(m, {}).get("unit", "orders")) for m in shown}
        rows = [
            [n, *(format_value(float(found[n, m]), units[m], words=run.words) for m in shown)]
            for n in names
        ]
        headers = [called(str(by), run.words), *(heading_of(m, run.words) for m in shown)]
        numbers = frozenset(range(1, len(headers)))
        tables.append(Table(headers=headers, rows=rows[:_MOST_ROWS], numbers=numbers))
    return tables


def missing_stock_table(run: RunFolder) -> Table | None:
    """List what was most missing where; None where nothing was."""
    table = run.table("stock_needed")
    if table is None:
        return None
    short = table[table["short"] > 0].sort_values("short", ascending=False, kind="stable")
    if short.empty:
        return None
    columns = ("stock", "inbound", "needed", "short")
    rows = [
        [str(row["sku"]), str(row["warehouse"]), *(f"{int(row[name]):,}" for name in columns)]
        for row in short.head(_MOST_ROWS).to_dict("records")
    ]
    headers = list(map(run.words.say, OF_GAPS))
    return Table(headers=headers, rows=rows, numbers=frozenset({2, 3, 4, 5}))


def _cell(run: RunFolder, name: str) -> str:
    found = run.metrics.get(name)
    if found is None or found["estimate"] is None:
        return "–"
    flag = at_least_mark(found.get("at_least"))
    return flag + format_value(number(found["estimate"]), str(found["unit"]), words=run.words)
