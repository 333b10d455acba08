"""YAML text to plain data with line numbers; the only module that knows YAML.

The reader walks parser events and never constructs objects, so a file can neither run code nor
grow in memory, and codes stay as they are written: keys are text, ``20:00`` and ``0012345`` too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.paths import KeyPath, dotted, shorten
from burstsim.scenario.scalars import looks_scientific, plain_scalar
from burstsim.scenario.syntax import explain_syntax
from burstsim.scenario.textfile import MAX_BYTES, MOVE_OUT, TOO_LARGE

__all__ = ["Document", "Refused", "parse_value", "read_document"]

MAX_DEPTH = 32
MAX_NODES = 200_000

#: Refusals after which reading ends: the file is something else.
_MOST_PROBLEMS = 1000

_ENDLESS = re.compile(r"""(?:^|[\s\[{,:])([!&*][^\s"'\[\]{},]{1000})""", re.MULTILINE)

_HALF = "write the character itself, not its code"


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


@dataclass(frozen=True)
class Refused:
    """What a file says that YAML allows and a scenario does not.

    Parameters
    ----------
    problems
        One for each thing that was refused.
    paths
        Where the data now lacks what the file meant; ``()`` when that may be anywhere.
    """

    problems: tuple[Problem, ...]
    paths: tuple[KeyPath, ...]


def read_document(text: str, file: str) -> tuple[Document, Refused]:
    """Read YAML text strictly.

    Returns
    -------
    Document
        What is left when all that is refused is taken out.
    Refused
        Empty for a proper file.

    Raises
    ------
    ScenarioError
        When there is nothing to go on with: a syntax error, no keys at the top, too large.
    """
    builder = _Builder(file)
    builder.feed(text.removeprefix("\ufeff"))
    if not builder.problems and not isinstance(builder.root, dict):
        empty = builder.root is None
        rule = "is empty" if empty else "must be a map of keys at the top"
        builder.refuse(rule, line=0 if empty else builder.lines[()], hint="begin with burstsim: 1")
    if not builder.complete or not isinstance(builder.root, dict):
        raise ScenarioError(builder.problems)
    document = Document(data=builder.root, lines=builder.lines, file=file)
    return document, Refused(tuple(builder.problems), tuple(builder.refused))


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
    refused: list[KeyPath] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0
    complete: bool = False  # the first document was read to its end

    def refuse(
        self, rule: str, path: KeyPath = (), line: int = 0, value: str = "", hint: str = ""
    ) -> None:
        """Note a problem and go on."""
        self.refused.append(path)
        self.problems.append(
            Problem(
                rule=rule,
                path=dotted(path),
                file=self.file,
                line=line if self.file else 0,
                value=shorten(value),
                hint=hint,
            )
        )

    def feed(self, text: str) -> None:
        """Read until the end, a syntax error or a cap."""
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            self.refuse(TOO_LARGE, hint=MOVE_OUT)
            return
        if endless := _ENDLESS.search(text):
            # the parser would look at it from its beginning for every letter of it
            line = text.count("\n", 0, endless.start(1)) + 1
            self.refuse("has a tag or an anchor without end", line=line, value=endless[1])
            return
        events = YAML(typ="safe", pure=True).parse(text)
        while True:
            try:
                event = next(events, None)
            # Some broken escapes and directives make the parser fail with errors of its insides.
            except Exception as error:
                fault = explain_syntax(error, text)
                self.refuse(fault.rule, line=fault.line, value=fault.written, hint=fault.hint)
                return
            if event is None or not self._take(event) or len(self.problems) >= _MOST_PROBLEMS:
                return

    def _take(self, event: Any) -> bool:
        """Handle one event; False ends the reading."""
        if isinstance(event, ev.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                line = event.start_mark.line + 1
                self.refuse("begins a second document", line=line, hint="one file, one scenario")
                self.refused.pop()  # the first document lacks nothing
            return self.documents == 1
        if isinstance(event, ev.DocumentEndEvent):
            self.complete = True
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
        key = _joined(event.value)
        if key is None:
            self.refuse("contains half a character", frame.path, line, event.value, _HALF)
            return True
        path = (*frame.path, key)
        self._decorations(event, path, line)
        if not event.style and key == "":
            self.refuse("a key is missing before the colon", frame.path, line)
        elif not event.style and key == "<<":
            self.refuse("merge keys are not allowed", path, line, hint="write the keys out")
            self.refused.append(frame.path)  # any of its keys may come from there
        elif not event.style and looks_scientific(key):
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
            return self._scalar(event, path, line)
        if self.flow_only and not event.flow_style:
            hint = "write {key: value} or [first, second], or quote the text"
            self.refuse("must be one value", path, line, hint=hint)
        return {} if isinstance(event, ev.MappingStartEvent) else []

    def _scalar(self, event: Any, path: KeyPath, line: int) -> Any:
        """Give a scalar its type, when it is not in quotes."""
        text = _joined(event.value)
        if text is None:
            self.refuse("contains half a character", path, line, event.value, _HALF)
            return None
        if event.style:
            return text
        try:
            return plain_scalar(text)
        except ValueError as error:
            rule, _, hint = str(error).partition("; ")
            self.refuse(rule, path, line, text, hint)
            return None


def _joined(text: str) -> str | None:
    """Text in which two escapes for one character, as JSON writes them, are one; None if broken."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None
