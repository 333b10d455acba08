from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.good import write_log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the log that the good scenario replays."""
    write_log(tmp_path)
    return tmp_path
