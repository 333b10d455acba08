"""The page of a run: what was found, pictures, the scenario, definitions, how it was made."""

from __future__ import annotations

import json
from collections.abc import Iterator

from burstsim.languages import Words, phrase
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
from burstsim.report.numbers import bars_of, metric_table, threshold_table
from burstsim.report.parts import breakdown_tables, missing_stock_table, stage_table
from burstsim.report.stressdes import stress_des
from burstsim.results.naming import called, key_of, metric_label
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
    summary, words = run.summary, run.words
    count = summary["replications"]
    thresholds = threshold_table(run)
    pictures = list(_pictures(run))
    first = ""
    if count > 1:
        first = words.say("Pictures show the first replication; tables and bars the mean of all.")
    return Page(
        title=run.name,
        subtitle=words.count(
            count,
            "from {start:%Y-%m-%d %H:%M} · {n} replication · {engine} engine · seed {seed}",
            "from {start:%Y-%m-%d %H:%M} · {n} replications · {engine} engine · seed {seed}",
            start=run.start,
            n=count,
            engine=summary.get("engine", "?"),
            seed=summary.get("seed", "?"),
        ),
        sentence=str(summary["sentence"]),
        verdict=str(summary["verdict"]),
        top=[] if thresholds is None else [thresholds],
        sections=[
            Section(title="", blocks=[Prose(lines=notes)] if (notes := _notes(run)) else []),
            Section(title=words.say("What happens"), blocks=_said(pictures, first)),
            Section(title=words.say("Numbers"), blocks=_numbers(run)),
            Section(title=words.say("The scenario in words"), blocks=_scenario(run)),
            Section(title=words.say("What the metrics mean"), blocks=_definitions(run)),
            Section(
                title=words.say("STRESS-DES: how this model is reported"), blocks=stress_des(run)
            ),
            Section(title=words.say("Manifest"), blocks=_manifest(run)),
        ],
        words=words,
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
    start, words = run.start, run.words
    found = (
        None if flow is None else flow_chart(flow, start, words),
        None if timeline is None else queue_chart(timeline, start, words),
        None if timeline is None else utilisation_chart(timeline, start, words),
        None if orders is None else promise_chart(orders, words),
        None if orders is None or parcels is None else time_chart(orders, parcels, words),
        None if stock is None else stock_chart(stock, start, words),
        _gifts(run),
        None if gift_flow is None else gift_run_chart(gift_flow, start, words),
        late_chart(bars_of(run, _family(run, "late_because.")), words),
        cost_chart(bars_of(run, _costs(run)), words),
        None if trucks is None else truck_chart(trucks, start, words),
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
    return gift_chart([bar for bar in proposed if bar.name in names], granted, run.words)


def _costs(run: RunFolder) -> dict[str, str]:
    """Name the metrics that are a part of the cost."""
    kinds = _family(run, "cost.")
    if kinds:
        return kinds
    sums = {f"cost_{name}" for name in ("total", "per_order")}
    parts = {name: called for name, called in _family(run, "cost_").items() if name not in sums}
    return parts | {
        name: called("penalties", run.words) for name in ("penalty_total",) if name in run.metrics
    }


def _family(run: RunFolder, prefix: str) -> dict[str, str]:
    """Give the metrics of one family, each with what it is of."""
    return {
        name: called(name.removeprefix(prefix).replace("_", " "), run.words)
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
        summary=run.words.say("All {n} metrics", n=f"{len(run.metrics):,}"),
        blocks=[metric_table(run, list(run.metrics))],
    )
    missing = missing_stock_table(run)
    tables = [metric_table(run, shown), stage_table(run), *breakdown_tables(run)]
    return [*tables, *([] if missing is None else [missing]), every]


def _scenario(run: RunFolder) -> list[Block]:
    words = [str(line) for line in run.manifest.get("description", ())]
    file = json.dumps(run.scenario, indent=1, ensure_ascii=False)
    resolved = Folded(
        summary=run.words.say("The scenario with all defaults, as it was run"),
        blocks=[Code(text=file)],
    )
    return [*([Prose(lines=words)] if words else []), resolved]


#: How numbers of a page are made.
_HOW = phrase(
    "An estimate is the mean over replications of each replication's value; its interval is "
    "Student's t with 95 % confidence. A quantile is that of each run (inverted_cdf), then the "
    "mean. The clock of an order starts at payment; unfinished orders are counted until the "
    "end and never left out, and what rests on them is marked ≥."
)


def _definitions(run: RunFolder) -> list[Block]:
    words = run.words
    keys = dict.fromkeys(key for name in run.metrics if (key := key_of(name)))
    entries = [(metric_label(key, key, words), _meaning(key, words)) for key in keys]
    return [
        Prose(lines=[words.say(_HOW)]),
        Folded(summary=words.say("{n} metrics", n=len(entries)), blocks=[Terms(entries=entries)]),
    ]


def _meaning(key: str, words: Words) -> str:
    metric = METRICS[key]
    meaning, unit = words.say(metric.meaning), called(metric.unit, words)
    return words.say("{meaning} ({unit})", meaning=meaning, unit=unit)


def _manifest(run: RunFolder) -> list[Block]:
    manifest, words = run.manifest, run.words
    versions = manifest.get("versions", {})
    digests = [str(entry["sha256"]) for entry in manifest.get("replications", ())]
    entries = [
        (words.say("scenario"), f"SHA-256 {manifest.get('scenario_sha256', '?')}"),
        (
            words.say("seed"),
            words.say(
                "{seed}, streams {scheme}",
                seed=manifest.get("seed", "?"),
                scheme=manifest.get("stream_scheme", "?"),
            ),
        ),
        (words.say("engine"), str(manifest.get("engine", "?"))),
        (
            words.say("versions"),
            words.listed(f"{name} {version}" for name, version in versions.items()),
        ),
        (words.say("machine"), str(manifest.get("machine", "?"))),
        (
            words.say("further thresholds"),
            words.listed(manifest.get("further_thresholds", ())) or words.say("none"),
        ),
    ]
    rows = [[str(number), digest] for number, digest in enumerate(digests)]
    same = words.say(
        "Equal digests mean equal answers for every order, on any machine and either engine."
    )
    headers = [words.say("replication"), "SHA-256"]
    return [
        Terms(entries=entries),
        Folded(
            summary=words.count(
                len(digests),
                "Digest of {n} replication",
                "Digests of {n} replications",
                n=len(digests),
            ),
            blocks=[Prose(lines=[same]), Table(headers=headers, rows=rows)],
        ),
    ]
