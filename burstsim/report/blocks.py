"""What a page is made of: sections of prose, tables, terms and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from burstsim.languages import ENGLISH, Words

__all__ = ["Block", "Code", "Figure", "Folded", "Page", "Prose", "Section", "Table", "Terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture.

    Parameters
    ----------
    title
        What it shows, in the reader's words.
    finding
        A sentence with what is to be seen in it; it also stands for the picture where none can
        be shown.
    data, layout
        Plotly's traces and layout, plain lists, maps, text and numbers. A colour ``@name`` is one
        of the page's, which differ between light and dark.
    height
        Pixels.
    """

    kind: ClassVar[str] = "figure"
    title: str
    finding: str
    data: Sequence[dict[str, Any]]
    layout: dict[str, Any]
    height: int = 340


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of text.

    Parameters
    ----------
    headers
        Of the columns.
    rows
        Each as long as `headers`.
    numbers
        Positions of columns that hold numbers and stand to the right.
    verdict
        Position of the column that holds verdicts, -1 without one.
    stacked
        Whether cells of a row stand below each other on a phone; with verdicts they always do.
    """

    kind: ClassVar[str] = "table"
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    verdict: int = -1
    stacked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Sentences, a line each, as a list where there are several."""

    kind: ClassVar[str] = "prose"
    lines: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Words with what they mean or say."""

    kind: ClassVar[str] = "terms"
    entries: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Text as it stands in a file."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Blocks that are there for who opens them."""

    kind: ClassVar[str] = "folded"
    summary: str
    blocks: Sequence[Block]


Block = Figure | Table | Prose | Terms | Code | Folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what is below it."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole page.

    Parameters
    ----------
    title
        What was run or studied.
    subtitle
        How: replications, engine, seed.
    sentence
        What was found, for a manager.
    verdict
        ``PASS``, ``FAIL``, ``INCONCLUSIVE`` or ``NONE``.
    top
        What stands right below the sentence: the thresholds.
    sections
        The rest; one without blocks is left out.
    words
        The language that it is in.
    """

    title: str
    subtitle: str
    sentence: str
    verdict: str = "NONE"
    top: Sequence[Block] = ()
    sections: Sequence[Section] = field(default=())
    words: Words = ENGLISH
