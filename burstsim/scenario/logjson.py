"""Orders in JSON, as an array or one to a line: laid flat, a row for each line of an order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from burstsim.scenario.logfile import RawTable, refusal

__all__ = ["looks_like_json", "open_json"]

_DEEPEST = 8


def looks_like_json(content: bytes) -> bool:
    """Whether a file begins as JSON does; a header of a CSV never begins so."""
    return content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def open_json(path: Path, content: bytes, items: Sequence[str]) -> RawTable:
    """Read orders in JSON.

    Parameters
    ----------
    path
        For messages.
    content
        A list of orders, or an order on each line.
    items
        Names of the lists that hold the lines of an order. A map is a list of one.
    """
    import pandas as pd

    table: list[dict[str, str]] = []
    lines: list[int] = []
    for line, order in _orders(path, content):
        if not isinstance(order, dict):
            raise refusal(path, "must hold orders, each a map of names and values", "", line)
        for row in _flat(order, items):
            table.append(row)
            lines.append(line)
    header = list(dict.fromkeys(name for row in table for name in row))

    def column(number: int) -> pd.Series[str]:
        name = header[number]
        return pd.Series([row.get(name, "") for row in table], dtype=str)

    return RawTable(
        file=str(path),
        header=header,
        rows=len(table),
        column=column,
        lines=lambda wanted: [lines[row] for row in wanted],
        header_line=0,
    )


def _orders(path: Path, content: bytes) -> Iterator[tuple[int, Any]]:
    """Yield (line, order); of a list, the number of the order in it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusal(path, "is JSON but not in UTF-8", "save it as UTF-8") from None
    try:
        if text.lstrip().startswith("["):
            for number, order in enumerate(json.loads(text, parse_float=str), start=1):
                yield number, order
            return
        for number, written in enumerate(text.split("\n"), start=1):
            if written.strip():
                yield number, json.loads(written, parse_float=str)
    except json.JSONDecodeError as error:
        line = error.lineno if text.lstrip().startswith("[") else number
        raise refusal(path, f"is not proper JSON: {error.msg}", "", line) from None
    except ValueError:
        raise refusal(path, "has a number of thousands of digits") from None
    except RecursionError:
        raise refusal(path, "is JSON that is nested too deeply") from None


def _flat(order: dict[str, Any], items: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield a row for each line of an order; one without lines gives one row."""
    own = {name: value for name, value in order.items() if name not in items}
    shared = dict(_leaves(own, ""))
    lists = [(name, order[name]) for name in items if order.get(name)]
    for name, held in lists[:1]:
        for line in held if isinstance(held, list) else [held]:
            yield {**shared, **dict(_leaves(line, f"{name}."))}
    if not lists:
        yield shared


def _leaves(value: Any, prefix: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (dotted name, text) of every value in a map; further lists are left out."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for name, part in value.items():
        if isinstance(part, dict):
            yield from _leaves(part, f"{prefix}{name}.", depth + 1)
        elif isinstance(part, bool):
            yield f"{prefix}{name}", "true" if part else "false"
        elif part is not None and not isinstance(part, list):
            yield f"{prefix}{name}", str(part).strip()
