"""Types of single fields of gift rules, and the shorthand that they take."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from burstsim.scenario.fields import Money, Name, Whole, Window

__all__ = ["Chosen", "GiftTimes", "Measured", "MemberTiers", "NameList", "Windows"]


def _listed(value: Any) -> Any:
    """Let a single name stand for a list of one."""
    return value if isinstance(value, list | tuple | dict) or value is None else [value]


def _pieces(value: Any) -> Any:
    """Let a name, or a list of names, stand for one piece of each."""
    names = [value] if isinstance(value, str | int | float) else value
    if not isinstance(names, list | tuple) or not names:
        return value
    pieces = {str(getattr(name, "text", name)): 1 for name in names}
    if len(pieces) < len(names):
        raise ValueError("must not name a gift twice; write how many, such as {TOTE: 2}")
    return pieces


def _windows(value: Any) -> Any:
    """Let a single window stand for a list of one."""
    if isinstance(value, list | tuple) and value and not isinstance(value[0], list | tuple):
        return [value]
    return value


def _kind(value: Any) -> str:
    return "sets" if isinstance(value, dict) else "list"


def _measured(value: Any, parse: ValidatorFunctionWrapHandler) -> Any:
    try:
        return parse(value)
    except ValueError:
        raise ValueError("must be a number of units, or money such as 199.00") from None


_Pieces: TypeAlias = Annotated[Whole, Field(ge=1, le=100_000)]

NameList: TypeAlias = Annotated[
    list[Name],
    BeforeValidator(_listed, json_schema_input_type=list[Name] | Name),
    Field(min_length=1),
]

_Tier: TypeAlias = Annotated[Whole, Field(ge=0, le=100)]

MemberTiers: TypeAlias = Annotated[
    list[_Tier],
    BeforeValidator(_listed, json_schema_input_type=list[_Tier] | _Tier),
    Field(min_length=1, max_length=101),
]

#: Windows [from, to) of moments.
Windows: TypeAlias = Annotated[
    list[Window],
    BeforeValidator(_windows, json_schema_input_type=list[Window] | Window),
    Field(min_length=1, max_length=1000),
]

#: Items by name, or item -> how many of it a set has.
Chosen: TypeAlias = Annotated[
    Annotated[dict[Name, _Pieces], Tag("sets"), Field(min_length=1)]
    | Annotated[list[Name], Tag("list"), Field(min_length=1)],
    Discriminator(_kind),
    BeforeValidator(_listed, json_schema_input_type=dict[Name, _Pieces] | list[Name] | Name),
]

#: SKU (or a kit of fixed parts) -> pieces of it in one gift.
GiftTimes: TypeAlias = Annotated[
    dict[Name, _Pieces],
    BeforeValidator(_pieces, json_schema_input_type=dict[Name, _Pieces] | list[Name] | Name),
    Field(min_length=1),
]

#: A number of units, or of money where the measure is an amount; int hundredths.
Measured: TypeAlias = Annotated[Money, WrapValidator(_measured)]
