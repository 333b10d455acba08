"""Text of a scenario file: its size and encoding."""

from __future__ import annotations

from pathlib import Path

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.files import read_regular

__all__ = ["MAX_BYTES", "MOVE_OUT", "TOO_LARGE", "load_text"]

MAX_BYTES = 2 * 1024 * 1024
TOO_LARGE = f"is larger than {MAX_BYTES // 1024**2} MiB"
MOVE_OUT = "keep long tables in CSV files"


def load_text(path: Path) -> str:
    """Read a UTF-8 file of bounded size, with or without a byte order mark.

    Raises
    ------
    ScenarioError
        The file is missing, a directory, unreadable, too large, binary or in another encoding.
    """

    def refuse(rule: str, hint: str = "", line: int = 0) -> ScenarioError:
        return ScenarioError([Problem(rule=rule, file=str(path), line=line, hint=hint)])

    content = read_regular(path, MAX_BYTES, hint=MOVE_OUT)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("is UTF-16 text", "save it as UTF-8")
    if b"\0" in content or content.startswith(b"PK\x03\x04"):
        raise refuse("is a binary file, not text", "save it as UTF-8 text")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse("is not UTF-8 text", "save it as UTF-8", line) from None
