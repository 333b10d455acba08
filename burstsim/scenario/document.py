"""YAML text to plain data with line numbers; the only module that knows YAML.

The reader walks parser events and never constructs objects, so a file can neither run code nor
grow in memory, and codes stay as they are written: keys are text, ``20:00`` and ``0012345`` too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml import events as ev

from burstsim.errors import Problem, ScenarioError

__all__ = ["Document", "Number", "WrittenFloat", "WrittenInt", "dotted", "load_text"]
__all__ += ["parse_value", "read_document", "split_path"]

KeyPath: TypeAlias = tuple[str | int, ...]

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_DIGITS = 300  # longer integers would not fit into a float

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SCIENTIFIC = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SEGMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."\[\]]+)', re.DOTALL)

# What the parser says -> what we say, and what to do about it. The first match counts; with +
# the fault is shown where the thing begins that is broken, not where the parser noticed.
_SYNTAX = (
    ("cannot start any token", "begins with a sign that YAML keeps for itself", "put it in quotes"),
    ("values are not allowed here", "a colon stands where no key can be", "quote text with colons"),
    ("+could not find expected ':'", "a line among keys has no colon", 'write "key: value"'),
    ("expected <block end>", "does not fit the lines above it", "check indentation and quotes"),
    ("+quoted scalar.*end of", "a quote is opened and never closed", "close it on the same line"),
    (
        "+expected ',' or|flow node",
        "a bracket is opened and never closed",
        "a comma may be missing too",
    ),
    ("escape", "a backslash in double quotes begins no known escape", "use single quotes"),
    ("special characters", "contains a control character", "save it as plain UTF-8 text"),
)
_LONGEST_SHOWN = 60
_TOO_LARGE = f"is larger than {MAX_BYTES // 1024**2} MiB"
_MOVE_OUT = "keep long tables in CSV files"


class _Written:
    """Keeps the spelling of a number; ``int`` and ``float`` read the same text themselves."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.text,)


class WrittenInt(_Written, int):
    """An integer that remembers its spelling in ``text``, for fields that want a code."""


class WrittenFloat(_Written, float):
    """A float that remembers its spelling in ``text``, for fields that want a code."""


Number: TypeAlias = WrittenInt | WrittenFloat


@dataclass(frozen=True)
class Document:
    """What a file says and where it says it.

    Parameters
    ----------
    data
        Dicts with text keys, lists, text, `Number`, bool and None.
    lines
        Path of keys and indices -> line, from 1, of the key or the list item; ``()`` is the top.
    file
        Name of the file, for messages.
    """

    data: dict[str, Any]
    lines: Mapping[KeyPath, int]
    file: str

    def line_of(self, path: Sequence[str | int]) -> int:
        """Line of the longest part of `path`, from its front, that the file contains."""
        known = tuple(path)
        while known and known not in self.lines:
            known = known[:-1]
        return self.lines.get(known, 1)


