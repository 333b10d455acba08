"""Catalogue: what stands on a shelf (SKUs) and what is bought as one (kits)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from burstsim.scenario.fields import Money, Name, Section, Whole

__all__ = ["Catalog", "Kit", "Sku"]


class Sku(Section):
    """A stock-keeping unit."""

    price: Money = 0
    owner: Name | None = Field(default=None, description="merchant whose goods these are")
    category: Name | None = None
    brand: Name | None = None


class Kit(Section):
    """Items bought as one: exploded to its SKUs before picking."""

    price: Money | None = Field(default=None, description="left out: the sum of its parts")
    kind: Literal["virtual"] = "virtual"
    needs: Annotated[dict[Name, Annotated[Whole, Field(ge=1, le=100_000)]], Field(min_length=1)] = (
        Field(description="item (SKU or kit) → how many of it are in one kit")
    )


class Catalog(Section):
    """All items: SKUs and kits, in one name space."""

    skus: dict[Name, Sku] = Field(default_factory=dict)
    kits: dict[Name, Kit] = Field(default_factory=dict)
