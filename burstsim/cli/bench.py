"""``burstsim bench``: this machine's figures."""

from __future__ import annotations

from typing import Annotated

import typer

from burstsim.cli.common import OK, print_json, progress_bar
from burstsim.studies.bench import Bench, Figure, bench

__all__ = ["command"]

_ROUNDED = {"times": "{:,.1f}", "MB": "{:,.0f}", "orders/s": "{:,.0f}"}


def command(
    orders: Annotated[
        int, typer.Option(min=1000, metavar="N", help="Orders of the larger sales.")
    ] = 100_000,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as JSON and nothing else.")
    ] = False,
) -> int:
    """Measure this machine, in less than a minute.

    Runs a built-in sale with both engines, asserts that their answers are equal, and compares
    the station kernel with a plain loop. Times are processor time of one core.

    \b
    Examples:
      burstsim bench
      burstsim bench --orders 1000000 --json

    Exit codes: 0 measured, 1 two ways gave different answers.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    with progress_bar("measuring", 1):
        found = bench(orders=orders)
    if as_json:
        print_json(found.as_dict())
    else:
        _print(found)
    return OK


def _print(found: Bench) -> None:
    here = found.machine
    busy = f", load {here.load:.1f}" if here.load >= 0 else ""
    print(f"{here.cpu}, {here.cores} cores{busy}; Python {here.python}, NumPy {here.numpy}")
    print()
    width = max(len(figure.name) for figure in found.figures)
    for figure in found.figures:
        print(f"  {figure.name:<{width}}  {_said(figure)}")
    print()
    for sentence in found.words:
        print(sentence)


def _said(figure: Figure) -> str:
    form = _ROUNDED[figure.unit]
    text = f"{form.format(figure.value):>9} {figure.unit}"
    if figure.low == figure.high:
        return text
    return f"{text} ({form.format(figure.low)} to {form.format(figure.high)})"
