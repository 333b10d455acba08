"""Spans that come again every day, laid over the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from burstsim.scenario.shifts import Shift
from burstsim.units import DAY, Moment

__all__ = ["Turn", "days", "turns_of"]


def days(
    moments: tuple[Moment, Moment], start: datetime, span: tuple[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Yield (day, from, to) of every span that touches the clock.

    Day 0 is the first that begins at or after `start`; days before it are below 0. What
    begins at a dated moment happens once.

    Parameters
    ----------
    moments
        When it begins and ends, as written.
    start
        The scenario's start.
    span
        Ticks at which the clock begins and the run stops.
    """
    first = moments[0].resolve(start)
    last = moments[1].resolve(start, after=first)
    begin, end = span
    once = moments[0].dated is not None
    for day in [0] if once else range((begin - last) // DAY, (end - first) // DAY + 1):
        left, right = first + day * DAY, last + day * DAY
        if left < right and right > begin and left < end:
            yield day, left, right


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A shift of one day.

    Parameters
    ----------
    name, day
        Which.
    pieces
        (from, to, whether its people are there): a shift is cut by its breaks.
    shift
        As written.
    """

    name: str
    day: int
    pieces: tuple[tuple[int, int, bool], ...]
    shift: Shift

    @property
    def end(self) -> int:
        """Tick at which its people go home."""
        return self.pieces[-1][1]


def turns_of(shifts: dict[str, Shift], start: datetime, span: tuple[int, int]) -> Iterator[Turn]:
    """Lay shifts over the clock, in the order of the file, then by day."""
    for name, shift in shifts.items():
        first = shift.from_.resolve(start)
        cuts = []
        for left, right in shift.breaks:
            away = left.resolve(start, after=first - 1)
            cuts.append((away, right.resolve(start, after=away)))
        for day, begin, end in days((shift.from_, shift.to), start, span):
            pieces, at = [], begin
            for away, back in sorted(cuts):
                pieces += [
                    (at, away + day * DAY, True),
                    (away + day * DAY, back + day * DAY, False),
                ]
                at = back + day * DAY
            pieces.append((at, end, True))
            whole = tuple(piece for piece in pieces if piece[0] < piece[1])
            yield Turn(name=name, day=day, pieces=whole, shift=shift)
