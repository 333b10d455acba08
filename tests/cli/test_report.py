"""``burstsim report``: a page and more from a run folder, and from nothing else."""

from __future__ import annotations

import json
import webbrowser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from tests.cli.helpers import quick, write
from tests.report.summaries import sweep


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    write(tmp_path / "sale.yaml", quick(thresholds={"good": "on_time >= 0.9"}))
    done = CliRunner().invoke(app, ["run", str(tmp_path / "sale.yaml"), "--out", f"{tmp_path}/r"])
    assert done.exit_code == 99
    assert "report.html" in done.stdout
    return tmp_path / "r"


def report(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["report", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_run_writes_the_page_that_report_builds_again(run_folder: Path) -> None:
    page = run_folder / "report.html"
    before = page.read_bytes()
    page.unlink()
    code, out, err = report(run_folder)
    assert (code, err) == (0, "")
    assert out == f"Written to {page}\n"
    assert page.read_bytes() == before


def test_everything_at_once(run_folder: Path) -> None:
    code, out, _ = report(run_folder, "--xlsx", "--csv", "--junit")
    assert code == 0
    names = ["report.html", "report.xlsx"]
    names += [f"csv/{name}.csv" for name in ("inputs", "summary", "thresholds")]
    names += ["csv/hourly.csv", "csv/definitions.csv", "junit.xml"]
    assert out.splitlines() == [f"Written to {run_folder / name}" for name in names]
    assert all((run_folder / name).is_file() for name in names)


def test_a_folder_with_reports_is_replaced_by_another_run(run_folder: Path) -> None:
    report(run_folder, "--csv", "--junit")
    scenario = str(run_folder.parent / "sale.yaml")
    done = CliRunner().invoke(app, ["run", scenario, "--out", str(run_folder), "--json"])
    assert json.loads(done.stdout)["verdict"] == "FAIL"
    assert not (run_folder / "csv").exists()
    assert (run_folder / "report.html").is_file()


def test_several_runs(run_folder: Path) -> None:
    scenario = str(run_folder.parent / "sale.yaml")
    other = run_folder.parent / "other"
    CliRunner().invoke(app, ["run", scenario, "--out", str(other), "-q"])
    code, out, _ = report(run_folder, other, "--junit")
    assert code == 0
    assert out.count("junit.xml") == 2


def test_what_is_no_run(tmp_path: Path) -> None:
    code, out, err = report(tmp_path)
    assert (code, out) == (2, "")
    assert err == f"error: {tmp_path} is no run folder: there is no summary.json\n"


@pytest.mark.parametrize("option", ["--xlsx", "--csv", "--junit"])
def test_a_study_has_a_page_only(tmp_path: Path, option: str) -> None:
    (tmp_path / "sweep.json").write_text(json.dumps(sweep({"demand_scale": [1, 2]})))
    code, out, err = report(tmp_path, option)
    assert (code, out) == (2, "")
    assert err == (
        f"error: {tmp_path} is of burstsim sweep: {option} is for folders of runs; the tables of a "
        "study are the Parquet files in its folder\n"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["sweep.json"]
    assert report(tmp_path)[0] == 0


def test_an_earlier_folder_is_explained(run_folder: Path) -> None:
    (run_folder / "stock.parquet").unlink()
    code, _, err = report(run_folder)
    assert (code, err) == (0, "")
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "stock.parquet is not in this run folder" in page


def test_it_can_be_opened(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def show(address: str) -> bool:
        opened.append(address)
        return len(opened) == 1

    monkeypatch.setattr(webbrowser, "open", show)
    _, out, _ = report(run_folder, "--open")
    assert opened == [(run_folder / "report.html").resolve().as_uri()]
    assert "No browser" not in out
    _, out, _ = report(run_folder, "--open")
    assert "No browser was found" in out
