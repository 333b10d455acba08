"""What a stress test found: the limit, the curve, and a sentence that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.languages import Words, words_of
from burstsim.results.wording import clock_time
from burstsim.scenario.scenario import Scenario
from burstsim.studies.bisection import falls_back
from burstsim.studies.breaking import Break
from burstsim.studies.saving import plain, save_study
from burstsim.studies.trials import Trial
from burstsim.studies.vary import Axis

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Stress"]


@dataclass(frozen=True, kw_only=True)
class Stress:
    """What a stress test found.

    Parameters
    ----------
    scenario
        As it was given.
    axis
        What was varied.
    thresholds
        Expressions by name.
    low
        Largest level at which every threshold holds, confirmed by fresh replications; None if
        no level holds.
    high
        Smallest level above it that breaks one; None if none does.
    monotone
        Whether no level held above one that broke.
    trials
        Level → how it stands.
    confirmed
        How fresh replications stand at `low` and at `high`.
    broke_first
        What broke at `high`.
    """

    scenario: Scenario
    axis: Axis
    thresholds: Mapping[str, str]
    low: float | None
    high: float | None
    monotone: bool
    trials: Mapping[float, Trial]
    confirmed: Mapping[float, Trial]
    broke_first: Break | None

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The curve: one row per level and threshold.

        Columns: ``level status threshold expr metric estimate low high n verdict``; `status` is
        that of the level.
        """
        import pandas as pd

        rows = [
            (
                *(level, trial.status, name, check.expr, check.threshold.metric),
                *(check.estimate, check.low, check.high, check.n, check.status),
            )
            for level, trial in self.trials.items()
            for name, check in trial.checks.items()
        ]
        columns = ["level", "status", "threshold", "expr", "metric", "estimate", "low", "high"]
        return pd.DataFrame(rows, columns=[*columns, "n", "verdict"])

    @cached_property
    def turns_back(self) -> dict[str, float]:
        """Threshold → level at which its metric gets better again although there is more."""
        found = {}
        for name in self.thresholds:
            checks = [(level, trial.checks[name]) for level, trial in self.trials.items()]
            rising = bool(checks) and checks[0][1].threshold.operator in ("<", "<=")
            known = [(level, c.low, c.high) for level, c in checks if c.low == c.low]
            if (level := falls_back(known, rising=rising)) is not None:
                found[name] = level
        return found

    @property
    def words(self) -> Words:
        """The language of the scenario."""
        return words_of(self.scenario.language)

    @property
    def sentence(self) -> str:
        """One sentence that a manager understands."""
        return _sentence(self)

    def summary(self) -> dict[str, Any]:
        """Give what was found as plain data, the same as ``--json`` prints."""
        return {
            "schema": 1,
            "study": "stress",
            "scenario": self.scenario.name,
            "seed": self.scenario.seed,
            "path": self.axis.path,
            "limit": {"low": plain(self.low), "high": plain(self.high)},
            "monotone": self.monotone,
            "turns_back": {name: plain(level) for name, level in self.turns_back.items()},
            "broke_first": self._broke(),
            "confirmed": {
                end: {"status": trial.status, "replications": trial.replications}
                for end, level in (("low", self.low), ("high", self.high))
                if level is not None and (trial := self.confirmed.get(level)) is not None
            },
            "curve": [
                {key: plain(v) if isinstance(v, float) else v for key, v in row.items()}
                for row in self.frame.to_dict("records")
            ],
            "replications": sum(trial.replications for trial in self.trials.values()),
            "sentence": self.sentence,
        }

    def _broke(self) -> dict[str, Any] | None:
        found = self.broke_first
        if found is None:
            return None
        moment = None if found.moment is None else plain(found.moment)
        return {
            "threshold": found.threshold,
            "expr": self.thresholds[found.threshold],
            "warehouse": found.warehouse,
            "stage": found.stage,
            "seconds": moment,
        }

    def save(self, folder: str | Path) -> None:
        """Write ``stress.json``, ``study.json`` and ``curve.parquet``.

        Raises
        ------
        OutputError
            When they cannot be written.
        """
        scenarios = {self.scenario.name: self.scenario}
        save_study(folder, self.summary(), scenarios, self.words.code, curve=self.frame)


def _sentence(found: Stress) -> str:
    """Say up to where it holds, what breaks first and when, and what is odd about the answer."""
    words, parts = found.words, [_limit(found)]
    if found.broke_first is not None:
        parts.append(_broke(found))
    if not found.monotone:
        again = [
            level
            for level, trial in found.trials.items()
            if trial.status == "PASS" and found.high is not None and level > found.high
        ]
        beware = words.say("beware: more is not always worse here")
        if again:
            beware = words.say(
                "beware: it holds again at {level}, so more is not always worse here and this is "
                "the first break",
                level=_level(found, again[0]),
            )
        parts.append(beware)
    elif found.turns_back:
        name, level = next(iter(found.turns_back.items()))
        beware = words.say(
            "beware: {rule} comes closer again at {level} although there is more",
            rule=found.thresholds[name],
            level=_level(found, level),
        )
        parts.append(beware)
    return words.semicolon.join(parts) + words.stop


def _level(found: Stress, level: float) -> str:
    shown = f"{level:.4g}{found.axis.unit}"
    if found.axis.path == "demand_scale":
        planned = found.scenario.demand_scale
        if level == planned:
            return found.words.say("the demand as planned")
        if planned == 1:
            return found.words.say("{n} times the demand", n=shown)
    return f"{found.axis.path} = {shown}"


def _limit(found: Stress) -> str:
    words, low, high = found.words, found.low, found.high
    if low is None and high is None:
        return words.say("It cannot be told whether any level holds: more replications are needed")
    if low is None and high is not None:
        return words.say("Already at {level} not every threshold holds", level=_level(found, high))
    assert low is not None
    below = _level(found, low)
    if high is None:
        if found.trials[max(found.trials)].status == "PASS":
            return words.say("It holds everywhere up to {level}, the end of the range", level=below)
        return words.say("It holds up to {level}; above that it cannot be told", level=below)
    above = _level(found, high)
    if found.axis.path == "demand_scale" and high <= found.scenario.demand_scale:
        return words.say(
            "The sale as planned is too much for the warehouse: it holds only up to {low} and "
            "breaks at {high}",
            low=below,
            high=above,
        )
    return words.say("It holds up to {low} and breaks at {high}", low=below, high=above)


def _broke(found: Stress) -> str:
    words, broke = found.words, found.broke_first
    assert broke is not None
    text = words.say("what breaks first is {rule}", rule=found.thresholds[broke.threshold])
    if broke.moment is not None:
        time = clock_time(found.scenario.start, broke.moment, words)
        text = words.say("{text}, lost at {time}", text=text, time=time)
    if broke.stage:
        where = words.say("partner {warehouse}", warehouse=broke.warehouse)
        if broke.stage != "external":
            where = words.say(
                "{stage} at {warehouse}", stage=broke.stage, warehouse=broke.warehouse
            )
        text = words.say("{text}, because of the wait for {where}", text=text, where=where)
    return text
