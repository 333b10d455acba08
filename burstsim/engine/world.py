"""The world as users' own processes see it: a clock to wait on, signals to read, levers to pull.

A process is a function of the `World` that is a SimPy generator::

    def call_temps(world):
        while world.seconds < 8 * 3600:
            yield world.sleep("15m")
            if world.read("work_left.hangzhou.pack") > 6:
                world.add_workers("hangzhou.pack", 20, "4h")
                return

It may run several times in one replication: the vector engine goes through the sale again with
the levers that were pulled upstream, until they are the same. So a process must do the same when
it sees the same, and keep what it remembers in local variables.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from burstsim.engine.clock import PROCESS, Signal
from burstsim.engine.control.plane import Control
from burstsim.scenario.conditions import parse_signal
from burstsim.scenario.policies import Lever
from burstsim.units import SECOND, parse_duration, parse_moment

__all__ = ["Process", "World", "start"]


class World:
    """What a process may see and touch.

    Parameters
    ----------
    control
        The people and levers of the run.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    @property
    def now(self) -> datetime:
        """The present moment, in local time as in the scenario."""
        scenario = self._control.model.scenario
        return scenario.start + timedelta(microseconds=self._control.clock.now)

    @property
    def seconds(self) -> float:
        """Seconds since the scenario's ``start``; below 0 before it."""
        return self._control.clock.now / SECOND

    def sleep(self, duration: str) -> Signal:
        """Wait so long: ``yield world.sleep("15m")``.

        Raises
        ------
        ValueError
            When it is no duration, or below nothing.
        """
        ticks = parse_duration(duration)
        if ticks < 0:
            raise ValueError(f"must not sleep for less than nothing: {duration}")
        return self._wake(ticks)

    def until(self, moment: str) -> Signal:
        """Wait for a moment: an offset from ``start``, a time of day, a date with a time.

        A time of day is its next occurrence, at once if it is now. What has passed does not make
        anybody wait.

        Raises
        ------
        ValueError
            When it is no moment.
        """
        now = self._control.clock.now
        tick = parse_moment(moment).resolve(self._control.model.scenario.start, after=now - 1)
        return self._wake(max(tick - now, 0))

    def read(self, signal: str) -> float:
        """Read a signal that policies may read, such as ``work_left.hangzhou.pack`` (hours).

        Raises
        ------
        ValueError
            When there is no such signal or place.
        """
        return self._control.signals.read(*parse_signal(signal))

    def do(self, lever: Mapping[str, Any]) -> None:
        """Pull a lever, written as under a policy's ``do``.

        Raises
        ------
        ValueError
            When it is none (pydantic's error is one too).
        """
        self._control.do(Lever.model_validate(dict(lever)))

    def add_workers(self, zone: str, workers: int, for_: str, *, productivity: float = 1.0) -> None:
        """Call so many people into a zone, for so long."""
        setting = {"zone": zone, "workers": workers, "for": for_, "productivity": productivity}
        self.do({"add_workers": setting})

    def move_workers(self, source: str, target: str, workers: int, for_: str | None = None) -> None:
        """Send people from one zone to another, as many as there are; without `for_` for good."""
        setting = {"from": source, "to": target, "workers": workers}
        self.do({"move_workers": setting | ({} if for_ is None else {"for": for_})})

    def close_channel(self, channel: str) -> None:
        """Let nobody order by a channel from now on; those who try are rejected."""
        self.do({"throttle": {"channel": channel, "keep": 0}})

    def open_channel(self, channel: str) -> None:
        """Let everybody order by a channel again."""
        self.do({"throttle": {"channel": channel, "keep": 1}})

    def _wake(self, ticks: int) -> Signal:
        signal = self._control.clock.signal()
        signal.fire(PROCESS, ticks)
        return signal


Process = Callable[[World], Generator[Signal, Any, Any]]


def start(control: Control, processes: Iterable[Process]) -> None:
    """Start users' processes when the clock begins, after the policies of that tick."""
    for process in processes:

        def begin(process: Process = process) -> None:
            control.clock.start(process(World(control)))

        control.clock.at(control.clock.now, PROCESS, begin)
