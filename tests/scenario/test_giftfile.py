"""Gift rules in a file are the same rules, and its faults name the line and the column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.giftcolumns import GIFTS
from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario
from tests.scenario.test_giftchecks import SALE

HEADER = list(GIFTS.aliases)

ROWS: list[dict[str, str]] = [
    {"rule": "plain", "gift": "TOTE"},
    {
        **{"rule": "first", "channel": "live", "room": "88", "region": "east", "from": "20:00"},
        **{"to": "20:30", "tier": "1;2", "new": "no", "coupon": "yes", "items": "A | SET"},
        **{"except": "A", "min": "1", "max": "5", "gift": "TOTE:1;POUCH:2", "choose": "random"},
        **{"first_n": "100", "per": "minute", "cap_order": "1", "cap_customer": "1"},
        **{"cap_total": "2000", "budget": "99.50", "when_exhausted": "close", "used": "3"},
        **{"priority": "10", "group": "live", "exclusive": "yes", "stop": "order"},
        **{"decide": "granted", "ship": "split", "out_of_stock": "backorder", "zone": "pack"},
        **{"work": "6s", "cancel": "keep", "scope": "merged"},
    },
    {"rule": "sets", "items": "A:1;SET:2", "gift": "TOTE", "quantity": "3"},
    {"rule": "spend", "amount": "99.90", "base": "list", "brands": "glow", "gift": "TOTE"},
    {"rule": "tiers", "amount": "99", "gift": "TOTE", "categories": "care"},
    {"rule": "tiers", "amount": "199", "units": "2", "gift": "TOTE;POUCH", "categories": "care"},
    {"rule": "two-way", "amount": "199", "units": "2", "gift": "TOTE"},
    {"rule": "every", "measure": "units", "every": "3", "offset": "1", "level": "leaf"}
    | {"gift": "POUCH", "scope": "customer", "every_k": "2", "lottery": "0.5"},
    {"rule": "period", "buy": "2", "free": "1", "customer_nth": "1"},
    {"rule": "windows", "from": "20:00;21:00", "to": "20:10;21:10", "gift": "POUCH"}
    | {"first_n": "5", "per": "window", "source": "in_cart"},
    {"rule": "pieces", "units": "5", "gift": "POUCH"},
    {"rule": "all-tiers", "units": "2", "gift": "TOTE", "pick": "cumulative"},
    {"rule": "all-tiers", "units": "4", "gift": "POUCH"},
]

YAML: dict[str, Any] = {
    "plain": {"reward": {"gift": "TOTE"}},
    "first": {
        "where": {
            **{"channel": ["live"], "room": ["88"], "region": ["east"], "tier": [1, 2]},
            **{"time": [["20:00", "20:30"]], "new": False, "coupon": True},
        },
        "trigger": {"items": ["A", "SET"], "not": ["A"], "min": 1, "max": 5, "scope": "merged"},
        "reward": {"gift": {"TOTE": 1, "POUCH": 2}, "choose": "random"},
        "gate": {"first_n": 100, "per": "minute"},
        "cap": {
            **{"order": 1, "customer": 1, "total": 2000, "budget": 99.5},
            **{"when_exhausted": "close", "used": 3},
        },
        "stack": {
            **{"priority": 10, "group": "live", "exclusive": True, "stop": "order"},
            "decide": "granted",
        },
        "fulfil": {
            **{"ship": "split", "when_out_of_stock": "backorder"},
            **{"zone": "pack", "work": "6s"},
        },
        "clawback": {"cancel": "keep"},
    },
    "sets": {"trigger": {"items": {"A": 1, "SET": 2}}, "reward": {"gift": {"TOTE": 3}}},
    "spend": {
        "trigger": {"measure": "amount", "base": "list", "brands": ["glow"], "min": 99.9},
        "reward": {"gift": "TOTE"},
    },
    "tiers": {
        "trigger": {"measure": "amount", "categories": "care"},
        "count": {
            "mode": "tiers",
            "tiers": [
                {"min": 99, "gift": "TOTE"},
                {"min": 199, "min_units": 2, "gift": ["TOTE", "POUCH"]},
            ],
        },
    },
    "two-way": {
        "trigger": {"measure": "amount"},
        "count": {"mode": "tiers", "tiers": [{"min": 199, "min_units": 2, "gift": "TOTE"}]},
    },
    "every": {
        "trigger": {"measure": "units", "level": "leaf", "scope": "customer"},
        "count": {"mode": "every", "step": 3, "offset": 1},
        "reward": {"gift": "POUCH"},
        "gate": {"every_k": 2, "lottery": {"p": 0.5}},
    },
    "period": {"count": {"mode": "period", "buy": 2, "free": 1}, "gate": {"customer_nth": 1}},
    "windows": {
        "where": {"time": [["20:00", "20:10"], ["21:00", "21:10"]]},
        "reward": {"gift": "POUCH", "source": "in_cart"},
        "gate": {"first_n": 5, "per": "window"},
    },
    "pieces": {"trigger": {"measure": "units", "min": 5}, "reward": {"gift": "POUCH"}},
    "all-tiers": {
        "trigger": {"measure": "units"},
        "count": {
            **{"mode": "tiers", "pick": "cumulative"},
            "tiers": [{"min": 2, "gift": "TOTE"}, {"min": 4, "gift": "POUCH"}],
        },
    },
}


def table(rows: list[dict[str, str]], header: list[str] = HEADER) -> str:
    assert all(set(row) <= set(header) for row in rows)
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    return "".join(",".join(line) + "\n" for line in lines)


def read(folder: Path, rules: str = "{file: gifts.csv}", **changes: Any) -> Scenario:
    return loads(SALE.replace("GIFTS", rules), file="f.yaml", folder=folder, set=changes)


def refused(folder: Path, text: str, **changes: Any) -> list[Problem]:
    (folder / "gifts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read(folder, **changes)
    return list(caught.value.problems)


def test_a_file_makes_the_rules_that_a_scenario_would(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text(table(ROWS), encoding="utf-8")
    found, written = read(tmp_path), read(tmp_path, json.dumps(YAML))
    assert list(found.rules) == list(written.rules)
    for name, rule in written.rules.items():
        assert found.rules[name] == rule, name
    assert found.digest() == written.digest()
    again = loads(json.dumps(found.model_dump(mode="json", by_alias=True)), folder=tmp_path)
    assert again.digest() == found.digest()
    (tmp_path / "gifts.csv").write_text(table(ROWS[:-1]), encoding="utf-8")
    assert read(tmp_path).digest() != written.digest()


CHINESE = (
    "活动名称,渠道,直播间,开始时间,结束时间,商品编码,排除商品,触发方式,门槛,每满,赠品编码,赠品数量,"
    "前N名,名额周期,每人限领,总限量,优先级,互斥组,独占,缺货处理,发货方式\n"
    "前百名,live,88,20:00,20:30,A、SET,B,满件,1,,TOTE,1,100,每分钟,1,2000,10,直播,否,不送,随单\n"
    "每满赠,live,,,,,,满额,,100,POUCH：2；TOTE：1,,,,,,,,,锁单,后发\n"
)
ENGLISH = {
    "前百名": {
        "where": {"channel": "live", "room": "88", "time": ["20:00", "20:30"]},
        "trigger": {"items": ["A", "SET"], "not": ["B"], "measure": "units", "min": 1},
        "reward": {"gift": "TOTE"},
        "gate": {"first_n": 100, "per": "minute"},
        "cap": {"customer": 1, "total": 2000},
        "stack": {"priority": 10, "group": "直播"},
    },
    "每满赠": {
        "where": {"channel": "live"},
        "trigger": {"measure": "amount"},
        "count": {"mode": "every", "step": 100},
        "reward": {"gift": {"POUCH": 2, "TOTE": 1}},
        "fulfil": {"when_out_of_stock": "hold", "ship": "after_main"},
    },
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_words(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "gifts.csv").write_bytes(CHINESE.encode(encoding))
    assert read(tmp_path).rules == read(tmp_path, json.dumps(ENGLISH, ensure_ascii=False)).rules


def test_an_amount_and_units_have_columns_of_their_own(tmp_path: Path) -> None:
    text = "规则,满额,满件,赠品\n额,99.9,,TOTE\n件,,3,TOTE\n档,99,,TOTE\n档,199,2,POUCH\n"
    (tmp_path / "gifts.csv").write_text(text, encoding="utf-8")
    rules = read(tmp_path).rules
    assert (rules["额"].trigger.measure, rules["额"].trigger.min) == ("amount", 9990)
    assert (rules["件"].trigger.measure, rules["件"].trigger.min) == ("units", 300)
    assert rules["档"].options == [{"TOTE": 1}, {"POUCH": 1}]


def test_a_sheet_of_a_spreadsheet(tmp_path: Path) -> None:
    """Numbers are numbers there, and a code stays the text that it was."""
    book = xlsxwriter.Workbook(tmp_path / "gifts.xlsx")
    book.add_worksheet("notes").write(0, 0, "nothing here")
    sheet = book.add_worksheet("rules")
    for column, name in enumerate(["rule", "room", "amount", "gift", "first_n", "group"]):
        sheet.write(0, column, name)
    for column, value in enumerate(["spend", 88, 99.9, "TOTE", 100, "007"]):
        sheet.write(2, column, value)
    sheet.write(3, 0, "bad")
    book.close()
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, "{file: gifts.xlsx, sheet: rules}")
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (4, "gifts.file")
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, "{file: gifts.xlsx, sheet: rule}")
    (problem,) = caught.value.problems
    assert "did you mean 'rules'?" in str(problem)


def test_codes_in_a_spreadsheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "gifts.xlsx")
    sheet = book.add_worksheet("rules")
    for column, name in enumerate(["rule", "room", "amount", "gift", "first_n", "group"]):
        sheet.write(0, column, name)
    for column, value in enumerate(["spend", 88, 99.9, "TOTE", 100, "007"]):
        sheet.write(1, column, value)
    book.close()
    rule = read(tmp_path, "{file: gifts.xlsx}").rules["spend"]
    assert (rule.where.room, rule.stack.group) == (["88"], "007")
    assert (rule.trigger.min, rule.gate.first_n) == (9990, 100)


def test_columns_may_be_mapped(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text("name,give\nx,TOTE\n")
    gifts = "{file: gifts.csv, columns: {rule: name, gift: give}}"
    assert read(tmp_path, gifts).rules["x"].reward.gift == {"TOTE": 1}
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, "{file: gifts.csv, columns: {rule: nam}}")
    assert [problem.path for problem in caught.value.problems] == ["gifts.columns.rule"]


def test_all_bad_cells_at_once(tmp_path: Path) -> None:
    rows = [
        {"rule": "a", "new": "maybe", "gift": "TOTE", "first_n": "many", "ship": "later"},
        {"rule": "b", "every": "0", "gift": "TOTE"},
        {"rule": "c", "from": "20:00", "gift": "TOTE", "quantity": "x"},
        {"rule": "d", "buy": "5", "every": "3", "gift": "TOTE"},
        {"rule": "e"},
        {"rule": "f", "amount": "99", "gift": "TOTE", "channel": "live"},
        {"rule": "f", "amount": "199", "channel": "shop"},
        {"rule": "g", "min": "1.5", "gift": "TOTE"},
        {"gift": "TOTE"},
    ]
    found = refused(tmp_path, table([row for row in rows if "rule" in row]))
    assert {problem.file for problem in found} == {str(tmp_path / "gifts.csv")}
    places = [(problem.line, problem.rule.split("'")[1]) for problem in found]
    assert places == [
        *((2, "new"), (2, "first_n"), (2, "ship")),
        (3, "every"),
        *((4, "from"), (4, "gift")),
        (5, "buy"),
        (6, "rule"),
        *((8, "channel"), (8, "gift")),
        (9, "rule"),
    ]
    assert str(found[2]).endswith("must be with_main, split or after_main, got later")
    assert "did you mean" in str(refused(tmp_path, "ruel,gift\nx,TOTE\n")[0])
    (nameless,) = refused(tmp_path, table([rows[-1]]))
    assert (nameless.line, nameless.rule) == (2, "column 'rule' is empty")


def test_checks_point_to_the_line_of_the_file(tmp_path: Path) -> None:
    text = "规则,渠道,赠品,总量\nx,live,TOTE,\ny,lve,TOT,\n"
    channel, gift = refused(tmp_path, text)
    assert (channel.line, channel.path) == (3, "gifts.y.where.channel[0]")
    assert channel.rule == "column '渠道' names no channel of this scenario"
    assert (gift.line, gift.path) == (3, "gifts.y.reward.gift.TOT")
    (tmp_path / "gifts.csv").write_text("规则,赠品,总量\nx,TOTE,0\n", encoding="utf-8")
    (warning,) = read(tmp_path).warnings
    assert (warning.file, warning.line) == (str(tmp_path / "gifts.csv"), 2)


@pytest.mark.parametrize("path", ["gifts.x.cap.total", "gifts.x"])
def test_rules_of_a_file_cannot_be_set_one_by_one(tmp_path: Path, path: str) -> None:
    (problem,) = refused(tmp_path, "rule,gift\nx,TOTE\n", **{path: 5})
    assert (problem.file, problem.path) == ("--set", path)
    assert problem.rule == "names a rule of gifts.csv"
    assert read(tmp_path, **{"gifts": {}}).rules == {}


def test_a_missing_file_hides_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, **{"costs.gift": {"TOT": 1}})
    assert [problem.path for problem in caught.value.problems] == ["costs.gift.TOT", "gifts.file"]


def test_a_rule_may_be_called_file(tmp_path: Path) -> None:
    assert list(read(tmp_path, "{file: {reward: {gift: TOTE}}}").rules) == ["file"]


def test_shorthand() -> None:
    rules = {
        "a": {
            "where": {"channel": "live", "time": ["20:00", "20:30"], "tier": 2},
            "trigger": {"items": ["A"], "not": "SET"},
            "reward": {"gift": "TOTE"},
        },
        "b": {"count": {"mode": "period", "buy": 5, "free": 2}},
    }
    found = loads(SALE.replace("GIFTS", json.dumps(rules))).rules
    assert found["a"].where.tier == [2]
    assert found["a"].trigger.not_ is not None
    assert found["a"].trigger.not_.items == ["SET"]
    assert found["b"].source == "in_cart"


@pytest.mark.parametrize(
    ("rule", "path", "words"),
    [
        ("{count: {mode: tier}}", "x.count.mode", "must be one of once, every, tiers, period"),
        ("{count: {step: 5}}", "x.count.mode", "is required"),
        ("{count: {mode: every, stepp: 5}}", "x.count.stepp", "is not a key"),
        ("{trigger: {items: {A: 0}}}", "x.trigger.items.A", "must be at least 1"),
        ("{trigger: {items: []}}", "x.trigger.items", "must not be empty"),
        ("{reward: {gift: [TOTE, TOTE]}}", "x.reward.gift", "must not name a gift twice"),
        ("{}", "x", "must say what is given"),
        ("{gate: {per: minute}, reward: {gift: TOTE}}", "x.gate", "must not have per"),
        ("{trigger: {measure: sets}, reward: {gift: TOTE}}", "x.trigger", "must say how many"),
        ("{trigger: {min: a}, reward: {gift: TOTE}}", "x.trigger.min", "must be a number of units"),
        ("{trigger: {min: 1.5}, reward: {gift: TOTE}}", "x", "must have whole numbers"),
        ("{gate: {lottery: {p: 10%}}, reward: {gift: TOTE}}", "x.gate.lottery.p", "must be a num"),
    ],
)
def test_what_a_rule_by_itself_must_say(rule: str, path: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(SALE.replace("GIFTS", f"{{x: {rule}}}"))
    problem = caught.value.problems[0]
    assert problem.path == f"gifts.{path}"
    assert problem.rule.startswith(words)
