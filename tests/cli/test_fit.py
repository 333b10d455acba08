"""``burstsim fit``: files written whole or not at all, and faults in the words of its options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burstsim.cli import app

HEADER = "order,Artikel,quantity,time\n"


def burstsim(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    rows = "".join(f"{n},A{n % 3},1,11.11.2026 {8 + n % 4}:30\n" for n in range(60))
    path.write_text(HEADER + rows)
    return path


OPTIONS = ("--column", "sku=Artikel", "--time-format", "%d.%m.%Y %H:%M")


def test_fit_check_run(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "shop.yaml"
    done = burstsim("fit", log, "-o", out, *OPTIONS)
    assert done.exit_code == 0, done.stderr
    assert "60 orders, 60 lines, 3 items" in done.stdout
    assert "orders per hour in 20 replications against the log: chi-square" in done.stdout
    assert f"Written to {out}" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.csv", "shop.yaml"]
    assert burstsim("check", out).exit_code == 0
    ran = burstsim("run", out, "--reps", 2, "--check", "--out", tmp_path / "r")
    assert ran.exit_code == 0, ran.stderr


def test_nothing_is_overwritten_unasked(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "shop.yaml"
    out.write_text("mine")
    done = burstsim("fit", log, "-o", out, *OPTIONS)
    assert done.exit_code == 2
    assert done.stderr == f"error: {out} is there already; --force overwrites it\n"
    assert out.read_text() == "mine"
    assert burstsim("fit", log, "-o", out, *OPTIONS, "--force").exit_code == 0
    assert out.read_text().startswith("# A shop as its order log shows it")
    for target, words in ((tmp_path, "is a folder"), (tmp_path / "no" / "x.yaml", "no folder")):
        done = burstsim("fit", log, "-o", target, *OPTIONS)
        assert done.exit_code == 2
        assert words in done.stderr


def test_faults_name_the_options(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "shop.yaml"
    for options, words in (
        (("--column", "sku"), "--column: must read OURS=THEIRS, such as order=InvoiceNo, got sku"),
        (("--column", "sku=a", "--column", "sku=b"), "--column: must not give sku twice"),
        (
            (*OPTIONS, "--column", "channel=Artikel"),
            "--column channel: is not used by a fit (leave it away, or replay the log, which reads",
        ),
        ((), "--column sku: no column is named 'sku': say which one is, --column sku=... (the"),
        (("--column", "sku=Artkel"), "--column sku: the file has no column 'Artkel' (did you mean"),
        (("--profile", "olists"), "--profile: names no profile of order logs, got olists (did you"),
        ((*OPTIONS, "--rate-step", "x"), "--rate-step: must be a duration"),
        ((*OPTIONS[:2], "--time-format", "%Q"), "--time-format: is not understood"),
        ((*OPTIONS, "--sheet", "a"), "has no sheet 'a': it is no spreadsheet"),
    ):
        done = burstsim("fit", log, "-o", out, *options)
        assert done.exit_code == 2, done.stdout
        assert done.stderr.count("error: ") == 1
        assert words in done.stderr
        assert not out.exists()
    done = burstsim("fit", tmp_path / "none.csv", "-o", out)
    assert done.stderr == f"error: {tmp_path / 'none.csv'}: there is no such file\n"
