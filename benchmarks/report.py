"""Measure everything and write it down: ``python -m benchmarks.report [--quick] [--out DIR]``.

Writes ``benchmarks.md``, ``.csv``, ``.json`` and ``.svg``. Takes some minutes; ``--quick`` one,
``--huge`` adds ten million orders.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path

from benchmarks.figure import draw
from benchmarks.measure import (
    FULL,
    QUICK,
    TOY,
    Sizes,
    double11,
    engine,
    kernels,
    months,
    peers,
    scaling,
)
from burstsim.studies.bench import Figure, Machine, machine
from burstsim.studies.memory import keep_memory

SIZES = {"full": FULL, "quick": QUICK, "toy": TOY}


def say(words: str) -> None:
    """Tell on stderr how far it is."""
    print(words, file=sys.stderr, flush=True)


def measured(sizes: Sizes) -> Iterator[Figure]:
    """Every figure, told of as it comes."""
    for group in (
        peers(sizes, say),
        engine(sizes),
        double11(sizes),
        kernels(sizes),
        scaling(sizes),
        months(sizes),
    ):
        for figure in group:
            say(f"{figure.name}: {said(figure)}")
            yield figure


def said(figure: Figure) -> str:
    """Value and range with its unit, in as many digits as it deserves."""
    digits = 2 if figure.unit == "times" and figure.value < 10 else 0
    value, low, high = (
        f"{number:,.{digits}f}" for number in (figure.value, figure.low, figure.high)
    )
    return f"{value} {figure.unit} ({low} to {high})"


def ratios(figures: list[Figure]) -> list[str]:
    """How many times faster than each peer, as rows of a table."""
    speeds = {figure.name: figure.value for figure in figures if figure.group == "peers"}
    ours = speeds.pop("burstsim station")
    return [f"| station by {name} | {ours / speed:,.2f} times |" for name, speed in speeds.items()]


def markdown(here: Machine, figures: list[Figure]) -> str:
    """Write the tables, ratios first."""
    ratio = [figure for figure in figures if figure.unit == "times"]
    rest = [figure for figure in figures if figure.unit != "times"]
    rows = [f"| {figure.name} | {said(figure)} |" for figure in ratio]
    lines = [
        f"Measured on {here.cpu}, {here.cores} cores, {here.system}, Python {here.python}, "
        f"NumPy {here.numpy}; load {here.load} when it began.",
        "",
        "| ratio | median (range) |",
        "|---|---|",
        *ratios(figures),
        *rows,
        "",
        "| what | median (range) |",
        "|---|---|",
        *(f"| {figure.group}: {figure.name} | {said(figure)} |" for figure in rest),
    ]
    return "\n".join(lines) + "\n"


def write(folder: Path, here: Machine, figures: list[Figure], size: str) -> None:
    """Write all four files."""
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / "benchmarks"
    base.with_suffix(".md").write_text(markdown(here, figures), encoding="utf-8")
    data = {
        "schema": 1,
        "size": size,
        "machine": asdict(here),
        "figures": [asdict(figure) for figure in figures],
    }
    base.with_suffix(".json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    base.with_suffix(".svg").write_text(draw(here, figures), encoding="utf-8")
    with base.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Figure)])
        rows.writeheader()
        rows.writerows(asdict(figure) for figure in figures)


def main(arguments: list[str] | None = None) -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"))
    parser.add_argument("--quick", dest="size", action="store_const", const="quick", default="full")
    parser.add_argument("--toy", dest="size", action="store_const", const="toy")
    parser.add_argument("--huge", action="store_true", help="ten million orders as well")
    asked = parser.parse_args(arguments)
    sizes = SIZES[asked.size]
    if asked.huge:
        sizes = replace(sizes, orders=(*sizes.orders, 10_000_000))
    keep_memory()  # as the commands do
    here = machine()
    figures: list[Figure] = []
    for figure in measured(sizes):
        figures.append(figure)
        write(asked.out, here, figures, asked.size)  # what was measured is kept if the rest is not
    print(markdown(here, figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
