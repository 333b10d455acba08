"""Policies: at every check a condition is read, and where it holds a lever is pulled."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.engine.clock import POLICY
from burstsim.engine.control.plane import Control
from burstsim.scenario.conditions import Condition
from burstsim.scenario.policies import Policy

__all__ = ["Policies"]


@dataclass(slots=True, eq=False)
class _State:
    """A policy as a run goes on: when it is looked at next, and whether it is about to act."""

    spec: Policy
    condition: Condition
    turn: int
    acts: bool = False
    over: bool = False


class Policies:
    """Checks all policies, in the order of the file within one tick.

    Checks are at whole multiples of `every` counted from `start`. A policy that is going to act
    is not checked until it has acted, and not in that tick either.

    Parameters
    ----------
    control
        What is seen and pulled.
    """

    def __init__(self, control: Control) -> None:
        self.control, self.clock = control, control.clock
        begin = control.model.begin
        self.states = [
            _State(spec, spec.condition, -(-begin // spec.every) * spec.every)
            for spec in control.model.scenario.policies.values()
        ]
        self.asked_for: set[int] = set()
        for state in self.states:
            self._ask(state.turn)

    def look(self) -> None:
        """Do what is to be done at this tick."""
        now = self.clock.now
        self.asked_for.discard(now)
        for state in self.states:
            if state.turn == now and not state.over:
                self._turn(state, now)
        for state in self.states:
            if not state.over:
                self._ask(state.turn)

    def _turn(self, state: _State, now: int) -> None:
        spec, condition = state.spec, state.condition
        if not state.acts:
            value = self.control.signals.read(condition.signal, condition.target)
            state.acts = condition.holds(value)
            if state.acts and spec.delay:
                state.turn = now + spec.delay
                return
        if state.acts:
            self.control.do(spec.do)
            state.acts, state.over = False, spec.once
        state.turn = (now // spec.every + 1) * spec.every

    def _ask(self, tick: int) -> None:
        if tick not in self.asked_for and tick < self.control.model.end:
            self.asked_for.add(tick)
            self.clock.at(tick, POLICY, self.look)
