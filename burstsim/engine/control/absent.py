"""Who does not come: each worker by a uniform number of his own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from burstsim.engine.parts import Source
from burstsim.kernels.arrays import Floats
from burstsim.scenario.disruptions import NoShow
from burstsim.scenario.scenario import Scenario
from burstsim.units import DAY

__all__ = ["Absent", "covers"]


def covers(where: str, warehouse: str, stage: str, zone: str) -> bool:
    """Whether a place as written is a zone, or has it in it.

    Examples
    --------
    >>> covers("hub", "hub", "pick", "fast"), covers("hub.pack", "hub", "pick", "fast")
    (True, False)
    """
    return where in (warehouse, f"{warehouse}.{stage}", f"{warehouse}.{stage}.{zone}")


class Absent:
    """Counts who is there of people who should be.

    A worker is absent as long as his number is below the chance of it. Everybody has a number
    for each shift and day, whatever the chance: so a larger share keeps away the same people
    and some more, and another worker changes nobody's number.

    Parameters
    ----------
    scenario
        Whose no-shows these are.
    replication
        Number of the replication, from 0; None: everybody comes.
    path
        Whose people: a zone's path, or a crew's.
    places
        Places whose no-shows keep them away, as `NoShow.where` may say them.
    """

    def __init__(
        self, scenario: Scenario, replication: int | None, path: str, places: Sequence[str]
    ) -> None:
        self.seed, self.replication, self.path = scenario.seed, replication, path
        #: (from, to, share) of what keeps people away, in the order of the file.
        self.spans = [
            (*what.span(scenario.start), what.share)
            for what in scenario.disruptions.values()
            if isinstance(what, NoShow) and what.where in places
        ]
        self.numbers: dict[tuple[str, int], Floats] = {}

    @property
    def edges(self) -> list[int]:
        """Ticks at which the chance changes."""
        return [edge for left, right, _ in self.spans for edge in (left, right)]

    def there(self, people: int, tick: int, turn: tuple[str, int], own: float = 0.0) -> int:
        """Count who is there.

        Parameters
        ----------
        people
            How many should be.
        tick
            When.
        turn
            Which shift, and of which day.
        own
            Chance of each of them not to come, whatever happens.
        """
        come = 1.0 - own
        for left, right, share in self.spans:
            if left <= tick < right:
                come *= 1.0 - share
        chance = 1.0 - come
        if chance <= 0.0 or not people or self.replication is None:
            return people
        if turn not in self.numbers or len(self.numbers[turn]) < people:
            name = f"{self.path}/{turn[0]}/{turn[1]}"
            source = Source(self.seed, self.replication, name)
            self.numbers[turn] = source.of("no-show").random(people)
        return int(np.count_nonzero(self.numbers[turn][:people] >= chance))

    def outside_shifts(self, people: int, tick: int) -> int:
        """Count who is there where no shift covers: one number for each worker and disruption.

        The day is that on which the first of the disruptions in force began.
        """
        begun = [left for left, right, _ in self.spans if left <= tick < right]
        return self.there(people, tick, ("", min(begun) // DAY)) if begun else people
