"""The floor as a row of stages that are advanced when somebody looks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.trace import Visits
from burstsim.engine.vector.join import Join
from burstsim.engine.vector.parcels import Parcels
from burstsim.engine.vector.partner import Partner
from burstsim.engine.vector.station import Station
from burstsim.engine.zones import Stage
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["Floor"]

Flags = npt.NDArray[np.bool_]


class Floor:
    """Each warehouse's stages in a row; work flows downwards only.

    A zone is brought up to date by changes of its crew and at the end, never by the mere
    passing of time: bringing it up to date first does so for the stages before it.

    Parameters
    ----------
    clock
        The run's clock.
    model
        The compiled scenario.
    parcels
        What comes, and when.
    """

    def __init__(self, clock: Clock, model: Model, parcels: Parcels) -> None:
        self.clock, self.model, self.parcels = clock, model, parcels
        self.end = model.end
        self.gone = parcels.gone
        self.any_gone = bool((parcels.gone < model.end).any())
        self.left_at = np.full(len(parcels.gone), NEVER)
        self.done = np.full(len(parcels.gone), NEVER)
        self.next: dict[int, int | None] = {}
        self.before: dict[int, tuple[int, ...]] = {}
        for chain in model.chains:
            self.next |= dict(zip(chain, (*chain[1:], None), strict=True))
            self.before |= {stage: chain[: place + 1] for place, stage in enumerate(chain)}
        self.stations = [
            Partner(load, zone.spacing, model.begin) if zone.external else Station(load)
            for zone, load in zip(model.zones, parcels.loads, strict=True)
        ]
        self.passes = [self._passes(stage) for stage in model.stages]
        self.joins = {
            number: Join(len(parcels.gone))
            for number, stage in enumerate(model.stages)
            if len(stage.zones) > 1
        }
        for house, chain in enumerate(model.chains):
            here = parcels.warehouse == house
            mine = np.flatnonzero(here & (parcels.enters < 0))
            self._arrive(chain[0], parcels.released[mine], mine)
            for stage in chain if (parcels.enters >= 0).any() else ():
                mine = np.flatnonzero(here & (parcels.enters == stage))
                self._arrive(stage, parcels.released[mine], mine)

    def change(self, zone: int, tick: int, workers: int, productivity: float) -> None:
        """From `tick` on a zone has so many workers, this fast."""
        self.advance(self.model.zones[zone].at, tick)
        self.stations[zone].change(tick, workers, productivity)

    def waiting(self, zone: int) -> tuple[int, int]:
        """Count the tasks that wait in a zone, and the ticks of work on them at productivity 1."""
        now = self.clock.now
        self.advance(self.model.zones[zone].at, now)
        station = self.stations[zone]
        tasks = station.parcel
        if now == self.model.begin:
            # what is on the floor when the clock begins was there before all else
            tasks = np.append(tasks, station.coming_parcel[station.coming == now])
            tasks = tasks[self.parcels.enters[tasks] >= 0]
        return len(tasks), int(work_ticks(station.loads[tasks], 1.0).sum())

    def open_parcels(self) -> list[int]:
        """Count the parcels that were sent to each warehouse and are not through yet."""
        now = self.clock.now
        for chain in self.model.chains:
            self.advance(chain[-1], now)
        here = (self.parcels.released < now) | (self.parcels.enters >= 0)
        here &= (self.done >= now) & (self.left_at >= now)
        houses = self.parcels.warehouse[here]
        counts: list[int] = np.bincount(houses, minlength=len(self.model.chains)).tolist()
        return counts

    def advance(self, last: int, until: int) -> None:
        """Serve what starts before `until`, at stage `last` and those before it."""
        for number in self.before[last]:
            stage, following = self.model.stages[number], self.next[number]
            for zone in stage.zones:
                done, parcels = self.stations[zone].advance(until)
                if number in self.joins:
                    done, parcels = self.joins[number].put(done, parcels)
                moved = done if following is None else done + stage.transfer
                self._arrive(following, moved, parcels)

    def _arrive(self, number: int | None, ticks: Ticks, parcels: Indices) -> None:
        """Have parcels come to a stage; those without work there come to the next one."""
        if number is None:
            self.done[parcels] = np.where(ticks < self.end, ticks, NEVER)
            return
        passes = self.passes[number]
        if passes is not None and len(parcels):
            on = passes[parcels]
            if on.any():
                self._arrive(self.next[number], ticks[on], parcels[on])
                ticks, parcels = ticks[~on], parcels[~on]
        if self.any_gone:
            # who would arrive after the end never comes to the stage
            leaves = self.gone[parcels] <= ticks
            out = leaves & (ticks < self.end)
            self.left_at[parcels[out]] = ticks[out]
            ticks, parcels = ticks[~leaves], parcels[~leaves]
        zones = self.model.stages[number].zones
        if len(zones) == 1:
            self.stations[zones[0]].expect(ticks, parcels)
            return
        for zone in zones:
            passes_zone = self.parcels.passes[zone]
            assert passes_zone is not None
            mine = ~passes_zone[parcels]
            self.joins[number].expect(parcels[mine])
            self.stations[zone].expect(ticks[mine], parcels[mine])

    def finish(self, end: int) -> tuple[Visits, ...]:
        """Bring every station to the end and give its visits."""
        for chain in self.model.chains:
            self.advance(chain[-1], end)
        return tuple(station.visits(end) for station in self.stations)

    def _passes(self, stage: Stage) -> Flags | None:
        """Say who has nothing to do in any zone of a stage; None where everybody comes."""
        flags = [self.parcels.passes[zone] for zone in stage.zones]
        known = [flag for flag in flags if flag is not None]
        return np.logical_and.reduce(known) if len(known) == len(flags) else None
