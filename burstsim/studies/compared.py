"""What a comparison found: paired differences of every metric, and whether any is forbidden."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.languages import Words, phrase, words_of
from burstsim.results.estimates import Estimate, estimate
from burstsim.results.naming import key_of, metric_label
from burstsim.results.value import Value
from burstsim.results.verdict import verdict_of
from burstsim.results.wording import format_value
from burstsim.studies.regress import Judged, Rule, judge_rule, paired, unpaired
from burstsim.studies.runs import Side
from burstsim.studies.saving import ends_of, plain, save_study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Compare"]

#: Metrics of the sentence, where they differ.
_TOLD = ("on_time", "p95(order_to_ship)", "backlog_peak", "unfinished", "worker_hours")

#: How a forbidden change stands, by verdict.
_STANDS = {
    "FAIL": phrase("{rule}: it has happened: {verdict}"),
    "PASS": phrase("{rule}: it has not happened: {verdict}"),
    "INCONCLUSIVE": phrase("{rule}: more replications are needed to tell: {verdict}"),
}


@dataclass(frozen=True, kw_only=True)
class Compare:
    """What was found.

    Parameters
    ----------
    sides
        The first is what the others are held against.
    units
        Metric → unit, of those that every side has.
    rules
        Changes that are forbidden.
    language
        Code of the language in which the answer is told.
    """

    sides: tuple[Side, ...] = field(repr=False)
    units: dict[str, str] = field(repr=False)
    rules: tuple[Rule, ...]
    language: str = "en"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sides."""
        return tuple(side.name for side in self.sides)

    def is_paired(self, side: Side) -> bool:
        """Whether a side shares its random numbers with the first one."""
        return side.seed == self.sides[0].seed

    @cached_property
    def differences(self) -> dict[str, dict[str, Estimate]]:
        """Side → metric → difference from the first side, with its 95 % interval."""
        first = self.sides[0]
        return {
            side.name: {
                metric: (paired if self.is_paired(side) else unpaired)(
                    first.values[metric], side.values[metric]
                )
                for metric in self.units
            }
            for side in self.sides[1:]
        }

    @cached_property
    def judged(self) -> dict[str, tuple[Judged, ...]]:
        """Side → how each rule stands."""
        first = self.sides[0]
        return {
            side.name: tuple(
                judge_rule(
                    rule,
                    first.values[rule.metric],
                    side.values[rule.metric],
                    share=self.is_paired(side),
                )
                for rule in self.rules
            )
            for side in self.sides[1:]
        }

    @property
    def verdict(self) -> str:
        """FAIL where a forbidden change is certain, else INCONCLUSIVE where one is possible."""
        return verdict_of([judged.status for found in self.judged.values() for judged in found])

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per side and metric.

        Columns: ``side metric unit first second difference low high relative n paired``:
        `first` and `second` are the means of the first side and of this one, `relative` the
        difference in proportion to the first.
        """
        import pandas as pd

        rows = []
        for side in self.sides[1:]:
            for metric, unit in self.units.items():
                found = self.differences[side.name][metric]
                one, two = (_mean(s, metric) for s in (self.sides[0], side))
                share = found.estimate / abs(one) if one else math.nan
                rows.append(
                    (
                        *(side.name, metric, unit, one, two, found.estimate, found.low),
                        *(found.high, share, found.n, self.is_paired(side)),
                    )
                )
        columns = ["side", "metric", "unit", "first", "second", "difference", "low", "high"]
        return pd.DataFrame(rows, columns=[*columns, "relative", "n", "paired"])

    def rows_of(self, side: str) -> list[Mapping[str, Any]]:
        """Give the rows of `frame` that are of one side, by column."""
        rows = self.frame[self.frame["side"] == side]
        return [
            {str(column): value for column, value in row.items()} for row in rows.to_dict("records")
        ]

    @property
    def words(self) -> Words:
        """The language in which the answer is told."""
        return words_of(self.language)

    @property
    def sentence(self) -> str:
        """One sentence that a manager understands."""
        words, parts = self.words, [self._side(side) for side in self.sides[1:]]
        for side, found in self.judged.items():
            for judged in found:
                verdict = words.say(judged.status)
                text = words.say(_STANDS[judged.status], rule=judged.rule.expr, verdict=verdict)
                several = len(self.sides) > 2
                parts.append(words.say("{side}: {text}", side=side, text=text) if several else text)
        return words.semicolon.join(parts) + words.stop

    def _side(self, side: Side) -> str:
        words, told = self.words, []
        for metric in _TOLD:
            found = self.differences[side.name].get(metric)
            if found is None or math.isnan(found.low) or found.low <= 0 <= found.high:
                continue
            unit = self.units[metric]
            one, two = (
                format_value(_mean(s, metric), unit, words=words) for s in (self.sides[0], side)
            )
            label = metric_label(metric, key_of(metric), words)
            if one == two:  # a difference that is sure, and too small to be seen
                told.append(words.say("{metric} about {value} as before", metric=label, value=one))
                continue
            told.append(
                words.say("{metric} {new} instead of {old}", metric=label, new=two, old=one)
            )
        head = words.say("{side} against {first}", side=side.name, first=self.sides[0].name)
        if not told:
            return words.say("{head}: no difference that chance does not explain", head=head)
        return words.say("{head}: {told}", head=head, told=words.pause.join(told))

    def summary(self) -> dict[str, Any]:
        """Give what was found as plain data, the same as ``--json`` prints.

        ``differences`` is of the last side; of several, ``sides`` has them all.
        """
        sides = {
            name: {
                "differences": {
                    metric: {
                        **ends_of(e),
                        "n": e.n,
                        "unit": self.units[metric],
                        "first": plain(_mean(self.sides[0], metric)),
                        "second": plain(_mean(side, metric)),
                    }
                    for metric, e in found.items()
                },
                "fail_on": [
                    {
                        "expr": judged.rule.expr,
                        "metric": judged.rule.metric,
                        "status": judged.status,
                        **ends_of(judged),
                    }
                    for judged in self.judged[name]
                ],
                "paired": self.is_paired(side),
            }
            for side in self.sides[1:]
            for name, found in [(side.name, self.differences[side.name])]
        }
        return {
            "schema": 1,
            "study": "compare",
            "first": self.sides[0].name,
            "seed": self.sides[0].seed,
            "replications": max(len(v) for side in self.sides for v in side.values.values()),
            "differences": sides[self.sides[-1].name]["differences"],
            "sides": sides,
            "verdict": self.verdict,
            "sentence": self.sentence,
        }

    def save(self, folder: str | Path) -> None:
        """Write ``compare.json``, ``study.json`` and ``differences.parquet``.

        Raises
        ------
        OutputError
            When they cannot be written.
        """
        scenarios = {side.name: side.scenario for side in self.sides}
        save_study(folder, self.summary(), scenarios, self.language, differences=self.frame)


def _mean(side: Side, metric: str) -> float:
    values: Sequence[float] = side.values[metric].tolist()
    return estimate([Value(value) for value in values]).estimate
