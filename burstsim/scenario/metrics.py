"""The names of the metrics, each with its unit and meaning.

They are part of the file's language (thresholds name them), so they stand here; how each is
computed stands in `burstsim.results.metrics`, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from burstsim.scenario.scenario import Scenario

__all__ = [
    *("AFTER_IT", "BEFORE_THE_FLOOR", "COST_KINDS", "METRICS", "STATISTICS", "Metric"),
    *("ending_skus", "gift_skus", "late_causes", "metric_names", "row_stages", "zone_paths"),
]

#: So many SKUs have metrics of their own; larger catalogues are told of in tables.
MOST_SKUS = 200

#: Statistics that apply to a metric which is a distribution over orders or tasks.
STATISTICS = ("mean", "p50", "p90", "p95", "p99", "max")


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric is.

    Parameters
    ----------
    unit
        ``orders``, ``units``, ``parcels``, ``lines``, ``share``, ``seconds`` (a span, or a moment
        counted from ``start``), ``hours`` (of work or of workers), ``money`` or ``orders/h``.
    meaning
        One sentence.
    statistics
        Whether it is a distribution, asked for as ``p95(name)``.
    moment
        Whether it is a moment: compared with a time of day or a date, and written as one.
    signed
        Whether it can be below zero.
    """

    unit: str
    meaning: str
    statistics: bool = False
    moment: bool = False
    signed: bool = False


#: What a sale costs, kind by kind.
COST_KINDS = ("workers", "temps", "parcels", "extra_parcels", "partner_fees", "gifts", "penalties")

#: What orders may be late because of besides stages: before the floor, and after it.
BEFORE_THE_FLOOR, AFTER_IT = ("hold", "stock", "gift", "release"), ("truck",)


