"""Manual review: people who look at some orders before they may leave."""

from __future__ import annotations

from heapq import heappop, heappush

from burstsim.engine.clock import DISPATCH, FINISH, Clock, Signal
from burstsim.engine.compile import Model

__all__ = ["Review"]


class Review:
    """First come, first served, by (payment, order number); the same people all the time.

    Parameters
    ----------
    clock
        The run's clock.
    model
        Says how many people there are and how long a look takes.
    """

    def __init__(self, clock: Clock, model: Model) -> None:
        self.clock = clock
        self.idle, self.work = model.reviewers, model.review_work
        self.waiting: list[tuple[int, int, Signal]] = []

    def look_at(self, order: int) -> Signal:
        """Queue an order; what is returned happens when it has been looked at."""
        looked = self.clock.signal()
        heappush(self.waiting, (self.clock.now, order, looked))
        self.clock.at(self.clock.now, DISPATCH, self.dispatch)
        return looked

    def dispatch(self) -> None:
        """Give free people what waits."""
        while self.waiting and self.idle:
            _, _, looked = heappop(self.waiting)
            self.idle -= 1
            looked.before(self.finish)
            looked.fire(FINISH, self.work)

    def finish(self) -> None:
        """Free a person again."""
        self.idle += 1
        self.clock.at(self.clock.now, DISPATCH, self.dispatch)
