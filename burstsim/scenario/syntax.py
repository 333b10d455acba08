"""What the YAML parser could not read, in plain words."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["SyntaxFault", "explain_syntax"]

_BLANK = 'write "key: value", with a blank after the colon'

# What the parser says -> what we say, and what to do about it. The first match counts; with +
# the fault is shown where the thing begins that is broken, not where the parser noticed.
_SYNTAX = (
    ("cannot start any token", "begins with a sign that YAML keeps for itself", "put it in quotes"),
    ("values are not allowed here", "a colon stands where no key can be", "quote text with colons"),
    ("+could not find expected ':'", "a line among keys has no colon", _BLANK),
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


class SyntaxFault(NamedTuple):
    """Which rule is broken on which line, the line as written, and what to do."""

    rule: str
    line: int
    written: str
    hint: str


def explain_syntax(error: Exception, text: str) -> SyntaxFault:
    """Say what is wrong and where it begins."""
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
    return SyntaxFault(rule, line, written, hint)
