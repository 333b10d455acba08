"""Find where something that holds stops to hold, when looking is dear and not always conclusive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from burstsim.results.estimates import Status

__all__ = ["Bracket", "Ladder", "falls_back", "find_limit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The levels that may be looked at.

    Parameters
    ----------
    low, high
        The ends.
    step
        Between levels; None: any level.
    precision
        Without a step: distance, in proportion to the level, below which two are as good as one.
    """

    low: float
    high: float
    step: float | None = None
    precision: float = 0.01

    def between(self, left: float, right: float) -> float | None:
        """Give a level in the middle of two, None where they are next to each other."""
        if self.step is not None:
            steps = round((right - left) / self.step)
            return left + steps // 2 * self.step if steps > 1 else None
        near = self.precision * max(abs(left), abs(right))
        return (left + right) / 2 if right - left > near else None

    def scan(self, count: int) -> list[float]:
        """Levels from end to end, each so many times the one before if they can be."""
        shares = [number / (count - 1) for number in range(count)]
        if self.low > 0:
            found = [self.low * (self.high / self.low) ** share for share in shares]
        else:
            found = [self.low + (self.high - self.low) * share for share in shares]
        if self.step is not None:
            found = [self.low + round((x - self.low) / self.step) * self.step for x in found]
        return sorted({*found, self.low, self.high} if self.step is None else set(found))


@dataclass(slots=True, kw_only=True)
class Bracket:
    """Where the limit lies, by what has been looked at.

    Parameters
    ----------
    low
        Highest level that holds, with every lower one that was looked at; None if none does.
    high
        Lowest level above it that does not hold; None if none was found.
    monotone
        Whether nothing held above a level that does not.
    looked
        Level → how it stands.
    """

    low: float | None
    high: float | None
    monotone: bool
    looked: dict[float, Status] = field(default_factory=dict)


def find_limit(
    look: Callable[[float], Status], ladder: Ladder, *, scanned: int = 8, below: float | None = None
) -> Bracket:
    """Find the largest level that holds, and the smallest above it that does not.

    First some levels are looked at from the lowest upwards, until two in a row do not hold;
    then the gap between the last that holds and the first that does not is halved, and halved
    again. A level that cannot be told stays between the two, and the gaps on both its sides
    are narrowed.

    Parameters
    ----------
    look
        How a level stands.
    ladder
        The levels.
    scanned
        How many are looked at first.
    below
        Where not even the lowest level holds, go on down to this one.
    """
    looked: dict[float, Status] = {}

    def stands(level: float) -> Status:
        if level not in looked:
            looked[level] = look(level)
        return looked[level]

    failed = 0
    for level in ladder.scan(scanned):
        failed = failed + 1 if stands(level) == "FAIL" else 0
        if failed == 2:
            break
    if below is not None and stands(ladder.low) != "PASS":
        level = ladder.low
        while level > below and stands(level) != "PASS":
            level = max(level / 2, below)
    while True:
        low, high = _bracket(looked)
        if low is None or high is None:
            break
        unsure = [x for x in looked if low < x < high]
        edges = [low, *sorted(unsure), high]
        # only the gaps beside what is known can move an end
        gaps = {(edges[0], edges[1]), (edges[-2], edges[-1])}
        middles = [(right - left, ladder.between(left, right)) for left, right in gaps]
        widest = max((m for m in middles if m[1] is not None), default=None)
        if widest is None or widest[1] is None:
            break
        stands(widest[1])
    low, high = _bracket(looked)
    held = [level for level, status in looked.items() if status == "PASS"]
    broken = [level for level, status in looked.items() if status == "FAIL"]
    monotone = not held or not broken or max(held) < min(broken)
    return Bracket(low=low, high=high, monotone=monotone, looked=dict(sorted(looked.items())))


def _bracket(looked: dict[float, Status]) -> tuple[float | None, float | None]:
    """Highest level that holds below the first that does not, and that one."""
    broken = [level for level, status in looked.items() if status == "FAIL"]
    high = min(broken, default=None)
    held = [
        level
        for level, status in looked.items()
        if status == "PASS" and (high is None or level < high)
    ]
    return max(held, default=None), high


def falls_back(values: Sequence[tuple[float, float, float]], *, rising: bool) -> float | None:
    """Find the first level at which a curve turns back by more than its intervals allow.

    Parameters
    ----------
    values
        (level, low, high) of each interval, by level.
    rising
        Whether the curve should rise.

    Returns
    -------
    float or None
        The level.
    """
    reached = None
    for level, low, high in values:
        left, right = (low, high) if rising else (-high, -low)
        if reached is not None and right < reached:
            return level
        reached = left if reached is None else max(reached, left)
    return None
