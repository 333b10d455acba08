"""Broken input: what stands in the folder, and the command that is given it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["BASE", "TABLES", "Broken", "changed", "naming", "pipe", "raw", "table"]

#: A sale that is right.
BASE = """\
burstsim: 1
start: "2026-11-10 20:00"
horizon: 8h
catalog:
  skus: {A: {price: 5.00}, B: {price: 2.00}}
  kits: {K: {needs: {A: 1, B: 2}}}
demand:
  s: {shape: steady, rate: 60/h, basket: {weights: {A: 1, K: 1}}}
warehouses:
  hub: {stages: {pick: {workers: 5, work: {per_task: 60s}}}}
"""

#: Kind of table -> (lines that name it in a scenario, a table that is right).
TABLES = {
    "log": (
        "  t: {shape: replay, file: FILE}\n",
        "order,sku,quantity,time\n1,A,1,2026-11-10 20:00\n",
    ),
    "rates": (
        "  t: {shape: table, file: FILE, basket: {weights: {A: 1}}}\n",
        "time,rate\n0s,60/h\n2h,30/h\n",
    ),
    "show": (
        "  t: {shape: session, viewers: [[0s, 10]], conversion: 0.1/h, basket: {weights: {A: 1}},\n"
        "      run_of_show: {file: FILE}, rise: 20s, half_life: 4m}\n",
        "time,item,price,expected_units,stock\n1h,A,4.00,50,40\n",
    ),
    "gifts": ("gifts: {file: FILE}\n", "rule,channel,min,gift,measure\nr,shop,1,B,units\n"),
    "open": (
        "initial: {open_orders: {file: FILE}}\n",
        "order,sku,quantity,stage\n1,A,1,pick\n",
    ),
    "stock": ("initial: {stock: {file: FILE}}\n", "warehouse,sku,quantity\nhub,A,5\nhub,B,5\n"),
}


@dataclass(frozen=True, slots=True)
class Broken:
    """A folder, and what is asked of it.

    Parameters
    ----------
    files
        Name -> content.
    prepare
        Makes what is no plain file.
    command
        The command line.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    prepare: Callable[[Path], object] = lambda folder: None
    command: tuple[str, ...] = ("check", "f.yaml")

    def write(self, folder: Path) -> None:
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.prepare(folder)


def raw(content: bytes | str, *options: str) -> Broken:
    """The scenario file as a whole."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return Broken({"f.yaml": data}, command=("check", "f.yaml", *options))


def changed(*pairs: tuple[str, str], more: str = "", options: tuple[str, ...] = ()) -> Broken:
    """The right sale with pieces replaced, and lines at its end."""
    text = BASE
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return raw(text + more, *options)


def naming(kind: str, name: str, options: str = "") -> str:
    """The right sale with a table of a kind in a file of a name."""
    lines = TABLES[kind][0].replace("FILE", name + options)
    if lines.startswith("  "):
        return BASE.replace("demand:\n", "demand:\n" + lines)
    return BASE + lines


def table(kind: str, content: bytes | str, name: str = "t.csv", options: str = "") -> Broken:
    """The right sale with a table that is broken."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    return Broken({"f.yaml": naming(kind, name, options).encode(), name: data})


def pipe(name: str) -> Callable[[Path], object]:
    return lambda folder: os.mkfifo(folder / name)
