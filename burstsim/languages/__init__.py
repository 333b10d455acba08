"""The language in which people are told things.

English stands in the code, where it is said: ``words.say("{n} of {all} nights", n=3, all=20)``.
Other languages are catalogues, text files that give each such text its translation; whole
clauses are translated, not words, since their order differs. Who tells something is given the
language as an argument.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = [
    *("CODES", "ENGLISH", "Words", "columns_of", "known_code", "phrase", "read_catalogue"),
    "words_of",
]

#: Languages that there are.
CODES = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A language.

    Parameters
    ----------
    code
        As HTML has it: ``en`` or ``zh``.
    texts
        English text with its ``{places}`` → the same in this language.
    comma, pause, semicolon, stop
        Between things that are listed, within a clause, between clauses, at the end of a sentence.
    gap
        Between sentences.
    """

    code: str
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    comma: str = ", "
    pause: str = ", "
    semicolon: str = "; "
    stop: str = "."
    gap: str = " "

    def say(self, text: str, /, **values: object) -> str:
        """Say a text in this language, its places filled; in English where there is no other.

        Examples
        --------
        >>> ENGLISH.say("{n} of {all} nights", n=3, all=20)
        '3 of 20 nights'
        >>> words_of("zh").say("PASS")
        '达标'
        """
        return self.texts.get(text, text).format(**values)

    def count(self, number: float, one: str, many: str, /, **values: object) -> str:
        """Say the first text of one thing, and the second of any other number of them."""
        return self.say(one if number == 1 else many, **values)

    def listed(self, things: Iterable[object]) -> str:
        """List things.

        Examples
        --------
        >>> ENGLISH.listed(["pick", "pack"]), words_of("zh").listed(["pick", "pack"])
        ('pick, pack', 'pick、pack')
        """
        return self.comma.join(map(str, things))


ENGLISH = Words(code="en")


def phrase(text: str) -> str:
    """Mark a text that is said elsewhere, by who knows the language; it is given back as it is."""
    return text


def columns_of(text: str) -> int:
    """Columns that a text takes, on a terminal or in a sheet: Chinese letters are two wide.

    Examples
    --------
    >>> columns_of("pack"), columns_of("打包")
    (4, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def known_code(written: object) -> str:
    """Give the code of a language that a file says, English for one that is not known here.

    Examples
    --------
    >>> known_code("zh"), known_code("fr"), known_code(None)
    ('zh', 'en', 'en')
    """
    return str(written) if written in CODES else "en"


@cache
def words_of(code: str) -> Words:
    """Give the language of a code.

    Parameters
    ----------
    code
        One of `CODES`.

    Raises
    ------
    ValueError
        When there is no such language.
    """
    if code == "en":
        return ENGLISH
    if code not in CODES:
        raise ValueError(f"must be one of {', '.join(CODES)}, got {code!r}")
    texts: dict[str, str] = {}
    catalogues = [
        f for f in (files("burstsim.languages") / code).iterdir() if f.name.endswith(".txt")
    ]
    for file in sorted(catalogues, key=lambda f: f.name):
        texts |= read_catalogue(file.read_text(encoding="utf-8"))
    marks = {"comma": "、", "pause": "，", "semicolon": "；", "stop": "。", "gap": ""}
    return Words(code=code, texts=MappingProxyType(texts), **marks)


def read_catalogue(text: str) -> dict[str, str]:
    r"""Read a catalogue: English at the beginning of a line, its translation indented below.

    Lines that begin with ``#`` and empty ones say nothing; ``\n`` is a new line.

    Raises
    ------
    ValueError
        When a text has no translation, or two.

    Examples
    --------
    >>> read_catalogue("# verdicts\nPASS\n  达标\n")
    {'PASS': '达标'}
    """
    found: dict[str, str] = {}
    english = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        said = line.strip().replace("\\n", "\n")
        if line.startswith(" "):
            if not english:
                raise ValueError(f"{said!r} translates nothing")
            found[english], english = said, ""
        elif english or said in found:
            raise ValueError(f"{english or said!r} has no translation, or stands twice")
        else:
            english = said
    if english:
        raise ValueError(f"{english!r} has no translation")
    return found
