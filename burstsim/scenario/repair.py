"""Set faulty values aside, so that the rest of a scenario can be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from burstsim.errors import did_you_mean
from burstsim.scenario.faults import Fault, covers
from burstsim.scenario.keys import shapes
from burstsim.scenario.paths import KeyPath

__all__ = ["Repair"]

_GONE = object()

#: What to go on with where a required key has no valid value: harmless, and never told about.
_BASKET = {"weights": {"?": 1}}
_STAGES = {"?": {"workers": 1, "work": {"per_task": "1s"}}}
_STAND_INS: dict[str, Any] = {
    "burstsim": 1,
    "horizon": "3660d",
    "demand": {"?": {"shape": "steady", "rate": "0/h", "basket": _BASKET}},
    "basket": _BASKET,
    "weights": _BASKET["weights"],
    "rate": "0/h",
    "rates": [["0s", "0/h"]],
    "at": "0s",
    "orders": 0,
    "half_life": "1h",
    "needs": {"?": 1},
    "warehouses": {"?": {"stages": _STAGES}},
    "stages": _STAGES,
    "work": _STAGES["?"]["work"],
    "workers": 0,
    "within": "1h",
    "viewers": [["0s", 0]],
    "conversion": "0/h",
    "deposits": {"from": "0s", "to": "1s", "orders": 0},
    "balance_at": "1s",
}


class Repair:
    """Takes what is at fault out of the data, as little as will do.

    Parameters
    ----------
    data
        Keys and values as read; a copy is changed.
    aside
        Paths that are known to be faulty already.

    Attributes
    ----------
    data : dict
        What is left.
    aside : list of KeyPath
        What was taken out or filled in. A list that lost an item counts as a whole, because
        the numbers of its items no longer agree with the file.
    """

    def __init__(self, data: dict[str, Any], aside: Iterable[KeyPath] = ()) -> None:
        self.data = deepcopy(data)
        self.aside = list(aside)
        self._filled: set[KeyPath] = set()

    def related(self, fault: Fault) -> bool:
        """Whether a fault may only be there because of what was set aside."""
        inside = any(covers(fault.path, gone) for gone in self.aside)
        return inside or fault.doubtful(self.aside)

    def take_out(self, faults: Iterable[Fault]) -> bool:
        """Set aside what these faults are about; False when that cannot be done."""
        done: list[KeyPath] = []
        lists: list[list[Any]] = []
        for fault in faults:
            if any(covers(gone, fault.path) for gone in done):
                continue
            gone = self._set_aside(fault.path, lists)
            if gone is None:
                return False
            done.append(gone)
            if fault.meant:
                self.aside.append(fault.meant)
        for items in lists:
            items[:] = [item for item in items if item is not _GONE]
        self.aside += [path for path in done if path not in self.aside]
        return bool(done)

    def _set_aside(self, path: KeyPath, lists: list[list[Any]]) -> KeyPath | None:
        """Remove the deepest thing at `path` that can be done without; where it was."""
        while path:
            parent, key = self._value_at(path[:-1]), path[-1]
            if isinstance(parent, list) and isinstance(key, int) and key < len(parent):
                parent[key] = _GONE
                lists.append(parent)
                return path[:-1]
            if isinstance(parent, dict) and isinstance(key, str):
                if key in parent:
                    value = parent.pop(key)
                    if key == "shape" and (close := did_you_mean(str(value), shapes())):
                        parent[key] = close.split("'")[1]
                    if path[-3:-2] == ("stages",) and key == "work" and "only" not in parent:
                        # a stage may do without, but not every one
                        parent[key] = deepcopy(_STAND_INS[key])
                    if path not in self._filled:
                        return path
                elif key in _STAND_INS and path not in self._filled:
                    parent[key] = deepcopy(_STAND_INS[key])
                    self._filled.add(path)
                    return path
            path = path[:-1]
        return None

    def _value_at(self, path: KeyPath) -> Any:
        here: Any = self.data
        for part in path:
            in_map = isinstance(here, dict) and part in here
            in_list = isinstance(here, list) and isinstance(part, int) and part < len(here)
            if not (in_map or in_list):
                return None
            here = here[part]
        return here
