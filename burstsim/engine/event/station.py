"""A station: one queue, c(t) exchangeable workers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush

from burstsim.engine.clock import DISPATCH, FINISH, Clock, Signal
from burstsim.engine.event.parcels import Number
from burstsim.engine.zones import Zone
from burstsim.kernels.work import work_ticks

__all__ = ["Station", "Task"]


@dataclass(slots=True, eq=False)
class Task:
    """What one worker does in one go: work on a parcel, or on all parcels of a tour.

    Parameters
    ----------
    members
        Numbers of the parcels; the first breaks ties.
    key
        Who is next: the smallest.
    load
        Ticks of work at productivity 1.
    finished
        What happens when it is done; None before it has come to its station.
    """

    members: list[Number]
    key: int
    load: float
    finished: Signal | None = None


class Station:
    """Smallest key first, by (key, arrival, order number, parcel); equal keys are plain FIFO.

    Parameters
    ----------
    clock
        The run's clock.
    zone
        What the station is.
    """

    def __init__(self, clock: Clock, zone: Zone) -> None:
        self.clock = clock
        self.zone = zone
        self.loads: dict[Number, float] = {}
        self.leader: dict[Number, Number] = {}
        self.entered: dict[Number, int] = {}
        self.started: dict[Number, int] = {}
        self.done: dict[Number, int] = {}
        self.tasks: dict[Number, Task] = {}
        self.waiting: list[tuple[int, int, Number]] = []
        self.busy, self.next_start, self.next_look = 0, clock.now, clock.now
        self.will_dispatch = False
        self.workers, self.productivity = 0, 1.0

    def change(self, workers: int, productivity: float) -> None:
        """From now on so many workers, this fast; nobody drops a parcel."""
        self.workers, self.productivity = workers, productivity
        self.ask_to_dispatch()

    def serve(self, task: Task) -> Signal:
        """Queue a task, if it does not wait here already; what is returned happens when it is done.

        Parameters
        ----------
        task
            All its members come in the same tick.
        """
        if task.finished is None:
            first, now = task.members[0], self.clock.now
            for number in task.members:
                self.entered[number] = now
                self.leader[number] = first
            self.tasks[first] = task
            heappush(self.waiting, (task.key, now, first))
            task.finished = self.clock.signal()
            self.ask_to_dispatch()
        return task.finished

    def waiting_work(self) -> tuple[int, int]:
        """Count the tasks that wait, and the ticks of work on them at productivity 1."""
        work = (work_ticks(self.loads[number], 1.0) for _, _, number in self.waiting)
        return len(self.waiting), sum(work)

    def ask_to_dispatch(self) -> None:
        """Look for free workers once everything else of this tick has happened."""
        if not self.will_dispatch:
            self.will_dispatch = True
            self.clock.at(self.clock.now, DISPATCH, self.dispatch)

    def dispatch(self) -> None:
        """Start what free workers can start."""
        self.will_dispatch = False
        while self.waiting and self.busy < self.workers:
            if self.clock.now < self.next_start:
                if self.next_look < self.next_start:  # one look then is enough
                    self.next_look = self.next_start
                    self.clock.at(self.next_start, DISPATCH, self.dispatch)
                return
            self.next_start = self.clock.now + self.zone.spacing
            _, _, number = heappop(self.waiting)
            task = self.tasks.pop(number)
            self.busy += 1
            self.started.update(dict.fromkeys(task.members, self.clock.now))
            assert task.finished is not None
            task.finished.before(partial(self.finish, task))
            task.finished.fire(FINISH, work_ticks(task.load, self.productivity))

    def finish(self, task: Task) -> None:
        """Free the worker again."""
        self.done.update(dict.fromkeys(task.members, self.clock.now))
        self.busy -= 1
        self.ask_to_dispatch()
