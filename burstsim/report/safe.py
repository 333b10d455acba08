"""Text from the user inside a page: harmless wherever it stands.

Templates escape what they write into HTML. What they cannot know is written here: data for
scripts, labels that Plotly reads as a small HTML of its own, and the hashes by which the page
lets its own scripts run and no others.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Sequence
from typing import Any

__all__ = ["as_data", "label", "labels", "script_hash"]

#: Ends a script, begins an entity, or ends a line in JavaScript where JSON has none.
_LEAVE_SCRIPTS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}

_MOST_LETTERS = 28


def as_data(value: object) -> str:
    r"""Write data as JSON that can stand in a script element; what is not finite is null.

    Examples
    --------
    >>> print(as_data({"name": "</script>\u2028", "wait": float("nan")}))
    {"name":"\u003c/script\u003e\u2028","wait":null}
    """
    text = json.dumps(_finite(value), separators=(",", ":"), allow_nan=False)
    for sign, instead in _LEAVE_SCRIPTS.items():
        text = text.replace(sign, instead)
    return text


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def label(name: str, most: int = _MOST_LETTERS) -> str:
    """Write a name for a figure: no tags, no entities, no more letters than there is room for.

    Examples
    --------
    >>> label("<b>A&B</b>"), label("a-name-that-goes-on-for-ever-and-ever-2")
    ('&lt;b&gt;A&amp;B&lt;/b&gt;', 'a-name-that-goes-…and-ever-2')
    """
    return _escaped(_shortened(" ".join(name.split()), most))


def labels(names: Sequence[str], most: int = _MOST_LETTERS) -> list[str]:
    """Write names that stay apart although they are shortened: rows of one name would be one row.

    Examples
    --------
    >>> labels(["one & two", "one & two", "three"])
    ['one &amp; two', 'one &amp; two (2)', 'three']
    """
    written: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = short = _shortened(" ".join(name.split()), most)
        number = 1
        while plain in taken:
            number += 1
            plain = f"{short} ({number})"
        taken.add(plain)
        written.append(_escaped(plain))
    return written


def _shortened(text: str, most: int) -> str:
    """Take letters out of the middle: names differ at their ends."""
    if len(text) <= most:
        return text
    tail = (most - 1) * 2 // 5
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def script_hash(script: str) -> str:
    """Name a script for the content security policy (CSP level 2, hash source)."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
