"""A run without the search for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from searching for cycles of dead objects.

    A run makes millions of objects and keeps nearly all of them to its end, so that each search
    walks through more of them and finds nothing. What dies on the way is in no cycle and is freed
    at once; the rest is found by the first search afterwards.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()
