"""A partner of so much an hour: how often the plain engine looks for the next start."""

from __future__ import annotations

from dataclasses import replace

from burstsim.engine.clock import FINISH, Clock
from burstsim.engine.compile import compile_scenario
from burstsim.engine.event.station import Station, Task
from tests.scenarios import scenario_of, small


class Counting(Station):
    """Counts its looks."""

    looks = 0

    def dispatch(self) -> None:
        self.looks += 1
        super().dispatch()


def test_looks_do_not_multiply_while_many_wait() -> None:
    zone = replace(compile_scenario(scenario_of(small())).zones[0], spacing=100)
    clock = Clock(0)
    station = Counting(clock, zone)
    station.change(1000, 1.0)
    tasks = 40

    def come(order: int) -> None:
        station.serve(Task([(order, 0, 0)], 0, 7.0))

    for order in range(tasks):
        clock.at(order, FINISH, lambda order=order: come(order))  # type: ignore[misc]
    clock.run(100 * tasks)
    assert [station.started[order, 0, 0] for order in range(tasks)] == [
        100 * order for order in range(tasks)
    ]
    # one look when a task comes, when it may start and when it is done, and one at the beginning
    assert station.looks <= 3 * tasks + 1