METRICS: dict[str, Metric] = {
    "orders_placed": Metric("orders", "Orders that buyers placed."),
    "orders_paid": Metric("orders", "Orders that were paid."),
    "orders_expired": Metric("orders", "Orders that were not paid in time."),
    "orders_rejected": Metric("orders", "Orders that found no stock when they were placed."),
    "orders_cancelled": Metric("orders", "Paid orders that were cancelled before they shipped."),
    "orders_shipped": Metric("orders", "Orders of which the last parcel left the floor in time."),
    "orders_backordered": Metric("orders", "Paid orders that still waited for stock at the end."),
    "orders_oversold": Metric("orders", "Orders that were sold although there was no stock."),
    "orders_lost": Metric("orders", "Orders that nobody could place: their channel was closed."),
    "orders_diverted": Metric("orders", "Orders that came by another channel than the closed one."),
    "unfinished": Metric("orders", "Paid orders that were not shipped when the run ended."),
    "units_shipped": Metric("units", "Pieces shipped, kits opened."),
    "parcels": Metric("parcels", "Parcels released to the floor."),
    "fill_rate": Metric(
        "share",
        "Pieces that went to the floor, of those of orders that were paid and not cancelled; "
        "gifts apart.",
    ),
    "split_rate": Metric(
        "share", "Orders whose goods came from several warehouses, of those sent to the floor."
    ),
    "parcels_per_order": Metric("parcels", "Parcels for each order sent to the floor."),
    "lost_sales": Metric(
        "money",
        "Value of orders rejected or cancelled for lack of stock, and of lines that "
        "ship_partial left out.",
    ),
    "oversold_value": Metric("money", "Value of orders that were sold although nothing was there."),
    "backorder_age": Metric(
        "seconds",
        "From payment to the end of the run, of orders that wait for stock there.",
        statistics=True,
    ),
    "stock_left.<sku>": Metric(
        "units",
        "Pieces of a SKU on all shelves at the end, safety stock apart; of SKUs with an end.",
    ),
    "stockout_at.<sku>": Metric(
        "seconds",
        "When the last piece of a SKU on sale left the shelves, to customers, into prekits or "
        "by a count; from start.",
        moment=True,
    ),
    "gifts_proposed": Metric(
        "units", "Pieces that gift rules gave after all their caps, wherever they came from."
    ),
    "gifts_granted": Metric("units", "Pieces of them that there was stock for, at once or later."),
    "gift_shortfall": Metric(
        "units", "Pieces of them that there was no stock for when the shelf was asked."
    ),
    "gifts_proposed.<rule>": Metric("units", "Pieces that a rule gave after all its caps."),
    "gifts_granted.<rule>": Metric("units", "Pieces of them that there was stock for."),
    "gift_shortfall.<rule>": Metric("units", "Pieces of them that there was no stock for."),
    "gift_out_at.<rule>": Metric(
        "seconds",
        "When a rule first gave less than it proposed, for lack of stock; from start.",
        moment=True,
    ),
    "gift_used_up_at.<rule>": Metric(
        "seconds",
        "When a rule had given all that its total, budget or first_n allow; from start.",
        moment=True,
    ),
    "gift_pieces.<gift>": Metric(
        "units", "Pieces of a SKU that rules gave and there was stock for, kits of gifts opened."
    ),
    "gift_missing.<gift>": Metric("units", "Pieces of it that there was no stock for."),
    "gift_left.<gift>": Metric(
        "units", "Pieces of it on the shelf at the end, safety stock apart; n/a where unlimited."
    ),
    "orders_held": Metric("orders", "Orders that waited for a gift at some time."),
    "gift_units": Metric("units", "Pieces that gifts added to what went to the floor."),
    "gift_lines": Metric("lines", "Picks that gifts added: different SKUs of parcels."),
    "gift_work": Metric(
        "hours", "Work that gifts added at all stages, wrapping included, at productivity 1."
    ),
    "on_time": Metric(
        "share",
        "Orders that kept their promise, of those that had one due before the end or were shipped.",
    ),
    "otif": Metric(
        "share",
        "Of the same orders those that kept it in full: no line lost, no gift missing.",
    ),
    "orders_late": Metric(
        "orders", "Orders whose promise is known to be broken: met too late, or due and not met."
    ),
    "late_because.<cause>": Metric(
        "orders",
        "Late orders that lost most of their time there; every late order has one cause.",
    ),
    "time_lost.<place>": Metric(
        "hours",
        "Time that orders waited there, of the parcel that came last; of trucks only after one "
        "left without it.",
    ),
    "orders_returned": Metric("orders", "Orders whose goods came back before the end."),
    "order_to_ship": Metric(
        "seconds",
        "From payment to shipped; an unfinished order counts until the end of the run.",
        statistics=True,
    ),
    "time_in.<stage>": Metric(
        "seconds", "From arriving at a stage to being done there.", statistics=True
    ),
    "time_in.<warehouse>.<stage>.<zone>": Metric(
        "seconds", "The same of one zone, where a stage has several.", statistics=True
    ),
    "wait.<warehouse>.<stage>": Metric(
        "seconds", "From arriving at a stage to work starting there.", statistics=True
    ),
    "backlog_peak": Metric("orders", "Most orders that were paid and not shipped at one moment."),
    "backlog_peak_at": Metric(
        "seconds", "When the backlog first reached its peak, from start.", moment=True
    ),
    "backlog_clear_at": Metric(
        "seconds",
        "First moment from the peak on, its orders having reached the floor, when nothing "
        "waited at any stage; from start.",
        moment=True,
    ),
    "backlog_peak.<warehouse>.<stage>": Metric(
        "parcels", "Most parcels that waited at a stage at one moment."
    ),
    "backlog_peak_at.<warehouse>.<stage>": Metric(
        "seconds", "When so many first waited there, from start.", moment=True
    ),
    "backlog_clear_at.<warehouse>.<stage>": Metric(
        "seconds",
        "First moment from that peak on when nothing waited there; from start.",
        moment=True,
    ),
    "work_left_peak.<warehouse>.<stage>": Metric(
        "hours", "Most work waiting at a stage at the turn of a minute, at productivity 1."
    ),
    "utilisation.<warehouse>.<stage>": Metric(
        "share",
        "Time worked by time staffed, from the clock's beginning to the last work done; "
        "a task finished after its shift counts as staffed.",
    ),
    "left_behind.<warehouse>.<carrier>": Metric(
        "parcels", "Most parcels that were ready and did not fit on one truck of a carrier."
    ),
    "truck_fill.<warehouse>.<carrier>": Metric(
        "share", "Parcels that a carrier's trucks took by those that fit; n/a without a capacity."
    ),
    "throughput_peak": Metric("orders/h", "Most orders shipped within any 60 minutes."),
    "worker_hours": Metric(
        "hours",
        "Hours staffed, from the clock's beginning to the last work done, with overtime; temporary "
        "people till they go.",
    ),
    "temp_hours": Metric("hours", "Those of them that temporary people were there."),
    "penalty_total": Metric("money", "Penalties for late orders."),
    "cost_total": Metric("money", "Hours, parcels, partners' fees, gifts and penalties together."),
    "cost.<kind>": Metric("money", "One kind of these costs."),
    "cost_per_order": Metric("money", "Costs by orders shipped."),
    "lost_margin": Metric(
        "money",
        "Margin of what lost_sales counts; n/a where no SKU has a margin.",
        signed=True,
    ),
    "profit": Metric(
        "money",
        "Margin of goods shipped and not returned, less costs; n/a where no SKU has a margin.",
        signed=True,
    ),
}


def ending_skus(scenario: Scenario) -> list[str]:
    """Give the SKUs with an end that metrics tell of one by one, at most `MOST_SKUS`.

    They are those that every warehouse counts and that some stock, truck or build names, in
    the order of the catalogue.
    """
    houses = scenario.warehouses.values()
    if any(house.stock is None for house in houses):
        return []
    named = {sku for house in houses for sku in house.stock or ()}
    named |= {sku for house in houses for truck in house.inbound.values() for sku in truck.stock}
    named |= {build.kit for house in houses for build in house.builds.values()}
    every = dict.fromkeys((*scenario.catalog.skus, *scenario.catalog.kits, *sorted(named)))
    return [sku for sku in every if sku in named][:MOST_SKUS]


