"""What `size` may turn: crews and stock, with what each turn costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.control.roster import rosters_of
from burstsim.errors import Problem, ScenarioError
from burstsim.kernels.arrays import Floats
from burstsim.scenario.paths import dotted, split_path
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import VARY, changed
from burstsim.studies.vary import Vary, axes_of
from burstsim.units import HOUR

__all__ = ["Knob", "crew_paths", "knobs_by", "knobs_of", "roster_hours"]

#: More people than any queue needs.
_PLENTY = 100_000

#: Keys of a path that tell crews not apart.
_SAID_ANYWAY = ("warehouses", "stages", "shifts", "zones", "workers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """Something of which there can be more, at one or several places of the scenario.

    Parameters
    ----------
    name
        What to call it.
    paths
        Places that all get the same value.
    values
        Numbers that it may take, ascending.
    hours
        Hours on the roster that one more of it adds.
    pieces
        Pieces of stock that one more of it adds: 1 or 0.
    zones
        Stations whose crew it is.
    """

    name: str
    paths: tuple[str, ...]
    values: tuple[float, ...]
    hours: float
    pieces: int
    zones: tuple[int, ...]

    @property
    def label(self) -> str:
        """The name, without what a path says besides: ``hub.pick.night``."""
        keys = split_path(self.name)
        return ".".join(key for key in keys if key not in _SAID_ANYWAY) or self.name

    def setting(self, position: int) -> dict[str, object]:
        """Values to write into the scenario."""
        return dict.fromkeys(self.paths, self.values[position])


def roster_hours(model: Model) -> Floats:
    """Worker hours on the roster of each station, from the clock's beginning to the horizon.

    Parameters
    ----------
    model
        Partners' people are not ours: 0.
    """
    horizon = model.scenario.horizon
    hours = []
    rosters = rosters_of(model.scenario, model.zones, None)
    for zone, roster in zip(model.zones, rosters, strict=True):
        ends = np.minimum(np.append(roster.times[1:], horizon), horizon)
        spans = np.maximum(ends - roster.times, 0)
        hours.append(0.0 if zone.external else float((roster.people * spans).sum()) / HOUR)
    return np.array(hours)


def crew_paths(scenario: Scenario, *, by_shift: bool) -> dict[str, tuple[str, ...]]:
    """Find where the scenario says how many people work, by station or by station and shift.

    Parameters
    ----------
    scenario
        Partners' warehouses are left out.
    by_shift
        Whether each shift is told apart, or all shifts of a station have one number.

    Returns
    -------
    dict
        Name → dotted paths.
    """
    data = scenario.model_dump(mode="json", by_alias=True)
    found: dict[str, tuple[str, ...]] = {}
    for house, warehouse in data["warehouses"].items():
        shifts = warehouse.get("shifts") or {}
        for place, section in _stations(warehouse.get("stages") or {}):
            name = ".".join((house, *place[::2]))
            of_station = shifts.get(".".join(place[::2])) or {}
            here = ("warehouses", house)
            paths = {
                f"{name}.{shift}": dotted((*here, "shifts", ".".join(place[::2]), shift, "workers"))
                for shift in of_station
            }
            if not paths or section.get("workers"):
                paths[f"{name}.other hours" if paths else name] = dotted(
                    (*here, "stages", *place, "workers")
                )
            if by_shift:
                found |= {each: (path,) for each, path in paths.items()}
            else:
                found[name] = tuple(paths.values())
    return found


def _stations(stages: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield (stage,) or (stage, "zones", zone) with its section."""
    for stage, section in stages.items():
        zones = section.get("zones") or {}
        if not zones:
            yield (stage,), section
        for zone, inner in zones.items():
            yield (stage, "zones", zone), inner if isinstance(inner, dict) else {"workers": inner}


def knobs_of(scenario: Scenario, vary: Vary) -> tuple[Knob, ...]:
    """Make a knob of each thing that is varied.

    Raises
    ------
    ScenarioError
        For paths and values that are wrong, and values that are no numbers.
    """
    knobs: list[Knob] = []
    problems: list[Problem] = []
    for axis in axes_of(scenario, vary):
        try:
            values = tuple(sorted({float(str(value)) for value in axis.grid}))
        except ScenarioError as error:
            problems += error.problems
        except ValueError:
            rule = "must have plain numbers as values; more of it must help"
            problems.append(Problem(rule=rule, path=axis.path, file=VARY))
        else:
            knobs.append(_knob(scenario, axis.path, (axis.path,), values))
    if problems:
        raise ScenarioError(problems)
    return tuple(knobs)


def knobs_by(
    scenario: Scenario, *, by_shift: bool, most: Callable[[Sequence[Knob]], Sequence[int]]
) -> tuple[Knob, ...]:
    """Make a knob of each crew.

    Parameters
    ----------
    scenario
        With crews.
    by_shift
        Whether each shift is a knob of its own.
    most
        Gives the largest number for each of some knobs that go to more than anybody needs.
    """
    found = [
        _knob(scenario, name, paths, (1.0, float(_PLENTY)))
        for name, paths in crew_paths(scenario, by_shift=by_shift).items()
    ]
    tops = most(found)
    return tuple(
        Knob(
            name=knob.name,
            paths=knob.paths,
            # a shift may stay at home, a station needs somebody
            values=tuple(range(0 if by_shift else 1, top + 1)),
            hours=knob.hours,
            pieces=0,
            zones=knob.zones,
        )
        for knob, top in zip(found, tops, strict=True)
    )


def _knob(scenario: Scenario, name: str, paths: tuple[str, ...], values: tuple[float, ...]) -> Knob:
    """Find out what one more costs, and whose crew it is, from the least and the most."""
    whole = tuple(int(v) if v == int(v) else v for v in values)
    first, last = (
        compile_scenario(changed(scenario, dict.fromkeys(paths, value)))
        for value in (whole[0], whole[-1])
    )
    span = whole[-1] - whole[0]
    more = roster_hours(last) - roster_hours(first)
    return Knob(
        name=name,
        paths=paths,
        values=whole,
        hours=float(more.sum()) / span if span else 0.0,
        pieces=int(".stock." in name),
        zones=tuple(np.flatnonzero(more).tolist()),
    )
