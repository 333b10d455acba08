"""The scenario: every section together, validated and frozen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, WithJsonSchema
from pydantic_core import PydanticSerializationError

from burstsim.errors import Problem
from burstsim.languages import CODES
from burstsim.scenario.catalog import Catalog
from burstsim.scenario.costs import Costs
from burstsim.scenario.demand import Presale, Replay, Session, Stream, Table
from burstsim.scenario.disruptions import Disruption
from burstsim.scenario.fields import Count, Duration, Name, Real, Section, Text, Whole, whole
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.forecasts import Forecast
from burstsim.scenario.giftfile import GiftFile, GiftRules
from burstsim.scenario.gifts import Gift
from burstsim.scenario.initial import Initial
from burstsim.scenario.oms import Oms
from burstsim.scenario.policies import Policy
from burstsim.scenario.promises import Promise
from burstsim.scenario.returns import Returns
from burstsim.scenario.storefront import Cancellations, Payment
from burstsim.units import parse_moment

__all__ = ["MOST_REPLICATIONS", "TOLD", "Scenario"]

#: Replications that can be asked for.
MOST_REPLICATIONS = 1_000_000

#: Keys that change no order of a replication: how many there are, what is told and kept of them.
TOLD = ("name", "replications", "thresholds", "language", "record")


def _start(value: Any) -> datetime:
    if isinstance(value, str):
        text = value.strip()
        if re.search(r"\d(Z|[+-]\d\d:?\d\d)$", text):
            raise ValueError("must be local time without a zone, such as 2026-11-10 20:00")
        try:
            value = parse_moment(text).dated
        except ValueError as error:
            if "exists" in str(error):
                raise
    if not isinstance(value, datetime):
        raise ValueError("must be a date with a time, such as 2026-11-10 20:00")
    if not 1900 <= value.year <= 2200:
        raise ValueError("must be a date between the years 1900 and 2200")
    return value


#: One of `burstsim.languages.CODES`.
Language = Literal["en", "zh"]


def _language(value: Any) -> Any:
    """Refuse what is no language, with the one that is likely meant."""
    if value in CODES:
        return value
    said = str(value).strip().lower().replace("_", "-")
    meant = said if said in CODES else _CALLED.get(said)
    rule = f"must be one of {', '.join(CODES)}"
    raise ValueError(f"{rule}; did you mean {meant}?" if meant else rule)


#: What people call the languages, for suggestions.
_CALLED = {
    **dict.fromkeys(("english", "eng", "en-us", "en-gb", "英文", "英语"), "en"),
    **dict.fromkeys(("chinese", "cn", "zh-cn", "zh-hans", "中文", "汉语", "简体中文"), "zh"),
}


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interruption be one: pydantic takes it for a fault of what is being written.

    Raises
    ------
    KeyboardInterrupt
        When Ctrl-C came in this context.
    """
    try:
        yield
    except PydanticSerializationError as error:
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from error
        raise


