"""When a warehouse looks at the parcels that wait to be released, and how many may be inside."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.engine.zones import Stage
from burstsim.scenario.scenario import Scenario
from burstsim.units import MINUTE

__all__ = ["Rule", "releases_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """How one warehouse releases.

    Parameters
    ----------
    waves
        Whether parcels are released in waves; else as soon as they fit.
    every
        Ticks between waves, None without.
    orders
        Parcels that wait when a wave is due, None without.
    order
        Who goes first: ``paid promise size``.
    max_open
        Parcels on the floor at most, None without a limit.
    put_walls, stagings
        Stage → parcels that are not begun there at most: of all that have work there, and of
        those that have come to it.
    pause
        Ticks between two looks while something waits.
    horizon
        Tick from which on nobody orders any more.
    held
        Spans ``[from, to)`` in which nothing is released.
    """

    waves: bool
    every: int | None
    orders: int | None
    order: str
    max_open: int | None
    put_walls: dict[int, int]
    stagings: dict[int, int]
    pause: int
    horizon: int
    held: tuple[tuple[int, int], ...] = ()

    @property
    def limited(self) -> bool:
        """Whether there may be no room for a parcel."""
        return self.max_open is not None or bool(self.put_walls) or bool(self.stagings)

    @property
    def at_once(self) -> bool:
        """Whether everything is released in the tick in which it is sent."""
        return not self.waves and not self.limited and not self.held

    def opens(self, tick: int, waiting: int) -> bool:
        """Whether parcels are released at a look, if they fit.

        Parameters
        ----------
        tick
            When somebody looks.
        waiting
            How many parcels wait then.
        """
        if any(left <= tick < right for left, right in self.held):
            return False
        if not self.waves:
            return True
        timed = tick >= self.horizon if self.every is None else tick % self.every == 0
        return timed or self.enough(waiting)

    def enough(self, waiting: int) -> bool:
        """Whether so many parcels wait that a wave is due."""
        return self.orders is not None and waiting >= self.orders

    def next_look(self, tick: int, waiting: int) -> int | None:
        """Say when to look again at what is left; what is sent by then is looked at anyway.

        Parameters
        ----------
        tick
            When somebody has looked.
        waiting
            How many parcels still wait.
        """
        if not waiting:
            return None
        steps = [] if self.every is None else [self.every]
        late = self.every is None and tick >= self.horizon
        if not self.waves or late or self.enough(waiting):
            steps.append(self.pause)
        looks = [(tick // step + 1) * step for step in steps]
        if self.waves and self.every is None and not late:
            looks.append(self.horizon)  # for the last ones, who do not fill a wave
        return min(looks, default=None)


def releases_of(
    scenario: Scenario, stages: tuple[Stage, ...], chains: tuple[tuple[int, ...], ...]
) -> tuple[Rule, ...]:
    """Say for each warehouse how it releases.

    Parameters
    ----------
    scenario
        The rules.
    stages, chains
        The stages, and those of each warehouse.
    """
    rules = []
    for chain, warehouse in zip(chains, scenario.warehouses.values(), strict=True):
        release = warehouse.release
        rooms = [(number, stages[number].put_wall, stages[number].staging) for number in chain]
        rules.append(
            Rule(
                waves=release.mode == "wave",
                every=release.every,
                orders=release.orders,
                order=release.order,
                max_open=release.max_open_orders,
                put_walls={number: wall for number, wall, _ in rooms if wall is not None},
                stagings={number: room for number, _, room in rooms if room is not None},
                pause=scenario.oms.cycle or MINUTE,
                horizon=scenario.horizon,
            )
        )
    return tuple(rules)
