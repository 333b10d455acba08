"""What metrics, units, causes and kinds of cost are called where people read them."""

from __future__ import annotations

from burstsim.languages import Words, phrase

__all__ = ["called", "heading_of", "metric_label"]

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
