"""Pools: counters that may stand for one another, and which of them a piece is taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.mixing import among, among_each

__all__ = ["Pool"]


@dataclass(frozen=True, slots=True)
class Pool:
    """Counters that may stand for one another.

    Parameters
    ----------
    members
        Counters.
    weights
        How often each is drawn; their sum is below 2**32. None where nothing is drawn: the
        first that is there is taken.

    Examples
    --------
    >>> Pool((4, 5, 6), (1, 0, 3)).one([1, 2], 1 << 63), Pool((4, 5, 6), None).one([1, 2], 0)
    (6, 5)
    """

    members: tuple[int, ...]
    weights: tuple[int, ...] | None

    def may_be(self, place: int) -> bool:
        """Whether the member at a place is ever taken."""
        return self.weights is None or self.weights[place] > 0

    def instead(self) -> list[int]:
        """Places among which one is taken although none of them is there."""
        return [p for p in range(len(self.members)) if self.weights[p]] if self.weights else [0]

    def one(self, places: Sequence[int], bits: int) -> int:
        """Give one of the members at some places, from 64 mixed bits."""
        if self.weights is None:
            return self.members[places[0]]
        at = among(bits, sum(self.weights[place] for place in places))
        for place in places:
            at -= self.weights[place]
            if at < 0:
                return self.members[place]
        raise AssertionError("nothing to draw from")

    def each(self, places: Sequence[int], bits: npt.NDArray[np.uint64]) -> Indices:
        """Do the same for arrays: a member for each element of `bits`.

        Examples
        --------
        >>> Pool((4, 5, 6), (1, 0, 3)).each([0, 1, 2], np.array([0, 1 << 63], np.uint64)).tolist()
        [4, 6]
        """
        members = np.array(self.members, np.int64)[list(places)]
        if self.weights is None:
            return np.full(len(bits), members[0])
        reached = np.cumsum(np.array(self.weights, np.int64)[list(places)])
        at = among_each(bits, int(reached[-1]))
        chosen: Indices = members[reached.searchsorted(at, side="right")]
        return chosen
