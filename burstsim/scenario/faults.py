"""A fault on its way to becoming a `Problem`: the path is still keys, the line is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from burstsim.scenario.paths import KeyPath

__all__ = ["Fault", "covers"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule.

    Parameters
    ----------
    path
        The key at fault.
    rule, value, hint
        As in `burstsim.errors.Problem`.
    depends
        What the rule looked at besides `path`; ``"*"`` stands for any key.
    meant
        Path that a misspelt key was probably meant to be.
    """

    path: KeyPath
    rule: str
    value: str = ""
    hint: str = ""
    depends: tuple[KeyPath, ...] = ()
    meant: KeyPath | None = None

    def doubtful(self, aside: Iterable[KeyPath]) -> bool:
        """Whether it may only be there because something else was set aside."""
        looked_at = (self.path, *self.depends)
        return any(covers(gone, path) for gone in aside for path in looked_at)


def covers(outer: KeyPath, inner: KeyPath) -> bool:
    """Whether `inner` is `outer` or lies in it.

    Examples
    --------
    >>> covers(("demand", "live"), ("demand", "*", "channel"))
    True
    >>> covers(("demand", "live", "orders"), ("demand", "live"))
    False
    """
    pairs = zip(outer, inner, strict=False)
    return len(outer) <= len(inner) and all(part in (key, "*") for key, part in pairs)
