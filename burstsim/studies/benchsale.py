"""The sale that speed is measured on: as large as asked, its people and gifts in proportion."""

from __future__ import annotations

import json
from itertools import islice

from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario

__all__ = ["RULES", "sale"]

_HOUSES = ("hangzhou", "chengdu", "tianjin", "wuhan", "foshan", "xian")
_REGIONS = ("east", "west", "north")

_TIERS = [{"min": 150 * n, "gift": gift} for n, gift in enumerate(("PUFF", "MASK", "TOTE"), 1)]

#: Ten promotions of different kinds; "share" is the cap as a share of the orders.
RULES: dict[str, dict[str, object]] = {
    "set-tote": {"trigger": {"items": ["SET"]}, "reward": {"gift": "TOTE"}, "share": 0.2},
    "spend-tiers": {
        "trigger": {"measure": "amount", "base": "net"},
        "count": {"mode": "tiers", "tiers": _TIERS},
    },
    "first-of-minute": {"gate": {"first_n": 100, "per": "minute"}, "reward": {"gift": "PUFF"}},
    "two-of-care": {
        "trigger": {"categories": ["care"], "min": 2},
        "reward": {"gift": "MASK"},
        "cap": {"customer": 1},
    },
    "one-for-two": {
        "trigger": {"items": ["MASK"]},
        "count": {"mode": "every", "step": 2},
        "reward": {"gift": "PUFF"},
    },
    "lottery": {"gate": {"lottery": {"p": 0.05}}, "reward": {"gift": "TOTE"}},
    "live-only": {"where": {"channel": "live"}, "reward": {"gift": "MASK"}, "share": 0.3},
    "east-brush": {
        "where": {"region": "east"},
        "trigger": {"items": ["BRUSH"]},
        "reward": {"gift": "PUFF"},
    },
    "three-kinds": {"trigger": {"measure": "distinct", "min": 3}, "reward": {"gift": "TOTE"}},
    "early-serum": {
        "where": {"time": ["0s", "30m"]},
        "trigger": {"items": ["SERUM"]},
        "reward": {"gift": "MASK"},
        "stack": {"priority": 2},
    },
}


def sale(orders: int, *, warehouses: int = 1, rules: int = 0, seed: int = 11) -> Scenario:
    """Build a Double 11 night of about so many orders.

    A live room's drop, the shop's own at midnight, and what sells on any day; kits, payment that
    one in thirteen lets expire, four stages with shifts. A tenth of the gifts that two rules
    would give are not there to be given.

    Parameters
    ----------
    orders
        Expected orders; crews are in proportion, so that the night has the same shape.
    warehouses
        From 1 to 6, which share the work.
    rules
        How many of the ten promotions apply.
    seed
        The scenario's.
    """
    houses = _HOUSES[:warehouses]
    chosen = {name: _rule(rule, orders) for name, rule in islice(RULES.items(), rules)}
    routing = {
        region: [*houses[at % warehouses :], *houses[: at % warehouses]]
        for at, region in enumerate(_REGIONS)
    }
    data = {
        "burstsim": 1,
        "name": f"{orders} orders, {warehouses} warehouses, {rules} gift rules",
        "start": "2026-11-10 20:00",
        "horizon": "28h",
        "drain": "44h",
        "seed": seed,
        "replications": 1,
        "catalog": _catalog(),
        "demand": _demand(orders),
        "payment": {"paid": 0.92, "delay": {"mean": "40s", "cv": 1.5}, "timeout": "15m"},
        "oms": {"cycle": "60s", **({"routing": routing} if warehouses > 1 else {})},
        "gifts": chosen,
        "warehouses": {house: _warehouse(orders / warehouses) for house in houses},
        "promises": {"all": {"within": "12h"}},
    }
    return loads(json.dumps(data))


def _rule(rule: dict[str, object], orders: int) -> dict[str, object]:
    share = rule.get("share")
    plain = {key: value for key, value in rule.items() if key != "share"}
    if isinstance(share, float):
        plain["cap"] = {"total": max(int(share * orders), 1), "when_exhausted": "skip"}
    return plain


def _catalog() -> dict[str, object]:
    prices = {"LIP": 129, "CREAM": 89, "SERUM": 219, "MASK": 9.9, "BRUSH": 39, "PUFF": 19}
    care = ("CREAM", "SERUM", "MASK")
    skus: dict[str, object] = {
        name: {"price": price, "category": "care" if name in care else "tools"}
        for name, price in prices.items()
    }
    kits = {
        "SET": {"price": 299, "needs": {"LIP": 1, "CREAM": 2}},
        "BOX": {"price": 499, "needs": {"SET": 1, "SERUM": 1, "MASK": 5}},
    }
    return {"skus": {**skus, "TOTE": {"price": 25}}, "kits": kits}


def _demand(orders: int) -> dict[str, object]:
    regions = dict(zip(_REGIONS, (0.5, 0.3, 0.2), strict=True))
    live = {"weights": {"SET": 5, "LIP": 3, "PUFF": 2, "BOX": 1}, "lines": {"1": 0.7, "2": 0.3}}
    shop = {
        "weights": {"MASK": 4, "CREAM": 3, "SERUM": 2, "BRUSH": 2, "BOX": 1},
        "lines": {"1": 0.55, "2": 0.3, "3": 0.15},
        "quantity": {"1": 0.8, "2": 0.2},
    }
    common: dict[str, object] = {"regions": regions}
    people = {"customers": {"pool": max(orders, 10), "new": 0.2}}
    return {
        "live": {
            **{"channel": "live", "shape": "drop", "at": "20:00", "orders": round(0.56 * orders)},
            **{"rise": "30s", "half_life": "12m", "basket": live},
            **people,
            **common,
        },
        "midnight": {
            **{"channel": "shop", "shape": "drop", "at": "00:00", "orders": round(0.24 * orders)},
            **{"rise": "2m", "half_life": "25m", "basket": shop},
            **people,
            **common,
        },
        "shelf": {
            **{"channel": "page", "shape": "steady", "rate": f"{max(0.2 * orders / 28, 1):.3f}/h"},
            "basket": shop,
            **people,
            **common,
        },
    }


def _warehouse(orders: float) -> dict[str, object]:
    """Crews that need about sixteen hours for so many orders."""

    def crew(seconds: float) -> int:
        return max(round(orders * seconds / (16 * 3600)), 1)

    night = {"from": "20:00", "to": "08:00", "breaks": [["00:30", "01:00"]]}
    day = {"from": "08:00", "to": "20:00", "breaks": [["12:00", "12:30"]]}
    shifts = {
        stage: {
            "night": {**night, "workers": crew(seconds), "productivity": 0.95},
            "day": {**day, "workers": crew(0.9 * seconds)},
        }
        for stage, seconds in (("pick", 50), ("pack", 42))
    }
    picking = {"per_task": "15s", "per_line": "16s", "per_unit": "2s", "cv": 0.3}
    return {
        "stages": {
            "pick": {"work": picking, "transfer": "3m"},
            "check": {"workers": crew(13), "work": {"per_task": "8s", "cv": 0.5}},
            "pack": {"work": {"uph": 90, "cv": 0.25}},
            "sort": {"workers": crew(6), "work": {"per_task": "4s"}},
        },
        "shifts": shifts,
    }
