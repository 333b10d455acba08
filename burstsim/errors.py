"""What can go wrong, as one tree.

::

    BurstsimError
    ├── ScenarioError        the files a user wrote do not say a valid scenario (exit code 2)
    ├── OutputError          a folder or file cannot be written (exit code 2)
    ├── LimitError           a run asks for more than it may have (exit code 4)
    ├── ReplicationError     some replications could not be finished (exit code 5)
    └── InvariantError       the simulation broke one of its own laws: our defect (exit code 1)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "BurstsimError",
    "InvariantError",
    "LimitError",
    "OutputError",
    "Problem",
    "ReplicationError",
    "ScenarioError",
    "did_you_mean",
    "printable",
]

#: Failed replications that a message lists.
_SHOWN = 5


#: Letters of each part of a message; a name in a broken file may be as long as the file.
_LONGEST_SHOWN = 600


class BurstsimError(Exception):
    """Root of every error that burstsim raises on purpose."""


class OutputError(BurstsimError):
    """A result cannot be written where it was asked to go."""


class LimitError(BurstsimError):
    """A run needs more orders, memory or time than it was allowed."""


class ReplicationError(BurstsimError):
    """Some replications could not be finished; the message says which and why.

    Attributes
    ----------
    failed : dict of int to str
        Number of each, and what happened.
    """

    def __init__(self, failed: Mapping[int, str]) -> None:
        self.failed = dict(failed)
        lines = [f"replication {number}: {why}" for number, why in self.failed.items()]
        more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
        super().__init__("\n".join(lines[:_SHOWN] + more))

    def __reduce__(self) -> tuple[type[ReplicationError], tuple[dict[int, str]]]:
        """Travel between processes whole."""
        return type(self), (self.failed,)


class InvariantError(BurstsimError):
    """A finished run breaks a conservation law; the message lists what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in what the user wrote: where, which rule, which value, what to do.

    Parameters
    ----------
    rule
        The rule that is broken, as a clause: ``"must be greater than 0"``.
    path
        Dotted path of the key, empty when the fault has no key.
    file, line
        Where it is written; ``line`` counts from 1, 0 means unknown.
    value
        The offending value as the user wrote it, empty when there is none.
    hint
        A suggestion, empty when there is none.
    """

    rule: str
    path: str = ""
    file: str = ""
    line: int = 0
    value: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        head = ": ".join(part for part in (_cut(place), _cut(self.path)) if part)
        text = f"{head}: {_cut(self.rule)}" if head else _cut(self.rule)
        if self.value:
            text += f", got {_cut(self.value)}"
        if self.hint:
            text += f" ({_cut(self.hint)})"
        return printable(text)


class ScenarioError(BurstsimError):
    """Everything that is wrong with a scenario, all at once.

    Attributes
    ----------
    problems : tuple of Problem
        In the order in which they stand in the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        """Travel between processes whole."""
        return type(self), (self.problems,)


def printable(text: str) -> str:
    r"""Write text on one line that does nothing to a terminal: what cannot be seen as its code.

    Examples
    --------
    >>> printable("red \x1b[31m, 口红")
    'red \\x1b[31m, 口红'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u3000" else ascii(c)[1:-1] for c in text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, as a hint for a Problem.

    Examples
    --------
    >>> did_you_mean("stok", ["stock", "stages"])
    "did you mean 'stock'?"
    >>> did_you_mean("xyz", ["stock"])
    ''
    """
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