def load_text(path: Path) -> str:
    """Read a UTF-8 file of bounded size, with or without a byte order mark.

    Raises
    ------
    ScenarioError
        The file is missing, a directory, unreadable, too large, binary or in another encoding.
    """

    def refuse(rule: str, hint: str = "", line: int = 0) -> ScenarioError:
        return ScenarioError([Problem(rule=rule, file=str(path), line=line, hint=hint)])

    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise refuse("there is no such file") from None
    except IsADirectoryError:
        raise refuse("is a directory, not a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"cannot be read: {reason}") from None
    if len(content) > MAX_BYTES:
        raise refuse(_TOO_LARGE, _MOVE_OUT)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("is UTF-16 text", "save it as UTF-8")
    if b"\0" in content or content.startswith(b"PK\x03\x04"):
        raise refuse("is a binary file, not text", "save it as UTF-8 text")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse("is not UTF-8 text", "save it as UTF-8", line) from None


def read_document(text: str, file: str) -> Document:
    """Read YAML text strictly.

    Raises
    ------
    ScenarioError
        With everything that is refused, in one go; a syntax error ends the search.
    """
    builder = _Builder(file)
    builder.feed(text.removeprefix("\ufeff"))
    if not builder.problems and not isinstance(builder.root, dict):
        empty = builder.root is None
        rule = "is empty" if empty else "must be a map of keys at the top"
        builder.refuse(rule, line=0 if empty else builder.lines[()], hint="begin with burstsim: 1")
    if builder.problems:
        raise ScenarioError(builder.problems)
    assert isinstance(builder.root, dict)
    return Document(data=builder.root, lines=builder.lines, file=file)


def parse_value(text: str) -> object:
    """Read one value as the file would: a scalar, or a list or map in brackets.

    Raises
    ------
    ScenarioError
        The text is no single YAML value; the problems carry neither a file nor a line.

    Examples
    --------
    >>> parse_value("{east: [1, 2.5], west: 20:00}")
    {'east': [1, 2.5], 'west': '20:00'}
    """
    builder = _Builder("", flow_only=True)
    builder.feed(text)
    if builder.root is None and text.lstrip().startswith("#"):
        builder.refuse("is a comment, not a value", value=text, hint="put it in quotes")
    if builder.problems:
        raise ScenarioError(builder.problems)
    return builder.root


def dotted(path: Sequence[str | int]) -> str:
    """Write a path of keys and indices as text.

    Examples
    --------
    >>> dotted(("gifts", "first 100", "time", 0))
    'gifts."first 100".time[0]'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        if not part or re.search(r'[\s."\[\]]', part):
            part = '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text += f".{part}" if text else part
    return text


def split_path(text: str) -> tuple[str, ...]:
    r"""Split dotted text into keys; the inverse of `dotted` for paths without indices.

    Raises
    ------
    ScenarioError
        A key is empty, a quote is open, or a list item is asked for.

    Examples
    --------
    >>> split_path('catalog.skus."A.1".price')
    ('catalog', 'skus', 'A.1', 'price')
    """
    parts: list[str] = []
    position = 0
    while match := _SEGMENT.match(text, position):
        quoted, plain = match.groups()
        parts.append(plain if quoted is None else re.sub(r"(?s)\\(.)", r"\1", quoted))
        position = match.end()
        if position == len(text):
            return tuple(parts)
        if text[position] != ".":
            break
        position += 1
    hint = 'write keys with dots between them, and a key that has dots in quotes: a."b.c"'
    if text[position : position + 1] == "[":
        hint = "list items cannot be set one by one: set the whole list"
    raise ScenarioError([Problem(rule="is not a path", value=_shown(text or '""'), hint=hint)])


def _shown(text: str) -> str:
    """Shorten a value for a message and keep it on one line."""
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in " ".join(text.split()))
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"


@dataclass(slots=True)
class _Frame:
    """A dict or list that is still open, and the key whose value comes next."""

    container: dict[str, Any] | list[Any]
    path: KeyPath
    wants_key: bool
    key: str | None = None  # None: the key was refused, its value is dropped


@dataclass(slots=True)
class _Builder:
    """Turns events into data on a stack of its own, so that depth never meets Python's."""

    file: str
    flow_only: bool = False
    root: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def refuse(
        self, rule: str, path: KeyPath = (), line: int = 0, value: str = "", hint: str = ""
    ) -> None:
        """Note a problem and go on."""
        place = Problem(rule=rule, path=dotted(path), file=self.file, line=line if self.file else 0)
        self.problems.append(replace(place, value=_shown(value), hint=hint))

    def feed(self, text: str) -> None:
        """Read until the end, a syntax error or a cap."""
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            self.refuse(_TOO_LARGE, hint=_MOVE_OUT)
            return
        events = YAML(typ="safe", pure=True).parse(text)
        while True:
            try:
                event = next(events, None)
            # Some broken escapes and directives make the parser fail with errors of its insides.
            except Exception as error:
                self._syntax(error, text)
                return
            if event is None or not self._take(event):
                return

    def _syntax(self, error: Exception, text: str) -> None:
        """Say in plain words what the parser could not read."""
        said = " ".join(str(getattr(error, name, "")) for name in ("context", "problem", "reason"))
        rules = [(p, rule, hint) for p, rule, hint in _SYNTAX if re.search(p.lstrip("+"), said)]
        pattern, rule, hint = rules[0] if rules else ("", "is not valid YAML", "")
        mark = getattr(error, "problem_mark", None)
        if pattern.startswith("+"):
            mark = getattr(error, "context_mark", None) or mark
        # Only the check for control characters tells a position instead of a mark.
        line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1
        written = (*text.split("\n")[line - 1 : line], "")[0]
        if "\t" in written[: len(written) - len(written.lstrip())]:
            rule, hint = "begins with a tab", "indent with spaces, never with tabs"
        self.refuse(rule, line=line, value=written, hint=hint)

    def _take(self, event: Any) -> bool:
        """Handle one event; False ends the reading."""
        if isinstance(event, ev.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                line = event.start_mark.line + 1
                self.refuse("begins a second document", line=line, hint="one file, one scenario")
            return self.documents == 1
        if isinstance(event, (ev.MappingEndEvent, ev.SequenceEndEvent)):
            self.stack.pop()
        elif isinstance(event, ev.NodeEvent):
            line = event.start_mark.line + 1
            self.nodes += 1
            if self.nodes > MAX_NODES:
                self.refuse(f"the file has more than {MAX_NODES:,} values", line=line)
                return False
            return self._node(event, line)
        return True

    def _node(self, event: Any, line: int) -> bool:
        """Put a scalar, alias or collection where it belongs."""
        frame = self.stack[-1] if self.stack else None
        if frame is None:
            path: KeyPath = ()
        elif isinstance(frame.container, list):
            path = (*frame.path, len(frame.container))
        elif frame.wants_key:
            return self._key(frame, event, line)
        else:
            path = (*frame.path, "?" if frame.key is None else frame.key)
        self.lines.setdefault(path, line)
        value = self._value(event, path, line)
        if frame is None:
            self.root = value
        elif isinstance(frame.container, list):
            frame.container.append(value)
        else:
            if frame.key is not None:
                frame.container[frame.key] = value
            frame.wants_key = True
        return self._open(event, value, path, line)

    def _open(self, event: Any, value: Any, path: KeyPath, line: int) -> bool:
        """Put a collection that begins here on the stack."""
        if not isinstance(event, ev.CollectionStartEvent):
            return True
        if len(self.stack) == MAX_DEPTH:
            self.refuse(f"is nested deeper than {MAX_DEPTH} levels", path, line)
            return False
        self.stack.append(_Frame(value, path, wants_key=isinstance(value, dict)))
        return True

    def _key(self, frame: _Frame, event: Any, line: int) -> bool:
        """Take a node that stands where a key belongs."""
        frame.wants_key, frame.key = False, None
        assert isinstance(frame.container, dict)
        if isinstance(event, ev.CollectionStartEvent):
            self.refuse("a key must be text, not a list or map", frame.path, line)
            return self._open(event, self._value(event, frame.path, line), frame.path, line)
        if not isinstance(event, ev.ScalarEvent):
            self._value(event, frame.path, line)
            return True
        key: str = event.value
        path = (*frame.path, key)
        self._decorations(event, path, line)
        if not event.style and key == "":
            self.refuse("a key is missing before the colon", frame.path, line)
        elif not event.style and key == "<<":
            self.refuse("merge keys are not allowed", path, line, hint="write the keys out")
        elif not event.style and _SCIENTIFIC.fullmatch(key):
            rule = "looks like a code that a spreadsheet turned into a number"
            self.refuse(rule, path, line, key, "format the column as text or quote it")
        elif key in frame.container:
            first = self.lines[path]
            self.refuse(f"is written twice, on line {first} and on line {line}", path, line)
        else:
            frame.key = key
            self.lines[path] = line
        return True

    def _decorations(self, event: Any, path: KeyPath, line: int) -> None:
        """Refuse what YAML can hang on a node: anchors and tags."""
        if event.anchor is not None:
            self.refuse("anchors are not allowed", path, line, f"&{event.anchor}", "write it out")
        if event.ctag is not None:
            tag = str(event.ctag).replace("tag:yaml.org,2002:", "!!")
            self.refuse("tags are not allowed", path, line, tag, "leave it out")

    def _value(self, event: Any, path: KeyPath, line: int) -> Any:
        """Give a node its value; a collection is still empty."""
        if isinstance(event, ev.AliasEvent):
            self.refuse("aliases are not allowed", path, line, f"*{event.anchor}", "write it out")
            return None
        self._decorations(event, path, line)
        if isinstance(event, ev.ScalarEvent):
            return event.value if event.style else self._plain(event.value, path, line)
        if self.flow_only and not event.flow_style:
            hint = "write {key: value} or [first, second], or quote the text"
            self.refuse("must be one value", path, line, hint=hint)
        return {} if isinstance(event, ev.MappingStartEvent) else []

    def _plain(self, text: str, path: KeyPath, line: int) -> Any:
        """Give an unquoted scalar its type."""
        if text in _WORDS:
            return _WORDS[text]
        if _NOT_FINITE.fullmatch(text):
            self.refuse("must be a finite number", path, line, text)
            return None
        whole = _INTEGER.fullmatch(text)
        if not whole and not _FLOAT.fullmatch(text):
            return text
        if len(text) > MAX_DIGITS or math.isinf(float(text)):
            self.refuse("is too large for a number", path, line, text, "put a code in quotes")
            return None
        return WrittenInt(text) if whole else WrittenFloat(text)
