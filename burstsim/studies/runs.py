"""The two sides of a comparison: a scenario that is run for it, or a run that is already there."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from burstsim.errors import OutputError
from burstsim.kernels.arrays import Floats
from burstsim.languages import known_code
from burstsim.results.result import Result
from burstsim.scenario.metrics import METRICS, metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.studies.evaluate import Sample

__all__ = ["Side", "language_of", "side_of_folder", "side_of_result", "side_of_sample", "units_of"]

#: Entries of a manifest.
_OF_SCENARIOS = ("scenario_sha256", "scenario", "description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A side: every metric in every replication.

    Parameters
    ----------
    name
        What to call it.
    seed
        Replications of one seed share their random numbers.
    values
        By metric, (n,) float64, NaN where undefined.
    units
        By metric.
    scenario
        What was run; of a run folder, what its manifest says of it, empty where it has none.
    """

    name: str
    seed: int
    values: Mapping[str, Floats]
    units: Mapping[str, str]
    scenario: Scenario | Mapping[str, Any] = field(default_factory=dict)

    @property
    def start(self) -> datetime | None:
        """The moment from which its seconds are counted; None where it is not known."""
        if isinstance(self.scenario, Scenario):
            return self.scenario.start
        written = self.scenario.get("scenario", {}).get("start")
        return None if written is None else datetime.fromisoformat(str(written))


def language_of(side: Side) -> str:
    """Give the code of a side's language; English where it is not known."""
    if isinstance(side.scenario, Scenario):
        return side.scenario.language
    return known_code(side.scenario.get("scenario", {}).get("language"))


def side_of_sample(name: str, sample: Sample) -> Side:
    """Take what a study has run."""
    scenario = sample.scenario
    return Side(
        name=name,
        seed=scenario.seed,
        values=sample.values,
        units=units_of(scenario),
        scenario=scenario,
    )


def units_of(scenario: Scenario) -> dict[str, str]:
    """Give the unit of every metric that a scenario has, by name."""
    return {name: METRICS[key].unit for name, key in metric_names(scenario).items()}


def side_of_result(name: str, result: Result) -> Side:
    """Take what `burstsim.run` gave."""
    values = {
        metric: np.array([value.number for value in found], np.float64)
        for metric, found in result.values.items()
    }
    seed, units = result.scenario.seed, result.units
    return Side(name=name, seed=seed, values=values, units=units, scenario=result.scenario)


def side_of_folder(folder: str | Path) -> Side:
    """Read a run folder.

    Raises
    ------
    OutputError
        When it holds no finished run.
    """
    path = Path(folder) / "summary.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        values = {
            metric: np.array(
                [math.nan if value is None else value for value in found["values"]], np.float64
            )
            for metric, found in data["metrics"].items()
        }
        if any(column.ndim != 1 or len(column) == 0 for column in values.values()):
            raise ValueError
        units = {metric: str(found["unit"]) for metric, found in data["metrics"].items()}
        return Side(
            name=Path(folder).name,
            seed=int(data["seed"]),
            values=values,
            units=units,
            scenario=_scenario_of(Path(folder)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no summary of a run"
        raise OutputError(f"cannot read {path}: {why}") from None


def _scenario_of(folder: Path) -> dict[str, Any]:
    """Read from a manifest what the scenario was; nothing where there is none to be read."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return {key: manifest[key] for key in _OF_SCENARIOS if key in manifest}
    except (OSError, ValueError, TypeError):
        return {}
