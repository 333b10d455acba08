"""Work that is stopped is told as stopped, whatever it was doing."""

from __future__ import annotations

import signal
import time

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
