"""What policies look at: ``work_left.hangzhou.pack > 6h``, parsed and never run as code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from burstsim.errors import did_you_mean
from burstsim.scenario.comparisons import compare, holds, read_limit

__all__ = ["SIGNALS", "Condition", "Signal", "parse_condition", "parse_signal"]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that can be seen during a run.

    Parameters
    ----------
    unit
        ``hours`` of work, ``parcels``, ``pieces``, ``orders`` or ``share``.
    of
        What it is asked of: ``place`` (``warehouse``, ``.stage``, ``.zone``), ``item``, ``rule``;
        empty: of the whole sale.
    meaning
        One sentence.
    """

    unit: str
    of: str
    meaning: str


SIGNALS: dict[str, Signal] = {
    "work_left": Signal("hours", "place", "Work that waits, for the people who are there now."),
    "backlog": Signal("parcels", "place", "Parcels that wait, in a warehouse also to be released."),
    "stock_left": Signal("pieces", "item", "Pieces on the shelves of all warehouses."),
    "gifts_left": Signal("gifts", "rule", "Gifts that a rule can still give."),
    "orders_paid": Signal("orders", "", "Orders paid so far."),
    "orders_per_minute": Signal("orders", "", "Orders paid in the last minute."),
    "late_share": Signal("share", "", "Share of the orders due so far that were not met in time."),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A signal compared with a limit.

    Parameters
    ----------
    signal
        A name in `SIGNALS`.
    target
        What it is asked of, as written: ``hangzhou.pack``, ``TOTE``; empty for the whole sale.
    operator
        One of ``>= <= > <``.
    limit
        In the signal's unit.
    """

    signal: str
    target: str
    operator: str
    limit: float

    def holds(self, value: float) -> bool:
        """Whether it is true of what was seen."""
        return holds(value, self.operator, self.limit)


def parse_signal(text: str) -> tuple[str, str]:
    """Split the name of a signal from what it is asked of.

    Raises
    ------
    ValueError
        Where there is no such signal, or it is asked of too much or too little.

    Examples
    --------
    >>> parse_signal("work_left.hangzhou.pack"), parse_signal("orders_paid")
    (('work_left', 'hangzhou.pack'), ('orders_paid', ''))
    """
    name, _, target = text.strip().partition(".")
    signal = SIGNALS.get(name)
    if signal is None:
        hint = did_you_mean(name, SIGNALS) or f"there is {', '.join(SIGNALS)}"
        raise ValueError(f"names no signal: {name}; {hint}")
    if signal.of and not target:
        examples = {"place": "hangzhou.pack", "item": "LIP-01", "rule": "first-100-tote"}
        raise ValueError(f"must say of which {signal.of}; such as {name}.{examples[signal.of]}")
    if target and not signal.of:
        raise ValueError(f"must not ask for {name} of a part; it is of the whole sale")
    return name, target


def parse_condition(text: str) -> Condition:
    """Parse ``SIGNAL OPERATOR LIMIT``.

    Raises
    ------
    ValueError
        Saying which part is wrong; a suggestion, where there is one, follows ``"; "``.

    Examples
    --------
    >>> parse_condition("work_left.hangzhou.pack > 6h")
    Condition(signal='work_left', target='hangzhou.pack', operator='>', limit=6.0)
    """
    parts = compare(text)
    if parts is None:
        raise ValueError(
            "must compare a signal with a limit by >=, <=, > or <, such as stock_left.TOTE < 200"
        )
    if parts.turned:
        raise ValueError(f"must begin with the signal; write the signal first: {parts.turned}")
    name, target = parse_signal(parts.left)
    unit, limit = SIGNALS[name].unit, parts.limit
    plain = re.fullmatch(r"-?[\d.]+", limit) is not None
    if unit == "hours" and plain and limit != "0":
        raise ValueError(f"must compare {name} with a duration; did you mean {limit}h?")
    if unit not in ("hours", "share") and not plain:
        raise ValueError(f"must compare {name} with a number of {unit}, without a unit")
    return Condition(name, target, parts.operator, read_limit(limit, unit))
