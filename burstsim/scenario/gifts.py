"""Gift rules: who gets a gift for what, how often, within which limits, and how it travels.

A rule has independent parts. `where` and `trigger` say which orders qualify, `count` turns what
they bought into a number of gifts; `stack`, `gate` and `cap` only ever take away from it;
`reward` and `fulfil` say what is given and how.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from burstsim.scenario.fields import Count, Duration, Money, Name, Section, Share, Whole
from burstsim.scenario.giftfields import (
    Chosen,
    GiftTimes,
    Measured,
    MemberTiers,
    NameList,
    Windows,
)

__all__ = [
    "COUNT_MODES",
    "Cap",
    "Clawback",
    "Every",
    "Fulfil",
    "Gate",
    "Gift",
    "GiftWhere",
    "Lottery",
    "Once",
    "Period",
    "Reward",
    "Selection",
    "Stack",
    "Tier",
    "Tiers",
    "Trigger",
]


class GiftWhere(Section):
    """Which orders a rule looks at; what is left out holds for all."""

    channel: NameList | None = None
    room: NameList | None = None
    region: NameList | None = None
    time: Windows | None = Field(
        default=None, description="one window [from, to) of the payment, or several"
    )
    tier: MemberTiers | None = Field(
        default=None, description="member tiers; 0 is a customer without one"
    )
    new: StrictBool | None = Field(
        default=None, description="true: customers who never bought; false: all others"
    )
    coupon: StrictBool | None = Field(
        default=None, description="true: orders that hold a coupon; false: those that do not"
    )


class Selection(Section):
    """Items by name, category or brand; each key that is given narrows the choice."""

    items: Chosen | None = Field(
        default=None, description="a list, or {item: how many of it} for sets"
    )
    categories: NameList | None = None
    brands: NameList | None = None

    @property
    def names(self) -> list[str]:
        """The items that are named, however they are written."""
        return list(self.items or ())


class Trigger(Selection):
    """What an order must have bought, and how that is measured."""

    not_: Annotated[
        Selection | None,
        BeforeValidator(
            lambda value: _excluded(value),
            json_schema_input_type=Selection | list[Name] | Name | None,
        ),
    ] = Field(
        default=None,
        alias="not",
        description="exclusions, which win: a list of items, or {items, categories, brands}",
    )
    level: Literal["line", "leaf"] = Field(
        default="line", description="line: items as bought; leaf: kits opened"
    )
    measure: Literal["units", "amount", "distinct", "sets", "orders"] | None = Field(
        default=None, description="left out: units, or sets where items says how many of each"
    )
    base: Literal["list", "net", "net_tax"] = Field(
        default="net", description="of amounts: before discounts, after them, with tax"
    )
    min: Measured | None = Field(default=None, description="units or money; left out: any")
    max: Measured | None = None
    scope: Literal["order", "merged", "customer"] = Field(
        default="order",
        description="order: each by itself; merged: all that leave together; customer: "
        "everything that the customer has bought so far",
    )

    @property
    def measured(self) -> str:
        """What is measured, the default filled in."""
        return self.measure or ("sets" if isinstance(self.items, dict) else "units")

    @model_validator(mode="after")
    def _sets_need_numbers(self) -> Trigger:
        if self.measured == "sets" and not isinstance(self.items, dict):
            raise ValueError("must say how many of each item a set has, such as items: {A: 1}")
        if self.measured == "sets" and self.level == "leaf":
            raise ValueError("must not measure sets at level: leaf; a set is made of items")
        return self


def _excluded(value: Any) -> Any:
    """Let a list of items stand for a selection by items."""
    if value is None or isinstance(value, dict | Selection):
        return value
    return {"items": value}


class Once(Section):
    """One gift for an order that qualifies."""

    mode: Literal["once"] = "once"


class Every(Section):
    """One gift for every so many units, or so much money, beyond an offset."""

    mode: Literal["every"]
    step: Annotated[Measured, Field(gt=0)]
    offset: Measured = 0


class Tier(Section):
    """A gift from a measure on, if there are so many units too."""

    min: Measured
    min_units: Count = 0
    gift: GiftTimes


class Tiers(Section):
    """Other gifts for larger orders: of the highest tier that is met, or of all that are."""

    mode: Literal["tiers"]
    pick: Literal["highest", "cumulative"] = "highest"
    tiers: Annotated[list[Tier], Field(min_length=1, max_length=1000)]


class Period(Section):
    """Of every `buy` + `free` units in the cart the last ones are free."""

    mode: Literal["period"]
    buy: Annotated[Whole, Field(ge=1, le=1_000_000)]
    free: Annotated[Whole, Field(ge=1, le=1_000_000)]
    whole: StrictBool = Field(default=False, description="only whole periods count")


COUNT_MODES = ("once", "every", "tiers", "period")

GiftCount = Annotated[Once | Every | Tiers | Period, Field(discriminator="mode")]


class Reward(Section):
    """What is given."""

    gift: GiftTimes | None = Field(
        default=None, description="SKU → pieces in one gift; tiers have gifts of their own"
    )
    source: Literal["add", "in_cart"] | None = Field(
        default=None,
        description="in_cart: units that the buyer has put there become free; left out: add, "
        "or in_cart for a period without a gift",
    )
    choose: Literal["all", "waterfall", "dearest", "random"] = Field(
        default="all",
        description="of several gifts: all; the first, the dearest or any that is left",
    )


class Lottery(Section):
    """A draw for each order."""

    p: Share


class Gate(Section):
    """Who of those that qualify is let through, by their turn."""

    first_n: Count | None = None
    per: Literal["minute", "window", "room"] | None = Field(
        default=None, description="counts first_n anew in each"
    )
    every_k: Annotated[Whole, Field(ge=1, le=10**12)] | None = None
    lottery: Lottery | None = None
    customer_nth: Annotated[Whole, Field(ge=1, le=10**9)] | None = Field(
        default=None, description="only a customer's n-th paid order"
    )

    @model_validator(mode="after")
    def _per_what(self) -> Gate:
        if self.per is not None and self.first_n is None:
            raise ValueError("must not have per without first_n; per says when first_n restarts")
        return self


class Cap(Section):
    """At most so many gifts, or so much money."""

    order: Count | None = Field(default=None, description="per order")
    customer: Count | None = Field(default=None, description="per customer")
    total: Count | None = Field(default=None, description="in all")
    budget: Money | None = Field(
        default=None, description="money in all, at costs.gift, else at the gift's price"
    )
    when_exhausted: Literal["partial", "close", "skip"] = Field(
        default="partial",
        description="who would exceed a limit gets what is left; ends the rule; gets nothing",
    )
    used: Count = Field(default=0, description="gifts of the total given before the start")


class Stack(Section):
    """How a rule goes together with the others."""

    priority: Annotated[Whole, Field(ge=-(10**9), le=10**9)] = Field(
        default=0, description="larger goes first; equal ones in the order of the file"
    )
    group: Name | None = Field(default=None, description="one rule of a group gives at most")
    exclusive: StrictBool = Field(default=False, description="goes before all, and alone")
    stop: Literal["none", "line", "order"] = Field(
        default="none", description="no further rule looks at its lines; at the order"
    )
    decide: Literal["eligible", "granted"] = Field(
        default="eligible",
        description="what keeps others out: to qualify, or to give a gift indeed",
    )
    consume: StrictBool = Field(
        default=False, description="the units that a gift took count for no later rule"
    )
    best_deal: StrictBool = Field(
        default=False, description="of the rules with it, in a group, the one worth most gives"
    )


class Fulfil(Section):
    """How the gift gets to the customer."""

    ship: Literal["with_main", "split", "after_main"] = Field(
        default="with_main",
        description="in the order's parcel; in one of its own; in one that goes after it",
    )
    when_out_of_stock: Literal["skip", "next", "hold", "backorder", "cancel"] = Field(
        default="skip",
        description="no gift; the next of the list; the order waits; a later parcel; no order",
    )
    zone: Name | None = Field(
        default=None, description="stage where its work is done; left out: as for kits"
    )
    work: Duration = Field(default=0, description="of people, per gift")


class Clawback(Section):
    """What a cancelled order gives back to the rule's caps."""

    cancel: Literal["release", "keep"] = "release"


