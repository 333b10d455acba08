"""How big a burst the warehouse survives: the largest value that keeps every threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import simulate
from burstsim.errors import Problem, ScenarioError
from burstsim.results.estimates import Status
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.scenario.variants import VARY, changed
from burstsim.studies.bisection import Bracket, Ladder, find_limit
from burstsim.studies.breaking import Break, first_break
from burstsim.studies.pool import Pool
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.stressed import Stress
from burstsim.studies.trials import LOOKS, Memory, Trial, Trials, thresholds_of
from burstsim.studies.vary import Axis, Vary, axes_of

__all__ = ["SCALE", "stress"]

#: What is varied where nothing is said, and how far down if even its lowest level is too much.
SCALE: dict[str, object] = {"demand_scale": "1:20"}
_LEAST_SCALE = 0.05

#: Replications in which it is looked up what broke first; the one in the middle is told.
_LOOKED_UP = 3

#: Answers that fresh replications may refuse before the search gives up.
_MOST_REFUSALS = 4


def stress(  # noqa: PLR0913 - what can be said about a study
    scenario: Scenario,
    *,
    vary: Vary | None = None,
    thresholds: Mapping[str, str] | None = None,
    precision: float = 0.01,
    most: int = LOOKS[-1],
    pool: Pool | None = None,
    store: ShardStore | None = None,
    progress: Callable[[str], None] | None = None,
) -> Stress:
    """Find the largest value that keeps every threshold.

    Every level is run with the same random numbers, so that orders of a smaller burst are
    those of a larger one as far as they can be.

    Parameters
    ----------
    scenario
        From `burstsim.load`.
    vary
        One path and its range, such as ``{"demand_scale": "1:20"}``, which is also what is varied
        if nothing is said; then the search goes below 1 if the scenario does not hold as it is.
    thresholds
        Further thresholds by name, beside the scenario's.
    precision
        Of the answer, in proportion, where the range has no steps.
    most
        Replications of a level at most.
    pool
        Who runs them; left out, this process.
    store
        What has been run already.
    progress
        Called with a word on what is being run.

    Raises
    ------
    ScenarioError
        When there is no threshold, or what is varied is wrong.
    ValueError
        When `precision` or `most` make no sense.
    """
    if not 0 < precision < 1:
        raise ValueError(f"precision must be between 0 and 1, got {precision!r}")
    if most < 2:
        raise ValueError(f"most must be at least 2, got {most!r}")
    asked = thresholds_of(scenario, thresholds)
    axis = _axis(scenario, SCALE if vary is None else vary)
    own = pool or Pool()
    own.admit(changed(scenario, {axis.path: axis.at(float(axis.low))}), left="nothing was run")
    trials = Trials(
        pool=own,
        thresholds=asked,
        store=Memory(store),
        said=progress or (lambda text: None),
    )
    looking = _Looking(scenario, axis, trials, most)
    ladder = Ladder(
        low=float(axis.low),
        high=float(axis.high),
        step=float(axis.step or 1) if axis.step or axis.whole else None,
        precision=precision,
    )
    found = find_limit(looking.look, ladder, below=_LEAST_SCALE if vary is None else None)
    found = looking.confirm(found, ladder)
    return Stress(
        scenario=scenario,
        axis=axis,
        thresholds=asked,
        low=found.low,
        high=found.high,
        monotone=found.monotone,
        trials=dict(sorted(looking.trials.items())),
        confirmed=looking.confirmed,
        broke_first=looking.broke(found.high),
    )


def _axis(scenario: Scenario, vary: Vary) -> Axis:
    axes = axes_of(scenario, vary)
    if len(axes) != 1 or not axes[0].is_range:
        path = axes[0].path if axes else ""
        rule = "must be one path with a range, such as demand_scale=1:20"
        raise ScenarioError([Problem(rule=rule, path=path, file=VARY)])
    return axes[0]


class _Looking:
    """Looks at levels, and remembers what it saw."""

    def __init__(self, scenario: Scenario, axis: Axis, trials: Trials, most: int) -> None:
        self.scenario, self.axis, self.runs, self.most = scenario, axis, trials, most
        self.trials: dict[float, Trial] = {}
        self.confirmed: dict[float, Trial] = {}

    def at(self, level: float) -> Scenario:
        """Give the scenario at a level."""
        return changed(self.scenario, {self.axis.path: self.axis.at(level)})

    def look(self, level: float) -> Status:
        """Say how a level stands."""
        if level not in self.trials:
            what = f"{self.axis.path} = {self.axis.at(level)}"
            self.trials[level] = self.runs.judge(self.at(level), self.most, what)
        return self.trials[level].status

    def confirm(self, found: Bracket, ladder: Ladder) -> Bracket:
        """Ask fresh replications; where they do not agree, take the next level outwards."""
        for _ in range(_MOST_REFUSALS):
            low = found.low
            if low is None or self._fresh(low) == "PASS":
                break
            lower = self._next(low, -1, ladder)
            found.low = None
            if lower is not None and self.look(lower) == "PASS":
                found.low = lower
        for _ in range(_MOST_REFUSALS):
            high = found.high
            if high is None or self._fresh(high) == "FAIL":
                break
            higher = self._next(high, 1, ladder)
            found.high = None
            if higher is not None and self.look(higher) == "FAIL":
                found.high = higher
        return found

    def broke(self, level: float | None) -> Break | None:
        """Look up what broke first at a level; of a few replications the one in the middle."""
        if level is None:
            return None
        broken = {n: c.expr for n, c in self.trials[level].checks.items() if c.status == "FAIL"}
        model = compile_scenario(self.at(level))
        thresholds = read_thresholds(self.scenario, broken)
        self.runs.said("looking up what broke first")
        found = [first_break(simulate(model, n), thresholds) for n in range(_LOOKED_UP)]
        never = float("inf")
        known = [b for b in found if b is not None]
        known.sort(key=lambda b: never if b.moment is None else b.moment)
        return known[len(known) // 2] if known else None

    def _fresh(self, level: float) -> Status:
        if level not in self.confirmed:
            what = f"{self.axis.path} = {self.axis.at(level)}"
            self.confirmed[level] = self.runs.confirm(self.at(level), self.most, what)
        return self.confirmed[level].status

    def _next(self, level: float, way: int, ladder: Ladder) -> float | None:
        """Give the next level in a direction, None beyond the end."""
        step = ladder.step or ladder.precision * abs(level)
        outwards = level + way * step
        if way < 0 and self.trials and outwards < min(*self.trials, ladder.low):
            return None
        return outwards if way < 0 or outwards <= ladder.high else None
