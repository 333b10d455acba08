"""Builds of prekits, step by step."""

from __future__ import annotations

from collections import deque

from burstsim.engine.compile import Model
from burstsim.engine.event.allocation import Allocation
from burstsim.engine.event.storefront import Storefront
from burstsim.kernels.counters import Step

__all__ = ["Builds"]


class Builds:
    """What builds take and bring, on sale and on the shelf.

    Parameters
    ----------
    model
        Its steps.
    storefront, allocation
        Where parts are taken and kits come.
    """

    def __init__(self, model: Model, storefront: Storefront, allocation: Allocation) -> None:
        self.storefront, self.allocation = storefront, allocation
        self.steps = deque(model.steps)
        #: Build → kits for which there were parts on sale, and kits for which on the shelf.
        self.taken: dict[int, int] = {}
        self.made: dict[int, int] = {}
        self.brought: dict[int, tuple[int, int]] = {}
        #: Step → pieces that a count found missing.
        self.missing: dict[int, int] = {}
        self.done = 0

    def follow(self, steps: tuple[Step, ...]) -> None:
        """Take other steps from now on; those that are done are the first of them too."""
        self.steps = deque(steps[self.done :])

    def happen(self, now: int) -> None:
        """Do all steps that this sweep sees."""
        while self.steps and self.steps[0].tick <= now:
            step = self.steps.popleft()
            number, self.done = self.done, self.done + 1
            build, needs = step.build, dict(step.needs)
            if needs:
                self.taken[build] = self.storefront.take_parts(needs, step.amount)
                self.made[build] = self.allocation.shelf.take_parts(
                    step.house, needs, self.taken[build]
                )
                self.brought[build] = 0, 0
                continue
            if step.counted:
                missing = self.allocation.shelf.count(step.house, step.counter, step.amount)
                self.missing[number] = missing
                self.storefront.receive(step.counter, -missing)
                continue
            if build < 0:
                self.storefront.receive(step.counter, step.amount)
                self.allocation.receive(step.house, step.counter, step.amount)
                continue
            # the kits that could be made fill the first lots
            on_sale, on_shelf = self.brought[build]
            more = min(step.amount, self.taken[build] - on_sale)
            pieces = min(more, self.made[build] - on_shelf)
            self.brought[build] = on_sale + more, on_shelf + pieces
            self.storefront.receive(step.counter, more)
            if pieces:
                self.allocation.receive(step.house, step.counter, pieces)
