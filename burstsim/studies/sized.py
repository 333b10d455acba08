"""What sizing found: the crew, what it costs, how sure that is, and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.languages import ENGLISH, Words, words_of
from burstsim.results.naming import key_of, metric_label
from burstsim.results.wording import clock_time, format_value, rounded
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import changed
from burstsim.studies.knobs import Knob
from burstsim.studies.lattice import Point
from burstsim.studies.plan import plan_of
from burstsim.studies.saving import ends_of, plain, save_study
from burstsim.studies.trials import FRESH, Trial
from burstsim.units import SECOND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Price", "Size"]

#: Replications that the plan is an average of.
_PLANNED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a design costs.

    Parameters
    ----------
    hour
        Money for an hour on the roster; None: hours are counted.
    base
        Hours on the roster beside those that can be chosen.
    """

    hour: float | None
    base: float

    @property
    def unit(self) -> str:
        """Of costs."""
        return "worker hours" if self.hour is None else "money"

    def of(self, hours: float) -> float:
        """Cost of hours, those beside the chosen ones included."""
        return (self.base + hours) * (1.0 if self.hour is None else self.hour)

    def written(self, cost: float, words: Words = ENGLISH) -> str:
        """Write a cost with its unit."""
        if self.hour is None:
            whole = int(rounded(cost))
            return words.count(
                whole, "{hours} worker hour", "{hours} worker hours", hours=f"{whole:,}"
            )
        return f"{cost:,.2f}"


