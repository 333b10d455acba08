"""Policies: signals that nobody sends, levers that move nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenario.floorsale import GONE, refused

NO_ZONE = "names no zone of this scenario"
NO_PLACE = "names no warehouse, stage or zone of this scenario"
WHICH = "must say which zone of the stage is meant"

#: Name → changes, path, rule, value, part of the hint; keys are written from `policies` on.
FAULTS: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    "no comparison": (
        {"temps.when": "work_left.hub"},
        "temps.when",
        "must compare a signal with a limit by >=, <=, > or <, such as stock_left.TOTE < 200",
        "work_left.hub",
        "",
    ),
    "a signal that nobody sends": (
        {"temps.when": "wrok_left.hub > 6h"},
        "temps.when",
        "names no signal: wrok_left",
        "wrok_left.hub > 6h",
        "work_left",
    ),
    "a limit first": (
        {"temps.when": "6h < work_left.hub"},
        "temps.when",
        "must begin with the signal",
        "6h < work_left.hub",
        "work_left.hub > 6h",
    ),
    "hours without a unit": (
        {"temps.when": "work_left.hub > 6"},
        "temps.when",
        "must compare work_left with a duration",
        "work_left.hub > 6",
        "did you mean 6h?",
    ),
    "parcels in hours": (
        {"temps.when": "backlog.hub > 6h"},
        "temps.when",
        "must compare backlog with a number of parcels, without a unit",
        "backlog.hub > 6h",
        "",
    ),
    "a share above all": (
        {"temps.when": "late_share > 5"},
        "temps.when",
        "must compare with a share from 0 to 1, or 0% to 100%",
        "late_share > 5",
        "did you mean 5%?",
    ),
    "of what": (
        {"temps.when": "stock_left < 5"},
        "temps.when",
        "must say of which item",
        "stock_left < 5",
        "stock_left.LIP-01",
    ),
    "of a part": (
        {"temps.when": "orders_paid.live > 5"},
        "temps.when",
        "must not ask for orders_paid of a part",
        "orders_paid.live > 5",
        "whole sale",
    ),
    "work left nowhere": (
        {"temps.when": "work_left.hub.packk > 6h"},
        "temps.when",
        NO_PLACE,
        "hub.packk",
        "hub.pack",
    ),
    "work left at a partner's": (
        {"temps.when": "work_left.spare > 6h"},
        "temps.when",
        "must be a warehouse of our own: nobody sees how a partner works",
        "spare",
        "",
    ),
    "stock of a kit": (
        {"stop.when": "stock_left.SET < 9"},
        "stop.when",
        "names no SKU of this scenario",
        "SET",
        "",
    ),
    "gifts of no rule": (
        {"swap.when": "gifts_left.toat < 9"},
        "swap.when",
        "names no gift rule of this scenario",
        "toat",
        "tote",
    ),
    "no lever": (
        {"temps.do": {}},
        "temps.do",
        "must name exactly one lever",
        "",
        "add_workers",
    ),
    "two levers": (
        {"stop.do": {"stop_selling": "A", "open_warehouse": "spare"}},
        "stop.do",
        "must name exactly one lever",
        "",
        "add_workers",
    ),
    "people for a stage with several zones": (
        {"temps.do.add_workers.zone": "hub.pick"},
        "temps.do.add_workers.zone",
        WHICH,
        "hub.pick",
        "there is hub.pick.fast, hub.pick.slow",
    ),
    "people for nowhere": (
        {"temps.do.add_workers.zone": "hub.pakc"},
        "temps.do.add_workers.zone",
        NO_ZONE,
        "hub.pakc",
        "hub.pack",
    ),
    "people who stay": (
        {"move.do.move_workers.to": "hub.pick.fast"},
        "move.do.move_workers.to",
        "must not be where they come from",
        "hub.pick.fast",
        "",
    ),
    "overtime of nobody": (
        {"stay.do.overtime.zone": "hub.wrap"},
        "stay.do.overtime.zone",
        "must have shifts: those stay whose shift ends next",
        "hub.wrap",
        "",
    ),
    "nothing to stop": (
        {"stop.do.stop_selling": "SETT"},
        "stop.do.stop_selling",
        "names no item of this scenario",
        "SETT",
        "SET",
    ),
    "no such channel": (
        {"slow.do.throttle.channel": "lvie"},
        "slow.do.throttle.channel",
        "names no channel of this scenario",
        "lvie",
        "live",
    ),
    "a gift that nobody gives": (
        {"swap.do.replace_gift": {"A": "POUCH"}},
        "swap.do.replace_gift.A",
        "must be a gift that some rule gives",
        "A",
        "",
    ),
    "a gift that is not there": (
        {"swap.do.replace_gift": {"TOAT": "POUCH"}},
        "swap.do.replace_gift.TOAT",
        "names no gift of this scenario",
        "TOAT",
        "TOTE",
    ),
    "a gift for itself": (
        {"swap.do.replace_gift": {"TOTE": "TOTE"}},
        "swap.do.replace_gift.TOTE",
        "must not be replaced by itself",
        "TOTE",
        "",
    ),
    "a gift for nothing": (
        {"swap.do.replace_gift": {"TOTE": "POUHC"}},
        "swap.do.replace_gift.TOTE",
        "names no SKU of this scenario",
        "POUHC",
        "POUCH",
    ),
    "a promise that nobody made": (
        {"later.do.set_promise": {"lvie": "9h"}},
        "later.do.set_promise.lvie",
        "names no promise of this scenario",
        "lvie",
        "live",
    ),
    "a warehouse that is open": (
        {"more.do.open_warehouse": "hub"},
        "more.do.open_warehouse",
        "must be a warehouse that is closed",
        "hub",
        "open: false",
    ),
    "a warehouse that is not there": (
        {"more.do.open_warehouse": "spaer"},
        "more.do.open_warehouse",
        "names no warehouse of this scenario",
        "spaer",
        "spare",
    ),
    "a truck of nobody": (
        {"truck.do.extra_truck.carrier": "hub.fs"},
        "truck.do.extra_truck.carrier",
        "names no carrier of this scenario",
        "hub.fs",
        "hub.sf",
    ),
    "a limit on nothing": (
        {"few.do.limit_per_customer.item": "BB"},
        "few.do.limit_per_customer.item",
        "names no item of this scenario",
        "BB",
        "'B'",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_one_fault_is_one_problem(kind: str) -> None:
    changes, path, rule, value, hint = FAULTS[kind]
    (problem,) = refused({f"policies.{key}": value for key, value in changes.items()})
    assert (problem.path.removeprefix("policies."), problem.rule, problem.value) == (
        path,
        rule,
        value,
    )
    assert hint in problem.hint


def test_late_share_needs_a_promise() -> None:
    problems = refused({"promises": {}, "policies.later": GONE})
    assert [(p.path, p.hint) for p in problems][-1] == (
        "policies.stay.when",
        "add a promises section",
    )
