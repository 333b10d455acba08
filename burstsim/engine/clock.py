"""The clock: SimPy's environment with the phases of an instant.

SimPy orders events of one tick by priority, then by when they were scheduled. The priorities
below are the order in which things happen within a tick, whatever scheduled them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Final

import simpy

__all__ = [
    "CREW",
    "DISPATCH",
    "FINISH",
    "PICKUP",
    "POLICY",
    "PROCESS",
    "RESERVE",
    "STOREFRONT",
    "SWEEP",
    "WAVE",
    "Clock",
    "Signal",
]

_BEFORE_ALL: Final = -1
STOREFRONT: Final = 0
"""Placements and payments."""
RESERVE: Final = 1
"""Those who placed or paid are given stock, by order number."""
CREW: Final = 12
"""Crews change. Control is 10 to 19: disruption, crew, policy, process, pickup, sweep, wave."""
POLICY: Final = 13
"""Policies look, and pull levers."""
PROCESS: Final = 14
"""Users' own processes go on."""
PICKUP: Final = 15
"""Trucks take what was done before."""
SWEEP: Final = 16
"""Paid orders are sent to their warehouses."""
WAVE: Final = 17
"""What was sent is released to the floor."""
FINISH: Final = 20
"""Tasks finish, and what they cause arrives downstream."""
DISPATCH: Final = 30
"""Free workers take what waits."""


class Signal(simpy.Event):
    """An event that a process waits for and somebody else fires at a phase."""

    def before(self, action: Callable[[], None]) -> None:
        """Do something when this happens, before the process that waits for it goes on."""
        assert self.callbacks is not None
        self.callbacks.insert(0, lambda _: action())

    def fire(self, phase: int, delay: int = 0) -> None:
        """Happen after `delay` ticks, in `phase`."""
        self._ok = True
        self._value = None
        self.env.schedule(self, phase, delay)  # type: ignore[arg-type]


class Clock:
    """SimPy's clock in ticks.

    Parameters
    ----------
    begin
        The first tick.
    """

    def __init__(self, begin: int) -> None:
        self.environment = simpy.Environment(initial_time=begin)

    @property
    def now(self) -> int:
        """The present tick."""
        return self.environment.now  # type: ignore[return-value]

    def at(self, tick: int, phase: int, action: Callable[[], None]) -> None:
        """Call `action` at `tick`, in `phase`; what lies in the past happens now."""
        signal = self.signal()
        signal.before(action)
        signal.fire(phase, max(tick - self.now, 0))

    def signal(self) -> Signal:
        """Make something to wait for."""
        return Signal(self.environment)

    def start(self, process: Generator[simpy.Event, Any, Any]) -> None:
        """Start a process now."""
        self.environment.process(process)

    def run(self, until: int) -> None:
        """Let everything happen that happens before `until`."""
        stop = self.signal()
        stop.fire(_BEFORE_ALL, max(until - self.now, 0))
        self.environment.run(until=stop)
