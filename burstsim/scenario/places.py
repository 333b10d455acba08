"""Where keys stand, for messages: on a line of a file, or in an override."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
    cells
        Path of what came from a table -> file and line.
    """

    document: Document
    overridden: tuple[KeyPath, ...] = ()
    cells: Mapping[KeyPath, tuple[str, int]] = field(default_factory=dict)

    def is_overridden(self, path: KeyPath) -> bool:
        """Whether the value at a path does not come from the file."""
        return any(covers(override, path) for override in self.overridden)

    def problem(self, fault: Fault) -> Problem:
        """Give a fault its place."""
        file, line = self._place(fault.path)
        return Problem(
            rule=fault.rule,
            path=dotted(fault.path),
            file=file,
            line=line,
            value=fault.value,
            hint=fault.hint,
        )

    def _place(self, path: KeyPath) -> tuple[str, int]:
        """File and line of a key, or of the next one above it."""
        if self.is_overridden(path):
            return SET, 0
        lines, known = self.document.lines, path
        while known and known not in lines and known not in self.cells:
            known = known[:-1]
        # what the scenario says of an entry of a table is at fault only where it says that key
        if known in self.cells and (known != path or path not in lines):
            return self.cells[known]
        return self.document.file, self.document.line_of(path)

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Sort: overrides, the file by line, the files that it names; each is told once."""
        rank = {SET: 0, self.document.file: 1}

        def place(problem: Problem) -> tuple[int, str, int]:
            return rank.get(problem.file, 2), problem.file, problem.line

        return sorted(dict.fromkeys(problems), key=place)
