"""The page of a run: what was found, pictures, the scenario, definitions, how it was made."""

from __future__ import annotations

import json
from collections.abc import Iterator

from burstsim.report.blocks import Block, Code, Figure, Folded, Page, Prose, Section, Table, Terms
from burstsim.report.charts.costs import cost_chart
from burstsim.report.charts.flow import flow_chart
from burstsim.report.charts.gifts import gift_chart, gift_run_chart
from burstsim.report.charts.late import late_chart
from burstsim.report.charts.promise import promise_chart
from burstsim.report.charts.queues import queue_chart
from burstsim.report.charts.stock import stock_chart
from burstsim.report.charts.trucks import truck_chart
from burstsim.report.charts.utilisation import utilisation_chart
from burstsim.report.charts.waterfall import time_chart
from burstsim.report.folder import RunFolder
from burstsim.report.numbers import bars_of, key_of, metric_table, threshold_table
from burstsim.report.parts import breakdown_tables, missing_stock_table, stage_table
from burstsim.report.stressdes import stress_des
from burstsim.scenario.metrics import METRICS

__all__ = ["run_page"]

#: What a reader looks for first; the rest is one click away.
_HEADLINES = (
    "orders_placed",
    "orders_rejected",
    "orders_cancelled",
    "orders_backordered",
    "orders_shipped",
    "unfinished",
    "fill_rate",
    "gift_shortfall",
    "on_time",
    "otif",
    "p50(order_to_ship)",
    "p95(order_to_ship)",
    "backlog_peak",
    "backlog_peak_at",
    "backlog_clear_at",
    "throughput_peak",
    "worker_hours",
    "cost_total",
    "cost_per_order",
    "profit",
)

#: What pictures need of every order; names of customers are most of the table.
_OF_ORDERS = ("order", "state", "paid", "shipped", "due", "late")

#: Headlines that say something only when there are any.
_IF_ANY = ("orders_rejected", "orders_cancelled", "orders_backordered", "gift_shortfall")


def run_page(run: RunFolder) -> Page:
    """Put the page of a run together, from its folder alone."""
    summary = run.summary
    count = summary["replications"]
    thresholds = threshold_table(run)
    pictures = list(_pictures(run))
    first = "Pictures show the first replication; tables and bars the mean of all." * (count > 1)
    return Page(
        title=run.name,
        subtitle=f"from {run.start:%Y-%m-%d %H:%M} · {count} replication{'s' * (count > 1)} · "
        f"{summary.get('engine', '?')} engine · seed {summary.get('seed', '?')}",
        sentence=str(summary["sentence"]),
        verdict=str(summary["verdict"]),
        top=[] if thresholds is None else [thresholds],
        sections=[
            Section(title="", blocks=[Prose(lines=notes)] if (notes := _notes(run)) else []),
            Section(title="What happens", blocks=_said(pictures, first)),
            Section(title="Numbers", blocks=_numbers(run)),
            Section(title="The scenario in words", blocks=_scenario(run)),
            Section(title="What the metrics mean", blocks=_definitions(run)),
            Section(title="STRESS-DES: how this model is reported", blocks=stress_des(run)),
            Section(title="Manifest", blocks=_manifest(run)),
        ],
    )


def _notes(run: RunFolder) -> list[str]:
    return [*map(str, run.summary.get("notes", ())), *run.notes]


def _said(pictures: list[Figure], first: str) -> list[Block]:
    return [*([Prose(lines=[first])] if first and pictures else []), *pictures]


def _pictures(run: RunFolder) -> Iterator[Figure]:
    """Draw what there is something to draw of."""
    orders, parcels = run.table("orders", _OF_ORDERS), run.table("parcels")
    flow, timeline = run.table("flow"), run.table("timeline")
    stock, gift_flow, trucks = (run.table(name) for name in ("stock", "gift_flow", "trucks"))
    start = run.start
    found = (
        None if flow is None else flow_chart(flow, start),
        None if timeline is None else queue_chart(timeline, start),
        None if timeline is None else utilisation_chart(timeline, start),
        None if orders is None else promise_chart(orders),
        None if orders is None or parcels is None else time_chart(orders, parcels),
        None if stock is None else stock_chart(stock, start),
        _gifts(run),
        None if gift_flow is None else gift_run_chart(gift_flow, start),
        late_chart(bars_of(run, _family(run, "late_because."))),
        cost_chart(bars_of(run, _costs(run))),
        None if trucks is None else truck_chart(trucks, start),
    )
    yield from (figure for figure in found if figure is not None)


