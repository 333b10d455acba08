"""The laws of gifts notice a trace that breaks them."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from burstsim.engine.giftlaws import gift_laws
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.invariants import broken_laws
from burstsim.engine.trace import Trace
from tests.giftsales import play

ORDERS = [{"lines": {"X": 1}, "customer": "ann"}] * 3 + [{"lines": {"X": 1}, "customer": "bob"}]


def trace_of(folder: Path, **parts: Any) -> Trace:
    """Four orders that get two G each; gifts are worth 1.00."""
    rule = {"reward": {"gift": {"G": 1}}, "count": {"mode": "every", "step": 1}, **parts}
    skus = {"G": {"price": 1}}
    return play(folder, {"R": rule}, ORDERS, skus=skus, stock={"G": 4}).trace


def tampered(trace: Trace, **columns: Any) -> list[str]:
    """Laws that are broken when columns of the table of gifts are replaced."""
    changed: GiftTable = replace(trace.gifts, **columns)
    return list(gift_laws(replace(trace, gifts=changed)))


def test_a_sound_trace_breaks_nothing(tmp_path: Path) -> None:
    assert tampered(trace_of(tmp_path)) == []


def test_gifts_out_of_nothing(tmp_path: Path) -> None:
    trace = trace_of(tmp_path)
    table = trace.gifts
    assert tampered(trace, granted=table.granted + 1) == ["no more gifts are granted than proposed"]
    assert tampered(trace, later=table.later + 1) == ["no more gifts are granted than proposed"]
    assert tampered(trace, granted=table.granted - 2) == ["gifts are not negative"]


def test_more_than_the_shelf_has(tmp_path: Path) -> None:
    trace = trace_of(tmp_path)
    table = trace.gifts
    more = replace(table, proposed=table.proposed + 1, granted=table.granted + 1)
    found = list(broken_laws(replace(trace, gifts=more)))
    assert found == [
        "no more leaves the shelves of hub than was on them",
        "every piece that is sent or given is in a parcel, once",
    ]


@pytest.mark.parametrize(
    ("parts", "law"),
    [
        ({"cap": {"order": 1}}, "no order gets more than the cap per order"),
        ({"cap": {"customer": 3}}, "no customer gets more than the cap per customer"),
        ({"cap": {"total": 4}}, "no more is given than the cap in all"),
        ({"cap": {"total": 9, "used": 5}}, "no more is given than the cap in all"),
        ({"cap": {"budget": 4}}, "no more is given than the budget pays for"),
    ],
)
def test_more_than_the_caps_allow(parts: dict[str, Any], law: str, tmp_path: Path) -> None:
    trace = trace_of(tmp_path, **parts)
    assert tampered(trace) == []
    assert tampered(trace, proposed=trace.gifts.proposed * 2) == [f"gifts.R: {law}"]


@pytest.mark.parametrize("per", [None, "minute", "room"])
def test_more_orders_than_the_gate_lets_through(per: str | None, tmp_path: Path) -> None:
    gate = {"first_n": 2, **({"per": per} if per else {})}
    trace = trace_of(tmp_path, gate=gate)
    table = trace.gifts
    assert table.order.tolist() == [0, 1]
    more = {name: np.append(getattr(table, name), getattr(table, name)[-1:]) for name in COLUMNS}
    more["order"][-1] = 2
    assert tampered(trace, **more) == ["gifts.R: no more orders than first_n are let through"]


COLUMNS = tuple(field.name for field in fields(GiftTable))


@pytest.mark.parametrize(
    ("stack", "law"),
    [
        ({"group": "g"}, "one rule of a group gives at most"),
        ({"exclusive": True}, "an exclusive rule gives alone"),
    ],
)
def test_rules_that_should_keep_each_other_out(
    stack: dict[str, Any], law: str, tmp_path: Path
) -> None:
    rules = {
        "a": {"reward": {"gift": "G"}, "stack": stack},
        "b": {"reward": {"gift": "H"}, "stack": stack},
    }
    trace = play(tmp_path, rules, ORDERS).trace
    table = trace.gifts
    assert tampered(trace) == []
    twice = {name: np.repeat(getattr(table, name), 2) for name in COLUMNS}
    twice["rule"][1::2] = 1
    assert tampered(trace, **twice) == [law]
    # what was only promised, or found no stock, keeps nobody out
    twice["granted"][1::2] = 0
    assert tampered(trace, **twice) == []
