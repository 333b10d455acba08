"""A run in Chinese: nothing that people read of it is left in English."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.cli.deadline import Deadline
from burstsim.engine.capacity import capacity_sketch, one_play
from burstsim.engine.compile import compile_scenario
from burstsim.engine.outline import outline
from burstsim.languages import columns_of, words_of
from burstsim.report.folder import RunFolder, read_folder
from burstsim.report.sheets import sheets_of
from burstsim.report.workbook import workbook_bytes
from burstsim.report.write import write_report
from burstsim.results.result import Result
from burstsim.results.store import save
from burstsim.scenario.reader import load
from burstsim.studies.replicate import run
from burstsim.units import SECOND
from tests.report.html import Parsed
from tests.report.prose import english, left_in_english

CONFIGS = Path(__file__).parents[2] / "configs"

#: Stories that have, together, every part that a page can have.
STORIES = ("double11", "gift-flood", "put-wall-waves", "two-merchants", "no-show-night")


@pytest.fixture(scope="module", params=STORIES)
def story(request: pytest.FixtureRequest) -> Result:
    changes = {"language": "zh", "demand_scale": 0.3, "replications": 2}
    return run(load(CONFIGS / f"{request.param}.yaml", set=changes))


@pytest.fixture(scope="module")
def folder(story: Result, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    path = tmp_path_factory.mktemp("zh") / "run"
    save(story, path, finish=write_report)
    return read_folder(path)


def test_the_sentence_is_chinese(story: Result) -> None:
    assert story.sentence.endswith("。")
    assert english(story.sentence, story.scenario.model_dump(mode="json")) == []


def test_why_is_chinese(story: Result) -> None:
    why = str((story.bottleneck or {"why": "瓶颈"})["why"])
    assert english(why, story.scenario.model_dump(mode="json")) == []
    assert re.search("[\u4e00-\u9fff]", why)


def test_a_note_of_a_run_that_was_stopped_is_chinese() -> None:
    said = Deadline(600 * SECOND).said(words_of("zh"))
    assert said == "已到时限 --time-limit 10m，提前停下"


def test_the_scenario_in_words_is_chinese(story: Result) -> None:
    plain = story.scenario.model_dump(mode="json")
    for line in outline(story.scenario, story.first.orders):
        assert english(line, plain) == [], line
        assert re.search("[\u4e00-\u9fff]", line), line


def test_the_page_is_chinese(folder: RunFolder) -> None:
    text = (folder.path / "report.html").read_text(encoding="utf-8")
    page = Parsed(re.sub("<pre>.*?</pre>", "", text, flags=re.DOTALL))
    assert page.named("html") == [{"lang": "zh"}]
    shown = [line for piece in page.text for line in piece.splitlines() if line.strip()]
    assert "会发生什么" in shown
    assert any("订单" in json.dumps(json.loads(data), ensure_ascii=False) for data in page.data)
    assert left_in_english(folder.path / "report.html", folder.scenario) == []


def test_names_that_mean_harm_do_none_in_chinese_either(chinese: Path) -> None:
    page = Parsed((chinese / "report.html").read_text(encoding="utf-8"))
    assert page.tags.isdisjoint({"img", "b", "a"})
    assert len(page.scripts) == 2
    assert any("<b>bold</b>" in piece for piece in page.text)
    assert any("{{ 7 * 7 }}" in piece for piece in page.text)


def test_no_axis_shows_names_that_plotly_knows_in_english(folder: RunFolder) -> None:
    text = (folder.path / "report.html").read_text(encoding="utf-8")
    figures = [json.loads(data) for data in Parsed(text).data]
    dated = [f["layout"]["xaxis"] for f in figures if f["layout"]["xaxis"].get("type") == "date"]
    assert dated
    for axis in dated:
        assert not re.search("%[aAbBp]", axis["tickformat"] + axis["hoverformat"])


def test_headers_are_short(folder: RunFolder) -> None:
    """Single words too: no head of a column, no title and no legend is left in English."""
    text = (folder.path / "report.html").read_text(encoding="utf-8")
    heads = re.findall("<th[^>]*>(.*?)</th>", text) + re.findall("<h[23]>(.*?)</h[23]>", text)
    assert len(heads) > 20
    for head in heads:
        assert re.search("[\u4e00-\u9fff]", head) or head == "SHA-256", head


def test_the_workbook_is_chinese_and_csv_is_not(folder: RunFolder) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_bytes(sheets_of(folder, folder.words))))
    assert book.sheet_names == ["输入", "汇总", "门槛", "分小时", "定义"]
    for name in book.sheet_names[1:]:
        rows = book.get_sheet_by_name(name).to_python()
        for head in rows[0]:
            assert re.search("[\u4e00-\u9fff]", str(head)), head
        cells = [str(cell) for row in rows for cell in row]
        assert [found for cell in cells for found in english(cell, folder.scenario)] == []
    plain = {sheet.name: sheet.headers for sheet in sheets_of(folder)}
    assert list(plain) == ["inputs", "summary", "thresholds", "hourly", "definitions"]
    assert plain["summary"][0] == "metric"


def test_names_of_metrics_stay(folder: RunFolder) -> None:
    text = (folder.path / "report.html").read_text(encoding="utf-8")
    assert "时效达成率 on_time" in text
    assert set(folder.summary) >= {"metrics", "thresholds", "sentence"}
    assert folder.summary["verdict"] in ("PASS", "FAIL", "INCONCLUSIVE")


def burstsim(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", ["gift-flood", "two-merchants"])
def test_the_console_is_chinese(name: str, tmp_path: Path) -> None:
    file = CONFIGS / f"{name}.yaml"
    more = ("--language", "zh", "--set", "demand_scale=0.3")
    plain = load(file).model_dump(mode="json")
    for command in (("run", file, "--reps", 2, "--out", tmp_path / "run"), ("check", file)):
        done = burstsim(*command, *more)
        told = [line for line in done.stdout.splitlines() if "warning" not in line]
        assert [found for line in told for found in english(line, plain)] == []
    assert "追平" in done.stdout


def test_the_language_changes_no_number() -> None:
    changes = {"demand_scale": 0.05, "replications": 2}
    one, other = (
        run(load(CONFIGS / "double11.yaml", set={**changes, "language": code}))
        for code in ("en", "zh")
    )
    assert one.digests == other.digests
    assert one.values == other.values
    assert one.scenario.digest() == other.scenario.digest()
    assert one.sentence != other.sentence


def test_letters_line_up_in_the_sketch() -> None:
    """On a terminal a Chinese letter is two columns wide, and bars begin below each other."""
    model = compile_scenario(load(CONFIGS / "double11.yaml", set={"language": "zh"}))
    orders = one_play(model)
    assert orders is not None
    lines = list(capacity_sketch(model, orders))
    bars = [re.split("[#=]", line)[0] for line in lines[1:] if re.search("[#=]", line)]
    assert len({columns_of(left) for left in bars}) == 1
    assert any("单/小时" in left for left in bars)


def test_chinese_has_its_marks() -> None:
    words = words_of("zh")
    assert words.listed(["pick", "pack"]) == "pick、pack"
    assert words.semicolon + words.stop + words.pause == "；。，"
