"""What metrics, units, causes and kinds of cost are called where people read them."""

from __future__ import annotations

import re

from burstsim.languages import Words, phrase
from burstsim.scenario.metrics import METRICS

__all__ = ["called", "heading_of", "key_of", "metric_label"]

_STATISTIC = re.compile(r"\w+\((.+)\)")

#: What the code itself calls units, causes of lateness, kinds of cost and breakdowns; all other
#: names are the user's.
_CALLED = frozenset(
    {
        *(phrase("orders"), phrase("units"), phrase("parcels"), phrase("lines")),
        *(phrase("share"), phrase("seconds"), phrase("hours"), phrase("money")),
        *(phrase("orders/h"), phrase("hold"), phrase("stock"), phrase("gift")),
        *(phrase("release"), phrase("truck"), phrase("external"), phrase("workers")),
        *(phrase("temps"), phrase("extra parcels"), phrase("partner fees"), phrase("gifts")),
        *(phrase("penalties"), phrase("channel"), phrase("warehouse"), phrase("owner")),
        phrase("worker hours"),
    }
)


def called(name: str, words: Words) -> str:
    """Say what is a name of the code's own; a user's name stays as it is.

    Examples
    --------
    >>> from burstsim.languages import words_of
    >>> called("truck", words_of("zh")), called("my-stage", words_of("zh"))
    ('等揽收', 'my-stage')
    """
    return words.say(name) if name in _CALLED else name


def metric_label(name: str, key: str | None, words: Words) -> str:
    """Write a metric for a table: its name, in other languages after what it is called.

    Parameters
    ----------
    name
        In full, as thresholds have it.
    key
        Of `burstsim.scenario.metrics.METRICS`; None for one that is not known here.
    words
        The reader's language.
    """
    title = words.texts.get(key or "")
    return f"{title} {name}" if title else name


def heading_of(name: str, words: Words) -> str:
    """Write a metric of orders for the head of a narrow column."""
    statistic, _, inner = name.partition("(")
    if inner and (title := words.texts.get(inner.removesuffix(")"))):
        return f"{title} {statistic}"
    return words.texts.get(name) or name.removeprefix("orders_").replace("_", " ")


def key_of(name: str) -> str | None:
    """Find the key in `METRICS` of a metric's full name; None for one that is not known here.

    Examples
    --------
    >>> key_of("p95(wait.hangzhou.pack)"), key_of("stock_left.LIP-01"), key_of("on_time")
    ('wait.<warehouse>.<stage>', 'stock_left.<sku>', 'on_time')
    """
    inner = _STATISTIC.fullmatch(name)
    plain = inner[1] if inner else name
    if plain in METRICS:
        return plain
    families = [key for key in METRICS if "<" in key and plain.startswith(key.partition("<")[0])]
    fitting = [key for key in families if key.count(".") <= plain.count(".")]
    return max(fitting, key=lambda key: (key.count("."), len(key)), default=None)
