"""Numbers with their nouns, as sentences about a scenario need them."""

from __future__ import annotations

__all__ = ["people_of"]


def people_of(count: int) -> str:
    """Say how many people.

    Examples
    --------
    >>> people_of(1), people_of(1200)
    ('1 person', '1,200 people')
    """
    return "1 person" if count == 1 else f"{count:,} people"
