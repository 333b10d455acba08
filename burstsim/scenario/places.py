"""Where keys stand, for messages: on a line of the file, or in an override."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from burstsim.errors import Problem
from burstsim.scenario.document import Document
from burstsim.scenario.faults import Fault, covers
from burstsim.scenario.overrides import SET
from burstsim.scenario.paths import KeyPath, dotted

__all__ = ["Places"]


@dataclass(frozen=True, slots=True)
class Places:
    """Finds the place of a key.

    Parameters
    ----------
    document
        The file.
    overridden
        Paths whose values do not come from it.
    """

    document: Document
    overridden: tuple[KeyPath, ...] = ()

    def is_overridden(self, path: KeyPath) -> bool:
        """Whether the value at a path does not come from the file."""
        return any(covers(override, path) for override in self.overridden)

    def problem(self, fault: Fault) -> Problem:
        """Give a fault its place."""
        outside = self.is_overridden(fault.path)
        return Problem(
            rule=fault.rule,
            path=dotted(fault.path),
            file=SET if outside else self.document.file,
            line=0 if outside else self.document.line_of(fault.path),
            value=fault.value,
            hint=fault.hint,
        )

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Sort: overrides, the file by line, the files that it names; each is told once."""
        rank = {SET: 0, self.document.file: 1}

        def place(problem: Problem) -> tuple[int, str, int]:
            return rank.get(problem.file, 2), problem.file, problem.line

        return sorted(dict.fromkeys(problems), key=place)
