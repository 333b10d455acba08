"""A small scenario that uses every section, as text to be broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.reader import loads

GOOD = """\
burstsim: 1
name: Double 11, live room 88
start: 2026-11-10 20:00
horizon: 28h
drain: 12h
seed: 7
demand_scale: 1.5
catalog:
  skus:
    LIP-01: {price: 129.00, category: make-up}
    CREAM-02: {price: 89.9, owner: glow}
    0012345: {price: 5, brand: "007"}
  kits:
    SET: {price: 299.00, needs: {LIP-01: 1, CREAM-02: 2}}
    BOX: {needs: {SET: 2, 0012345: 1}}
demand:
  live:
    channel: live
    shape: drop
    at: 20:00
    orders: 600
    rise: 30s
    half_life: 12m
    basket:
      weights: {SET: 5, LIP-01: 3}
      lines: {1: 0.7, 2: 0.3}
    regions: {east: 0.5, south: 0.5}
  shelf:
    shape: steady
    rate: 120.25/h
    basket: {weights: {CREAM-02: 1}, quantity: {1: 0.9, 3: 0.1}}
  rush:
    shape: table
    rates: [[0s, 60/h], [22:00, 600/min]]
    basket: {weights: {CREAM-02: 1}}
  gift: {shape: instant, at: 2026-11-11 08:00, orders: 10, basket: {weights: {BOX: 1}}}
  old:
    shape: replay
    file: orders.csv
    columns: {order: number}
    speed: 60
oms: {cycle: 30s}
warehouses:
  main:
    stages:
      pick:
        workers: 10
        work: {per_task: 60s, per_unit: 2s, cv: 0.3}
      pack:
        work: {uph: 90, per: unit}
    shifts:
      pack:
        day: {from: 08:00, to: 20:00, workers: 8, breaks: [["12:00", "12:30"]]}
        night: {from: 20:00, to: 08:00, workers: 14, productivity: 0.9}
promises:
  live: {where: {channel: [live]}, within: 48h}
  rest: {within: 24h, met_at: packed}
thresholds:
  time: on_time >= 0.98
  fast: p95(order_to_ship) <= 24h
  nights: nights(on_time >= 0.9) >= 80%
"""

LOG = "number,sku,quantity,time\n1,LIP-01,2,2026-11-10 20:00\n2,SET,1,2026-11-10 20:05\n"


def changed(*pairs: tuple[str, str]) -> str:
    """Give the good text with pieces replaced, each where it first stands."""
    text = GOOD
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(piece: str, text: str = GOOD) -> int:
    """Find the line, from 1, on which a piece first stands."""
    return text[: text.index(piece)].count("\n") + 1


def write_log(folder: Path, text: str = LOG) -> None:
    (folder / "orders.csv").write_text(text, encoding="utf-8")


def problems_of(text: str, folder: Path, **overrides: object) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, file="f.yaml", folder=folder, set=overrides)
    return list(caught.value.problems)