class Gift(Section):
    """A gift rule."""

    where: GiftWhere = GiftWhere()
    trigger: Trigger = Trigger()
    count: GiftCount = Once()
    reward: Reward = Reward()
    gate: Gate = Gate()
    cap: Cap = Cap()
    stack: Stack = Stack()
    fulfil: Fulfil = Fulfil()
    clawback: Clawback = Clawback()

    @model_validator(mode="after")
    def _fits_together(self) -> Gift:
        tiers = isinstance(self.count, Tiers)
        free = isinstance(self.count, Period) and self.source == "in_cart"
        if tiers and self.reward.gift is not None:
            raise ValueError("must not have a gift in reward; tiers have gifts of their own")
        if not tiers and self.reward.gift is None and not free:
            raise ValueError("must say what is given; add reward: {gift: {SKU: 1}}")
        if tiers and self.source == "in_cart":
            raise ValueError("must not have tiers of units in the cart; write a rule for each")
        if isinstance(self.count, Period) and self.trigger.measured != "units":
            raise ValueError("must measure units with count: {mode: period}; leave measure out")
        if self.trigger.measured != "amount":
            self._whole_numbers()
        return self

    def _whole_numbers(self) -> None:
        """Refuse parts of units."""
        numbers: list[int | None] = [self.trigger.min, self.trigger.max]
        if isinstance(self.count, Every):
            numbers += [self.count.step, self.count.offset]
        if isinstance(self.count, Tiers):
            numbers += [tier.min for tier in self.count.tiers]
        if any(number is not None and number % 100 for number in numbers):
            raise ValueError("must have whole numbers; for money say measure: amount")

    @property
    def source(self) -> Literal["add", "in_cart"]:
        """Where gifts come from, the default filled in."""
        unnamed = isinstance(self.count, Period) and self.reward.gift is None
        return self.reward.source or ("in_cart" if unnamed else "add")

    @property
    def options(self) -> list[dict[str, int]]:
        """What one gift is: one for each tier, else one."""
        if isinstance(self.count, Tiers):
            return [tier.gift for tier in self.count.tiers]
        return [self.reward.gift or {}]

    @property
    def one_of_several(self) -> bool:
        """Whether a gift is one of its items rather than all of them."""
        if self.source == "in_cart":
            return False
        return self.reward.choose != "all" or self.fulfil.when_out_of_stock == "next"
