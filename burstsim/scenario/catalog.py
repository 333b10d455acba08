"""Catalogue: what stands on a shelf (SKUs) and what is bought as one (kits)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from burstsim.scenario.fields import Duration, Money, Name, Section, Whole
from burstsim.scenario.tablefile import or_table

__all__ = ["Catalog", "Choice", "Kit", "Part", "Sku"]

_Pieces = Annotated[Whole, Field(ge=1, le=100_000)]


class Sku(Section):
    """A stock-keeping unit."""

    price: Money = 0
    owner: Name | None = Field(default=None, description="merchant whose goods these are")
    category: Name | None = None
    brand: Name | None = None
    margin: Money | None = Field(default=None, description="earned with a piece")
    zone: Name | None = Field(
        default=None,
        description="zone of a stage with several zones in which it is handled; left out: the "
        "first of that stage",
    )
    extra_pick_time: Duration = Field(
        default=0, description="per piece, besides the work of the first stage"
    )


class Part(Section):
    """A component of a kit, and what may stand in for it."""

    quantity: _Pieces = 1
    else_: list[Name] = Field(
        default_factory=list,
        alias="else",
        description="SKUs that are taken in this order where it has run out, piece by piece",
    )


def _part(value: Any) -> Any:
    """Let a number stand for so many pieces without a substitute."""
    return value if isinstance(value, dict | Part) else {"quantity": value}


def _plain(part: Part) -> Any:
    return {"quantity": part.quantity, "else": part.else_} if part.else_ else part.quantity


class Choice(NamedTuple):
    """How often a buyer takes one option of a kit, and how many of it one kit may have."""

    weight: int
    least: int
    most: int


def _weighted(value: Any) -> Any:
    """Let a list of names stand for equal weights."""
    if isinstance(value, list | tuple) and len(set(map(str, value))) == len(value):
        return {str(getattr(name, "text", name)): 1 for name in value}
    return value


_Weight = Annotated[Whole, Field(ge=0, le=10**6)]

_SOME = Field(min_length=1, max_length=10_000)

_Weights = Annotated[
    dict[Name, _Weight],
    BeforeValidator(
        _weighted, json_schema_input_type=dict[Name, _Weight] | Annotated[list[Name], _SOME]
    ),
    _SOME,
]

#: Most of an option, or its least and most, in one kit.
_Limit = (
    Annotated[Whole, Field(ge=0, le=1000)]
    | Annotated[list[Annotated[Whole, Field(ge=0, le=1000)]], Field(min_length=2, max_length=2)]
)


class Kit(Section):
    """Items bought as one.

    A `virtual` kit is opened to its parts before picking. A `prekit` stands on the shelf ready
    made; `builds` of a warehouse make more. Of a `choose` kit the buyer picks the parts, of a
    `mystery` kit chance does, among what is in stock.
    """

    price: Money | None = Field(
        default=None, description="left out: the sum of its parts; choose and mystery must have one"
    )
    category: Name | None = None
    brand: Name | None = None
    kind: Literal["virtual", "prekit", "choose", "mystery"] = "virtual"
    needs: dict[
        Name,
        Annotated[
            Part,
            BeforeValidator(_part, json_schema_input_type=Part | _Pieces),
            PlainSerializer(_plain, return_type=Any),
        ],
    ] = Field(
        default_factory=dict,
        description="item (SKU or kit) → how many of it are in one kit, or {quantity, else}",
    )
    work: Duration = Field(
        default=0, description="of people, for one kit: when it is ordered, a prekit's when built"
    )
    zone: Name | None = Field(
        default=None,
        description="stage, or stage.zone, where its work is done; left out: the first with only: "
        "needs_work, else pack, else the last",
    )
    choose: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(
        default=None, description="choose: how many the buyer picks"
    )
    of: _Weights | None = Field(
        default=None, description="choose: the options, a list or option → how often it is picked"
    )
    limits: dict[Name, _Limit] = Field(
        default_factory=dict, description="choose: option → most of it, or [least, most]"
    )
    draw: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(
        default=None, description="mystery: how many pieces are drawn"
    )
    pool: _Weights | None = Field(
        default=None, description="mystery: SKUs, a list or SKU → how often it is drawn"
    )

    @model_validator(mode="after")
    def _of_its_kind(self) -> Kit:
        own = {"choose": ("choose", "of", "limits"), "mystery": ("draw", "pool")}
        for kind, keys in own.items():
            for key in keys:
                if self.kind != kind and getattr(self, key):
                    raise ValueError(f"must not have {key} unless it is of kind: {kind}")
                if self.kind == kind and key != "limits" and not getattr(self, key):
                    raise ValueError(f"must have {key}, because it is of kind: {kind}")
        if self.kind in own and self.price is None:
            raise ValueError("must have a price: it is not always made of the same parts")
        return self

    def choices(self) -> dict[str, Choice]:
        """Give the options of a choose kit with their limits."""
        found = {}
        for name, weight in (self.of or {}).items():
            limit = self.limits.get(name, self.choose or 0)
            least, most = limit if isinstance(limit, list) else (0, limit)
            found[name] = Choice(weight, least, most)
        return found


class Catalog(Section):
    """All items: SKUs and kits, in one name space."""

    skus: Annotated[dict[Name, Sku], or_table(dict[Name, Sku])] = Field(
        default_factory=dict, description="by code, or {file: skus.csv}"
    )
    kits: Annotated[dict[Name, Kit], or_table(dict[Name, Kit])] = Field(
        default_factory=dict, description="by code, or {file: kits.csv}"
    )
