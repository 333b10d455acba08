"""The tutorial works as it is written: its commands run, and print what it quotes."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.helpers import environment

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def blocks_of(text: str) -> list[tuple[str, list[str]]]:
    """Every block of commands, and the lines that are quoted from what it prints."""
    found: list[tuple[str, list[str]]] = []
    for kind, body in re.findall(r"^```(sh|text)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        if kind == "sh":
            found.append((body, []))
        else:
            found[-1][1].extend(filter(None, map(plain, body.splitlines())))
    return found


def plain(text: str) -> str:
    """Text without what depends on the width of columns."""
    return " ".join(text.split())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder in which the project has just been set up."""
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    command = tmp_path / ".venv" / "bin" / "burstsim"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m burstsim "$@"\n')
    command.chmod(0o755)
    return tmp_path


def test_a_newcomer_can_follow_it(clone: Path) -> None:
    blocks = blocks_of(TUTORIAL)
    assert sum(len(quoted) for _, quoted in blocks) > 15
    for body, quoted in blocks:
        codes = re.findall(r"# exit code (\d+)", body)
        done = subprocess.run(
            ["sh", "-e", "-c", body],
            cwd=clone,
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == (int(codes[0]) if codes else 0), f"{body}\n{done.stderr}"
        printed = plain(done.stdout)
        for line in quoted:
            assert line in printed, f"{body}\n{done.stdout}"
    for name in ("planned/report.html", "planned/report.xlsx", "size/plan.xlsx", "size/size.json"):
        assert (clone / "my-night" / name).is_file()
