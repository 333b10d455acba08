"""English prose where another language should be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.report.html import Parsed

__all__ = ["CHINESE", "english", "left_in_english"]

CHINESE = re.compile("[\u4e00-\u9fff]")

#: Two English words side by side are a sentence's; one alone is a name of the code.
_PROSE = re.compile(r"\b[A-Za-z]{2,}(?:['’][a-z]+)?,? [a-z]{2,}\b")

#: What Plotly reads in a figure that is text for people.
_SHOWN = {
    *("text", "name", "title", "hovertemplate", "ticksuffix", "y", "tickformat", "ticktext"),
}


def english(text: str, scenario: dict[str, Any]) -> list[str]:
    """Pieces of English prose in a text, names of the scenario apart."""
    for name in sorted(_names_of(scenario), key=len, reverse=True):
        if " " in name:
            text = text.replace(name, "·")
    return _PROSE.findall(text)


def left_in_english(page: Path, scenario: dict[str, Any]) -> list[str]:
    """Pieces of English prose in what a page shows, code apart, and in its pictures."""
    text = re.sub("<pre>.*?</pre>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    parsed = Parsed(text)
    shown = [line for piece in parsed.text for line in piece.splitlines()]
    shown += [label for data in parsed.data for label in _labels_of(json.loads(data))]
    return [found for line in shown for found in english(line, scenario)]


def _names_of(value: Any) -> Iterator[str]:
    """All that the user may have written: keys and texts of the scenario."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _names_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names_of(inner)
    elif isinstance(value, str):
        yield value


def _labels_of(value: Any, key: str = "") -> Iterator[str]:
    """Texts of a figure that people see."""
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            yield from _labels_of(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from _labels_of(inner, key)
    elif isinstance(value, str) and key in _SHOWN:
        yield value
