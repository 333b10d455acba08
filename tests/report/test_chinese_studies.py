"""Studies in Chinese: nothing that people read of their answers is left in English."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.report.planbook import plan_sheets
from burstsim.report.workbook import workbook_bytes
from burstsim.report.write import write_report
from burstsim.results.store import save
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import changed
from burstsim.studies.compare import compare
from burstsim.studies.compared import Compare
from burstsim.studies.replicate import run
from burstsim.studies.size import size
from burstsim.studies.sized import Price, Size
from burstsim.studies.stress import stress
from burstsim.studies.stressed import Stress
from burstsim.studies.sweep import Sweep, sweep
from tests.cli.helpers import quick, write
from tests.report.prose import CHINESE, english, left_in_english
from tests.scenarios import scenario_of

PICK = "warehouses.hub.stages.pick.workers"
THRESHOLDS = {"on-time": "on_time >= 0.5", "clear": "backlog_clear_at <= 20:20"}

Found = Stress | Size | Sweep | Compare


def sale(language: str = "zh") -> Scenario:
    """Sixty orders at once, 36 of them in time; every replication is the same."""
    return scenario_of(quick(name="大促", thresholds=THRESHOLDS, language=language))


def against(scenario: Scenario, **changes: object) -> Compare:
    """Hold a changed scenario against this one."""
    sides = (scenario, changed(scenario, changes))
    return compare(*sides, names=["a", "b"], replications=2, fail_on=["on_time < -0.1"])


def sized(scenario: Scenario) -> Size:
    return size(scenario, vary={PICK: "1:3"}, thresholds={"all": "on_time >= 1"}, most=2)


#: What studies do with a scenario: a page of every kind.
STUDIES: Mapping[str, Callable[[Scenario], Found]] = {
    "stress": lambda s: stress(s, precision=0.2, most=2),
    "levels": lambda s: stress(s, vary={PICK: "1:3"}, most=2),
    "size": sized,
    "line": lambda s: sweep(s, {PICK: "1:2"}, replications=2),
    "map": lambda s: sweep(s, {PICK: "1:2", "demand_scale": [1, 2]}, replications=1),
    "points": lambda s: sweep(s, {PICK: "1:3", "demand_scale": "1:2"}, lhs=3, replications=1),
    "more": lambda s: against(s, demand_scale=1.5),
    "same": lambda s: against(s, seed=s.seed),
}


@pytest.mark.parametrize("name", STUDIES)
def test_answer_and_page_are_chinese(name: str, tmp_path: Path) -> None:
    found = STUDIES[name](sale())
    assert found.sentence.endswith("。")
    assert english(found.sentence, {}) == []
    found.save(tmp_path)
    write_report(tmp_path)
    page = tmp_path / "report.html"
    assert left_in_english(page, {}) == []
    text = page.read_text(encoding="utf-8")
    assert '<html lang="zh">' in text
    # of single words only paths, crews, thresholds and sides stay: they are the user's
    heads = re.findall(r"<th\b[^>]*>(.*?)</th>", text) + re.findall("<h[23]>(.*?)</h[23]>", text)
    assert len(heads) > 5
    for head in heads:
        own = re.search(r"[._=]|^(?:on-time|clear|all|a|b)$", head)
        assert CHINESE.search(head) or own, head


def test_the_language_changes_sentences_only() -> None:
    """Names, verdicts and numbers are what machines read, in either language."""
    for name in ("stress", "size", "map", "more"):
        one, other = (STUDIES[name](sale(code)).summary() for code in ("en", "zh"))
        for text in ("sentence", "notes") if name == "size" else ("sentence",):
            assert CHINESE.search(str(other.pop(text)))
            assert not CHINESE.search(str(one.pop(text)))
        assert one == other


def test_a_study_remembers_its_language(tmp_path: Path) -> None:
    STUDIES["line"](sale()).save(tmp_path)
    made = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    assert made["language"] == "zh"
    (record,) = made["scenarios"].values()
    assert all(CHINESE.search(line) for line in record["description"])
    assert record["scenario_sha256"] == sale("en").digest()


def test_every_turn_of_a_stress_test_is_chinese() -> None:
    found = stress(sale(), precision=0.2, most=2)
    levels = sorted(found.trials)
    held = {level: replace(trial, status="PASS") for level, trial in found.trials.items()}
    partner = replace(found.broke_first, warehouse="swift", stage="external")  # type: ignore[type-var]
    turns = [
        replace(found, low=None, high=None, broke_first=None),
        replace(found, low=None),
        replace(found, high=None, broke_first=None),
        replace(found, high=None, broke_first=None, low=levels[-1], trials=held),
        replace(found, low=0.5, high=0.9),
        replace(found, monotone=False),
        replace(found, monotone=False, high=levels[0], trials=held),
        replace(found, broke_first=partner),
    ]
    sentences = [turn.sentence for turn in turns]
    assert len(set(sentences)) == len(turns)
    for sentence in sentences:
        assert english(sentence, {}) == []
    assert "合作仓 swift" in sentences[-1]
    assert "注意" in sentences[5]
    assert "按计划的大促，仓库扛不住" in sentences[4]


def test_every_price_is_chinese() -> None:
    found = sized(sale())
    assert found.cost is not None
    turns = [
        replace(found, best=None),
        replace(found, bound=0.0),
        replace(found, bound=found.cost / 2),
        replace(found, price=Price(hour=25.0, base=0.0), bound=1.0),
    ]
    for turn in turns:
        assert english(turn.sentence, {}) == []
    assert "不能全部达标" in turns[0].sentence
    assert "至多贵 100.0 %" in turns[2].sentence


def test_the_plan_is_chinese() -> None:
    sheets = plan_sheets(sized(sale()))
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_bytes(sheets)))
    assert book.sheet_names == ["排班计划", "人员配置", "成本边界", "结论"]
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        for cell in head:
            assert CHINESE.search(str(cell)) or cell in (PICK, *THRESHOLDS, "all"), cell
        for row in rows:
            assert not {"PASS", "FAIL", "INCONCLUSIVE"} & set(map(str, row))
    assert [s.name for s in plan_sheets(sized(sale("en")))] == [
        "Plan",
        "Crew",
        "Frontier",
        "Answer",
    ]


def test_runs_are_compared_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    """Run folders have the language in which they were told; the first one's is taken."""
    for code in ("en", "zh"):
        save(run(sale(code)), tmp_path / code)
    sides = (tmp_path / "zh", tmp_path / "en")
    assert CHINESE.search(compare(*sides).sentence)
    assert not CHINESE.search(compare(*reversed(sides)).sentence)
    assert CHINESE.search(compare(*reversed(sides), language="zh").sentence)


