"""Names that mean something to a page, a spreadsheet, a terminal or a file system do nothing."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import socket
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import burstsim
from burstsim.cli import app

NAMES = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "=cmd|'/c calc'!A1",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "../../../tmp/owned",
    "/etc/passwd",
    "C:\\Windows\\x",
    "a|b;rm -rf ~",
    "$(id)",
    "%n%s",
    "[bold red]x[/]",
    "[link=http://a]x[/link]",
    "{0.__class__}",
    "{{ 7 * 7 }}",
    "'; DROP TABLE x; --",
    "CON",
    "x" * 120,
    "口红 \"'`",
)


def sale(name: str) -> dict[str, Any]:
    """A sale in which everything that has a name has this one."""
    return {
        "burstsim": 1,
        "name": name,
        "start": "2026-11-10 20:00",
        "horizon": "2h",
        "catalog": {
            "skus": {name: {"price": 5, "category": name, "brand": name, "owner": name}, "B": {}}
        },
        "demand": {
            name: {
                "channel": name,
                "room": name,
                "shape": "instant",
                "at": "0s",
                "orders": 20,
                "basket": {"weights": {name: 1}},
                "regions": {name: 1},
            },
            "other": {
                "shape": "instant",
                "at": "1h",
                "orders": 5,
                "basket": {"weights": {"B": 1}},
                "regions": {name: 1},
            },
        },
        "gifts": {name: {"reward": {"gift": {"B": 1}}, "where": {"channel": [name]}}},
        "warehouses": {
            "w": {
                "stock": {name: 10, "B": 100},
                "stages": {"pick": {"workers": 5, "work": {"per_task": "60s"}}},
            }
        },
        "promises": {name: {"within": "1h"}},
        "thresholds": {name: "on_time >= 0.5"},
    }


@pytest.mark.parametrize("name", NAMES)
def test_names_do_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.yaml").write_text(json.dumps(sale(name)), encoding="utf-8")
    before = set(tmp_path.parent.iterdir())
    for command in (["check", "f.yaml"], ["run", "f.yaml", "--reps", "2", "--out", "out"]):
        ended = CliRunner().invoke(app, command)
        assert ended.exit_code in (0, 3, 99), ended.stderr
        assert all(line.isprintable() for line in (ended.stdout + ended.stderr).split("\n"))
        assert name in ended.stdout, "it is shown as it is, and not read as markup"
    assert set(tmp_path.parent.iterdir()) == before
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["scenario"]["name"] == name
    written = {path.name for path in (tmp_path / "out").rglob("*")}
    plain = re.compile(r"[a-z0-9_-]+(\.[a-z]+)?")
    assert [file for file in written if name in file or not plain.fullmatch(file)] == []


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "@SUM(1)", "+1+1", "-1+1"])
def test_tables_for_spreadsheets_hold_no_formula(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.yaml").write_text(json.dumps(sale(name)), encoding="utf-8")
    run = ["run", "f.yaml", "--reps", "2", "--out", "out"]
    assert CliRunner().invoke(app, run).exit_code in (0, 3, 99)
    for kind in ("csv", "xlsx"):
        made = CliRunner().invoke(app, ["report", "out", f"--{kind}"])
        assert made.exit_code == 0, made.stderr
    tables = list((tmp_path / "out").rglob("*.csv"))
    books = list((tmp_path / "out").rglob("*.xlsx"))
    assert tables
    assert books
    found = 0
    for path in tables:
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")):
            for cell in row:
                found += name in cell
                number = re.fullmatch(r"-[0-9.e+-]+", cell) is not None
                assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert found, "the name is in the tables at all"
    for path in books:
        with zipfile.ZipFile(path) as archive:
            for part in archive.namelist():
                assert not re.search(rb"<f[ >]|hyperlink", archive.read(part)), part


@pytest.mark.parametrize("stem", ["=1+1", "[red]x", "<b>", "$(id)", "a b;c", ".."])
def test_names_of_files_do_nothing(
    stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    (home / f"{stem}.yaml").write_text(json.dumps(sale("A")), encoding="utf-8")
    ended = CliRunner().invoke(app, ["run", f"{stem}.yaml", "--reps", "1"])
    assert ended.exit_code in (0, 3, 99), ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert len(list((home / "runs").iterdir())) == 1


def test_nothing_is_evaluated_and_nothing_unpickled() -> None:
    """No module of the package calls what would turn text or bytes of a file into code."""
    calls = {"eval", "exec", "__import__", "read_pickle", "to_pickle"}
    modules = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
    found = []
    for path in Path(burstsim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                options = {keyword.arg for keyword in node.keywords}
                owner = getattr(getattr(node.func, "value", None), "id", "")
                unsafe = called == "load" and owner in ("yaml", *modules)
                unsafe |= owner == "os" and called in ("system", "popen")
                if called in calls or unsafe or {"shell", "allow_pickle"} & options:
                    found.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {getattr(node, "module", "") or ""}
                if modules & names:
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_a_run_asks_nothing_of_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network is asked")

    for name in ("connect", "connect_ex", "bind", "sendto", "listen"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.yaml").write_text(json.dumps(sale("http://127.0.0.1/x")), encoding="utf-8")
    for command in (
        ["check", "f.yaml"],
        ["run", "f.yaml", "--reps", "2", "--out", "out"],
        ["report", "out"],
    ):
        ended = CliRunner().invoke(app, command)
        assert ended.exit_code in (0, 3, 99), ended.stderr


STUDIES = {
    "stress": ["--vary", "demand_scale=1:2", "--precision", "0.5"],
    "size": ["--vary", "warehouses.w.stages.pick.workers=1:3"],
    "sweep": ["--vary", "demand_scale=1,2"],
    "compare": [],
}


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "=cmd|'/c'!A1",
             "[bold red]x[/]", "{{ 7 * 7 }}", "../../../tmp/owned"]
)  # fmt: skip
@pytest.mark.parametrize("study", STUDIES)
def test_studies_of_such_names(
    study: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their consoles, pages, workbooks and names of files."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    (home / "f.yaml").write_text(json.dumps(sale(name)), encoding="utf-8")
    (home / "g.yaml").write_text(json.dumps(sale(name)), encoding="utf-8")
    files = ["f.yaml", "g.yaml"] if study == "compare" else ["f.yaml"]
    command = [study, *files, "--reps", "2", "--out", "out", *STUDIES[study]]
    for more in ([], ["--json", "--resume"]):
        ended = CliRunner().invoke(app, [*command, *more])
        assert ended.exit_code in (0, 3, 99), ended.stderr
        assert all(line.isprintable() for line in (ended.stdout + ended.stderr).split("\n"))
        if more:
            json.loads(ended.stdout)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    plain = re.compile(r"[a-z0-9_-]+(\.[a-z]+)?")
    for path in (home / "out").rglob("*"):
        assert plain.fullmatch(path.name), path
        if path.suffix == ".html":
            harmless(path.read_text("utf-8"))
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                for part in archive.namelist():
                    assert not re.search(rb"<f[ >]|hyperlink", archive.read(part)), part


@pytest.mark.parametrize("name", NAMES)
def test_pages_and_junit_of_such_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.yaml").write_text(json.dumps(sale(name)), encoding="utf-8")
    run = ["run", "f.yaml", "--reps", "2", "--out", "out"]
    assert CliRunner().invoke(app, run).exit_code in (0, 3, 99)
    assert CliRunner().invoke(app, ["report", "out", "--junit"]).exit_code == 0
    harmless((tmp_path / "out" / "report.html").read_text("utf-8"))
    suite = ElementTree.parse(tmp_path / "out" / "junit.xml").getroot()
    assert suite.get("name") == name
    assert [case.get("name") for case in suite.iter("testcase")] == [name]


class _Page(HTMLParser):
    """Elements of a page, and the attributes of each."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def harmless(html: str) -> None:
    """A page with a policy that lets nothing in, and no element or handler but its own."""
    page = _Page()
    page.feed(html)
    policies = [
        str(found.get("content"))
        for tag, found in page.elements
        if tag == "meta" and (found.get("http-equiv") or "").lower() == "content-security-policy"
    ]
    (policy,) = policies
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.split("style-src")[0]
    for tag, found in page.elements:
        assert tag not in ("iframe", "object", "embed", "base", "link", "form")
        assert not [key for key in found if key.startswith("on")], (tag, found)
        assert tag != "script" or "src" not in found
        assert not (found.get("href") or "").lower().startswith(("javascript", "http", "//"))
        assert tag != "img" or (found.get("src") or "").startswith("data:")
