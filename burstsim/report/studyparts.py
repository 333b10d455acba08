"""What pages of studies share: the scenario in words, how it was made, thresholds, data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.languages import Words, known_code, words_of
from burstsim.report.blocks import Block, Code, Folded, Prose, Section, Table, Terms
from burstsim.report.charts.scales import Telling
from burstsim.report.folder import read_table
from burstsim.results.naming import key_of
from burstsim.scenario.thresholds import parse_threshold

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Study", "as_data", "limit_of", "made_sections", "short_paths"]

#: Rows of the table of what is different between scenarios.
_MOST_DIFFERENCES = 60

#: Letters of a value in that table.
_MOST_LETTERS = 120

#: The metric that nights are judged by.
_OF_NIGHTS = re.compile(r"nights\s*\(\s*([^<>=]+?)\s*[<>=]")

_ABSENT = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What a study left.

    Parameters
    ----------
    found
        Its summary.
    made
        Its manifest; empty where an earlier version wrote none.
    folder
        Where its tables are; None where there are none.
    """

    found: Mapping[str, Any]
    made: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def scenarios(self) -> Mapping[str, Mapping[str, Any]]:
        """Name → ``scenario_sha256 scenario description``, as far as they are known."""
        scenarios: Mapping[str, Mapping[str, Any]] = self.made.get("scenarios", {})
        return scenarios

    @property
    def words(self) -> Words:
        """The language of the answer; English for one that is not known here."""
        return words_of(known_code(self.made.get("language")))

    def told(self, name: str) -> Telling:
        """Say how numbers of a scenario are told."""
        return Telling(start=self.start_of(name), words=self.words)

    def table(self, name: str) -> pd.DataFrame | None:
        """Read one of its tables; None where there is none of that name."""
        return None if self.folder is None else read_table(self.folder, name)

    def start_of(self, name: str) -> datetime | None:
        """Give the moment from which a scenario's seconds are counted; None if not known."""
        written = self.scenarios.get(name, {}).get("scenario", {}).get("start")
        return None if written is None else datetime.fromisoformat(str(written))


def made_sections(study: Study) -> list[Section]:
    """Make the last sections of a page: the scenarios in words, the manifest, the data."""
    words, several = study.words, len(study.scenarios) > 1
    title = words.say("The scenarios in words" if several else "The scenario in words")
    return [
        Section(title=title, blocks=list(_in_words(study))),
        Section(title=words.say("Manifest"), blocks=list(_manifest(study))),
        Section(title=words.say("As data"), blocks=[as_data(study.found, words)]),
    ]


def as_data(found: Mapping[str, Any], words: Words) -> Folded:
    """Show all of a summary, for who opens it."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    return Folded(summary=words.say("All that was found, as JSON"), blocks=[Code(text=text)])


def limit_of(expr: str, metric: str, start: datetime | None) -> float | None:
    """Read the limit of a threshold on a metric; None where it is on another one.

    Parameters
    ----------
    expr
        The threshold.
    metric
        What is drawn; of a threshold on the share of nights, either that share (the text of the
        whole ``nights(...)``) or the metric that each night is judged by.
    start
        Of the scenario; without one the limit of a moment is not known.

    Examples
    --------
    >>> limit_of("nights(on_time >= 0.98) >= 0.9", "on_time", None)
    0.98
    >>> limit_of("nights(on_time >= 0.98) >= 0.9", "nights(on_time >= 0.98)", None)
    0.9
    """
    inner = _OF_NIGHTS.match(metric)
    name = inner[1] if inner else metric
    key = key_of(name)
    try:
        threshold = parse_threshold(expr, {name: key} if key else {}, start or datetime(2000, 1, 1))
    except ValueError:
        return None
    for part in (threshold, threshold.nights):
        if part is not None and part.metric == metric:
            return None if part.moment and start is None else part.limit
    return None


def short_paths(paths: Sequence[str]) -> list[str]:
    """Leave away the beginnings of dotted paths, as far as their ends tell them apart.

    Examples
    --------
    >>> short_paths(["demand_scale", "warehouses.hub.stages.sort.workers"])
    ['demand_scale', 'sort.workers']
    >>> short_paths(["a.x.pick.workers", "a.y.pick.workers"])
    ['x.pick.workers', 'y.pick.workers']
    """
    parts = [path.split(".") for path in paths]
    for count in range(2, max(map(len, parts), default=0)):
        short = [".".join(part[-count:]) for part in parts]
        if len(set(short)) == len(set(paths)):
            return short
    return list(paths)


def _in_words(study: Study) -> Iterator[Block]:
    words, records = study.words, study.scenarios
    if len(records) > 1 and (table := _differing(records, words)) is not None:
        yield table
    for name, record in records.items():
        blocks: list[Block] = []
        if lines := [str(line) for line in record.get("description", ())]:
            blocks.append(Prose(lines=lines))
        if "scenario" in record:
            text = json.dumps(record["scenario"], indent=1, ensure_ascii=False)
            whole = [Code(text=text)]
            summary = words.say("The scenario with all defaults")
            blocks.append(Folded(summary=summary, blocks=whole))
        if len(records) == 1:
            yield from blocks
        elif blocks:
            yield Folded(summary=name, blocks=blocks)


def _differing(records: Mapping[str, Mapping[str, Any]], words: Words) -> Table | None:
    """List keys that the scenarios do not say alike."""
    plain = [dict(_leaves(record.get("scenario", {}))) for record in records.values()]
    if not all(plain):
        return None
    paths = dict.fromkeys(path for one in plain for path in one)
    rows = [
        [path, *(one.get(path, _ABSENT) for one in plain)]
        for path in paths
        if len({one.get(path, _ABSENT) for one in plain}) > 1
    ]
    if not rows:
        return None
    more = len(rows) - _MOST_DIFFERENCES
    rows = rows[:_MOST_DIFFERENCES]
    if more > 0:
        rows.append([words.say("and {n} more", n=f"{more:,}"), *("" for _ in plain)])
    numbers = frozenset(range(1, len(records) + 1))
    headers = [words.say("what is different"), *records]
    return Table(headers=headers, rows=rows, numbers=numbers, stacked=True)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Walk a scenario: dotted path → value as text."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
        return
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    yield path, text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"


def _manifest(study: Study) -> Iterator[Block]:
    words, made = study.words, study.made
    if not made:
        lacking = words.say(
            "An earlier version wrote this folder: what it was made of and with is not in it."
        )
        yield Prose(lines=[lacking])
        return
    versions = words.listed(f"{name} {text}" for name, text in made.get("versions", {}).items())
    several = len(study.scenarios) > 1
    entries = [
        (
            words.say("scenario {name}", name=name) if several else words.say("scenario"),
            f"SHA-256 {record['scenario_sha256']}",
        )
        for name, record in study.scenarios.items()
        if "scenario_sha256" in record
    ]
    seed = words.say(
        "{seed}, streams {scheme}",
        seed=study.found.get("seed", "?"),
        scheme=made.get("stream_scheme", "?"),
    )
    entries += [(words.say("seed"), seed), (words.say("versions"), versions)]
    entries.append((words.say("machine"), str(made.get("machine", "?"))))
    yield Terms(entries=entries)
