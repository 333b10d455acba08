"""Memory that is freed stays with the process, where the C library can be told so."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from burstsim.studies import memory
from burstsim.studies.memory import keep_memory

#: Takes and frees eight arrays of two megabytes time and again, and counts the page faults.
_CHURN = """
import resource, sys
import numpy as np
from burstsim.studies.memory import keep_memory
if sys.argv[1] == "keep":
    assert keep_memory()
def churn():
    return [np.full(1 << 18, 1) for _ in range(16)]
churn()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    churn()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.platform, "libc_ver", lambda: ("", ""))
    assert not keep_memory()


def test_without_the_function_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    assert not keep_memory()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only GNU's C library can be told")
def test_what_is_freed_is_not_asked_for_again() -> None:
    faults = {
        how: int(
            subprocess.run(
                [sys.executable, "-c", _CHURN, how], capture_output=True, check=True, text=True
            ).stdout
        )
        for how in ("keep", "leave")
    }
    assert faults["keep"] < faults["leave"] / 10
