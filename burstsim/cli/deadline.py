"""``--time-limit``: work that stops when it is time, by a clock that nobody sets."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from burstsim.errors import LimitError
from burstsim.languages import ENGLISH, Words
from burstsim.units import SECOND, format_duration

__all__ = ["Deadline"]

T = TypeVar("T")

#: Seconds after which an alarm that was not heard is given again.
_AGAIN = 1.0


class Deadline:
    """The moment at which work stops.

    Parameters
    ----------
    ticks
        From now; None for never.
    """

    def __init__(self, ticks: int | None) -> None:
        self._ticks = ticks
        self._end = time.monotonic() + (ticks or 0) / SECOND
        self._rung = False

    @contextmanager
    def stops(self, tick: Callable[[T], None]) -> Iterator[Callable[[T], None]]:
        """Stop what is done in this context when it is time.

        Parameters
        ----------
        tick
            Told how far the work is.

        Yields
        ------
        callable
            To be called instead: on a system that has no alarm, work stops there.

        Raises
        ------
        LimitError
            When it is time.
        """
        if self._ticks is None:
            yield tick
            return

        def look(done: T) -> None:
            tick(done)
            self._stop()

        if not hasattr(signal, "setitimer"):
            yield look
            return
        before = signal.signal(signal.SIGALRM, self._stop)
        # again and again: an exception is lost where nobody can take it, in a finaliser
        first = max(self._end - time.monotonic(), 0) + 1e-3
        signal.setitimer(signal.ITIMER_REAL, first, _AGAIN)
        try:
            yield look
        except Exception as error:
            # whoever was stopped may have taken it for a fault of what it was doing
            if self._rung and not isinstance(error, LimitError):
                raise LimitError(self.said()) from error
            raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def said(self, words: Words = ENGLISH) -> str:
        """Say that it was time."""
        assert self._ticks is not None
        span = format_duration(self._ticks)
        return words.say("stopped after {span}, the --time-limit", span=span)

    def _stop(self, _: int = 0, __: FrameType | None = None) -> None:
        if time.monotonic() >= self._end:
            self._rung = True
            raise LimitError(self.said())
