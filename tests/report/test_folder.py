"""Run folders read back: of this version, of others, and what is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from burstsim.errors import OutputError
from burstsim.report.folder import read_folder
from burstsim.report.write import write_file, write_report
from tests.report.html import Parsed


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "run"))


def changed(file: Path, **changes: Any) -> None:
    data = json.loads(file.read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in data.items() if value is not None}
    file.write_text(json.dumps(kept), encoding="utf-8")


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"is no run folder: there is no summary\.json"):
        read_folder(tmp_path)
    (tmp_path / "summary.json").write_text("[1]")
    with pytest.raises(OutputError, match="does not hold a map"):
        read_folder(tmp_path)
    (tmp_path / "summary.json").write_text("{")
    with pytest.raises(OutputError, match="cannot read"):
        read_folder(tmp_path)


def test_a_newer_schema_is_explained(copied: Path) -> None:
    changed(copied / "summary.json", schema=99)
    with pytest.raises(OutputError, match="schema 99, of a newer burstsim; this one reads up to"):
        read_folder(copied)


@pytest.mark.parametrize(
    ("file", "key", "said"),
    [
        ("summary.json", "schema", "says no schema"),
        ("summary.json", "metrics", "lacks metrics"),
        ("manifest.json", "scenario", "lacks the scenario"),
    ],
)
def test_what_is_missing_is_named(copied: Path, file: str, key: str, said: str) -> None:
    changed(copied / file, **{key: None})
    with pytest.raises(OutputError, match=said):
        read_folder(copied)


def test_an_earlier_folder_shows_what_it_has_and_says_what_it_lacks(copied: Path) -> None:
    (copied / "stock.parquet").unlink()
    changed(copied / "manifest.json", description=None)
    notes = read_folder(copied).notes
    assert len(notes) == 2
    assert "does not show how stock ran down" in notes[0]
    write_report(copied)
    page = Parsed((copied / "report.html").read_text(encoding="utf-8"))
    text = " ".join(page.text)
    assert "Stock that ran out" not in text
    assert all(note in text for note in notes)
    assert len(page.data) == 9


def test_a_folder_without_any_table_shows_what_is_known_of_all_replications(copied: Path) -> None:
    for table in copied.glob("*.parquet"):
        table.unlink()
    assert len(read_folder(copied).notes) == 1
    write_report(copied)
    page = Parsed((copied / "report.html").read_text(encoding="utf-8"))
    assert "holds no tables of a replication" in " ".join(page.text)
    assert len(page.data) == 3  # gifts, causes of lateness and costs, which are metrics


def test_metrics_that_are_not_known_here_are_shown_as_they_are(copied: Path) -> None:
    summary = json.loads((copied / "summary.json").read_text(encoding="utf-8"))
    strange = {
        "estimate": 4,
        "low": None,
        "high": None,
        "n": 3,
        "unit": "things",
        "at_least": False,
    }
    summary["metrics"]["robots_idle"] = {**strange, "values": [4, 4, 4]}
    said = {"expr": "robots_idle <= 3", "status": "FAIL", "estimate": 4, "low": None, "high": None}
    summary["thresholds"]["robots"] = said
    (copied / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    write_report(copied)
    text = " ".join(Parsed((copied / "report.html").read_text(encoding="utf-8")).text)
    assert "robots_idle" in text
    assert "robots: robots_idle <= 3" in text


def test_a_damaged_table_is_an_error(copied: Path) -> None:
    (copied / "flow.parquet").write_bytes(b"no parquet")
    with pytest.raises(OutputError, match=r"cannot read .*flow\.parquet"):
        write_report(copied)


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    write_file(target, b"first")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_file(target, b"second")
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]
