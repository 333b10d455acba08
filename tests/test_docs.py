"""The documentation says what is so: keys, examples, links, the sentence of the README."""

from __future__ import annotations

import json
import re
import typing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from burstsim.results.result import Result
from burstsim.scenario.document import read_document
from burstsim.scenario.fields import Section
from burstsim.scenario.giftcolumns import GIFTS
from burstsim.scenario.reader import load, loads
from burstsim.scenario.scenario import Scenario
from burstsim.studies.replicate import run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.md"))]
README, README_ZH = (page.read_text(encoding="utf-8") for page in PAGES[:2])
REFERENCE = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", REFERENCE, re.DOTALL | re.MULTILINE)

LOG = "InvoiceNo,StockCode,Quantity,InvoiceDate\n1,LIP-01,2,10/11/2026 20:00\n"


def models(kind: Any) -> set[type[Section]]:
    """Every section below a type."""
    if isinstance(kind, type) and issubclass(kind, Section):
        parts = [field.annotation for field in kind.model_fields.values()]
        return {kind}.union(*map(models, parts))
    return set().union(*map(models, typing.get_args(kind)))


def keys_of(model: type[Section]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def tables_of(text: str) -> list[set[str]]:
    """Keys of every table that lists keys, one in each row."""
    blocks = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [set(re.findall(r"^\| `(\w+)` \|", block, re.MULTILINE)) for block in blocks]


def part_of(heading: str) -> str:
    """Text below a heading, up to the next one."""
    return re.split(r"^##", REFERENCE.split(f"\n{heading}\n")[1], flags=re.MULTILINE)[0]


SECTIONS = sorted(models(Scenario), key=lambda model: model.__name__)
STREAMS = [model for model in SECTIONS if "shape" in keys_of(model)]


def data_of(text: str) -> dict[str, Any]:
    document, refused = read_document(text, "example")
    assert not refused.problems
    return document.data


def heading_of(link: str) -> str:
    return re.sub(r"[^\w -]", "", link.lower()).replace(" ", "-")


def test_the_walk_finds_nested_sections() -> None:
    names = {model.__name__ for model in SECTIONS}
    assert {"Work", "Delay", "Population", "ManualReview", "CloseChannel", "Replay"} <= names


@pytest.mark.parametrize("model", [m for m in SECTIONS if m not in STREAMS])
def test_every_section_has_a_table_of_its_keys(model: type[Section]) -> None:
    assert keys_of(model) in tables_of(REFERENCE)


@pytest.mark.parametrize("model", STREAMS)
def test_every_shape_has_its_keys(model: type[Section]) -> None:
    (shape,) = typing.get_args(model.model_fields["shape"].annotation)
    own = set().union(*tables_of(part_of(f"### {shape}")))
    common = set().union(*tables_of(part_of("## demand")))
    assert own == keys_of(model) - common
    assert f"`{shape}`" in part_of("## demand")


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_are_valid(number: int, tmp_path: Path) -> None:
    """Each holds when it takes its sections' place in the smallest scenario."""
    (tmp_path / "orders.csv").write_text(LOG, encoding="utf-8")
    base = data_of(EXAMPLES[0])
    base["catalog"] = {"skus": {"LIP-01": {}, "CREAM-02": {}}}
    second = {"channel": "live", "shape": "steady", "rate": "1/h"}
    base["demand"]["other"] = {**second, "basket": {"weights": {"LIP-01": 1}}}
    base["horizon"] = "28h"
    whole = {**base, **data_of(EXAMPLES[number])}
    loads(json.dumps(whole), folder=tmp_path)


def test_the_smallest_scenario_is_whole() -> None:
    assert loads(EXAMPLES[0]).warehouses["hangzhou"].stages["pick"].workers == 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, part = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        if part:
            lines = target.read_text(encoding="utf-8").splitlines()
            headings = {heading_of(line.lstrip("# ")) for line in lines if line.startswith("#")}
            assert part in headings, link


@pytest.fixture(scope="module")
def double11() -> Result:
    return run(load(ROOT / "configs" / "double11.yaml"))


def test_the_readme_quotes_what_the_command_prints(double11: Result) -> None:
    quoted = re.search(r"(?:^> .*\n)+", README, re.MULTILINE)
    assert quoted is not None
    assert " ".join(quoted[0].replace("> ", "").split()) == double11.sentence


def test_the_chinese_readme_quotes_what_the_command_prints(double11: Result) -> None:
    spoken = double11.scenario.model_copy(update={"language": "zh"})
    result = replace(double11, model=replace(double11.model, scenario=spoken))
    quoted = re.search(r"(?:^> .*\n)+", README_ZH, re.MULTILINE)
    assert quoted is not None
    assert " ".join(quoted[0].replace("> ", "").split()) == result.sentence


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_the_readme_names_the_columns_of_metrics(double11: Result, text: str) -> None:
    (columns,) = re.findall(r"result\.metrics\)\s+# (.*)", text)
    assert columns.split(", ") == list(double11.metrics.columns)


def test_the_readmes_say_the_same() -> None:
    """They lead to each other, and have the same commands, pages and figures."""
    assert "(README.zh.md)" in "".join(README.splitlines()[:4])
    assert "(README.md)" in "".join(README_ZH.splitlines()[:4])
    for kind in (r"^\| `(burstsim \w+)", r"^\|.*\| ([\d.]+) \|$", r"^import .*|^result = .*"):
        both = [re.findall(kind, text, re.MULTILINE) for text in (README, README_ZH)]
        assert both[0] == both[1] != []
    for command in re.findall(r"^\.venv/bin/burstsim .*$", README_ZH, re.MULTILINE):
        assert command.replace(" --language zh", "") in README, command


def test_the_python_of_the_how_to_runs() -> None:
    text = (ROOT / "docs" / "howto-report.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(code, names)
    assert "40 pickers are enough." in names["html"]


def test_the_how_to_names_every_picture() -> None:
    """Titles stand in the code once; a picture that nobody explains is one too many."""
    text = (ROOT / "docs" / "howto-report.md").read_text(encoding="utf-8")
    charts = ROOT / "burstsim" / "report" / "charts"
    for file in charts.glob("*.py"):
        for title in re.findall(
            r'title ?= ?(?:words\.say\()?"([^"]+)"', file.read_text(encoding="utf-8")
        ):
            assert file.name == "studies.py" or title in text, title


def test_no_placeholder_is_left() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for mark in re.finditer(r"<!-- figures -->\n*(.?)", text):
            assert mark[1] == "|", page.name


def test_every_file_of_the_engine_has_its_place_in_the_map() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for file in (ROOT / "burstsim" / "engine").rglob("*.py"):
        named = f"{file.name}`" in text or f"{file.relative_to(ROOT / 'burstsim')}`" in text
        assert file.name == "__init__.py" or named, file


def test_the_map_names_no_file_that_is_gone() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    there = {file.name for file in ROOT.glob("*/**/*.py")}
    for name in re.findall(r"`(?:[\w/]+/)?(\w+\.py)`", text):
        assert name in there, name


HOWTO = (ROOT / "docs" / "howto-gift-rules.md").read_text(encoding="utf-8")
RULES = re.findall(r"^\| [^|]+ \| `(.*?)` \|", HOWTO.split("\n## In a")[0], re.MULTILINE)

#: A sale in which all that the page names is there.
SHOP = """
burstsim: 1
start: "2026-11-10 19:00"
horizon: 4h
catalog:
  skus: {LIP-01: {brand: glow}, CREAM-02: {category: skin care}, MASK-04: {category: sale},
    TOTE: {price: 9}, POUCH: {price: 3}, MIRROR: {price: 5}, CARD: {price: 1}, BRUSH: {price: 2}}
  kits: {GLOW-SET: {needs: {LIP-01: 1, CREAM-02: 2}}}
demand:
  live: {channel: live, room: "88", shape: steady, rate: 600/h, coupon: 0.3,
    basket: {weights: {LIP-01: 1, CREAM-02: 1, MASK-04: 1, GLOW-SET: 1}, quantity: {9: 1}},
    customers: {pool: 100, new: 0.2, tiers: {2: 1, 3: 1}}}
warehouses:
  hub: {stages: {wrap: {workers: 1, only: needs_work}, pack: {workers: 9, work: {uph: 90}}}}
"""


def test_there_are_rules_in_the_how_to() -> None:
    assert len(RULES) > 40


@pytest.mark.parametrize("text", RULES)
def test_rules_of_the_how_to_are_valid(text: str) -> None:
    """A part of a rule is put into the smallest one that it goes with."""
    rule = text
    if not text.startswith("{"):
        rule = f"{{{text.replace('…', '[{min: 99, gift: POUCH}]')}}}"
        if "reward" not in text and "tiers" not in text:
            rule = f"{rule[:-1]}, reward: {{gift: {{TOTE: 1}}}}}}"
    loads(f"{SHOP}gifts: {{x: {rule}}}\n")


def test_the_file_of_the_how_to_is_valid(tmp_path: Path) -> None:
    (text,) = re.findall(r"^```text\n(.*?)^```", HOWTO, re.DOTALL | re.MULTILINE)
    (tmp_path / "gifts.csv").write_text(text, encoding="utf-8")
    found = loads(f"{SHOP}gifts: {{file: gifts.csv}}\n", folder=tmp_path).rules
    assert list(found) == ["first-100", "spend", "set"]
    assert len(found["spend"].options) == 2


def test_the_how_to_names_every_column() -> None:
    table = HOWTO.split("| column |")[1]
    first = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(first))) == set(GIFTS.aliases)
