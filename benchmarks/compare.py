"""Hold a run against a saved one: ``python -m benchmarks.compare OLD.json --fail-over 25%``.

Measures anew, in the saved run's sizes, unless ``--new NEW.json`` names a second saved run. Ends
with 99 if a figure is worse by more than the limit, with 2 if the runs cannot be compared:
other machines, Pythons or NumPys (``--other-machine`` compares all the same), other sizes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import SIZES, measured
from burstsim.studies.bench import Figure, Machine, machine

SAME = ("cpu", "cores", "system", "python", "numpy")


def read(path: Path) -> tuple[Machine, str, list[Figure]]:
    """Machine, sizes and figures of a saved run."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if data.get("schema") != 1:
        raise ValueError(f"{path} is no run that benchmarks.report saved")
    return Machine(**data["machine"]), data["size"], [Figure(**row) for row in data["figures"]]


def share(text: str) -> float:
    """Read ``25%`` or ``0.25``."""
    value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


def differences(old: Machine, new: Machine) -> list[str]:
    """Say in what two machines differ."""
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in SAME)
    return [f"{name}: {before} then, {now} now" for name, before, now in pairs if before != now]


def loss(old: Figure, new: Figure) -> float:
    """Say by what share a figure is worse; below 0 if it is better."""
    if new.more_is_better:
        return old.value / new.value - 1
    return new.value / old.value - 1


def compare(old: list[Figure], new: list[Figure], limit: float) -> int:
    """Print every figure of both, the worst first; count those over the limit and those gone."""
    now = {(figure.group, figure.name): figure for figure in new}
    pairs = [(figure, now.get((figure.group, figure.name))) for figure in old]
    gone = [figure for figure, other in pairs if other is None]
    rows = sorted(
        ((loss(figure, other), figure, other) for figure, other in pairs if other is not None),
        key=lambda row: -row[0],
    )
    for lost, figure, other in rows:
        mark = "WORSE" if lost > limit else ""
        word = f"{abs(lost):.0%} {'slower' if lost > 0 else 'better'}"
        print(f"{mark:5} {figure.name}: {figure.value:,.2f} then, {other.value:,.2f} now, {word}")
    for figure in gone:
        print(f"GONE  {figure.name}: measured then, not now")
    return sum(lost > limit for lost, *_ in rows) + len(gone)


def main(arguments: list[str] | None = None) -> int:
    """Compare and say how it went by the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("--new", type=Path)
    parser.add_argument("--fail-over", type=share, default=0.25, metavar="SHARE")
    parser.add_argument("--other-machine", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        there, size, old = read(asked.old)
        here, new_size, new = read(asked.new) if asked.new else (machine(), size, [])
    except (OSError, ValueError, TypeError, KeyError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    other = differences(there, here)
    if size != new_size or (other and not asked.other_machine):
        reasons = [f"sizes: {size} then, {new_size} now"] if size != new_size else other
        print("error: not comparable: " + "; ".join(reasons), file=sys.stderr)
        return 2
    if asked.new is None:
        new = list(measured(SIZES[size]))
    return 99 if compare(old, new, asked.fail_over) else 0


if __name__ == "__main__":
    sys.exit(main())