def _gifts(run: RunFolder) -> Figure | None:
    kinds = ("gifts_proposed.", "gifts_granted.")
    proposed, granted = (
        bars_of(
            run, {name: name.removeprefix(kind) for name in run.metrics if name.startswith(kind)}
        )
        for kind in kinds
    )
    names = {bar.name for bar in granted}
    return gift_chart([bar for bar in proposed if bar.name in names], granted)


def _costs(run: RunFolder) -> dict[str, str]:
    """Name the metrics that are a part of the cost."""
    kinds = _family(run, "cost.")
    if kinds:
        return kinds
    sums = {f"cost_{name}" for name in ("total", "per_order")}
    parts = {name: called for name, called in _family(run, "cost_").items() if name not in sums}
    return parts | {name: "penalties" for name in ("penalty_total",) if name in run.metrics}


def _family(run: RunFolder, prefix: str) -> dict[str, str]:
    """Give the metrics of one family, each with what it is of."""
    return {
        name: name.removeprefix(prefix).replace("_", " ")
        for name in run.metrics
        if name.startswith(prefix)
    }


def _numbers(run: RunFolder) -> list[Block]:
    shown = [
        name
        for name in _HEADLINES
        if name in run.metrics
        and run.metrics[name]["estimate"] is not None
        and (name not in _IF_ANY or run.metrics[name]["estimate"])
    ]
    every = Folded(
        summary=f"All {len(run.metrics):,} metrics", blocks=[metric_table(run, list(run.metrics))]
    )
    missing = missing_stock_table(run)
    tables = [metric_table(run, shown), stage_table(run), *breakdown_tables(run)]
    return [*tables, *([] if missing is None else [missing]), every]


def _scenario(run: RunFolder) -> list[Block]:
    words = [str(line) for line in run.manifest.get("description", ())]
    file = json.dumps(run.scenario, indent=1, ensure_ascii=False)
    resolved = Folded(
        summary="The scenario with all defaults, as it was run",
        blocks=[Code(text=file)],
    )
    return [*([Prose(lines=words)] if words else []), resolved]


def _definitions(run: RunFolder) -> list[Block]:
    keys = dict.fromkeys(key for name in run.metrics if (key := key_of(name)))
    entries = [(key, f"{METRICS[key].meaning} ({METRICS[key].unit})") for key in keys]
    how = (
        "An estimate is the mean over replications of each replication's value; its interval is "
        "Student's t with 95 % confidence. A quantile is that of each run (inverted_cdf), then the "
        "mean. The clock of an order starts at payment; unfinished orders are counted until the "
        "end and never left out, and what rests on them is marked ≥."
    )
    return [
        Prose(lines=[how]),
        Folded(summary=f"{len(entries)} metrics", blocks=[Terms(entries=entries)]),
    ]


def _manifest(run: RunFolder) -> list[Block]:
    manifest = run.manifest
    versions = manifest.get("versions", {})
    digests = [str(entry["sha256"]) for entry in manifest.get("replications", ())]
    entries = [
        ("scenario", f"SHA-256 {manifest.get('scenario_sha256', '?')}"),
        ("seed", f"{manifest.get('seed', '?')}, streams {manifest.get('stream_scheme', '?')}"),
        ("engine", str(manifest.get("engine", "?"))),
        ("versions", ", ".join(f"{name} {version}" for name, version in versions.items())),
        ("machine", str(manifest.get("machine", "?"))),
        ("further thresholds", ", ".join(manifest.get("further_thresholds", ())) or "none"),
    ]
    rows = [[str(number), digest] for number, digest in enumerate(digests)]
    same = "Equal digests mean equal answers for every order, on any machine and either engine."
    return [
        Terms(entries=entries),
        Folded(
            summary=f"Digests of {len(digests)} replications",
            blocks=[Prose(lines=[same]), Table(headers=["replication", "SHA-256"], rows=rows)],
        ),
    ]
