"""What is inside an XLSX file, looked at before a reader believes it.

The file is an archive of XML: a few kilobytes may grow to gigabytes, a single cell far away may
stand for a grid of thousands of millions, and cells without a value may hold an error or a formula
that nobody has worked out, which a reader of values takes for empty.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from burstsim.scenario.logfile import refusal

__all__ = ["inspect", "without_value"]

_MOST_BYTES = 1024**3
_MOST_PARTS = 10_000
_MOST_CELLS = 20_000_000

_AGAIN = "open it, save it as XLSX once more, or save it as CSV"

_CELL = rb"<(?:\w+:)?c\s"
_PLACE = re.compile(_CELL + rb'[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')
_ODD_PLACE = re.compile(_CELL + rb"(?=[^>]*\br\s*=)(?![^>]*?\br=\"[A-Z]{1,3}[0-9]{1,7}\")")
_SPOILED = re.compile(
    _CELL + rb"([^>]*)>(?:(?!</?(?:\w+:)?c[\s>]).)*?</(?:\w+:)?c>",
    re.DOTALL,
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_WRITTEN = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]*)<")


def inspect(path: Path, content: bytes) -> None:
    """Refuse an archive that is locked, broken, or grows beyond all use.

    Raises
    ------
    ScenarioError
        With the path ``file``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise refusal(path, "is locked by a password", "save it without one, or as CSV")
            size = sum(part.file_size for part in parts)
            if size > _MOST_BYTES or len(parts) > _MOST_PARTS:
                rule = f"grows beyond {_MOST_BYTES // 1024**2} MiB when it is unpacked"
                raise refusal(path, rule, "save only the table, as CSV")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _inspect_part(path, archive, part)
    except _BROKEN as error:
        rule = f"is a spreadsheet or an archive that cannot be read: {error}"
        raise refusal(path, rule, _AGAIN) from None


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ElementTree.ParseError,
)


def _inspect_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part, which fails when it is not as large as it says, and measure its grid."""
    content = archive.read(part)
    if b"<!DOCTYPE" in content[:4096] or content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0")):
        raise refusal(path, f"has a part {part.filename!r} that is no plain XML", _AGAIN)
    if b"sheetData" not in content:
        return
    if _ODD_PLACE.search(content):
        raise refusal(path, f"has cells in {part.filename!r} whose place is not readable", _AGAIN)
    rows, columns = 0, 0
    last = ""
    for match in _PLACE.finditer(content):
        rows = max(rows, int(match[2]))
        if (name := match[1].decode()) != last:
            last = name
            columns = max(columns, _number(name))
    if rows * columns > _MOST_CELLS:
        rule = f"has a sheet of {rows:,} rows and {columns:,} columns, most of them empty"
        raise refusal(path, rule, "save only the table, as CSV")


def _number(letters: str) -> int:
    """Turn the letters of a column into its number, from 1.

    Examples
    --------
    >>> _number("A"), _number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def without_value(content: bytes, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Yield (row, column, text) of cells, from 0, that hold an error or an unworked formula.

    Parameters
    ----------
    content
        The file, which `inspect` has accepted.
    sheet
        Name of the sheet.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = _part_of(archive, sheet)
        written = archive.read(name) if name else b""
    if b't="e"' not in written and not _FORMULA.search(written):
        return
    for match in _SPOILED.finditer(written):
        place = _PLACE.match(match[0])
        error, formula = b't="e"' in match[1], _FORMULA.search(match[0])
        if place is None or not (error or formula):
            continue
        value = _VALUE.search(match[0])
        if error:
            text = value[1].decode("utf-8", "replace") if value else "#VALUE!"
        elif value or b't="str"' in match[1] or b"<is>" in match[0]:
            continue  # worked out, if only to nothing
        else:
            source = _WRITTEN.search(match[0])
            text = "=" + (source[1].decode("utf-8", "replace") if source else "")
        yield int(place[2]) - 1, _number(place[1].decode()) - 1, text


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Find the part of the archive in which a sheet is; "" if it is not told."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return ""
    ids = {
        element.get("name"): value
        for element in book.iter()
        if element.tag.endswith("}sheet")
        for key, value in element.attrib.items()
        if key.endswith("}id")
    }
    for link in links.iter():
        if link.get("Id") == ids.get(sheet):
            target = link.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            part = str(PurePosixPath(part))
            return part if part in archive.namelist() else ""
    return ""
