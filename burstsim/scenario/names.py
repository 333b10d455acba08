"""Names that must exist elsewhere in the scenario."""

from __future__ import annotations

from collections.abc import Iterable

from burstsim.errors import did_you_mean
from burstsim.scenario.faults import Fault
from burstsim.scenario.paths import KeyPath

__all__ = ["SHOWN_NAMES", "Names", "item_paths"]

SHOWN_NAMES = 5


class Names:
    """Says of names that they do not exist, with suggestions as long as they come quickly."""

    def __init__(self) -> None:
        self._comparisons_left = 100_000

    def unknown(
        self,
        path: KeyPath,
        what: str,
        name: str,
        known: Iterable[str],
        depends: tuple[KeyPath, ...],
    ) -> Fault:
        """Make the fault of a name that is not among the known ones."""
        known = list(dict.fromkeys(known))
        self._comparisons_left -= len(known)
        hint = did_you_mean(name, known) if self._comparisons_left > 0 else ""
        if not hint and len(known) <= SHOWN_NAMES and known:
            hint = "there is " + ", ".join(known)
        return Fault(path, f"names no {what} of this scenario", name, hint, depends)


def item_paths(*names: str) -> tuple[KeyPath, ...]:
    """Paths at which items of these names would stand."""
    return tuple(("catalog", kind, name) for kind in ("skus", "kits") for name in names)
