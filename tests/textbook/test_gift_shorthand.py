"""Worked examples of gift rules that are written down in a shorthand, where that file is at hand.

`test_gift_cases.py` has the same numbers in the open; here any further case of the same kind
is played as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.giftsales import play

CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "rules.yaml"

#: Short names → those of the scenario file, wherever they stand in a rule.
KEYS = {"skus": "items", "prio": "priority", "x": "buy", "y": "free", "user": "customer"}
KEYS |= {"short": "when_exhausted", "on_oos": "when_out_of_stock"}
VALUES = {"drop": "skip"}


def sales() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sale of a case on gifts, with its name."""
    if not CASES.exists():
        return
    for case in YAML(typ="safe").load(CASES.read_text(encoding="utf-8"))["cases"]:
        if case["op"] == "gifts":
            for number, sale in enumerate(case.get("sub", [case])):
                yield f"{case['id']}-{number}", sale


def spelt_out(value: Any) -> Any:
    """Replace short names, in whatever depth."""
    if isinstance(value, dict):
        return {KEYS.get(key, key): spelt_out(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [spelt_out(inner) for inner in value]
    return VALUES.get(value, value) if isinstance(value, str) else value


def rule_of(short: dict[str, Any]) -> dict[str, Any]:
    """Give the rule that a shorthand means."""
    rule = {key: spelt_out(value) for key, value in short.items() if key != "id"}
    rule.get("trigger", {}).pop("all", None)  # everything is looked at where nothing is named
    if "policy" in rule:
        policy = rule.pop("policy")
        rule.setdefault("stack", {}).update(
            {"exclusive": True} if policy == "preempt" else {"group": "all"}
        )
    return rule


def order_of(short: dict[str, Any]) -> dict[str, Any]:
    """Give the order that a shorthand means."""
    names = {"ship": "shipping", "user": "customer"}
    return {names.get(key, key): value for key, value in short.items() if key != "id"}


SALES = dict(sales())


@pytest.mark.skipif(not SALES, reason="the file of cases is not here")
def test_cases_in_shorthand(tmp_path: Path) -> None:
    for name, sale in SALES.items():
        folder = tmp_path / name
        folder.mkdir()
        rules = {short["id"]: rule_of(short) for short in sale["rules"]}
        orders = [order_of(short) for short in sale["orders"]]
        assert play(folder, rules, orders, stock=sale.get("stock")).given == sale["expect"], name
    assert len(SALES) >= 13
