"""What text from files must not hold: codes that act on a screen, and a spreadsheet's errors."""

from __future__ import annotations

import re

__all__ = [
    "CONTROL",
    "CONTROL_RULE",
    "SPREADSHEET_ERROR",
    "SPREADSHEET_HINT",
    "SPREADSHEET_RULE",
    "spoiled",
]

#: Control characters, breaks of lines, and marks that turn the direction of writing around.
CONTROL = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"

CONTROL_RULE = "must be on one line, without control characters"

#: What a cell shows whose formula has no value, and a formula that nobody has worked out.
SPREADSHEET_ERROR = (
    r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!"
    r"|GETTING_DATA|UNKNOWN!|BUSY!|PYTHON!|EXTERNAL!)|=(?s:.*)"
)

SPREADSHEET_RULE = "is an error or a formula of a spreadsheet, not a value"

SPREADSHEET_HINT = "put the value there; a formula has one once the spreadsheet has saved it"

_SPOILED = re.compile(SPREADSHEET_ERROR, re.DOTALL)


def spoiled(cell: str) -> bool:
    """Whether a spreadsheet left something that is no value.

    Examples
    --------
    >>> spoiled("#DIV/0!"), spoiled("=A1+B1"), spoiled("#1 bestseller")
    (True, True, False)
    """
    return _SPOILED.fullmatch(cell) is not None
