"""The result of a run: metrics over replications, tables of the first one, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from burstsim.engine.compile import Model
from burstsim.engine.piece import whole_of
from burstsim.engine.replayed import replay_notes
from burstsim.engine.run import Engine, pieces, simulate
from burstsim.engine.trace import Trace
from burstsim.engine.world import Process
from burstsim.errors import InvariantError
from burstsim.languages import words_of
from burstsim.results import verdict as telling
from burstsim.results.bottleneck import Bottleneck, find_bottleneck
from burstsim.results.breakdowns import Key, nothing_of
from burstsim.results.estimates import Check, Estimate, Status, estimate
from burstsim.results.judging import bounds_of, judge
from burstsim.results.needed import LEVEL, Asked, stock_needed
from burstsim.results.pictures import Pictures, Shown
from burstsim.results.precision import Stopping
from burstsim.results.rowtables import frame_of, gift_rows, order_rows, parcel_rows
from burstsim.results.stockwords import sold_out
from burstsim.results.summarised import summarised
from burstsim.results.value import Value
from burstsim.scenario.metrics import COST_KINDS, METRICS, Metric, metric_names
from burstsim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run found.

    Parameters
    ----------
    model
        The scenario that was run, compiled.
    engine
        Which engine ran it.
    values
        Each metric's value in each replication.
    parts
        The metrics of each channel, warehouse and merchant, in each replication.
    asked
        What was asked of the shelves in each replication.
    digests
        One per replication: equal digests, equal answers.
    trace
        The first replication, or None: then it is run again when it is asked for.
    tables
        Those of its tables that have no row for each order, where they are at hand.
    processes
        Users' own, with which it was run.
    extra
        Thresholds given besides the scenario's, by name.
    stopping
        Why there are so many replications, where the run itself found out how many it needs.
    remarks
        What else is to be known of how it was run, a sentence each.
    """

    model: Model
    engine: Engine
    values: dict[str, tuple[Value, ...]]
    parts: tuple[Mapping[Key, Value], ...]
    asked: tuple[Asked, ...] = field(repr=False)
    digests: tuple[str, ...]
    trace: Trace | None = field(default=None, repr=False)
    tables: Shown | None = field(default=None, repr=False)
    processes: tuple[Process, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    stopping: Stopping | None = None
    remarks: tuple[str, ...] = ()

    @cached_property
    def first(self) -> Trace:
        """The first replication.

        Raises
        ------
        InvariantError
            When it ran elsewhere, and comes out otherwise here.
        """
        if self.trace is not None:
            return self.trace
        trace = simulate(self.model, 0, self.engine, self.processes)
        sums_only = self.scenario.record == "summary"
        summary = summarised(self.model, [whole_of(trace)]) if sums_only else None
        self._hold(trace.digest() if summary is None else summary.digest())
        return trace

    def _hold(self, digest: str) -> None:
        """See that the first replication, run again, is what it was."""
        if digest != self.digests[0]:
            raise InvariantError(
                "the first replication comes out otherwise than where it ran at first; "
                "the machines or their packages differ"
            )

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was run."""
        return self.model.scenario

    @property
    def replications(self) -> int:
        """How many there were."""
        return len(self.digests)

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Every metric over replications, by name."""
        return {
            name: estimate(values, bounds_of(self.kinds[name]))
            for name, values in self.values.items()
        }

    @cached_property
    def kinds(self) -> dict[str, Metric]:
        """What every metric is, by name."""
        return {name: METRICS[key] for name, key in metric_names(self.scenario).items()}

    @cached_property
    def units(self) -> dict[str, str]:
        """Unit of every metric, by name."""
        return {name: metric.unit for name, metric in self.kinds.items()}

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """One row per metric: ``name estimate low high n unit at_least``."""
        import pandas as pd

        rows = [
            (name, e.estimate, e.low, e.high, e.n, self.units[name], e.at_least)
            for name, e in self.estimates.items()
        ]
        columns = ["name", "estimate", "low", "high", "n", "unit", "at_least"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def orders(self) -> pd.DataFrame:
        """One row per order of the first replication; see `rowtables.order_rows`."""
        return frame_of(order_rows(self.first))

    @cached_property
    def parcels(self) -> pd.DataFrame:
        """One row per parcel of the first replication; see `rowtables.parcel_rows`."""
        return frame_of(parcel_rows(self.first))

    @cached_property
    def shown(self) -> Shown:
        """Tables of the first replication that have no row for each order.

        Raises
        ------
        InvariantError
            As of `first`.
        """
        if self.tables is not None:
            return self.tables
        if self.scenario.record == "orders":
            return Pictures.of(self.first)
        pictures = Pictures(self.model)
        run = pieces(self.model, 0, self.engine, self.processes)
        self._hold(summarised(self.model, run, pictures).digest())
        return pictures.shown()

    @property
    def timeline(self) -> pd.DataFrame:
        """State per minute and zone of the first replication; see `frames.Minutes.timeline`."""
        return self.shown.timeline

    @property
    def flow(self) -> pd.DataFrame:
        """Orders in and out per minute of the first replication; see `frames.Minutes.flow`."""
        return self.shown.flow

    @cached_property
    def gifts(self) -> pd.DataFrame:
        """Gifts by order of the first replication; see `rowtables.gift_rows`."""
        return frame_of(gift_rows(self.first))

    @property
    def gift_flow(self) -> pd.DataFrame:
        """Gifts by minute of the first replication; see `giftframes.GiftFlow`."""
        return self.shown.gift_flow

    @property
    def trucks(self) -> pd.DataFrame:
        """Pickups of the first replication; see `trucks.trucks_frame`."""
        return self.shown.trucks

    @cached_property
    def costs(self) -> pd.DataFrame:
        """What the sale costs, a row for each kind: ``kind estimate low high``."""
        import pandas as pd

        found = [(kind, self.estimates[f"cost.{kind}"]) for kind in COST_KINDS]
        rows = [(kind, cost.estimate, cost.low, cost.high) for kind, cost in found]
        return pd.DataFrame(rows, columns=["kind", "estimate", "low", "high"])

    @property
    def stock(self) -> pd.DataFrame:
        """Stock that ran out in the first replication; see `stockframes.stock_frame`."""
        return self.shown.stock

    @cached_property
    def breakdowns(self) -> pd.DataFrame:
        """Metrics by channel, warehouse and owner: ``by name metric estimate low high``.

        Owners are there where goods belong to somebody. See `breakdowns.break_down`.
        """
        import pandas as pd

        keys = dict.fromkeys((key[:2], key) for part in self.parts for key in part)
        order = {"channel": 0, "warehouse": 1, "owner": 2}
        rows = []
        for _, key in sorted(keys, key=lambda entry: order[entry[0][0]]):
            values = [part.get(key, nothing_of(key[2])) for part in self.parts]
            found = estimate(values, bounds_of(self.kinds[key[2]]))
            rows.append((*key, found.estimate, found.low, found.high))
        columns = ["by", "name", "metric", "estimate", "low", "high"]
        table = pd.DataFrame(rows, columns=columns)
        return table.astype(
            {**dict.fromkeys(columns[:3], "str"), **dict.fromkeys(columns[3:], float)}
        )

    def stock_needed(self, level: float = LEVEL) -> pd.DataFrame:
        """Say what stock would have been enough where, see `needed.stock_needed`.

        Parameters
        ----------
        level
            Share of the replications in which it would have been.
        """
        return stock_needed(self.model, self.shown.items, self.asked, level)

    @cached_property
    def checks(self) -> dict[str, Check]:
        """Every threshold of the scenario and of the call, by name."""
        return {
            name: self.checked(expr)
            for name, expr in {**self.scenario.thresholds, **self.extra}.items()
        }

    def checked(self, expr: str) -> Check:
        """Compare a metric with a limit, with its interval; see `check` for the verdict alone.

        Raises
        ------
        ScenarioError
            When the expression is not one, or names no metric of the scenario.
        """
        return judge(self.scenario, expr, self.values)

    def check(self, expr: str) -> Status:
        """Say PASS, FAIL or INCONCLUSIVE of an expression such as ``"on_time >= 0.98"``."""
        return self.checked(expr).status

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing besides, a sentence each: of replayed logs, of precision."""
        words = words_of(self.scenario.language)
        stopped = () if self.stopping is None else (self.stopping.said(words),)
        return (*replay_notes(self.scenario), *stopped, *self.remarks)

    @cached_property
    def bottleneck(self) -> Bottleneck | None:
        """What holds orders up, or None where nothing does; see `bottleneck.find_bottleneck`."""
        return find_bottleneck(self.model, self.estimates)

    @cached_property
    def sentence(self) -> str:
        """One sentence that a manager understands."""
        checks = list(self.checks.values())
        missed = sold_out(self.model, self.estimates, self.asked)
        return telling.sentence(self.model, self.estimates, self.bottleneck, checks, missed)

    @property
    def verdict(self) -> str:
        """FAIL if a threshold fails, else INCONCLUSIVE if one is, else PASS; NONE without any."""
        return telling.verdict(list(self.checks.values()))
