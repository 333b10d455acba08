"""Work that stops when it is time, by a clock that nobody sets, or when somebody interrupts it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TypeVar

from burstsim.errors import LimitError
from burstsim.languages import ENGLISH, Words
from burstsim.units import SECOND, format_duration

__all__ = ["Deadline"]

T = TypeVar("T")

#: Seconds after which an alarm or an interruption that was not heard is given again.
_AGAIN = 1.0

#: Ctrl-C; a shutdown, a batch system; a terminal that is closed.
_INTERRUPTIONS = ("SIGINT", "SIGTERM", "SIGHUP")


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
        self._rung = self._interrupted = False

    @contextmanager
    def stops(self, tick: Callable[[T], None]) -> Iterator[Callable[[T], None]]:
        """Stop what is done in this context when it is time, or when it is interrupted.

        What stops it is given again until it does: an exception is lost where nobody can take it,
        in a finaliser or in code that takes any for a fault of its own.

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

        def look(done: T) -> None:
            tick(done)
            self._stop()

        if not hasattr(signal, "setitimer") or not _is_main():
            yield look
            return
        answers = {getattr(signal, name): self._interrupt for name in _INTERRUPTIONS}
        # who has a signal ignored, or handled by the system, wants that
        heard = {number: to for number, to in answers.items() if callable(signal.getsignal(number))}
        every = {signal.SIGALRM: self._alarm, **heard}
        before = {number: signal.signal(number, answer) for number, answer in every.items()}
        if self._ticks is not None:
            first = max(self._end - time.monotonic(), 0) + 1e-3
            signal.setitimer(signal.ITIMER_REAL, first, _AGAIN)
        try:
            yield look
        except Exception as error:
            # whoever was stopped may have taken it for a fault of what it was doing
            if self._interrupted:
                raise KeyboardInterrupt from error
            if self._rung and not isinstance(error, LimitError):
                raise LimitError(self.said()) from error
            raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, answer in before.items():
                signal.signal(number, answer)

    def said(self, words: Words = ENGLISH) -> str:
        """Say that it was time."""
        assert self._ticks is not None
        span = format_duration(self._ticks)
        return words.say("stopped after {span}, the --time-limit", span=span)

    def _stop(self) -> None:
        """Stop if it is time."""
        if self._ticks is not None and time.monotonic() >= self._end:
            self._rung = True
            raise LimitError(self.said())

    def _alarm(self, _: int, __: FrameType | None) -> None:
        if self._interrupted:
            raise KeyboardInterrupt
        self._stop()

    def _interrupt(self, _: int, __: FrameType | None) -> NoReturn:
        self._interrupted = True
        signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
        raise KeyboardInterrupt


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