class Scenario(Section):
    """A sale, a warehouse and the questions asked of them.

    Frozen; `burstsim.load` makes one from a file. ``model_dump(mode="json", by_alias=True)``
    is again a valid scenario with every default written out.
    """

    burstsim: Annotated[Literal[1], BeforeValidator(whole)] = Field(
        description="version of this file format"
    )
    name: Annotated[Text, Field(min_length=1, max_length=200)] = "unnamed sale"
    start: Annotated[
        datetime,
        BeforeValidator(_start),
        WithJsonSchema({"type": "string", "examples": ["2026-11-10 20:00"]}),
    ] = datetime(2026, 1, 1)
    horizon: Annotated[Duration, Field(gt=0)] = Field(description="no new orders after this")
    drain: Duration = Field(
        default=72 * 3_600_000_000, description="then at most this long to finish"
    )
    seed: Annotated[Whole, Field(ge=0, lt=2**63)] = 1
    replications: Annotated[Whole, Field(ge=1, le=MOST_REPLICATIONS)] = 20
    demand_scale: Annotated[Real, Field(ge=0, le=1e6)] = 1.0
    forecast: Forecast | None = Field(
        default=None, description="how wrong demand_scale may be: one draw per replication"
    )
    record: Literal["orders", "summary"] = Field(
        default="orders", description="keep a row of each order and parcel, or sums only"
    )
    language: Annotated[Language, BeforeValidator(_language)] = Field(
        default="en", description="of sentences, tables and reports"
    )
    catalog: Catalog = Catalog()
    demand: Annotated[dict[Name, Stream], Field(min_length=1)]
    payment: Payment | None = Field(default=None, description="left out: paid when placed")
    sellable: dict[Name, dict[Name, Count]] = Field(
        default_factory=dict, description="channel → item → units that it may sell"
    )
    cancellations: Cancellations | None = None
    gifts: GiftRules = Field(
        default_factory=dict, description="gift rules by name, or {file: gifts.csv}"
    )
    costs: Costs = Costs()
    oms: Oms = Oms()
    initial: Initial | None = Field(
        default=None, description="a night that is already under way when the clock begins"
    )
    warehouses: Annotated[dict[Name, Warehouse], Field(min_length=1, max_length=1000)]
    promises: dict[Name, Promise] = Field(default_factory=dict)
    returns: Returns | None = Field(default=None, description="left out: nothing comes back")
    disruptions: dict[Name, Disruption] = Field(default_factory=dict)
    policies: dict[Name, Policy] = Field(
        default_factory=dict, description="levers that are pulled by what is seen at a check"
    )
    thresholds: dict[Name, Text] = Field(default_factory=dict)
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())

    def model_dump(self, **how: Any) -> dict[str, Any]:
        """Give it as plain data; Ctrl-C is heard meanwhile."""
        with _interruptible():
            return super().model_dump(**how)

    def model_dump_json(self, **how: Any) -> str:
        """Give it as JSON; Ctrl-C is heard meanwhile."""
        with _interruptible():
            return super().model_dump_json(**how)

    def attach_warnings(self, warnings: tuple[Problem, ...]) -> None:
        """Hand over what the reader found odd; it does so once."""
        self._warnings = warnings

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What may be meant as it is written, and probably is not."""
        return self._warnings

    @property
    def rules(self) -> dict[str, Gift]:
        """The gift rules by name, wherever they are written."""
        return self.gifts.rules if isinstance(self.gifts, GiftFile) else self.gifts

    @property
    def begin(self) -> int:
        """The tick at which the clock begins: that of `initial`, else 0 or the first deposit."""
        if self.initial is not None:
            return self.initial.at.resolve(self.start)
        presales = [stream for stream in self.demand.values() if isinstance(stream, Presale)]
        return min([0, *(stream.deposits.from_.resolve(self.start) for stream in presales)])

    @property
    def end(self) -> int:
        """The tick at which the run stops, finished or not."""
        return self.horizon + self.drain

    def digest(self) -> str:
        """SHA-256 (hex) of the scenario with all defaults, and of the files that it names.

        What changes no order is left out: the name, the number of replications, thresholds,
        the language.
        """
        plain = self.model_dump(mode="json", by_alias=True, exclude=set(TOLD))
        for name, stream in self.demand.items():
            if isinstance(stream, Replay):
                plain["demand"][name]["file"] = stream.log.digest()
            elif isinstance(stream, Session):
                # the same show is the same scenario, whether it stands in a file or not
                plain["demand"][name]["run_of_show"] = [
                    entry.model_dump(mode="json") for entry in stream.show
                ]
            elif isinstance(stream, Table) and stream.file is not None:
                rates = [[str(part) for part in point] for point in stream.points]
                plain["demand"][name] |= {"rates": rates, "file": None, "columns": {}}
        plain["gifts"] = {
            name: rule.model_dump(mode="json", by_alias=True) for name, rule in self.rules.items()
        }
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
