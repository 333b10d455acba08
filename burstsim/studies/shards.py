"""A replication that is to be run, and what comes back of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from importlib.metadata import version
from typing import Any, Self

import numpy as np

from burstsim.engine.run import Engine
from burstsim.engine.world import Process
from burstsim.results.breakdowns import Key
from burstsim.results.needed import Asked
from burstsim.results.value import Value
from burstsim.scenario.scenario import TOLD, Scenario
from burstsim.streams import SCHEME

__all__ = ["SCHEMA", "Details", "Shard", "Task"]

#: Version of a shard's form; shards of another are not read.
SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Task:
    """One replication of one scenario.

    Parameters
    ----------
    scenario
        What is run.
    replication
        Number of the replication, from 0.
    engine
        ``"vector"`` or ``"event"``.
    detailed
        Whether breakdowns and what was asked of the shelves are wanted beside the metrics.
    check
        Whether the conservation laws are checked.
    processes
        Users' own; functions that can be pickled, where others run the task. What they do is not
        in the key: tasks with processes belong into no store.
    """

    scenario: Scenario
    replication: int
    engine: Engine = "vector"
    detailed: bool = False
    check: bool = False
    processes: tuple[Process, ...] = ()

    @cached_property
    def key(self) -> str:
        """SHA-256 (hex) of everything that fixes the outcome but engine and replication.

        The order in which a scenario names its things counts as well: it numbers SKUs and
        decides between orders of the same moment.
        """
        shown = self.scenario.model_dump_json(exclude=set(TOLD))
        made_by = [version("burstsim"), np.__version__, SCHEME, SCHEMA]
        # orders are the same, but quantiles come from bins where only sums are kept
        parts = [self.digest, shown, self.scenario.record, *made_by]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the scenario; see `burstsim.scenario.scenario.Scenario.digest`."""
        return self.scenario.digest()

    def of(self, replication: int) -> Self:
        """Give the same task for another replication; what is of all of them is known there."""
        other = replace(self, replication=replication)
        other.__dict__.update(key=self.key, digest=self.digest)
        return other

    def __getstate__(self) -> dict[str, Any]:
        """Leave the key behind: it says the versions of the process in which it is asked for."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    def answered_by(self, shard: Shard) -> bool:
        """Whether a shard is the outcome of this task, with everything that it asks for."""
        return (
            (shard.key, shard.engine, shard.replication)
            == (self.key, self.engine, self.replication)
            and (shard.details is not None or not self.detailed)
            and (shard.checked or not self.check)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a report shows beside the metrics of a replication.

    Parameters
    ----------
    parts
        The metrics of each channel, warehouse and merchant.
    asked
        What was asked of the shelves.
    """

    parts: Mapping[Key, Value]
    asked: Asked = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What is known of a replication once it is over: numbers, no orders.

    Parameters
    ----------
    key
        `Task.key` of the task.
    digest
        The scenario's digest.
    engine, replication
        As in `Task`.
    values
        Every metric's value.
    trace
        Digest of the trace: equal digests, equal answers for every order.
    seconds
        How long it took.
    checked
        Whether the conservation laws were checked, and held.
    details
        Present if the task asked for them.
    """

    key: str
    digest: str
    engine: Engine
    replication: int
    values: Mapping[str, Value]
    trace: str
    seconds: float
    checked: bool = False
    details: Details | None = None

    def to_json(self) -> str:
        """Write it as JSON; floats to the last bit, NaN and Infinity as Python writes them."""
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "key": self.key,
            "digest": self.digest,
            "engine": self.engine,
            "replication": self.replication,
            "trace": self.trace,
            "seconds": self.seconds,
            "checked": self.checked,
            "values": {name: _plain(value) for name, value in self.values.items()},
        }
        if self.details is not None:
            data["parts"] = [[*key, *_plain(v)] for key, v in self.details.parts.items()]
            data["asked"] = [column.tolist() for column in self.details.asked]
        return json.dumps(data, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Shard:
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            For anything else.
        """
        data = json.loads(text)
        try:
            if data["schema"] != SCHEMA:
                raise ValueError("another schema")
            details = None
            if "parts" in data:
                place, pieces = (np.array(column, np.int64) for column in data["asked"])
                parts = {(by, name, of): Value(n, f) for by, name, of, n, f in data["parts"]}
                details = Details(parts=parts, asked=Asked(place, pieces))
            return cls(
                key=_text(data["key"]),
                digest=_text(data["digest"]),
                engine=data["engine"],
                replication=int(data["replication"]),
                values={name: Value(n, f) for name, (n, f) in data["values"].items()},
                trace=_text(data["trace"]),
                seconds=float(data["seconds"]),
                checked=data["checked"] is True,
                details=details,
            )
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"not a shard: {error}") from None


def _plain(value: Value) -> tuple[float, bool]:
    """Say a value in JSON's types; NumPy's numbers are none of them."""
    number = value.number
    if isinstance(number, np.generic):
        number = number.item()
    return number, bool(value.at_least)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text is needed")
    return value
