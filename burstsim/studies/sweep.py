"""Run a scenario at many points: a grid, or a Latin hypercube that fills the space evenly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.engine.run import Engine
from burstsim.errors import Problem, ScenarioError
from burstsim.languages import Words, phrase, words_of
from burstsim.results.estimates import Check
from burstsim.results.verdict import verdict
from burstsim.results.wording import format_value
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.scenario.variants import VARY, changed
from burstsim.studies.evaluate import Sample, evaluate
from burstsim.studies.pool import Pool
from burstsim.studies.saving import ends_of, save_study
from burstsim.studies.shards import Task
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.trials import Memory
from burstsim.studies.vary import Axis, Vary, axes_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_POINTS", "SHOWN", "Sweep", "sweep"]

#: Metrics that a sweep tells of where nothing else is asked.
SHOWN = ("orders_shipped", "unfinished", "on_time", "p95(order_to_ship)", "backlog_peak")

#: Points of one sweep.
MOST_POINTS = 100_000

#: What is said of a single point, by how it stands.
_ALONE = {
    "PASS": phrase("The one point that was run keeps every threshold"),
    "FAIL": phrase("The one point that was run does not keep every threshold"),
    "INCONCLUSIVE": phrase(
        "It cannot be told whether the one point that was run keeps every threshold"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What was found at every point.

    Parameters
    ----------
    scenario
        As it was given.
    axes
        What was varied.
    points
        Value of each axis at each point.
    samples
        The metrics at each point.
    metrics
        Those that are told of.
    thresholds
        Expressions by name.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    points: tuple[tuple[object, ...], ...]
    samples: tuple[Sample, ...] = field(repr=False)
    metrics: tuple[str, ...]
    thresholds: Mapping[str, str]

    @cached_property
    def checks(self) -> tuple[dict[str, Check], ...]:
        """How each threshold stands at each point."""
        return tuple(
            {name: sample.check(expr) for name, expr in self.thresholds.items()}
            for sample in self.samples
        )

    @property
    def verdicts(self) -> list[str]:
        """Of each point: FAIL before INCONCLUSIVE before PASS; NONE without thresholds."""
        return [verdict(list(checks.values())) for checks in self.checks]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per point.

        Columns: one per axis, ``verdict n``, and for each metric its name (the estimate), its
        name with ``.low`` and with ``.high``.
        """
        import pandas as pd

        rows = []
        for point, sample, stands in zip(self.points, self.samples, self.verdicts, strict=True):
            row: dict[str, object] = dict(zip((a.path for a in self.axes), point, strict=True))
            row |= {"verdict": stands, "n": len(sample)}
            for name in self.metrics:
                found = sample.estimate(name)
                row |= {name: found.estimate, f"{name}.low": found.low, f"{name}.high": found.high}
            rows.append(row)
        return pd.DataFrame(rows)

    @property
    def words(self) -> Words:
        """The language of the scenario."""
        return words_of(self.scenario.language)

    @property
    def sentence(self) -> str:
        """One sentence that a manager understands."""
        words, count, stands = self.words, len(self.points), self.verdicts
        if not self.thresholds:
            text = words.count(
                count,
                "{n} point was run; there is no threshold to judge it by",
                "{n} points were run; there is no threshold to judge them by",
                n=f"{count:,}",
            )
            return text + words.stop
        if count == 1:
            return words.say(_ALONE[stands[0]]) + words.stop
        held = stands.count("PASS")
        text = words.count(
            held,
            "{n} of {all} points keeps every threshold",
            "{n} of {all} points keep every threshold",
            n=f"{held:,}",
            all=f"{count:,}",
        )
        if open_ := stands.count("INCONCLUSIVE"):
            text = words.say("{text}, {n} cannot be told", text=text, n=f"{open_:,}")
        if held == count or not held:
            return text + words.stop
        name, expr = next(iter(self.thresholds.items()))
        rising = self.checks[0][name].threshold.operator in (">=", ">")
        best = max(
            range(count), key=lambda i: (1 if rising else -1) * self.checks[i][name].estimate
        )
        check = self.checks[best][name]
        where = words.listed(
            f"{axis.path} = {value}"
            for axis, value in zip(self.axes, self.points[best], strict=True)
        )
        as_good = sum(checks[name].estimate == check.estimate for checks in self.checks) - 1
        if as_good:
            where = words.count(
                as_good,
                "{where} and at {n} other point",
                "{where} and at {n} other points",
                where=where,
                n=f"{as_good:,}",
            )
        best_of = words.say(
            "{rule} is kept best at {where} ({value})",
            rule=expr,
            where=where,
            value=format_value(check.estimate, check.unit, words=words),
        )
        return text + words.semicolon + best_of + words.stop

    def summary(self) -> dict[str, Any]:
        """Give what was found as plain data, the same as ``--json`` prints."""
        return {
            "schema": 1,
            "study": "sweep",
            "scenario": self.scenario.name,
            "seed": self.scenario.seed,
            "vary": [axis.path for axis in self.axes],
            "thresholds": dict(self.thresholds),
            "replications": sum(map(len, self.samples)),
            "points": [
                {
                    "values": dict(zip((a.path for a in self.axes), point, strict=True)),
                    "verdict": stands,
                    "replications": len(sample),
                    "metrics": {name: ends_of(sample.estimate(name)) for name in self.metrics},
                }
                for point, sample, stands in zip(
                    self.points, self.samples, self.verdicts, strict=True
                )
            ],
            "sentence": self.sentence,
        }

    def save(self, folder: str | Path) -> None:
        """Write ``sweep.json``, ``study.json`` and ``points.parquet``.

        Raises
        ------
        OutputError
            When they cannot be written.
        """
        table = self.frame.copy()
        for axis in self.axes:
            # a column of a file has one type
            if not all(isinstance(v, int | float) for v in table[axis.path]):
                table[axis.path] = table[axis.path].astype(str)
        scenarios = {self.scenario.name: self.scenario}
        save_study(folder, self.summary(), scenarios, self.words.code, points=table)


