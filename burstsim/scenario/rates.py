"""A table of rates that stands in a CSV file."""

from __future__ import annotations

from burstsim.scenario.fields import ClockMoment, OrderRate, RatePoint, Section

__all__ = ["RateEntry"]


class RateEntry(Section):
    """A row of the file: from this moment on, this rate."""

    time: ClockMoment
    rate: OrderRate

    @property
    def point(self) -> RatePoint:
        """The same row as it would stand in the scenario."""
        return RatePoint(self.time, self.rate)
