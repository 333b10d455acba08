"""Work that is stopped is told as stopped, whatever it was doing."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable

import pytest

from burstsim.cli.deadline import Deadline
from burstsim.errors import LimitError, ScenarioError


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this system")
def test_who_takes_the_alarm_for_a_fault_does_not_hide_it() -> None:
    def swallow() -> None:
        try:
            time.sleep(30)
        except LimitError as error:
            raise ScenarioError([]) from error

    with pytest.raises(LimitError, match="the --time-limit"), Deadline(1_000).stops(print):
        swallow()


def test_a_fault_before_it_is_time_stays_one() -> None:
    with pytest.raises(ZeroDivisionError), Deadline(3_600_000_000).stops(print):
        print(1 // 0)


def lose() -> None:
    """Take an interruption for nothing, as a finaliser does, and go on."""
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        time.sleep(0.01)


def mistake() -> None:
    """Take it for a fault of what was done, as a serialiser does that tries other types."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise ValueError("no such type") from None


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this system")
@pytest.mark.parametrize("limit", [None, 3_600_000_000])
@pytest.mark.parametrize("work", [lose, mistake])
def test_an_interruption_is_not_lost(work: Callable[[], None], limit: int | None) -> None:
    if not callable(before := signal.getsignal(signal.SIGINT)):
        pytest.skip("whoever runs the tests has interruptions ignored")
    with pytest.raises(KeyboardInterrupt), Deadline(limit).stops(print):
        work()
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
