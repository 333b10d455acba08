"""Gift rules said back: every part of a rule is in its sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from burstsim.engine.giftwords import gift_words
from burstsim.engine.outline import outline
from burstsim.scenario.reader import loads
from tests.scenario.test_giftchecks import SALE

TOTE = {"reward": {"gift": "TOTE"}}


def said(rule: dict[str, Any]) -> str:
    scenario = loads(SALE.replace("GIFTS", json.dumps({"x": rule})))
    (sentence,) = gift_words(scenario)
    assert sentence in list(outline(scenario))
    return sentence.removeprefix("gifts.x: ")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (TOTE, "orders with anything get 1 TOTE; out of stock: no gift"),
        (
            {
                "where": {"channel": "live", "time": ["20:00", "20:30"]},
                "trigger": {"items": "SET", "min": 1},
                **TOTE,
                "gate": {"first_n": 100, "per": "minute"},
                "cap": {"customer": 1, "total": 2000},
            },
            "live orders paid 20:00:00 to 20:30:00 with at least 1 unit of SET get 1 TOTE, "
            "the first 100 of each minute, once per customer, 2,000 in all; out of stock: no gift",
        ),
        (
            {
                "trigger": {"measure": "amount"},
                "count": {
                    "mode": "tiers",
                    "tiers": [
                        {"min": 99, "gift": "POUCH"},
                        {"min": 199, "min_units": 2, "gift": {"TOTE": 2, "POUCH": 1}},
                    ],
                },
            },
            "orders with anything get the gift of the highest tier: 1 POUCH from 99.00 on; "
            "2 TOTE and 1 POUCH from 199.00 and 2 units on; out of stock: no gift",
        ),
        (
            {
                "trigger": {"items": {"A": 1, "SET": 2}, "scope": "merged"},
                "count": {"mode": "every", "step": 1},
                **TOTE,
                "fulfil": {"when_out_of_stock": "hold", "ship": "after_main", "work": "6s"},
            },
            "orders with the set 1 A, 2 SET, all that leave together get 1 TOTE for every 1 set; "
            "out of stock: the order waits; shipped in a parcel after the goods; "
            "6s of work on each",
        ),
        (
            {"trigger": {"items": "A"}, "count": {"mode": "period", "buy": 5, "free": 1}},
            "orders with A get of every 6 units the last 1: these free",
        ),
        (
            {
                "reward": {"gift": ["TOTE", "POUCH"], "choose": "waterfall"},
                "gate": {"lottery": {"p": 0.02}},
                "cap": {"budget": 99.5, "when_exhausted": "close"},
                "stack": {"exclusive": True, "decide": "granted"},
            },
            "orders with anything get the first that is left of 1 TOTE, 1 POUCH, drawn with "
            "chance 0.02, for at most 99.50 in all (who would exceed it ends the rule); out of "
            "stock: no gift; before all other rules, and alone if it gives",
        ),
    ],
)
def test_a_rule_is_said_in_a_sentence(rule: dict[str, Any], words: str) -> None:
    assert said(rule) == words


CHANGES: list[dict[str, Any]] = [
    {"where": {"room": "88"}},
    {"where": {"region": "east"}},
    {"where": {"tier": 2}},
    {"where": {"new": True}},
    {"where": {"coupon": False}},
    {"trigger": {"brands": "glow"}},
    {"trigger": {"not": "A"}},
    {"trigger": {"level": "leaf"}},
    {"trigger": {"max": 3}},
    {"trigger": {"scope": "customer"}},
    {"count": {"mode": "every", "step": 2, "offset": 1}},
    {"gate": {"every_k": 2}},
    {"gate": {"customer_nth": 2}},
    {"cap": {"order": 2}},
    {"cap": {"total": 5, "used": 2}},
    {"stack": {"best_deal": True}},
    {"stack": {"stop": "line"}},
    {"stack": {"consume": True}},
    {"stack": {"group": "g"}},
    {"fulfil": {"ship": "split"}},
    {"fulfil": {"when_out_of_stock": "backorder"}},
]


def test_every_part_changes_the_sentence() -> None:
    sentences = [said({**TOTE, **change}) for change in [{}, *CHANGES]]
    assert len(set(sentences)) == len(sentences)


def test_a_stage_for_gifts_only_is_no_danger() -> None:
    wrap = "wrap: {workers: 1, only: needs_work}"
    text = SALE.replace("GIFTS", "{}").replace("stages: {", f"stages: {{{wrap}, ")
    assert "hub.wrap: work on kits and gifts only" in list(outline(loads(text)))
