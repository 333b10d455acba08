"""Make the READMEs' pictures: the top of a run's page, as a browser shows it.

Run from the top of the repository, with Chromium on the path:
``python docs/picture.py``. Writes ``docs/report.png`` and, in Chinese, ``docs/report.zh.png``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from burstsim.report.write import write_report
from burstsim.results.store import save
from burstsim.scenario.reader import load
from burstsim.studies.replicate import run

_DOCS = Path(__file__).parent
_SIZE = "1000,1385"

#: Language → the picture.
_PICTURES = {"en": "report.png", "zh": "report.zh.png"}


def main() -> None:
    """Run the story of the READMEs and photograph its page, in each language."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no browser was found: install chromium")
    for language, picture in _PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            _photograph(browser, language, _DOCS / picture, Path(folder))


def _photograph(browser: str, language: str, picture: Path, folder: Path) -> None:
    place = folder / "run"
    story = load(_DOCS.parent / "configs" / "double11.yaml", set={"language": language})
    save(run(story), place, finish=write_report)
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    switches += [f"--window-size={_SIZE}", "--virtual-time-budget=20000"]
    switches += [f"--user-data-dir={folder}/profile", f"--screenshot={picture}"]
    page = (place / "report.html").as_uri()
    subprocess.run([browser, *switches, page], check=True, capture_output=True)


if __name__ == "__main__":
    main()