def test_a_finished_study_is_told_again_without_being_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("sale.yaml"), quick(thresholds=THRESHOLDS))
    command = ["sweep", "sale.yaml", "--vary", f"{PICK}=1:2", "--out", "here", "--quiet"]
    assert CliRunner().invoke(app, command).stdout == "2 of 2 points keep every threshold.\n"
    made = {file: file.stat().st_mtime_ns for file in Path("here/shards").iterdir()}
    again = CliRunner().invoke(app, [*command, "--resume", "--language", "zh"])
    assert again.stdout == "2 个点中有 2 个全部达标。\n"
    assert {file: file.stat().st_mtime_ns for file in Path("here/shards").iterdir()} == made
    assert left_in_english(Path("here/report.html"), {}) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("stress", "sale.yaml", "--reps", 2, "--precision", 0.2),
        ("size", "sale.yaml", "--reps", 2, "--vary", f"{PICK}=1:3"),
        ("sweep", "sale.yaml", "--reps", 2, "--vary", f"{PICK}=1:2"),
        ("compare", "sale.yaml", "more.yaml", "--reps", 2, "--fail-on", "on_time < -0.9"),
    ],
)
def test_the_console_is_chinese(
    arguments: tuple[Any, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("sale.yaml"), quick(thresholds=THRESHOLDS))
    write(Path("more.yaml"), quick(thresholds=THRESHOLDS, demand_scale=1.2))
    done = CliRunner().invoke(app, [*map(str, arguments), "--out", "here", "--language", "zh"])
    assert done.exit_code == 0, done.output
    assert [found for line in done.stdout.splitlines() for found in english(line, {})] == []
    assert "已写入 here" in done.stdout
    assert {"verdict", "replications", "metric"}.isdisjoint(done.stdout.split())
    assert left_in_english(Path("here/report.html"), {}) == []
