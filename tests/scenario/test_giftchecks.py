"""Gift rules that cannot mean anything are refused; those that are odd are warned about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.reader import load, loads
from burstsim.scenario.scenario import Scenario

CONFIGS = Path(__file__).parents[2] / "configs"

SALE = """\
burstsim: 1
start: "2026-11-10 20:00"
horizon: 2h
drain: 2h
catalog:
  skus:
    A: {price: 100, category: care, brand: glow}
    B: {price: 50}
    TOTE: {price: 9, category: giveaway}
    POUCH: {price: 3}
    FREE: {}
  kits:
    SET: {needs: {A: 1, B: 2}}
    PAIR: {needs: {TOTE: 1, POUCH: 1}}
    BOX: {kind: mystery, price: 60, draw: 1, pool: {A: 1, B: 1}}
    OUTER: {needs: {BOX: 1}}
    READY: {kind: prekit, needs: {B: 1}}
    MADE: {kind: prekit, needs: {B: 1}}
demand:
  live:
    channel: live
    room: "88"
    shape: steady
    rate: 60/h
    coupon: 0.5
    basket: {weights: {SET: 1, A: 1}, lines: {1: 1, 2: 1}, quantity: {1: 1, 3: 1}}
    regions: {east: 1}
    customers: {pool: 100, new: 0.2, tiers: {1: 1, 2: 1}}
gifts: GIFTS
costs: {gift: {TOTE: 5}}
warehouses:
  hub:
    stock: {A: 100, B: 100, TOTE: 10, POUCH: 5, FREE: 5}
    safety_stock: {FREE: 5}
    builds: {more: {at: 0s, kit: MADE, quantity: 5, people: 1}}
    stages: {pack: {workers: 2, work: {per_task: 10s}}}
