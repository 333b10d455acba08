"""What a stress test found: the limit, the curve, and a sentence that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
        save_study(folder, self.summary(), {self.scenario.name: self.scenario}, curve=self.frame)


def _sentence(found: Stress) -> str:
    """Say up to where it holds, what breaks first and when, and what is odd about the answer."""
    parts = [_limit(found)]
    if found.broke_first is not None:
        parts.append(_broke(found))
    if not found.monotone:
        again = [
            level
            for level, trial in found.trials.items()
            if trial.status == "PASS" and found.high is not None and level > found.high
        ]
        parts.append(
            f"beware: it holds again at {_level(found, again[0])}, so more is not always worse "
            "here and this is the first break"
            if again
            else "beware: more is not always worse here"
        )
    elif found.turns_back:
        name, level = next(iter(found.turns_back.items()))
        parts.append(
            f"beware: {found.thresholds[name]} comes closer again at {_level(found, level)} "
            "although there is more"
        )
    return "; ".join(parts) + "."


def _level(found: Stress, level: float) -> str:
    shown = f"{level:.4g}{found.axis.unit}"
    if found.axis.path == "demand_scale":
        if level == 1:
            return "the demand as planned"
        return f"{shown} times the demand"
    return f"{found.axis.path} = {shown}"


def _limit(found: Stress) -> str:
    low, high = found.low, found.high
    if low is None and high is None:
        return "It cannot be told whether any level holds: more replications are needed"
    if low is None and high is not None:
        return f"Already at {_level(found, high)} not every threshold holds"
    assert low is not None
    if high is None:
        top = max(found.trials)
        if found.trials[top].status == "PASS":
            return f"It holds everywhere up to {_level(found, low)}, the end of the range"
        return f"It holds up to {_level(found, low)}; above that it cannot be told"
    head = "It holds"
    if found.axis.path == "demand_scale" and high <= 1:
        head = "The sale as planned is too much for the warehouse: it holds only"
    return f"{head} up to {_level(found, low)} and breaks at {_level(found, high)}"


def _broke(found: Stress) -> str:
    broke = found.broke_first
    assert broke is not None
    text = f"what breaks first is {found.thresholds[broke.threshold]}"
    if broke.moment is not None:
        text += f", lost at {clock_time(found.scenario.start, broke.moment)}"
    if broke.stage:
        where = f"partner {broke.warehouse}"
        if broke.stage != "external":
            where = f"{broke.stage} at {broke.warehouse}"
        text += f", because of the wait for {where}"
    return text