def gift_skus(scenario: Scenario) -> list[str]:
    """Give what gift rules take from shelves, in the order of the file: SKUs and prekits."""
    kits = scenario.catalog.kits
    waiting = [
        item
        for rule in scenario.rules.values()
        if rule.source == "add"
        for option in rule.options
        for item in option
    ]
    if waiting:
        levers = [policy.do.replace_gift or {} for policy in scenario.policies.values()]
        waiting += [new for swaps in levers for new in swaps.values()]
    found: dict[str, bool] = {}  # whether it is on a shelf; a kit is opened once, even in a circle
    for item in waiting:
        if item not in found:
            found[item] = item not in kits or kits[item].kind == "prekit"
            if not found[item]:
                waiting.extend(kits[item].needs)
    return [item for item, on_shelf in found.items() if on_shelf]


def late_causes(scenario: Scenario) -> tuple[str, ...]:
    """Name what orders may be late because of, each once; equal parts go to the first."""
    return tuple(dict.fromkeys((*BEFORE_THE_FLOOR, *row_stages(scenario), *AFTER_IT)))


def row_stages(scenario: Scenario) -> tuple[str, ...]:
    """Names of the stages that parcels pass, over all warehouses; a partner's is `external`."""
    returns = scenario.returns.stage if scenario.returns else None
    return tuple(
        dict.fromkeys(
            stage
            for floor in scenario.warehouses.values()
            for stage in (floor.stages if floor.external is None else ["external"])
            if stage != returns
        )
    )


def zone_paths(scenario: Scenario, *, partners: bool) -> list[str]:
    """Paths of all zones, `warehouse.stage` or, of a stage with several, `warehouse.stage.zone`."""
    paths = []
    for house, floor in scenario.warehouses.items():
        if floor.external is not None and partners:
            paths.append(f"{house}.external")
        for name, stage in floor.stages.items():
            several = len(stage.zones) > 1
            paths += (
                [f"{house}.{name}.{z}" for z in stage.zones] if several else [f"{house}.{name}"]
            )
    return paths


def several_zones(scenario: Scenario) -> list[str]:
    """Paths of the zones of stages that have several of them."""
    return [
        f"{house}.{name}.{zone}"
        for house, floor in scenario.warehouses.items()
        for name, stage in floor.stages.items()
        for zone in (stage.zones if len(stage.zones) > 1 else ())
    ]


def metric_names(scenario: Scenario) -> dict[str, str]:
    """Every metric name that this scenario has, with its key in `METRICS`.

    Returns
    -------
    dict of str to str
        ``"p95(time_in.pack)" → "time_in.<stage>"``; in the order of `METRICS`.
    """
    names: dict[str, str] = {}
    for key, metric in METRICS.items():
        for name in _filled(scenario, key):
            if metric.statistics:
                names.update({f"{statistic}({name})": key for statistic in STATISTICS})
            else:
                names[name] = key
    return names


def _filled(scenario: Scenario, key: str) -> list[str]:
    """Give the names that a key of `METRICS` stands for."""
    base, dot, place = key.partition(".")
    if not dot:
        return [key]
    return [f"{base}.{name}" for name in _places(scenario, base, place)]


def _places(scenario: Scenario, base: str, place: str) -> Iterable[str]:
    """Give what the variable part of a metric's name stands for."""
    houses = scenario.warehouses.items()
    match place:
        case "<warehouse>.<stage>":
            # a partner's people, and how much work waits for them, are not known
            return zone_paths(scenario, partners=base in _OF_PARTNERS)
        case "<warehouse>.<stage>.<zone>":
            return several_zones(scenario)
        case "<warehouse>.<carrier>":
            return [f"{house}.{name}" for house, floor in houses for name in floor.carriers]
        case "<place>":
            zones = zone_paths(scenario, partners=True)
            return dict.fromkeys((*BEFORE_THE_FLOOR, *zones, *AFTER_IT))
        case "<stage>":
            return dict.fromkeys((*row_stages(scenario), *_stations(scenario)))
        case "<cause>":
            return late_causes(scenario)
        case "<kind>":
            return COST_KINDS
        case "<rule>":
            return scenario.rules
        case "<gift>":
            return gift_skus(scenario)
    skus = ending_skus(scenario)
    return dict.fromkeys((*skus, *gift_skus(scenario))) if base == "stockout_at" else skus


#: Metrics of zones that are known of partners, too.
_OF_PARTNERS = ("wait", "backlog_peak", "backlog_peak_at", "backlog_clear_at")


def _stations(scenario: Scenario) -> list[str]:
    """Names of stations outside the row: where returns are worked off."""
    name = scenario.returns.stage if scenario.returns else None
    return [name for floor in scenario.warehouses.values() if name in floor.stages and name]
