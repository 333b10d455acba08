"""When sweeps are: at whole multiples of the cycle, counted from ``start``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Ticks
from burstsim.scenario.disruptions import OmsFreeze
from burstsim.scenario.scenario import Scenario

__all__ = ["Sweeps", "sweep_after", "sweeps_of"]

T = TypeVar("T", int, Ticks)


def sweep_after(paid: T, cycle: int) -> T:
    """Tick of the sweep that takes an order paid at `paid`: the first at or after it.

    Parameters
    ----------
    paid
        One tick, or int64 ticks.
    cycle
        Ticks between sweeps; 0 means that every payment is swept at once.

    Examples
    --------
    >>> sweep_after(61, 60), sweep_after(60, 60), sweep_after(61, 0)
    (120, 60, 61)
    """
    return paid if cycle == 0 else -(-paid // cycle) * cycle


@dataclass(frozen=True, slots=True)
class Sweeps:
    """When sweeps are, and when none is although it should be.

    Parameters
    ----------
    cycle
        Ticks between sweeps; 0 means at once.
    frozen
        Spans ``[from, to)`` without sweeps, in order and apart; what they would have done
        happens at the first sweep after.
    """

    cycle: int
    frozen: tuple[tuple[int, int], ...] = ()

    def after(self, tick: T) -> T:
        """Tick of the first sweep at or after a tick, or after each of many.

        Examples
        --------
        >>> sweeps = Sweeps(10, ((15, 42),))
        >>> [sweeps.after(tick) for tick in (9, 11, 40, 51)]
        [10, 50, 50, 60]
        """
        found = sweep_after(tick, self.cycle)
        for left, right in self.frozen:
            again = sweep_after(right, self.cycle)
            if isinstance(found, int):
                found = again if left <= found < right else found
            else:
                found = np.where((found >= left) & (found < right), again, found)
        return found

    def see(self, ticks: Ticks, end: int) -> npt.NDArray[np.bool_]:
        """Whether a sweep before the end comes at or after each of many ticks.

        Parameters
        ----------
        ticks : (n,) int64
            `NEVER` is never seen.
        end
            Tick at which the run stops.
        """
        seen = ticks < end
        seen[seen] = self.after(ticks[seen]) < end
        return seen


def sweeps_of(scenario: Scenario) -> Sweeps:
    """Find when a scenario's sweeps are."""
    frozen: list[tuple[int, int]] = []
    freezes = (what for what in scenario.disruptions.values() if isinstance(what, OmsFreeze))
    for left, right in sorted(what.span(scenario.start) for what in freezes):
        if frozen and left <= frozen[-1][1]:
            frozen[-1] = frozen[-1][0], max(right, frozen[-1][1])
        else:
            frozen.append((left, right))
    return Sweeps(scenario.oms.cycle, tuple(frozen))
