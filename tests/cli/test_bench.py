"""``burstsim bench`` as a process."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.helpers import process


def test_json_holds_every_figure(tmp_path: Path) -> None:
    done = process("bench", "--orders", 1000, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert {figure["group"] for figure in data["figures"]} == {"engine", "kernels", "scaling"}
    assert data["machine"]["cores"] >= 1
    assert list(tmp_path.iterdir()) == []


def test_text_says_what_it_means(tmp_path: Path) -> None:
    done = process("bench", "--orders", 1000, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "times as fast as the event engine" in done.stdout
    assert "Python" in done.stdout.splitlines()[0]