@dataclass(frozen=True, kw_only=True)
class Size:
    """What sizing found.

    Parameters
    ----------
    scenario
        As it was given.
    knobs
        What could be chosen.
    price
        How designs are paid for.
    thresholds
        Expressions by name.
    best
        Position of each knob in the cheapest design that holds; None if none does.
    bound
        No design that holds costs less.
    trials
        Design → how it stands, of all that were tried.
    confirmed
        How fresh replications stand at the best design.
    """

    scenario: Scenario
    knobs: tuple[Knob, ...]
    price: Price
    thresholds: Mapping[str, str]
    best: Point | None
    bound: float
    trials: Mapping[Point, Trial] = field(repr=False)
    confirmed: Trial | None

    @property
    def design(self) -> dict[str, float]:
        """Number of each crew (or pieces of stock) in the best design, by name."""
        return {} if self.best is None else self.values(self.best)

    @property
    def settings(self) -> dict[str, object]:
        """The same as overrides: dotted path → value, as ``--set`` takes them."""
        settings: dict[str, object] = {}
        for knob, position in zip(self.knobs, self.best or (), strict=False):
            settings |= knob.setting(position)
        return settings

    @property
    def cost(self) -> float | None:
        """What the best design costs."""
        return None if self.best is None else self.cost_of(self.best)

    def values(self, point: Point) -> dict[str, float]:
        """Numbers of a design by name."""
        return {k.name: k.values[p] for k, p in zip(self.knobs, point, strict=True)}

    def cost_of(self, point: Point) -> float:
        """Price a design: the hours on its roster until the horizon."""
        return self.price.of(
            sum(k.hours * k.values[p] for k, p in zip(self.knobs, point, strict=True))
        )

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per design that was tried, by cost.

        Columns: one per knob, ``cost verdict n``, and for each threshold its metric's estimate,
        named like the threshold.
        """
        import pandas as pd

        rows = [
            {
                **self.values(point),
                "cost": self.cost_of(point),
                "verdict": trial.status,
                "n": trial.replications,
                **{name: check.estimate for name, check in trial.checks.items()},
            }
            for point, trial in self.trials.items()
        ]
        columns = [k.name for k in self.knobs] + ["cost", "verdict", "n", *self.thresholds]
        return pd.DataFrame(rows, columns=columns).sort_values(
            "cost", kind="stable", ignore_index=True
        )

    @cached_property
    def frontier(self) -> pd.DataFrame:
        """The designs of `frame` to which no cheaper one is at least as good, by cost.

        Good is how well the first threshold's metric stands (of ``on_time >= 0.98`` the share
        on time).
        """
        name = next(iter(self.thresholds))
        rising = next(iter(self.trials.values())).checks[name].threshold.operator in (">=", ">")
        table = self.frame[self.frame[name].notna()]
        value = table[name] if rising else -table[name]
        # of equal cost the best comes first, so that the others are no better than a cheaper one
        order = value.sort_values(ascending=False, kind="stable").index
        table = table.loc[order].sort_values("cost", kind="stable")
        value = value.loc[table.index]
        better = value > value.cummax().shift(fill_value=-float("inf"))
        return table[better].reset_index(drop=True)

    @cached_property
    def plan(self) -> pd.DataFrame:
        """The best design hour by hour and station; see `plan.plan_of`."""
        numbers = range(FRESH, FRESH + _PLANNED)
        return plan_of(changed(self.scenario, self.settings), numbers)

    @cached_property
    def crew(self) -> pd.DataFrame:
        """The best design: ``name number planned`` (the last as the scenario has it) ``hours``."""
        import pandas as pd

        rows = [
            (knob.name, knob.values[p], _planned(self.scenario, knob), knob.hours * knob.values[p])
            for knob, p in zip(self.knobs, self.best or (), strict=False)
        ]
        return pd.DataFrame(rows, columns=["name", "number", "planned", "hours"])

    @property
    def words(self) -> Words:
        """The language of the scenario."""
        return words_of(self.scenario.language)

    @property
    def sentence(self) -> str:
        """One sentence that a manager understands."""
        words = self.words
        if self.best is None or self.cost is None:
            return words.say("Not even the largest design keeps every threshold") + words.stop
        pairs = zip(self.knobs, self.best, strict=True)
        crew = words.listed(f"{knob.label} {knob.values[p]:g}" for knob, p in pairs)
        parts = [words.say("The cheapest design that keeps every threshold is {crew}", crew=crew)]
        parts.append(self._paid(self.cost))
        if self.confirmed is not None:
            check = min(self.confirmed.checks.values(), key=lambda c: c.status == "PASS")
            metric = check.threshold.metric
            said = words.say(
                "{n} fresh replications say {verdict} ({metric} {value})",
                n=self.confirmed.replications,
                verdict=words.say(self.confirmed.status),
                metric=metric_label(metric, key_of(metric), words),
                value=format_value(check.estimate, check.unit, words=words),
            )
            parts.append(said)
        return words.semicolon.join(parts) + words.stop

    @property
    def notes(self) -> list[str]:
        """What to know of the cost; nothing where no design holds."""
        if self.best is None:
            return []
        start, words = self.scenario.start, self.words
        end = clock_time(start, self.scenario.horizon / SECOND, words)
        said = words.say(
            "Rosters are counted up to the horizon ({end}): people who work after it cost nothing "
            "here",
            end=end,
        )
        return [said + words.stop]

    def _paid(self, price: float) -> str:
        """Say what the best design costs, and how much cheaper another one could be."""
        words, gap = self.words, price - self.bound
        cost = self.price.written(price, words)
        if gap <= 1e-6 * max(price, 1):
            return words.say("it costs {cost}, and no cheaper one does", cost=cost)
        if self.bound <= 0:
            return words.say("it costs {cost}, and cheaper ones are not ruled out", cost=cost)
        return words.say(
            "it costs {cost}, at most {share} % more than any that could",
            cost=cost,
            share=f"{gap / self.bound * 100:.1f}",
        )

    def summary(self) -> dict[str, Any]:
        """Give what was found as plain data, the same as ``--json`` prints."""
        found = self.best is not None
        return {
            "schema": 1,
            "study": "size",
            "scenario": self.scenario.name,
            "seed": self.scenario.seed,
            "best": {name: plain(value) for name, value in self.design.items()} if found else None,
            "settings": self.settings,
            "cost": plain(self.cost),
            "unit": self.price.unit,
            "bound": plain(self.bound),
            "confirmed": None
            if self.confirmed is None
            else {
                "status": self.confirmed.status,
                "replications": self.confirmed.replications,
                "thresholds": {
                    name: {
                        **ends_of(check),
                        "expr": check.expr,
                        "metric": check.threshold.metric,
                    }
                    for name, check in self.confirmed.checks.items()
                },
            },
            "frontier": [
                {k: plain(v) if isinstance(v, int | float) else v for k, v in row.items()}
                for row in self.frontier.to_dict("records")
            ],
            "designs": len(self.trials),
            "replications": sum(trial.replications for trial in self.trials.values()),
            "sentence": self.sentence,
            "notes": self.notes,
        }

    def save(self, folder: str | Path) -> None:
        """Write ``size.json``, ``study.json`` and the tables as Parquet.

        Raises
        ------
        OutputError
            When they cannot be written.
        """
        tables = {"designs": self.frame, "frontier": self.frontier}
        if self.best is not None:
            tables |= {"plan": self.plan, "crew": self.crew}
        scenarios = {self.scenario.name: self.scenario}
        save_study(folder, self.summary(), scenarios, self.words.code, **tables)


def _planned(scenario: Scenario, knob: Knob) -> str:
    """Say what the scenario has where a knob writes."""
    from burstsim.scenario.paths import split_path

    found = []
    for path in knob.paths:
        here: Any = scenario.model_dump(mode="json", by_alias=True)
        for key in split_path(path):
            here = here.get(key) if isinstance(here, dict) else None
        found.append("-" if here is None else str(here))
    return ", ".join(dict.fromkeys(found))