"""
GIVES = "reward: {gift: TOTE}"


def sale(rules: str, **changes: Any) -> Scenario:
    return loads(SALE.replace("GIFTS", f"{{{rules}}}"), file="f.yaml", set=changes)


def one(rule: str, **changes: Any) -> Scenario:
    gives = "" if "reward" in rule or "tiers" in rule or "period" in rule else f", {GIVES}"
    return sale(f"x: {{{rule}{gives}}}", **changes)


def refused(rule: str) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        one(rule)
    return list(caught.value.problems)


FAULTS = {
    "where: {channel: shop}": ("where.channel[0]", "names no channel"),
    "where: {channel: [live, liv]}": ("where.channel[1]", "names no channel"),
    'where: {room: "89"}': ("where.room[0]", "names no room"),
    "where: {region: west}": ("where.region[0]", "names no region"),
    "where: {tier: [0, 1, 3]}": ("where.tier[2]", "names no member tier"),
    "where: {time: [2h, 1h]}": ("where.time[0][1]", "must come after the moment it begins"),
    "where: {time: [4h, 5h]}": ("where.time[0]", "must lie within the sale"),
    'where: {time: ["2026-11-09 20:00", "2026-11-10 20:00"]}': (
        "where.time[0]",
        "must lie within the sale",
    ),
    "trigger: {items: [A, AA]}": ("trigger.items[1]", "names no item"),
    "trigger: {items: {A: 1, AA: 1}}": ("trigger.items.AA", "names no item"),
    "trigger: {not: [AA]}": ("trigger.not.items[0]", "names no item"),
    "trigger: {categories: car}": ("trigger.categories[0]", "names no category"),
    "trigger: {not: {brands: [glo]}}": ("trigger.not.brands[0]", "names no brand"),
    "trigger: {min: 5, max: 4}": ("trigger.max", "must not be below min"),
    "count: {mode: tiers, tiers: [{min: 2, gift: TOTE}, {min: 1, gift: POUCH}]}": (
        "count.tiers[1]",
        "must ask for more than the tier before it",
    ),
    "count: {mode: tiers, tiers: [{min: 2, gift: TOTE}, {min: 2, gift: POUCH}]}": (
        "count.tiers[1]",
        "must ask for more than the tier before it",
    ),
    "count: {mode: tiers, tiers: [{min: 2, gift: TOT}]}": (
        "count.tiers[0].gift.TOT",
        "names no item",
    ),
    "reward: {gift: TOT}": ("reward.gift.TOT", "names no item"),
    "reward: {gift: BOX}": ("reward.gift.BOX", "must be a SKU or a kit of fixed parts"),
    "reward: {gift: OUTER}": ("reward.gift.OUTER", "must be a SKU or a kit of fixed parts"),
    "fulfil: {zone: pick}": ("fulfil.zone", "names no stage"),
    "stack: {consume: true}, trigger: {level: leaf}": ("stack.consume", "must not be true"),
    "stack: {consume: true}, trigger: {scope: customer}": ("stack.consume", "must not be true"),
    "stack: {stop: line}, trigger: {scope: customer}": ("stack.stop", "must not be line"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_one_fault_is_one_problem(rule: str) -> None:
    path, words = FAULTS[rule]
    (problem,) = refused(rule)
    assert (problem.path, problem.file) == (f"gifts.x.{path}", "f.yaml")
    assert problem.rule.startswith(words)


def test_costs_name_items() -> None:
    with pytest.raises(ScenarioError) as caught:
        one("where: {}", **{"costs.gift": {"TOT": 5}})
    (problem,) = caught.value.problems
    assert problem.path == "costs.gift.TOT"
    assert problem.hint.startswith("did you mean 'TOTE'?")


def test_names_are_suggested_and_a_fault_hides_no_other() -> None:
    found = refused("where: {channel: lve, tier: 7}, trigger: {items: Z}")
    assert [problem.hint for problem in found[:2]] == ["did you mean 'live'?", "there is 0, 1, 2"]
    assert found[2].path == "gifts.x.trigger.items[0]"


TIERS = "count: {mode: tiers, tiers: [{min: 3, gift: TOTE}, {min: 4, gift: POUCH}]}"

ODD = {
    "cap: {order: 0}": ("cap.order", "is 0"),
    "cap: {customer: 0}": ("cap.customer", "is 0"),
    "cap: {total: 0}": ("cap.total", "is 0"),
    "cap: {total: 5, used: 5}": ("cap.total", "is not more than used"),
    "cap: {used: 5}": ("cap.used", "counts towards a total"),
    "cap: {order: 3, total: 2}": ("cap.order", "can never be reached"),
    "cap: {customer: 3, total: 2}": ("cap.customer", "can never be reached"),
    "cap: {order: 3, customer: 2}": ("cap.order", "can never be reached"),
    "cap: {budget: 4.99}": ("cap.budget", "is below the cost of one gift"),
    "gate: {first_n: 0}": ("gate.first_n", "is 0"),
    "gate: {lottery: {p: 0}}": ("gate.lottery.p", "is 0"),
    "gate: {first_n: 5, per: window}": ("gate.per", "is window"),
    "gate: {customer_nth: 2}, where: {new: true}": ("gate.customer_nth", "is above 1"),
    "where: {time: [3h, 3h30m]}": ("where.time[0]", "begins after the horizon"),
    "trigger: {items: TOTE}": ("trigger", "selects no item"),
    "trigger: {items: B}": ("trigger", "selects no item"),
    "trigger: {items: {A: 1, B: 1}}": ("trigger.items.B", "has an item that no stream sells"),
    "trigger: {brands: glow, not: [A]}": ("trigger", "selects no item"),
    "trigger: {min: 7}": ("trigger.min", "is more than any order has"),
    "trigger: {measure: distinct, min: 3}": ("trigger.min", "is more than any order has"),
    "trigger: {measure: orders, min: 2}": ("trigger.min", "is more than any order has"),
    f"trigger: {{max: 3}}, count: {{mode: every, step: 4}}, {GIVES}": (
        "count.step",
        "is more than max allows",
    ),
    "trigger: {max: 2}, " + TIERS: ("count.tiers", "are all above"),
    "trigger: {max: 2}, count: {mode: period, buy: 2, free: 1}": ("count.buy", "is more than"),
    "reward: {gift: TOTE, choose: waterfall}": ("reward.choose", "chooses among several"),
    "reward: {gift: READY}": ("reward.gift.READY", "is a gift without any stock"),
    "reward: {gift: READY}, fulfil: {when_out_of_stock: hold}": (
        "reward.gift.READY",
        "is a gift without any stock: every order",
    ),
    "stack: {best_deal: true}": ("stack.best_deal", "compares with nothing"),
    "stack: {group: g}": ("stack.group", "has only this rule"),
}


@pytest.mark.parametrize("rule", ODD)
def test_what_is_odd_is_one_warning(rule: str) -> None:
    path, words = ODD[rule]
    (warning,) = one(rule).warnings
    assert (warning.path, warning.file) == (f"gifts.x.{path}", "f.yaml")
    assert warning.line > 0
    assert warning.rule.startswith(words)


#: What is right as long as streams know customers, rooms and coupons.
NEEDS = {
    "where: {new: true}": "where.new",
    "where: {coupon: true}": "where.coupon",
    "gate: {first_n: 5, per: room}": "gate.per",
    "gate: {customer_nth: 2}": "gate.customer_nth",
    "cap: {customer: 2}": "cap.customer",
    "trigger: {scope: customer}": "trigger.scope",
}


@pytest.mark.parametrize("rule", NEEDS)
def test_what_streams_do_not_know(rule: str) -> None:
    assert one(rule).warnings == ()
    bare = {"demand.live.coupon": 0, "demand.live.room": None, "demand.live.customers": None}
    (warning,) = one(rule, **bare).warnings
    assert warning.path == f"gifts.x.{NEEDS[rule]}"


@pytest.mark.parametrize(
    "rule",
    [
        "where: {channel: live, room: 88, region: east, tier: 0, time: [1h, 3h]}",
        "trigger: {items: B, level: leaf}",
        "trigger: {categories: care, min: 6}",
        "trigger: {min: 7, scope: merged}",
        "trigger: {measure: amount, min: 5000}",
        "reward: {gift: MADE}",
        "reward: {gift: PAIR}",
        "reward: {gift: {READY: 1, TOTE: 1}, choose: waterfall}",
        "count: {mode: period, buy: 5, free: 1}",
        "cap: {order: 2, customer: 2, total: 2, budget: 5}",
    ],
)
def test_what_is_meant_is_not_warned_about(rule: str) -> None:
    assert one(rule).warnings == ()


def test_rules_are_compared_within_their_group() -> None:
    two = f"x: {{{GIVES}, stack: {{group: g, best_deal: true}}}}, "
    assert not sale(two + two.replace("x:", "y:")).warnings
    other = two.replace("x:", "y:").replace("group: g", "group: h")
    assert [odd.path for odd in sale(two + other).warnings] == [
        "gifts.x.stack.best_deal",
        "gifts.y.stack.best_deal",
    ]


def test_a_budget_that_limits_nothing() -> None:
    (free,) = one("reward: {gift: TOTE}, cap: {budget: 5}", **{"costs.gift.TOTE": 0}).warnings
    (cart,) = one("count: {mode: period, buy: 1, free: 1}, cap: {budget: 5}").warnings
    assert free.path == cart.path == "gifts.x.cap.budget"
    assert free.rule.startswith("limits nothing")
    assert cart.rule.startswith("limits nothing")


def test_a_prekit_costs_its_own_price() -> None:
    rule = "reward: {gift: READY}, cap: {budget: 40}"
    stock = {"warehouses.hub.stock.READY": 1}
    (odd,) = one(rule, **stock).warnings
    assert odd.rule.startswith("is below the cost of one gift, 50.00")
    assert not one(rule, **stock, **{"catalog.kits.READY.price": 39}).warnings
    assert one(rule, **stock, **{"costs.gift.B": 1}).warnings == (odd,)


def test_a_faulty_rule_makes_no_fault_of_its_metrics() -> None:
    with pytest.raises(ScenarioError) as caught:
        one("rewards: {gift: TOTE}", **{"thresholds.a": "gift_shortfall.x <= 3"})
    assert [problem.path for problem in caught.value.problems] == ["gifts.x.rewards"]


def test_a_gift_below_its_safety_stock_is_none() -> None:
    (warning,) = one("reward: {gift: FREE}").warnings
    assert warning.path == "gifts.x.reward.gift.FREE"


def test_check_and_run_show_warnings(tmp_path: Path) -> None:
    path = tmp_path / "sale.yaml"
    path.write_text(SALE.replace("GIFTS", f"{{x: {{{GIVES}, cap: {{total: 0}}}}}}"))
    checked = CliRunner().invoke(app, ["check", str(path)])
    assert checked.exit_code == 0
    assert f"warning: {path}:29: gifts.x.cap.total: is 0" in checked.stdout
    assert CliRunner().invoke(app, ["check", str(path), "--strict"]).exit_code == 2
    out = ["--reps", "1", "-q", "--out", str(tmp_path / "run")]
    done = CliRunner().invoke(app, ["run", str(path), *out])
    assert done.exit_code == 0
    assert done.stderr.count("warning: ") == 1
    assert "warning" not in done.stdout


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_stories_have_no_warning(path: Path) -> None:
    # The sheet of promotions asks for no work on gifts, and its sale has a stage for it.
    known = {"gift-sheet": ["warehouses.main.stages.wrap"]}
    assert [warning.path for warning in load(path).warnings] == known.get(path.stem, [])
