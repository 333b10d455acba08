"""Whatever is broken is told: exit code 2, one message per fault, nothing written, no traceback."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from tests.hardening.brokenplaces import PLACES
from tests.hardening.brokentables import FORMATS, TABLE_TEXTS
from tests.hardening.brokentexts import TEXTS
from tests.hardening.brokenwords import WORDS
from tests.hardening.corpus import BASE, TABLES, Broken, naming

#: Endings of the files of a table.
FORMS = ("csv", "xlsx", "parquet", "json")

PARTS = {
    "text": TEXTS,
    "table": TABLE_TEXTS,
    "format": FORMATS,
    "place": PLACES,
    "option": WORDS,
}
CORPUS = {
    f"{part}: {name}": broken for part, all_ in PARTS.items() for name, broken in all_.items()
}

#: Name of a case -> what is told of it: file, line or path, rule, value, hint.
TOLD: dict[str, list[str]] = json.loads((Path(__file__).parent / "told.json").read_text("utf-8"))


def outcome(broken: Broken, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    broken.write(folder)
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    ended = CliRunner().invoke(app, list(broken.command))
    assert sorted(folder.rglob("*")) == before, "nothing is written"
    assert ended.stdout == ""
    return ended.exit_code, ended.stderr.replace(str(folder), "HERE").splitlines()


def test_the_corpus_is_large_and_every_case_has_its_messages() -> None:
    assert len(CORPUS) >= 150
    assert sorted(CORPUS) == sorted(TOLD)


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_broken_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, lines = outcome(CORPUS[name], tmp_path, monkeypatch)
    assert code == 2
    assert lines == TOLD[name]
    assert all(line.isprintable() and len(line) < 2500 for line in lines)


@pytest.mark.parametrize("kind", TABLES)
def test_what_is_right_is_taken(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"f.yaml": naming(kind, "t.csv").encode(), "t.csv": TABLES[kind][1].encode()}
    Broken(files).write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["check", "f.yaml"]).exit_code == 0


def test_the_one_who_runs_it_may_name_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sale").mkdir()
    (tmp_path / "t.csv").write_text(TABLES["log"][1])
    (tmp_path / "sale" / "f.yaml").write_text(naming("log", "x.csv"))
    monkeypatch.chdir(tmp_path)
    changes = ["--set", "demand.t.file=../t.csv"]
    assert CliRunner().invoke(app, ["check", "sale/f.yaml", *changes]).exit_code == 0


def test_the_base_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Broken({"f.yaml": BASE.encode()}).write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["check", "f.yaml"]).exit_code == 0


#: File that cannot be read -> what stands in the folder beside it.
UNREADABLE = {"f.yaml": BASE, **{f"t.{end}": naming("log", f"t.{end}") for end in FORMS}}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_may_not_be_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs as root may read everything: then the system is told to refuse."""
    broken = Broken({"f.yaml": UNREADABLE[name].encode(), name: UNREADABLE[name].encode()})
    broken.write(tmp_path)
    (tmp_path / name).chmod(0)
    if os.access(tmp_path / name, os.R_OK):
        opened = os.open

        def refuse(path: Any, *others: Any, **options: Any) -> int:
            if os.fspath(path).endswith(name):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
            return opened(path, *others, **options)

        monkeypatch.setattr(os, "open", refuse)
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, ["check", "f.yaml"])
    assert (ended.exit_code, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert "cannot be read: Permission denied" in line
    assert name in line


def test_a_folder_that_may_not_be_entered(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    Broken({"closed/f.yaml": BASE.encode()}).write(tmp_path)
    (tmp_path / "closed").chmod(0)
    try:
        if os.access(tmp_path / "closed" / "f.yaml", os.R_OK):
            pytest.skip("root may enter every folder")
        ended = CliRunner().invoke(app, ["check", str(tmp_path / "closed" / "f.yaml")])
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert ended.exit_code == 2
    assert "Permission denied" in ended.stderr