def sweep(  # noqa: PLR0913 - what can be said about a study
    scenario: Scenario,
    vary: Vary,
    *,
    lhs: int | None = None,
    replications: int | None = None,
    thresholds: Mapping[str, str] | None = None,
    metrics: Sequence[str] | None = None,
    pool: Pool | None = None,
    store: ShardStore | None = None,
    engine: Engine = "vector",
    progress: Callable[[str], None] | None = None,
) -> Sweep:
    """Run a scenario at the points of a grid or of a Latin hypercube.

    All points share their random numbers.

    Parameters
    ----------
    scenario
        From `burstsim.load`.
    vary
        Dotted path → range or values; see the how-to.
    lhs
        So many points of a Latin hypercube (McKay, Beckman and Conover, *Technometrics* 21,
        1979) instead of the grid: each axis is cut into so many parts, and each part is met once.
    replications
        Of each point; left out, as the scenario says.
    thresholds
        Further thresholds by name, beside the scenario's.
    metrics
        That are told of, beside those of the thresholds; left out, a few that matter always.
    pool, store
        Who runs replications, and what has been run already.
    engine
        ``"vector"`` or ``"event"``.
    progress
        Called with a word on what is being run.

    Raises
    ------
    ScenarioError
        When what is varied is wrong, at any point.
    ValueError
        When an argument makes no sense.
    """
    if lhs is not None and not 1 <= lhs <= MOST_POINTS:
        raise ValueError(f"lhs must be between 1 and {MOST_POINTS:,}, got {lhs!r}")
    count = scenario.replications if replications is None else replications
    if isinstance(count, bool) or count < 1:
        raise ValueError(f"replications must be at least 1, got {count!r}")
    asked = {**scenario.thresholds, **(thresholds or {})}
    shown = _metrics(scenario, asked, metrics)
    axes = axes_of(scenario, vary)
    points = _grid(axes) if lhs is None else _hypercube(axes, lhs, scenario.seed)
    variants = _variants(scenario, axes, points)
    own, memory = pool or Pool(), Memory(store)
    for variant in variants:
        own.admit(variant, engine, "nothing was run")
    tasks = (
        Task(scenario=variant, replication=number, engine=engine)
        for variant in variants
        for number in range(count)
    )
    total = len(variants) * count
    where = "1 point" if len(points) == 1 else f"{len(points):,} points"
    # all at once, so that no worker waits for a point to be finished
    for done, _ in enumerate(own.shards(tasks, memory), 1):
        if progress is not None:
            progress(f"{done:,} of {total:,} replications at {where}")
    samples = [evaluate(variant, range(count), own, memory, engine) for variant in variants]
    return Sweep(
        scenario=scenario,
        axes=axes,
        points=tuple(points),
        samples=tuple(samples),
        metrics=shown,
        thresholds=asked,
    )


def _metrics(
    scenario: Scenario, thresholds: Mapping[str, str], asked: Sequence[str] | None
) -> tuple[str, ...]:
    """Choose what is told of; complains about names of no metric."""
    parsed = read_thresholds(scenario, thresholds).values()
    names = metric_names(scenario)
    given = SHOWN if asked is None else asked
    if unknown := [name for name in given if name not in names]:
        rule = "names no metric of this scenario"
        raise ScenarioError([Problem(rule=rule, path="--metric", value=name) for name in unknown])
    told = [(t.nights or t).metric for t in parsed]
    skip = () if scenario.promises else ("on_time",)
    return tuple(dict.fromkeys(n for n in (*told, *given) if n not in skip or n in told))


def _grid(axes: Sequence[Axis]) -> list[tuple[object, ...]]:
    """Every combination of the values of all axes."""
    grids = [axis.grid for axis in axes]
    if (count := prod(map(len, grids))) > MOST_POINTS:
        rule = f"must have at most {MOST_POINTS:,} points"
        raise ScenarioError([Problem(rule=rule, file=VARY, value=f"{count:,}", hint="use --lhs")])
    return list(product(*grids))


def _hypercube(axes: Sequence[Axis], count: int, seed: int) -> list[tuple[object, ...]]:
    """Points of a Latin hypercube, the same for the same seed."""
    from scipy.stats import qmc

    shares = qmc.LatinHypercube(d=len(axes), rng=seed).random(count)
    return [
        tuple(axis.within(float(share)) for axis, share in zip(axes, row, strict=True))
        for row in shares
    ]


def _variants(
    scenario: Scenario, axes: Sequence[Axis], points: Sequence[tuple[object, ...]]
) -> list[Scenario]:
    """Change the scenario to every point; all that is wrong is told at once."""
    found: list[Scenario] = []
    problems: list[Problem] = []
    for point in points:
        try:
            values = {axis.path: value for axis, value in zip(axes, point, strict=True)}
            found.append(changed(scenario, values))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return found
