"""A live session's audience and its run of show."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pydantic import (
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    Tag,
    WithJsonSchema,
)

from burstsim.scenario.fields import ClockMoment, Count, Money, Name, Real, Section
from burstsim.units import Moment, parse_moment

__all__ = ["RunOfShow", "ShowEntry", "ShowFile", "ViewerPoint", "Viewers"]

_MOST_VIEWERS = 10**10


class ViewerPoint(NamedTuple):
    """At this moment, this many viewers."""

    at: Moment
    viewers: float


def _viewer_point(value: Any) -> ViewerPoint:
    if isinstance(value, ViewerPoint):
        return value
    rule = "must be a row of a moment and a number of viewers, such as [30m, 80000]"
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(rule)
    at, viewers = value
    if isinstance(at, dict | list | bool | None):
        raise ValueError(rule)
    if isinstance(viewers, bool) or not isinstance(viewers, int | float):
        raise ValueError(rule)
    if not 0 <= viewers <= _MOST_VIEWERS:
        raise ValueError("must have between 0 and ten thousand million viewers")
    return ViewerPoint(parse_moment(str(getattr(at, "text", at))), float(viewers))


#: Rows ``[moment, viewers]`` of an audience curve.
Viewers = Annotated[
    list[
        Annotated[
            ViewerPoint,
            PlainValidator(_viewer_point),
            PlainSerializer(lambda point: [str(point.at), point.viewers], return_type=list[Any]),
            WithJsonSchema({"type": "array", "minItems": 2, "maxItems": 2}),
        ]
    ],
    Field(min_length=1),
]


class ShowEntry(Section):
    """An item presented in a live session, as a drop of its own."""

    time: ClockMoment
    item: Name
    expected_units: Annotated[Real, Field(ge=0, le=1e9)]
    price: Money | None = Field(default=None, description="left out: the catalogue's")
    stock: Count | None = Field(default=None, description="units offered in the session")


class ShowFile(Section):
    """A run of show in a CSV file: columns time, item, expected_units, price, stock."""

    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
    _entries: list[ShowEntry] | None = PrivateAttr(default=None)
    _lines: list[int] = PrivateAttr(default_factory=list)

    def attach(self, entries: list[ShowEntry], lines: list[int]) -> None:
        """Hand over what the file holds, and on which lines; the reader does it once."""
        self._entries, self._lines = entries, lines

    @property
    def entries(self) -> list[ShowEntry]:
        """What the file holds; there once the reader has read it."""
        assert self._entries is not None, "the reader attaches the entries"
        return self._entries

    @property
    def lines(self) -> list[int]:
        """Line of each entry in the file."""
        return self._lines


def _kind(value: Any) -> str:
    return "file" if isinstance(value, dict | ShowFile) else "list"


#: Entries in the scenario, or a file that has them.
RunOfShow = Annotated[
    Annotated[list[ShowEntry], Tag("list")] | Annotated[ShowFile, Tag("file")],
    Discriminator(_kind),
]
