"""Order management: sweeps take paid orders to the floor."""

from __future__ import annotations

from burstsim.engine.clock import SWEEP, Clock, Signal
from burstsim.engine.sweeps import sweep_after

__all__ = ["Oms"]


class Oms:
    """Paid orders wait here for the next sweep.

    A sweep is on the clock only when somebody waits for it.

    Parameters
    ----------
    clock
        The run's clock.
    cycle
        Ticks between sweeps; 0: a sweep at every payment.
    """

    def __init__(self, clock: Clock, cycle: int) -> None:
        self.clock = clock
        self.cycle = cycle
        self.waiting: list[Signal] = []

    def release(self) -> Signal:
        """Wait for the next sweep: what is returned happens when it takes the order."""
        if not self.waiting:
            self.clock.at(sweep_after(self.clock.now, self.cycle), SWEEP, self.sweep)
        self.waiting.append(self.clock.signal())
        return self.waiting[-1]

    def sweep(self) -> None:
        """Let everything paid so far go to the floor, in order of payment."""
        taken, self.waiting = self.waiting, []
        for released in taken:
            released.fire(SWEEP)
