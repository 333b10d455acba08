"""The page in a real browser: drawn, without a complaint, and no wider than a phone.

Chromium is run from the command line; its console arrives on stderr. Where there is none the
tests are skipped.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from burstsim.report.write import write_report
from tests.report.conftest import SCRIPT
from tests.report.summaries import compare, made, size, stress, sweep

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER = os.environ.get("BURSTSIM_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason=f"no browser was found: none of {', '.join(NAMES)}, no BURSTSIM_BROWSER"
)

#: Studies of every kind.
STUDIES = {
    "stress": stress(),
    "size": size(),
    "line": sweep({"demand_scale": [1, 2]}),
    "map": sweep({"demand_scale": [1, 2], "warehouses.hangzhou.stages.pick.workers": [30, 40]}),
    "compare": compare(),
}

#: Shows a page in a frame as wide as a phone, and writes down how wide and how drawn it is.
PHONE = """<!DOCTYPE html><meta charset="utf-8"><body><p id="found"></p>
<iframe width="375" height="800" srcdoc="{page}"></iframe>
<script>
const frame = document.querySelector("iframe");
const timer = setInterval(() => {{
  const root = frame.contentDocument.documentElement;
  if (!root.dataset.drawn) return;
  clearInterval(timer);
  const charts = Array.from(root.querySelectorAll(".chart"));
  const wide = charts.filter((c) => c.querySelector(".main-svg").clientWidth > c.clientWidth + 1);
  const drawn = root.dataset.drawn;
  found.textContent = `width=${{root.scrollWidth}} drawn=${{drawn}} wide=${{wide.length}}`;
}}, 100);
</script>"""


def shown(page: Path, profile: Path) -> tuple[str, list[str]]:
    """Give the document as it stands when all is drawn, and the lines of the console."""
    assert BROWSER is not None
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    switches += ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    switches += ["--enable-logging=stderr", f"--user-data-dir={profile}"]
    switches += ["--virtual-time-budget=30000", "--dump-dom"]
    done = subprocess.run(
        [BROWSER, *switches, page.resolve().as_uri()],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=180,
        check=True,
    )
    console = [line for line in done.stderr.splitlines() if ":CONSOLE:" in line]
    return done.stdout, console


def test_pictures_are_drawn_and_nobody_complains(folder: Path, tmp_path: Path) -> None:
    document, console = shown(folder / "report.html", tmp_path)
    assert console == []
    assert 'data-drawn="10"' in document
    for number in range(8):
        chart = document.split(f'id="chart-{number}"')[1].split("</figure>")[0]
        assert "main-svg" in chart
    # labels are text in the drawing as well, and no script of a name was run
    assert "alert(1)" in document
    assert "<b>bold" not in document


def test_pictures_are_drawn_in_chinese(chinese: Path, tmp_path: Path) -> None:
    document, console = shown(chinese / "report.html", tmp_path)
    assert console == []
    assert 'data-drawn="10"' in document
    drawn = "".join(re.findall(r"<text[^>]*>.*?</text>", document, re.DOTALL))
    assert "订单" in drawn
    # a day on an axis: no name of a day or a month
    assert re.search(r"\d+月\d+日", drawn)
    assert not re.search(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ", drawn)


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_it_fits_a_phone(folder: Path, chinese: Path, language: str, tmp_path: Path) -> None:
    run = chinese if language == "chinese" else folder
    page = html.escape((run / "report.html").read_text(encoding="utf-8"))
    frame = tmp_path / "phone.html"
    frame.write_text(PHONE.format(page=page), encoding="utf-8")
    document, console = shown(frame, tmp_path / "profile")
    assert console == []
    found = re.search(r"width=(\d+) drawn=(\d+) wide=(\d+)", document)
    assert found is not None
    width, drawn, wide = map(int, found.groups())
    assert width <= 375  # a scroll bar takes some of it
    assert (drawn, wide) == (10, 0)


@pytest.mark.parametrize("name", STUDIES)
def test_pages_of_studies_are_drawn_and_fit_a_phone(name: str, tmp_path: Path) -> None:
    found = STUDIES[name]
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / f"{found['study']}.json").write_text(json.dumps(found), encoding="utf-8")
    (folder / "study.json").write_text(json.dumps(made("before", SCRIPT)), encoding="utf-8")
    write_report(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    frame = tmp_path / "phone.html"
    frame.write_text(PHONE.format(page=html.escape(text)), encoding="utf-8")
    document, console = shown(frame, tmp_path / "profile")
    assert console == []
    seen = re.search(r"width=(\d+) drawn=(\d+) wide=(\d+)", document)
    assert seen is not None
    width, drawn, wide = map(int, seen.groups())
    assert width <= 375
    assert (drawn, wide) == (text.count('class="chart"'), 0)
    assert drawn > 0


def test_the_console_is_heard(folder: Path, tmp_path: Path) -> None:
    """What the other tests rest on: a script that is not the page's is refused, audibly."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    other = tmp_path / "other.html"
    other.write_text(text.replace("<header>", "<script>alert(9)</script><header>", 1), "utf-8")
    _, console = shown(other, tmp_path / "profile")
    assert any("Content Security Policy" in line for line in console)
    image = tmp_path / "image.html"
    image.write_text(text.replace("<header>", '<img src="http://127.0.0.1:9/x">', 1), "utf-8")
    _, console = shown(image, tmp_path / "second")
    assert any("Content Security Policy" in line for line in console)
