"""Python's search for garbage rests during a run, and only then."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from burstsim.engine.event.uncollected import uncollected


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    searched = gc.isenabled()
    yield
    (gc.enable if searched else gc.disable)()


def test_rests_and_goes_on_afterwards() -> None:
    gc.enable()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_goes_on_after_a_fault() -> None:
    gc.enable()
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_whoever_switched_it_off_keeps_it_off() -> None:
    gc.disable()
    with uncollected(), uncollected():
        assert not gc.isenabled()
    assert not gc.isenabled()
