"""What a scenario's metrics are over some replications: the step that every study repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from burstsim.engine.run import Engine
from burstsim.kernels.arrays import Floats
from burstsim.results.estimates import CONFIDENCE, Check, Estimate, estimate
from burstsim.results.facts import Flags
from burstsim.results.judging import bounds_of, judge
from burstsim.results.value import Value
from burstsim.scenario.metrics import METRICS, metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.studies.pool import Pool
from burstsim.studies.shards import Shard, Task
from burstsim.studies.shardstore import ShardStore

__all__ = ["Sample", "evaluate"]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Every metric in every one of n replications.

    Parameters
    ----------
    scenario
        What was run.
    replications
        Their numbers.
    values
        By metric, (n,) float64 in the order of `replications`, NaN where undefined.
    at_least
        By metric, (n,) bool: whether the truth may lie above the value.
    traces
        Digest of each replication.
    """

    scenario: Scenario
    replications: range
    values: Mapping[str, Floats]
    at_least: Mapping[str, Flags]
    traces: tuple[str, ...]

    def __len__(self) -> int:
        """Count the replications."""
        return len(self.replications)

    def estimate(self, metric: str, confidence: float = CONFIDENCE) -> Estimate:
        """Average a metric, as `burstsim.run` does.

        Raises
        ------
        KeyError
            When the scenario has no such metric.
        """
        kind = METRICS[metric_names(self.scenario)[metric]]
        return estimate(self._values(metric), bounds_of(kind), confidence)

    def check(self, threshold: str, confidence: float = CONFIDENCE) -> Check:
        """Say whether a threshold holds, as `burstsim.run` does.

        Raises
        ------
        ScenarioError
            When it is not one, or names no metric of the scenario.
        """
        values = {name: self._values(name) for name in self.values}
        return judge(self.scenario, threshold, values, confidence)

    def _values(self, metric: str) -> list[Value]:
        pairs = zip(self.values[metric].tolist(), self.at_least[metric].tolist(), strict=True)
        return [Value(number, flag) for number, flag in pairs]


def evaluate(
    scenario: Scenario,
    replications: range,
    pool: Pool,
    store: ShardStore | None = None,
    engine: Engine = "vector",
) -> Sample:
    """Run replications of a scenario, or take them from the store.

    Parameters
    ----------
    scenario
        What to run.
    replications
        Their numbers.
    pool
        Who runs them.
    store
        What it has is not run again, and what is run is put there.
    engine
        ``"vector"`` or ``"event"``.

    Raises
    ------
    ReplicationError
        When some could not be finished.
    """
    task = Task(scenario=scenario, replication=replications.start, engine=engine)
    tasks = map(task.of, replications)
    found = {shard.replication: shard for shard in pool.shards(tasks, store)}
    return _sample(scenario, replications, [found[number] for number in replications])


def _sample(scenario: Scenario, replications: range, shards: Sequence[Shard]) -> Sample:
    names = list(metric_names(scenario))
    return Sample(
        scenario=scenario,
        replications=replications,
        values={n: np.array([s.values[n].number for s in shards], np.float64) for n in names},
        at_least={n: np.array([s.values[n].at_least for s in shards], np.bool_) for n in names},
        traces=tuple(shard.trace for shard in shards),
    )
