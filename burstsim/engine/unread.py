"""What a scenario may say that the engines cannot do: refused by name, never passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.scenario import Scenario

__all__ = ["refuse_unread"]

_SIGNALS: Final = frozenset({"gifts_left", "late_share"})
_LEVERS: Final[frozenset[str]] = frozenset()


def refuse_unread(scenario: Scenario) -> None:
    """Refuse signals and levers that the engines do not know.

    Raises
    ------
    ScenarioError
        Naming each of them.
    """
    problems = list(_problems(scenario))
    if problems:
        raise ScenarioError(problems)


def _problems(scenario: Scenario) -> Iterator[Problem]:
    rule = "must be something that the engines can do; they cannot do this yet"
    for name, policy in scenario.policies.items():
        signal = policy.condition.signal
        if signal in _SIGNALS:
            yield Problem(rule=rule, path=f"policies.{name}.when", value=signal)
        if policy.do.name in _LEVERS:
            yield Problem(rule=rule, path=f"policies.{name}.do", value=policy.do.name)
