"""Stdout for people: a console that behaves in a pipe, tables, coloured verdicts."""

from __future__ import annotations

import os

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from burstsim.errors import printable
from burstsim.languages import ENGLISH, Words

__all__ = ["Terminal", "new_table", "verdict_cell"]

_COLOURS = {"PASS": "green", "FAIL": "bold red", "INCONCLUSIVE": "yellow"}


class Terminal(Console):
    """Stdout: as wide as the terminal, unfolded in a pipe, without escapes under ``NO_COLOR``."""

    def __init__(self) -> None:
        super().__init__(highlight=False, color_system=None if _no_color() else "auto")
        if not self.is_terminal:
            self.width = 10_000

    def say(self, text: str) -> None:
        """Print a line of running text; in a pipe it stays one line."""
        self.print(Text(printable(text)), soft_wrap=not self.is_terminal)

    def on_broken_pipe(self) -> None:
        """Leave it to the command; rich would end the process with code 1."""
        raise BrokenPipeError


def _no_color() -> bool:
    return bool(os.environ.get("NO_COLOR"))


def new_table(*headers: str, right: int | None = None) -> Table:
    """Give an empty table; columns from position `right` on hold numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for position, header in enumerate(headers):
        numbers = right is not None and position >= right
        # on a narrow terminal text goes on below, and nothing is cut off
        table.add_column(header, justify="right" if numbers else "left", overflow="fold")
    return table


def verdict_cell(status: str, words: Words = ENGLISH) -> Text:
    """Write a verdict in its colour."""
    shown = words.say("no thresholds" if status == "NONE" else status)
    return Text(shown, style=_COLOURS.get(status, ""))
