"""How many people, and how much stock, are enough: the cheapest that keeps every threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from burstsim.engine.compile import compile_scenario
from burstsim.errors import ScenarioError
from burstsim.kernels.arrays import Floats
from burstsim.results.estimates import CONFIDENCE
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.scenario.variants import changed
from burstsim.studies.bounds import Fluid, most_people
from burstsim.studies.knobs import Knob, knobs_by, knobs_of, roster_hours
from burstsim.studies.lattice import Floor, Point, Search
from burstsim.studies.loads import draw_loads, targets_of
from burstsim.studies.pool import Pool
from burstsim.studies.ranking import select_best
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.sized import Price, Size
from burstsim.studies.trials import LOOKS, Memory, Trial, Trials, thresholds_of
from burstsim.studies.vary import Vary

__all__ = ["By", "size"]

By = Literal["zone", "shift"]

#: Replications whose work the bounds are drawn from.
_DRAWN = 2

#: Designs that fresh replications may refuse before the search gives up.
_MOST_REFUSALS = 5

#: Cost of a piece of stock in worker hours: of designs that cost the same, the one with less.
_PIECE = 1e-7

#: Designs of one cost that are compared, and the difference that makes none, as a share.
_MOST_TIES, _NO_DIFFERENCE = 3, 0.002


def size(  # noqa: PLR0913 - what can be said about a study
    scenario: Scenario,
    *,
    vary: Vary | None = None,
    by: By = "zone",
    thresholds: Mapping[str, str] | None = None,
    confidence: float = CONFIDENCE,
    most: int = LOOKS[-1],
    designs: int = 60,
    precision: float = 0.005,
    pool: Pool | None = None,
    store: ShardStore | None = None,
    progress: Callable[[str], None] | None = None,
) -> Size:
    """Find the cheapest crews, and the least stock, that keep every threshold.

    More people or stock must never hurt: then a design that holds speaks for all larger ones
    and one that does not for all smaller ones. The search starts from the fluid bound of each
    station, adds people where orders wait longest for their cost, takes away what can be
    spared, and tries what would be cheaper; fresh replications have the last word.

    Parameters
    ----------
    scenario
        From `burstsim.load`.
    vary
        What can be chosen: dotted path → range or values, plain numbers. Left out: every crew.
    by
        Without `vary`: ``"zone"`` for one number at each station in all its shifts,
        ``"shift"`` for one in each shift.
    thresholds
        Further thresholds by name, beside the scenario's.
    confidence
        Of the intervals that must keep every threshold.
    most
        Replications of a design at most.
    designs
        Designs that are tried at most.
    precision
        Share of the cost by which a cheaper design may be missed.
    pool, store
        Who runs replications, and what has been run already.
    progress
        Called with a word on what is being run.

    Raises
    ------
    ScenarioError
        When there is no threshold, or what is varied is wrong.
    ValueError
        When an argument makes no sense.
    """
    if by not in ("zone", "shift"):
        raise ValueError(f"by must be zone or shift, got {by!r}")
    if not 0.5 < confidence < 1:
        raise ValueError(f"confidence must be above 0.5 and below 1, got {confidence!r}")
    asked = thresholds_of(scenario, thresholds)
    own = pool or Pool()
    own.admit(scenario, left="nothing was run")
    runs = Trials(
        pool=own,
        thresholds=asked,
        store=Memory(store),
        confidence=confidence,
        said=progress or (lambda text: None),
    )
    runs.said("arithmetic: what is needed at least")
    knobs, fluid = _knobs(scenario, vary, asked, by_shift=by == "shift")
    return _Sizing(scenario, knobs, runs, most).run(fluid, designs, precision)


def _knobs(
    scenario: Scenario, vary: Vary | None, asked: Mapping[str, str], *, by_shift: bool
) -> tuple[tuple[Knob, ...], Fluid]:
    """Make the knobs, and the arithmetic of their bounds."""
    targets = targets_of(list(read_thresholds(scenario, asked).values()))
    if vary is not None:
        knobs = knobs_of(scenario, vary)
        loads = draw_loads(scenario, knobs, _DRAWN)
        return knobs, Fluid(scenario=scenario, knobs=knobs, loads=loads, targets=targets)
    drawn = []

    def most_of(some: Sequence[Knob]) -> list[int]:
        drawn.append(draw_loads(scenario, some, _DRAWN))
        plenty: dict[str, object] = {}
        for knob in some:
            plenty |= knob.setting(-1)
        model = compile_scenario(changed(scenario, plenty))
        return [most_people(model, knob, drawn[0]) for knob in some]

    knobs = knobs_by(scenario, by_shift=by_shift, most=most_of)
    return knobs, Fluid(scenario=scenario, knobs=knobs, loads=drawn[0], targets=targets)


class _Sizing:
    """One search, and everything that it has tried."""

    def __init__(
        self, scenario: Scenario, knobs: tuple[Knob, ...], runs: Trials, most: int
    ) -> None:
        self.scenario, self.knobs, self.runs, self.most = scenario, knobs, runs, most
        self.trials: dict[Point, Trial] = {}
        self.price = self._priced()

    def run(self, fluid: Fluid, designs: int, precision: float) -> Size:
        """Search, and ask fresh replications until they agree."""
        floors = [fluid.floor(group) for group in fluid.groups()]
        search = Search(
            costs=[self._costs(knob) for knob in self.knobs],
            test=self.test,
            guide=self.guide,
            most=designs,
            precision=precision,
        )
        start = self._start(floors, search.costs)
        found = search.run(start, floors)
        bound, confirmed, best = found.bound, None, found.best
        for _ in range(_MOST_REFUSALS):
            if best is None:
                break
            best = self._best_of(best, search)
            confirmed = self.runs.confirm(self.at(best), self.most, self.name(best))
            if confirmed.status == "PASS":
                break
            search.refuse(best)
            search.most += len(self.knobs) + 5
            best = search.run(best, floors).best
        return Size(
            scenario=self.scenario,
            knobs=self.knobs,
            price=self.price,
            thresholds=self.runs.thresholds,
            best=best,
            bound=self._bound(bound),
            trials=dict(self.trials),
            confirmed=confirmed if best is not None else None,
        )

    def at(self, point: Point) -> Scenario:
        """Give the scenario with a design."""
        values: dict[str, object] = {}
        for knob, position in zip(self.knobs, point, strict=True):
            values |= knob.setting(position)
        return changed(self.scenario, values)

    def name(self, point: Point) -> str:
        """Say a design."""
        pairs = zip(self.knobs, point, strict=True)
        return ", ".join(f"{knob.label} {knob.values[position]:g}" for knob, position in pairs)

    def test(self, point: Point) -> bool:
        """Whether a design keeps every threshold, as far as it can be told."""
        if point not in self.trials:
            try:
                scenario = self.at(point)
            except ScenarioError:  # a station where nobody ever works
                return False
            self.trials[point] = self.runs.judge(
                scenario, self.most, self.name(point), patient=False
            )
        return self.trials[point].status == "PASS"

    def guide(self, point: Point) -> list[int]:
        """Knobs by how long orders wait at their stations, for what one more costs.

        Of those for which nobody waits the first comes last; stock, which has no station, is
        asked for when no wait is left.
        """
        trial = self.trials.get(point)
        model = compile_scenario(self.scenario)

        def wait(knob: Knob) -> float:
            if trial is None:
                return 1.0
            waits = [
                float(np.nanmean(trial.sample.values[f"mean(wait.{model.zones[z].path})"]))
                for z in knob.zones
            ]
            return max(waits, default=0.0) / max(knob.hours, 1e-9)

        return sorted(range(len(self.knobs)), key=lambda number: -wait(self.knobs[number]))

    def _start(self, floors: Sequence[Floor], costs: Sequence[Floats]) -> Point:
        """Cheapest corner of every group; of stock the least."""
        start = [0] * len(self.knobs)
        for floor in floors:
            total = sum(costs[axis][floor.corners[:, i]] for i, axis in enumerate(floor.axes))
            cheapest = floor.corners[int(np.argmin(total))]
            for axis, position in zip(floor.axes, cheapest.tolist(), strict=True):
                start[axis] = position
        return tuple(start)

    def _best_of(self, best: Point, search: Search) -> Point:
        """Of designs that cost the same take the one that keeps the first threshold best."""
        ties = [best, *search.ties(best, _MOST_TIES)]
        if len(ties) == 1:
            return best
        name = next(iter(self.runs.thresholds))
        threshold = self.trials[best].checks[name].threshold
        inner = threshold.nights or threshold
        sign = 1.0 if inner.operator in (">=", ">") else -1.0

        def sample(design: int, count: int) -> list[float]:
            values = self.runs.sample(self.at(ties[design]), count).values[inner.metric]
            found: list[float] = (sign * values).tolist()
            return found

        delta = _NO_DIFFERENCE * max(abs(inner.limit), 1e-9)
        self.runs.said(f"{len(ties)} designs of one cost: which keeps {name} best")
        chosen, _ = select_best(sample, len(ties), delta, first=10, most=self.most)
        return ties[chosen]

    def _costs(self, knob: Knob) -> Floats:
        """Worker hours at each position, and next to nothing for stock."""
        return np.array([value * (knob.hours + knob.pieces * _PIECE) for value in knob.values])

    def _priced(self) -> Price:
        model = compile_scenario(self.at(tuple(len(knob.values) - 1 for knob in self.knobs)))
        chosen = sum(knob.hours * knob.values[-1] for knob in self.knobs)
        hour = self.scenario.costs.worker_hour
        base = float(roster_hours(model).sum()) - chosen
        return Price(hour=hour / 100 if hour else None, base=max(base, 0.0))

    def _bound(self, hours: float) -> float:
        """Cost of a bound in hours; the traces of stock in it are less than nothing."""
        return self.price.of(hours)
