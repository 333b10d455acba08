"""The types of single fields: durations, rates, money, moments, names, shares.

Each reads the text that people write, keeps the integer or value that the engines use, and
writes itself back as text that reads the same, so that a dumped scenario is a scenario.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from burstsim.scenario.cells import CONTROL, CONTROL_RULE
from burstsim.units import (
    Moment,
    Rate,
    format_duration,
    format_money,
    parse_duration,
    parse_moment,
    parse_money,
    parse_rate,
)

__all__ = [
    "ClockMoment",
    "Count",
    "Duration",
    "Money",
    "Name",
    "NumberWeights",
    "OrderRate",
    "RateFrom",
    "RatePoint",
    "Real",
    "Section",
    "Share",
    "Text",
    "Variation",
    "Weight",
    "Weights",
    "Whole",
    "Window",
    "Workers",
    "is_name",
    "whole",
    "whole_key",
]


#: What pydantic calls a limit that stands above a validator -> what JSON Schema calls it.
_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


class Section(BaseModel):
    """Base of every section: frozen, and a key that it does not know is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Write the limits, and the defaults of durations, as editors understand them."""
        schema = handler(core_schema)
        _say_limits(handler.resolve_ref_schema(schema))
        return schema


def _say_limits(schema: Any) -> None:
    """Give limits their names in JSON Schema, and defaults in ticks their spelling."""
    if isinstance(schema, list):
        for part in schema:
            _say_limits(part)
    if not isinstance(schema, dict):
        return
    for ours, theirs in _LIMITS.items():
        if isinstance(limit := schema.get(ours), int | float):
            schema[theirs] = limit
            del schema[ours]
    if schema.get("anyOf") == _DURATION_SCHEMA["anyOf"] and isinstance(schema.get("default"), int):
        schema["default"] = format_duration(schema["default"])
    for part in schema.values():
        _say_limits(part)


# In a ValueError's text, what follows "; " is the hint.


def _written(value: Any) -> str:
    """Text of a scalar as it stands in the file (numbers keep their spelling)."""
    return str(getattr(value, "text", value))


def _text_of(value: Any) -> str:
    if isinstance(value, str):
        if unsafe := re.search(CONTROL, value.strip()):
            raise ValueError(f"{CONTROL_RULE}; it has U+{ord(unsafe[0]):04X}")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be text")
    return _written(value)


def _name(value: Any) -> str:
    name = _text_of(value)
    if not name.strip() or name != name.strip():
        raise ValueError("must be a name without blanks at its ends")
    if len(name) > 120:
        raise ValueError("must be a name of at most 120 characters")
    if re.fullmatch(r"\d+(\.\d+)?[eE][+-]?\d+", name):
        raise ValueError(
            "looks like a code that a spreadsheet turned into a number; "
            "format the column as text or quote it"
        )
    return name


def is_name(text: str) -> bool:
    """Whether a scenario can call something so."""
    try:
        return _name(text) == text
    except ValueError:
        return False


def _unquoted(value: Any, wanted: str) -> Any:
    """Let numbers pass; what only looks like one gets a hint."""
    if isinstance(value, str):
        digits = unicodedata.normalize("NFKC", value.strip())
        digits = re.sub(r"(?<=\d)[,_ ](?=\d{3}\b|_|\d{3}[,_ ])", "", digits)
        digits = re.sub(r"^([-+]?\d+),(\d{1,2})$", r"\1.\2", digits)
        if percent := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", digits):
            wanted += f"; write a share: {float(percent[1]) / 100:g}"
        elif re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", digits):
            wanted += f"; write {digits}, without quotes, commas or blanks"
        raise ValueError(wanted)
    if isinstance(value, bool):
        raise ValueError(wanted)
    return value


def whole(value: Any) -> Any:
    """Let a number pass, whole or not, and neither text nor true and false."""
    return _unquoted(value, "must be a whole number")


def _real(value: Any) -> Any:
    return _unquoted(value, "must be a number")


def whole_key(value: Any) -> Any:
    """Read a whole number that is written as a name, the key of a map."""
    # Keys are text; 01 and 1 would be two keys for one number.
    if isinstance(value, str):
        if not re.fullmatch(r"0|-?[1-9][0-9]{0,17}", value):
            raise ValueError("must be a whole number as a name, such as {1: 0.7, 2: 0.3}")
        return int(value)
    return value


def _parsed(parse: Callable[[str], Any], kind: type, what: str) -> PlainValidator:
    """Validate text with `parse`; a value that is parsed already passes."""

    def validate(value: Any) -> Any:
        if isinstance(value, kind) and not isinstance(value, bool) and not hasattr(value, "text"):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(what)
        return parse(_written(value))

    return PlainValidator(validate)


def _at_least_zero(value: int) -> int:
    if value < 0:
        raise ValueError("must not be negative")
    return value


def _duration(text: str) -> int:
    return _at_least_zero(parse_duration(text))


def _price(text: str) -> int:
    return _at_least_zero(parse_money(text))


_DURATION_SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*((\d+(\.\d+)?\s*(us|ms|min|s|m|h|d)\s*)+|0\s*)$"},
        {"const": 0},
    ],
    "examples": ["90s", "15m", "4h", "2d"],
}

#: Span of time, at least zero; int ticks.
Duration = Annotated[
    int,
    _parsed(_duration, int, "must be a duration, such as 90s, 15m, 4h or 2d"),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(_DURATION_SCHEMA),
]

#: Orders per span of time.
OrderRate = Annotated[
    Rate,
    _parsed(parse_rate, Rate, "must be a rate, such as 1200/h"),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?\s*/\s*\w+$", "examples": ["20/m"]}),
]

#: Amount of money, at least zero; int cents.
Money = Annotated[
    int,
    _parsed(_price, int, "must be an amount of money, such as 129.00"),
    PlainSerializer(format_money, return_type=str),
    WithJsonSchema({"type": ["number", "string"], "examples": [129.00]}),
]

#: Offset, time of day or dated time.
ClockMoment = Annotated[
    Moment,
    _parsed(parse_moment, Moment, "must be a moment, such as 2h, 20:00 or 2026-11-11 08:00"),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2h", "20:00", "2026-11-11 08:00"]}),
]


class RatePoint(NamedTuple):
    """From this moment on, this rate."""

    at: Moment
    rate: Rate


def _rate_point(value: Any) -> RatePoint:
    if isinstance(value, RatePoint):
        return value
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError("must be a row of two, a moment and a rate, such as [2h, 6000/h]")
    if any(isinstance(part, dict | list | bool | None) for part in value):
        raise ValueError("must be a row of a moment and a rate, such as [2h, 6000/h]")
    return RatePoint(parse_moment(_written(value[0])), parse_rate(_written(value[1])))


def _pair(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError('must be a pair of moments, such as ["12:00", "12:30"]')
    return list(value)


#: Row ``[moment, rate]`` of a rate table.
RateFrom = Annotated[
    RatePoint,
    PlainValidator(_rate_point),
    PlainSerializer(lambda point: [str(part) for part in point], return_type=list[str]),
    WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}),
]

#: Text that names something; a code keeps its leading zeros.
Name = Annotated[str, BeforeValidator(_name)]

#: Any text; a number stands for its spelling.
Text = Annotated[str, BeforeValidator(_text_of)]

#: Numbers, strictly: neither text nor true and false.
Whole = Annotated[int, BeforeValidator(whole)]
Real = Annotated[float, BeforeValidator(_real)]

Share = Annotated[Real, Field(ge=0, le=1)]
Count = Annotated[Whole, Field(ge=0, le=10**12)]

#: People who work side by side.
Workers = Annotated[Whole, Field(ge=0, le=1_000_000)]

#: Span ``[from, to)`` of moments.
Window = Annotated[list[ClockMoment], BeforeValidator(_pair), Field(min_length=2, max_length=2)]

#: Coefficient of variation: standard deviation divided by mean.
Variation = Annotated[Real, Field(ge=0, le=20)]


def _some_weight(weights: dict[Any, float]) -> dict[Any, float]:
    if not weights:
        raise ValueError("must name at least one thing with a weight")
    if sum(weights.values()) <= 0:
        raise ValueError("must have at least one weight above zero")
    return weights


Weight = Annotated[Real, Field(ge=0, le=1e12)]

#: Relative frequencies by name; they need not add to one.
Weights = Annotated[dict[Name, Weight], AfterValidator(_some_weight)]

#: Relative frequencies of whole numbers, from 1.
NumberWeights = Annotated[
    dict[Annotated[int, BeforeValidator(whole_key), Field(ge=1, le=100_000)], Weight],
    AfterValidator(_some_weight),
]
