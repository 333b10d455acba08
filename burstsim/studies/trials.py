"""Try scenarios against their thresholds, with no more replications than it takes to tell.

At each of a few looks everything run so far is judged. Looking several times must not make
errors more likely than one look would: each look spends a part of the allowed error, and the
parts add up to it (Bonferroni), so that a threshold that does not hold passes with a
probability of at most (1 - confidence) / 2, whatever the number of looks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from burstsim.engine.run import Engine
from burstsim.errors import Problem, ScenarioError
from burstsim.results.estimates import CONFIDENCE, Check, Status
from burstsim.results.verdict import verdict
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.studies.evaluate import Sample, evaluate
from burstsim.studies.pool import Pool
from burstsim.studies.shards import Shard, Task
from burstsim.studies.shardstore import ShardStore

__all__ = ["FRESH", "LOOKS", "Memory", "Trial", "Trials", "thresholds_of"]

#: Replications after which is judged.
LOOKS = (4, 8, 16, 32)

#: Number of the first replication that confirms an answer: none that the search has seen.
FRESH = 1_000_000

#: Part of the allowed error that each look but the last one spends.
_EARLY = 0.1

#: Distance from a limit that makes no difference: of a share, of a moment (seconds), of
#: anything else in proportion to the limit.
_BAND_SHARE, _BAND_MOMENT, _BAND = 0.001, 120.0, 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a scenario stands.

    Parameters
    ----------
    status
        Of all thresholds together.
    checks
        Each threshold by name, with the interval of the last look.
    replications
        How many it took.
    on_the_limit
        Whether it is known to lie so close to a limit that it makes no difference.
    sample
        Every metric.
    """

    status: Status
    checks: Mapping[str, Check]
    replications: int
    on_the_limit: bool
    sample: Sample = field(repr=False)


class Memory(ShardStore):
    """Shards in memory, over those in a store, if there is one."""

    def __init__(self, store: ShardStore | None = None) -> None:
        self._below = store
        self._known: dict[tuple[str, str, int], Shard] = {}

    def get(self, task: Task) -> Shard | None:
        """Give the outcome of a task if it is known."""
        found = self._known.get((task.key, task.engine, task.replication))
        if found is None and self._below is not None:
            found = self._below.get(task)
        return found if found is not None and task.answered_by(found) else None

    def put(self, shard: Shard) -> None:
        """Keep a shard."""
        self._known[shard.key, shard.engine, shard.replication] = shard
        if self._below is not None:
            self._below.put(shard)


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Tries scenarios; what was run once is not run again.

    Parameters
    ----------
    pool
        Who runs replications.
    thresholds
        Expressions by name.
    store
        What has been run.
    engine
        ``"vector"`` or ``"event"``.
    confidence
        With which a verdict is given.
    said
        Called with a word on what is being run.
    """

    pool: Pool
    thresholds: Mapping[str, str]
    store: Memory = field(default_factory=Memory)
    engine: Engine = "vector"
    confidence: float = CONFIDENCE
    said: Callable[[str], None] = lambda text: None

    def sample(self, scenario: Scenario, count: int, first: int = 0) -> Sample:
        """Run replications ``first`` to ``first + count - 1`` of a scenario."""
        numbers = range(first, first + count)
        return evaluate(scenario, numbers, self.pool, self.store, self.engine)

    def judge(
        self,
        scenario: Scenario,
        most: int = LOOKS[-1],
        what: str = "",
        *,
        patient: bool = True,
    ) -> Trial:
        """Replicate until every threshold holds, one fails, or it makes no difference.

        Parameters
        ----------
        scenario
            What to try.
        most
            Replications at most.
        what
            What to call it.
        patient
            Whether to go on when all of `most` would hardly tell.
        """
        looks = [*(look for look in LOOKS if look < most), most]
        for look in looks:
            self.said(f"{what}: {look} replications")
            trial = self._trial(self.sample(scenario, look), self._spent(look, looks))
            if trial.status != "INCONCLUSIVE" or trial.on_the_limit or _hidden(trial, most):
                break
            if not patient and look >= LOOKS[1] and _close(trial, most):
                break
        return trial

    def confirm(self, scenario: Scenario, count: int, what: str = "") -> Trial:
        """Judge a scenario by replications that nothing else has seen, at one look."""
        self.said(f"{what}: {count} fresh replications")
        return self._trial(self.sample(scenario, count, FRESH), self.confidence)

    def _spent(self, look: int, looks: list[int]) -> float:
        """Confidence of the interval at a look."""
        allowed = 1 - self.confidence
        early = allowed * _EARLY if len(looks) > 1 else 0.0
        return 1 - (early if look != looks[-1] else allowed - early * (len(looks) - 1))

    def _trial(self, sample: Sample, confidence: float) -> Trial:
        checks = {name: sample.check(expr, confidence) for name, expr in self.thresholds.items()}
        status = verdict(list(checks.values()))
        undecided = [check for check in checks.values() if check.status == "INCONCLUSIVE"]
        return Trial(
            status="PASS" if status == "PASS" else "FAIL" if status == "FAIL" else "INCONCLUSIVE",
            checks=checks,
            replications=len(sample),
            on_the_limit=status == "INCONCLUSIVE" and all(map(_on_the_limit, undecided)),
            sample=sample,
        )


def _on_the_limit(check: Check) -> bool:
    """Whether the whole interval is so close to the limit that it makes no difference."""
    threshold = check.threshold
    if threshold.nights is not None or check.at_least:
        return False
    band = _BAND_SHARE if check.unit == "share" else abs(threshold.limit) * _BAND
    if threshold.moment:
        band = _BAND_MOMENT
    return threshold.limit - band <= check.low and check.high <= threshold.limit + band


def _undecided(trial: Trial) -> list[Check]:
    return [check for check in trial.checks.values() if check.status == "INCONCLUSIVE"]


def _hidden(trial: Trial, most: int) -> bool:
    """Whether more replications cannot tell: orders that never finish hide the truth."""
    several = trial.replications * 2 >= min(most, LOOKS[2])
    return several and all(check.at_least for check in _undecided(trial))


def _close(trial: Trial, most: int) -> bool:
    """Whether some metric is so close to its limit that the interval of `most` would cover it.

    The interval narrows with the root of the replications; half of it leaves room for chance.
    """
    narrower = math.sqrt(trial.replications / most) / 2
    return any(
        abs(check.estimate - check.threshold.limit) < (check.high - check.low) / 2 * narrower
        for check in _undecided(trial)
        if check.threshold.nights is None
    )


def thresholds_of(scenario: Scenario, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the thresholds of the scenario and of the call, by name.

    Raises
    ------
    ScenarioError
        When there is none, or one that is given is wrong.
    """
    found = {**scenario.thresholds, **(extra or {})}
    read_thresholds(scenario, extra or {})
    if not found:
        hint = 'such as {on-time: on_time >= 0.98}, or give --threshold "on_time >= 0.98"'
        raise ScenarioError(
            [Problem(rule="is needed: without it nothing can break", path="thresholds", hint=hint)]
        )
    return found
