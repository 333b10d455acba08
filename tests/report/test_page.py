"""The page: whole, harmless, and with what the run found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from burstsim.report.blocks import Code, Figure, Folded, Page, Prose, Section, Table, Terms
from burstsim.report.folder import RunFolder
from burstsim.report.page import render
from burstsim.report.runpage import run_page
from burstsim.report.safe import script_hash
from burstsim.report.write import write_report
from burstsim.results.store import save
from burstsim.studies.replicate import run
from tests.report.conftest import FORMULA, IMAGE, JAVASCRIPT, LINES, SCRIPT, harmful
from tests.report.html import Parsed
from tests.scenarios import scenario_of, small

TITLES = [
    "Orders in and orders out",
    "Queues",
    "How busy each crew is",
    "From payment to shipped",
    "Where an order's time goes",
    "Stock that ran out",
    "Gifts promised and granted",
    "When gifts ran short",
    "Why orders are late",
    "What it costs",
]


def labels_of(page: Parsed) -> str:
    """What pictures are called for who cannot see them."""
    return " ".join(str(div["aria-label"]) for div in page.named("div") if "aria-label" in div)


@pytest.fixture(scope="module")
def page(folder: Path) -> Parsed:
    return Parsed((folder / "report.html").read_text(encoding="utf-8"))


def test_names_that_mean_harm_are_only_text(page: Parsed) -> None:
    assert len(page.scripts) == 2
    assert not page.tags & {"img", "a", "b", "iframe", "link", "object", "base", "form"}
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
    text = " ".join(page.text)
    for name in (SCRIPT, IMAGE, FORMULA, LINES, JAVASCRIPT):
        assert name in text


def test_nothing_is_fetched(page: Parsed) -> None:
    for _, attributes in page.elements:
        assert not {"src", "href", "srcset", "action", "background"} & attributes.keys()
    assert "url(" not in page.styles
    assert "@import" not in page.styles


def test_the_policy_lets_run_what_was_written_and_nothing_else(page: Parsed) -> None:
    (policy,) = (str(meta["content"]) for meta in page.named("meta") if "http-equiv" in meta)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [script_hash(script) for script in page.scripts]
    order = [tag for tag, _ in page.elements]
    assert order.index("meta") < order.index("style") < order.index("script")


def test_labels_of_pictures_are_not_markup(page: Parsed) -> None:
    for data in page.data:
        spec = json.loads(data)
        names = [trace.get("name", "") for trace in spec["data"]]
        names += [y for trace in spec["data"] for y in trace.get("y", ()) if isinstance(y, str)]
        assert not any(set(name) & set("<>") for name in names)


def test_every_picture_has_its_data_and_its_place(page: Parsed) -> None:
    places = [str(div["id"]) for div in page.named("div") if div.get("class") == "chart"]
    data = [str(script["id"]) for script in page.named("script") if "id" in script]
    assert places == [f"chart-{number}" for number in range(len(TITLES))]
    assert data == [f"data-{number}" for number in range(len(TITLES))]
    assert [title for title in TITLES if f"{title}. " in labels_of(page)] == TITLES


def test_the_verdict_and_the_thresholds_are_on_top(page: Parsed, run_folder: RunFolder) -> None:
    text = " ".join(" ".join(page.text).split())
    sentence = " ".join(str(run_folder.summary["sentence"]).split())
    assert text.index(sentence) < text.index("What happens")
    top = run_page(run_folder).top[0]
    assert isinstance(top, Table)
    by_name = {row[1].partition(":")[0]: row for row in top.rows}
    assert by_name[IMAGE.partition(":")[0]][0] == "FAIL"
    assert by_name["nights"][0] == "PASS"
    assert "(95 % bounds)" in by_name["nights"][3]
    assert re.fullmatch(r"2[0-3]:\d\d", by_name["clear"][2].removeprefix("≥ "))


def test_a_sale_without_events_has_no_empty_pictures(tmp_path: Path) -> None:
    """No gifts, no limited stock, nobody waits: those pictures are left out."""
    calm = small(
        demand={
            "s": {"shape": "steady", "rate": "6/h", "basket": {"weights": {"A": 1}}},
        },
        warehouses={"hub": {"stages": {"pick": {"workers": 50, "work": {"per_task": "1s"}}}}},
    )
    save(run(scenario_of(calm)), tmp_path / "calm", finish=write_report)
    calm_page = Parsed((tmp_path / "calm" / "report.html").read_text(encoding="utf-8"))
    shown = [TITLES[0], *TITLES[3:5]]  # nobody is at work when a minute turns
    assert [title for title in TITLES if f"{title}. " in labels_of(calm_page)] == shown
    save(run(scenario_of(small(demand_scale=0))), tmp_path / "empty", finish=write_report)
    empty = Parsed((tmp_path / "empty" / "report.html").read_text(encoding="utf-8"))
    assert empty.scripts == empty.data == []
    assert "No orders were placed." in " ".join(empty.text)


def test_built_again_it_is_the_same(folder: Path) -> None:
    before = (folder / "report.html").read_bytes()
    write_report(folder)
    assert (folder / "report.html").read_bytes() == before
    assert not list(folder.glob(".*"))


def test_a_verdict_is_a_word_and_a_sign() -> None:
    rows = [["PASS", "a"], ["FAIL", "b"], ["INCONCLUSIVE", "c"]]
    table = Table(headers=["verdict", "threshold"], rows=rows, verdict=0)
    text = "".join(Parsed(render(_page([table]))).text)
    assert re.findall(r"([✓✗?])\s+(PASS|FAIL|INCONCLUSIVE)", text) == [
        ("✓", "PASS"),
        ("✗", "FAIL"),
        ("?", "INCONCLUSIVE"),
    ]


def test_every_kind_of_block_is_written() -> None:
    figure = Figure(title="A figure", finding="", data=[], layout={})
    blocks = [
        Prose(lines=["one", "two"]),
        Terms(entries=[("term", "meaning")]),
        Code(text="  code"),
        Folded(summary="more", blocks=[figure]),
    ]
    found = Parsed(render(_page(blocks)))
    assert {"li", "dt", "dd", "pre", "details", "figure"} <= found.tags
    assert len(found.data) == 1


def test_long_names_in_headers_may_go_on_below() -> None:
    names = ["p95(order_to_ship)", "pick.workers", "on_time >= 0.98", "a_<b>"]
    text = render(_page([Table(headers=names, rows=[["1"] * 4])]))
    assert re.findall(r"<th\b[^>]*>(.*?)</th>", text) == [
        *("p95<wbr>(order_<wbr>to_<wbr>ship)", "pick.<wbr>workers"),
        *("on_<wbr>time &gt;= 0.98", "a_<wbr>&lt;b&gt;"),
    ]
    assert [name in "".join(Parsed(text).text) for name in names] == [True] * 4


def test_a_section_without_blocks_is_left_out() -> None:
    empty = Page(title="t", subtitle="", sentence="s", sections=[Section(title="Gone", blocks=[])])
    assert "Gone" not in render(empty)


def test_the_page_is_not_much_more_than_plotly(folder: Path, page: Parsed) -> None:
    """Pictures are thinned: a run of any length makes a page of about one size."""
    rest = len((folder / "report.html").read_text(encoding="utf-8")) - len(page.scripts[0])
    assert rest < 600_000


def test_harmful_is_a_scenario() -> None:
    assert scenario_of(harmful()).warnings is not None


def _page(blocks: list[Prose | Terms | Code | Folded | Table]) -> Page:
    return Page(
        title="t", subtitle="", sentence="s", sections=[Section(title="Here", blocks=blocks)]
    )
