"""The floor as a row of stages that are advanced when somebody looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.carriers import Carriers
from burstsim.engine.vector.join import Join
from burstsim.engine.vector.moves import Moves
from burstsim.engine.vector.parcels import Parcels
from burstsim.engine.vector.partner import Partner
from burstsim.engine.vector.priority import Priority
from burstsim.engine.vector.release import Gate, by_turn, without_looking
from burstsim.engine.vector.returns import Returns
from burstsim.engine.vector.station import Station
from burstsim.engine.vector.tours import Tours
from burstsim.engine.visits import Visits, rows_of
from burstsim.engine.zones import Stage
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.columns import shared
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["Floor"]

Flags = npt.NDArray[np.bool_]


class Floor:
    """Each warehouse's stages in a row; work flows downwards only.

    A zone is brought up to date when somebody looks at it: changes of its crew, those who
    release, the end; never by the mere passing of time. Bringing it up to date first does so
    for the stages before it.

    Parameters
    ----------
    clock
        The run's clock; releases are put on it.
    model, orders
        The compiled scenario, and who bought.
    parcels
        What is sent where, and when.

    Attributes
    ----------
    rows
        Which parcels belong to which warehouse.
    released, done, left_at : (parcels,) int64
        Ticks at which parcels began, were done at their last stage, or left because they were
        cancelled, before they began or later.
    """

    def __init__(self, clock: Clock, model: Model, orders: Orders, parcels: Parcels) -> None:
        self.clock, self.model, self.orders, self.parcels = clock, model, orders, parcels
        self.end = model.end
        self.rows = rows_of(parcels.warehouse, len(model.chains))
        self.gone = parcels.gone
        self.any_gone = bool((parcels.gone < model.end).any())
        # an array each, so that each can be given up by itself
        self.released, self.done, self.left_at = (
            np.full(len(parcels.gone), NEVER) for _ in range(3)
        )
        self.carriers = Carriers(model, parcels.warehouse, parcels.carrier)
        self.returns = Returns(parcels)
        self.next: dict[int, int | None] = {}
        self.before: dict[int, tuple[int, ...]] = {}
        for chain in model.chains:
            self.next |= dict(zip(chain, (*chain[1:], None), strict=True))
            self.before |= {stage: chain[: place + 1] for place, stage in enumerate(chain)}
        self.tours = {
            number: Tours(model.zones[number], task, orders.noise[number][parcels.order])
            for number, task in parcels.tasks.items()
        }
        self.stations = [self._station(number) for number in range(len(model.zones))]
        self.passes = [self._passes(stage) for stage in model.stages]
        self.joins = {
            number: Join(len(parcels.gone))
            for number, stage in enumerate(model.stages)
            if len(stage.zones) > 1
        }
        rules = model.releases
        watched = {stage for rule in rules for stage in (*rule.put_walls, *rule.stagings)}
        self.came = {stage: np.full(len(parcels.gone), NEVER) for stage in watched}
        self.begun = {stage: np.full(len(parcels.gone), NEVER) for stage in watched}
        for house in range(len(model.chains)):
            self._open(house)

    def go_on(self, orders: Orders, parcels: Parcels, moves: Moves) -> None:
        """Go on with other parcels: some are forgotten, others are sent from now on.

        Only of a floor that releases everything at once, in order of arrival and without tours.

        Parameters
        ----------
        orders, parcels
            Who is there from now on.
        moves
            New numbers of the parcels that were there; what is forgotten has been through.
        """
        before, self.rows = self.rows, rows_of(parcels.warehouse, len(self.model.chains))
        self.orders, self.parcels, self.gone = orders, parcels, parcels.gone
        self.any_gone = bool((parcels.gone < self.end).any())
        self.released, self.done, self.left_at = (
            moves.of(ticks, NEVER) for ticks in (self.released, self.done, self.left_at)
        )
        self.carriers.renumber(moves, parcels.warehouse, parcels.carrier)
        within = [
            moves.among(mine, those, self.rows.place)
            for mine, those in zip(before.of_house, self.rows.of_house, strict=True)
        ]
        for station, zone, loads in zip(
            self.stations, self.model.zones, parcels.loads, strict=True
        ):
            station.renumber(self.rows, loads, moves, within[zone.house])
        for join in self.joins.values():
            join.renumber(moves)
        self.passes = [self._passes(stage) for stage in self.model.stages]
        new = np.ones(len(parcels.gone), bool)
        new[moves.place[moves.place >= 0]] = False
        for house in range(len(self.model.chains)):
            sent = np.flatnonzero(new & (parcels.warehouse == house))
            self.release(house, parcels.sent[sent], sent)

    def release(self, house: int, ticks: Ticks, parcels: Indices) -> None:
        """Let parcels of a warehouse begin at these ticks, never falling, in this order."""
        self.released[parcels] = ticks
        self._arrive(self.model.chains[house][0], ticks, parcels)

    def change(self, zone: int, tick: int, workers: int, productivity: float) -> None:
        """From `tick` on a zone has so many workers, this fast."""
        self.advance(self.model.zones[zone].at, tick)
        self.stations[zone].change(tick, workers, productivity)

    def waiting(self, zone: int) -> tuple[int, int]:
        """Count the tasks that wait in a zone, and the ticks of work on them at productivity 1."""
        now = self.clock.now
        self.advance(self.model.zones[zone].at, now)
        station = self.stations[zone]
        tasks, _ = station.waiting()
        if now == self.model.begin:
            # what is on the floor when the clock begins was there before all else
            coming, parcels = station.expected()
            tasks = np.append(tasks, parcels[coming == now])
            tasks = tasks[self.parcels.enters[tasks] >= 0]
        return len(tasks), int(work_ticks(station.load_of(tasks), 1.0).sum())

    def open_parcels(self) -> list[int]:
        """Count the parcels that were sent to each warehouse and are not through yet."""
        now = self.clock.now
        for chain in self.model.chains:
            self.advance(chain[-1], now)
        here = (self.parcels.sent < now) | (self.parcels.enters >= 0)
        through = np.minimum(self.done, self.left_at)
        here &= (through >= now) & (through > self.model.begin)
        here &= (self.released < now) | (self.gone >= now)  # cancelled before it began
        houses = self.parcels.warehouse[here]
        counts: list[int] = np.bincount(houses, minlength=len(self.model.chains)).tolist()
        return counts

    @property
    def shipped(self) -> Ticks:
        """Tick at which each parcel was shipped, as far as trucks have been loaded."""
        return self.carriers.shipped

    def load_trucks(self, until: int) -> None:
        """Load the trucks that come before `until`."""
        for chain in self.model.chains:
            self.advance(chain[-1], until)
        self.carriers.advance(until)

    def has_work(self, stage: int, parcels: Indices) -> Flags:
        """Say which parcels have work at a stage of their warehouse."""
        passes = self.passes[stage]
        return np.ones(len(parcels), bool) if passes is None else ~passes[parcels]

    def begins_at(self, stage: int, parcels: Indices) -> Flags:
        """Say for which parcels a stage of their warehouse is the first that they have work at."""
        begins = self.has_work(stage, parcels) & (self.parcels.enters[parcels] <= stage)
        for other in self.before[stage][:-1]:
            begins &= ~self.has_work(other, parcels) | (self.parcels.enters[parcels] > other)
        return begins

    def advance(self, last: int, until: int) -> None:
        """Serve what starts before `until`, at stage `last` and those before it."""
        if self.model.stages[last].outside:
            self._advance_returns(until)
            return
        for number in self.before[last]:
            stage, following = self.model.stages[number], self.next[number]
            for zone in stage.zones:
                done, parcels = self.stations[zone].advance(until)
                if number in self.begun:
                    self._note_starts(number, zone)
                if zone in self.tours:
                    done, parcels = self.tours[zone].opened(done, parcels)
                if number in self.joins:
                    done, parcels = self.joins[number].put(done, parcels)
                moved = done if following is None else done + stage.transfer
                self._arrive(following, moved, parcels)

    def _advance_returns(self, until: int) -> None:
        """Serve what has come back before `until`, in all warehouses."""
        self.load_trucks(until)
        ticks, parcels = self.returns.coming(self.shipped)
        houses = self.parcels.warehouse[parcels]
        for house, stage in enumerate(self.model.returns):
            if stage < 0:
                continue
            for zone in self.model.stages[stage].zones:
                works = houses == house
                passes = self.parcels.passes[zone]
                if passes is not None:
                    works &= ~passes[parcels]
                self.stations[zone].expect(ticks[works], parcels[works])
                self.stations[zone].advance(until)

    def finish(self, end: int) -> tuple[tuple[Visits, ...], tuple[Floats, ...]]:
        """Bring every station to the end, close it, and give its visits and the work in it.

        Of tours and outside the row there is work only on what came.
        """
        self._advance_returns(end)
        out = (self.released == NEVER) & (self.gone < end)
        self.left_at[out] = self.gone[out]
        every, works = [], []
        for number, zone in enumerate(self.model.zones):
            visits, loads = self.visits(number, end), self.stations[number].loads
            if zone.tour is not None or self.model.stages[zone.at].outside:
                loads = np.where(visits.entered < NEVER, loads, 0.0)
            every.append(visits)
            works.append(loads)
        self.stations.clear()
        return self._as_few(every), tuple(works)

    def _as_few(self, visits: list[Visits]) -> tuple[Visits, ...]:
        """Keep ticks that are the same as one column.

        Who is released as it is sent comes to the first stage then, and who needs no time to the
        next one comes there as it is done.
        """
        of_parcels = self.parcels.sent, self.released, self.done, self.carriers.shipped
        of_visits = [ticks for each in visits for ticks in (each.entered, each.started, each.done)]
        _, self.released, self.done, self.carriers.shipped, *rest = shared(
            (*of_parcels, *of_visits)
        )
        trios = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
        return tuple(
            replace(each, entered=entered, started=started, done=done)
            for each, (entered, started, done) in zip(visits, trios, strict=True)
        )

    def visits(self, zone: int, until: int) -> Visits:
        """Give a zone's visits as far as it is served; nothing is done at or after `until`."""
        seen = self.stations[zone].visits(until)
        return self.tours[zone].visits(seen, self.rows) if zone in self.tours else seen

    def _open(self, house: int) -> None:
        """Let in what is there when the clock begins, and see to it who releases the rest."""
        model, parcels, rule = self.model, self.parcels, self.model.releases[house]
        here = parcels.warehouse == house
        resumed = np.empty(0, np.int64)
        if (parcels.enters >= 0).any():
            resumed = np.flatnonzero(here & (parcels.enters >= 0))
            self.released[resumed] = parcels.sent[resumed]
            for stage in model.chains[house]:
                mine = resumed[parcels.enters[resumed] == stage]
                self._arrive(stage, parcels.sent[mine], mine)
        mine = np.flatnonzero(here & (parcels.enters < 0))
        ticks = without_looking(rule, parcels, mine, self.end)
        if ticks is None:
            turn = by_turn(rule, self.orders, parcels, mine)
            Gate(self.clock, self, (house, rule), (turn, resumed))
            return
        if self.tours:
            # who goes first says who shares a tour
            turn = by_turn(rule, self.orders, parcels, mine)
            place = np.argsort(ticks[mine.searchsorted(turn)], kind="stable")
            ticks, mine = ticks[mine.searchsorted(turn[place])], turn[place]
        if not rule.at_once:
            goes = ticks < NEVER
            ticks, mine = ticks[goes], mine[goes]
        self.release(house, ticks, mine)

    def _arrive(self, number: int | None, ticks: Ticks, parcels: Indices) -> None:
        """Have parcels come to a stage; those without work there come to the next one."""
        if number is None:
            self.done[parcels] = ticks = np.where(ticks < self.end, ticks, NEVER)
            self.carriers.hand_over(ticks, parcels)
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
        if number in self.came:
            self.came[number][parcels] = ticks
        zones = self.model.stages[number].zones
        if len(zones) == 1:
            self._expect(zones[0], ticks, parcels)
            return
        for zone in zones:
            passes_zone = self.parcels.passes[zone]
            assert passes_zone is not None
            mine = ~passes_zone[parcels]
            self.joins[number].expect(parcels[mine])
            self._expect(zone, ticks[mine], parcels[mine])

    def _expect(self, zone: int, ticks: Ticks, parcels: Indices) -> None:
        """Have parcels come to a zone, each by itself or on tours."""
        station, tours = self.stations[zone], self.tours.get(zone)
        if tours is not None and len(parcels):
            offsets, loads = tours.make(ticks, parcels)
            firsts, begins = parcels[offsets[:-1]], offsets[:-1]
            station.set_load(firsts, loads)
            if isinstance(station, Priority):
                together = self._together(self.model.zones[zone].discipline)
                station.keys[firsts] = together.reduceat(station.keys[parcels], begins)
            ticks, parcels = ticks[begins], firsts
        station.expect(ticks, parcels)

    def _note_starts(self, stage: int, zone: int) -> None:
        """Remember who is begun at a stage whose room is limited."""
        for parcels, ticks in self.stations[zone].started():
            if zone in self.tours:
                ticks, parcels = self.tours[zone].opened(ticks, parcels)
            self.begun[stage][parcels] = np.minimum(self.begun[stage][parcels], ticks)

    def _station(self, number: int) -> Station:
        """Make a zone's station."""
        zone, loads = self.model.zones[number], self.parcels.loads[number]
        mine = loads, self.rows, zone.house
        if zone.external:
            return Partner(*mine, spacing=zone.spacing, begin=self.model.begin)
        keys = self._keys(zone.discipline)
        return Station(*mine) if keys is None else Priority(*mine, keys)

    def _keys(self, discipline: str) -> Indices | None:
        """Say of all parcels who is next, the smallest first; None where who came first is."""
        if discipline == "promise":
            return self.orders.due[self.parcels.order]
        if discipline == "class":
            return -self.orders.tier[self.parcels.order]
        return self.parcels.pieces.copy() if discipline == "size" else None

    def _together(self, discipline: str) -> np.ufunc:
        """Say how parcels of a tour count: the best of them, or all."""
        return np.add if discipline == "size" else np.minimum

    def _passes(self, stage: Stage) -> Flags | None:
        """Say who has nothing to do in any zone of a stage; None where everybody comes."""
        flags = [self.parcels.passes[zone] for zone in stage.zones]
        known = [flag for flag in flags if flag is not None]
        return np.logical_and.reduce(known) if len(known) == len(flags) else None
