"""From a file to a validated scenario, with every fault found at once.

The steps: text → document (keys, values, lines) → overrides → models → attached files →
checks across sections. A fault in one place does not hide the faults of others: what is at
fault is set aside and the rest is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from burstsim.errors import Problem, ScenarioError, printable
from burstsim.scenario.checks import find_faults, find_warnings
from burstsim.scenario.demand import Replay, Session, Table
from burstsim.scenario.document import read_document
from burstsim.scenario.explain import explain
from burstsim.scenario.faults import Fault, covers
from burstsim.scenario.files import leads_out
from burstsim.scenario.giftfile import GiftFile
from burstsim.scenario.giftrows import read_gifts
from burstsim.scenario.initial import OpenFile, StockFile
from burstsim.scenario.logreader import read_order_log
from burstsim.scenario.overrides import SET, override
from burstsim.scenario.paths import KeyPath, dotted
from burstsim.scenario.places import Places
from burstsim.scenario.profiles import PROFILES
from burstsim.scenario.repair import Repair
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.sheetreader import read_rows, read_sheet
from burstsim.scenario.sheets import OPEN_ORDERS, RATES, RUN_OF_SHOW, STOCK
from burstsim.scenario.shows import ShowFile
from burstsim.scenario.staffsheets import lay_tables
from burstsim.scenario.textfile import load_text

__all__ = ["load", "loads"]

#: Looks at a scenario from which ever more was set aside.
_MOST_LOOKS = 40

#: Keys of a stream that say how its file is read.
_FILE_KEYS = ("file", "columns", "profile", "sheet", "time_format")


def load(path: str | Path, set: Mapping[str, object] | None = None) -> Scenario:
    """Read and validate a scenario file.

    Parameters
    ----------
    path
        The YAML file. Files that it names are looked for beside it. A scenario without a
        name is called by the file's.
    set
        Overrides by dotted path, such as ``{"demand_scale": 2.0}``; the same as ``--set``.
        Text is read as it would be in the file, and a number means what it means there.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem, in the order of the file.
    """
    path = Path(path)
    scenario = loads(load_text(path), file=str(path), folder=path.parent, set=set)
    if "name" in scenario.model_fields_set:
        return scenario
    return scenario.model_copy(update={"name": printable(path.stem)[:200]})


def loads(
    text: str,
    *,
    file: str = "scenario",
    folder: str | Path = ".",
    set: Mapping[str, object] | None = None,
) -> Scenario:
    """Validate a scenario given as text; see `load`.

    Parameters
    ----------
    text
        The YAML text.
    file
        What to call it in messages.
    folder
        Where files that it names are looked for.
    set
        Overrides by dotted path.
    """
    document, refused = read_document(text, file)
    data = deepcopy(document.data)
    overrides = override(data, set or {})
    places = Places(document, overrides.paths)
    scenario, found = _examine(data, refused.paths, Path(folder), places)
    if overrides.paths and found:
        _, before = _examine(document.data, refused.paths, Path(folder), Places(document))
        found = _blame_overrides(found, before, overrides.paths)
    problems = [*overrides.problems, *refused.problems, *found]
    if problems or scenario is None:
        raise ScenarioError(places.in_order(problems))
    return scenario


def _examine(
    data: dict[str, Any], refused: Iterable[KeyPath], folder: Path, places: Places
) -> tuple[Scenario | None, list[Problem]]:
    """Validate data, and look again at what is left when the faulty parts are set aside."""
    data, unread, gone = lay_tables(
        data, folder, lambda table, here: _stay_inside(folder, table, here, places)
    )
    repair = Repair(data, [*refused, *gone])
    problems = [_of_stream(problem, here, places) for here, problem in unread]
    for _ in range(_MOST_LOOKS):
        try:
            scenario = Scenario.model_validate(repair.data)
            break
        except ValidationError as error:
            faults = explain(error.errors(include_url=False), repair.data)
        problems += [places.problem(fault) for fault in faults if not repair.related(fault)]
        if not repair.take_out(faults):
            return None, problems
    else:
        return None, problems
    scenario, unfit = _attach(scenario, repair, folder, places)
    problems += unfit
    for fault in find_faults(scenario):
        if not fault.doubtful(repair.aside):
            problems.append(_placed(fault, scenario, folder, places))
    if not problems and not repair.aside:
        found = [_placed(odd, scenario, folder, places) for odd in find_warnings(scenario)]
        scenario.attach_warnings(tuple(places.in_order(found)))
    return scenario, problems


def _placed(fault: Fault, scenario: Scenario, folder: Path, places: Places) -> Problem:
    """Give a fault its place, for a gift rule of a file that in the file."""
    problem = places.problem(fault)
    if not isinstance(scenario.gifts, GiftFile) or fault.path[:1] != ("gifts",):
        return problem
    line, column = scenario.gifts.place(fault.path[1:])
    if not line:
        return problem
    rule = f"column {column!r} {problem.rule}"
    return replace(problem, rule=rule, file=str(folder / scenario.gifts.file), line=line)


def _attach(
    scenario: Scenario, repair: Repair, folder: Path, places: Places
) -> tuple[Scenario, list[Problem]]:
    """Read the files that the scenario names; a stream whose file fails is set aside."""
    problems: list[Problem] = []
    streams = dict(scenario.demand)
    for name, stream in scenario.demand.items():
        here: KeyPath = ("demand", name)
        attach = partial(_attach_log, stream, folder) if isinstance(stream, Replay) else None
        keys = [(*here, key) for key in _FILE_KEYS]
        if isinstance(stream, Session) and isinstance(stream.run_of_show, ShowFile):
            here = (*here, "run_of_show")
            attach, keys = partial(_attach_show, stream.run_of_show, folder), [here]
        if isinstance(stream, Table) and stream.file is not None:
            attach = partial(_attach_rates, stream, folder)
        if attach is None:
            continue
        if not any(covers(key, gone) for gone in repair.aside for key in keys):
            try:
                named = stream.run_of_show if isinstance(stream, Session) else stream
                _stay_inside(folder, named, here, places)
                attach()
                continue
            except ScenarioError as error:
                problems += [_of_stream(problem, here, places) for problem in error.problems]
        repair.aside.append(here)
        del streams[name]
    if len(streams) < len(scenario.demand):
        scenario = scenario.model_copy(update={"demand": streams})
    problems += _attach_gifts(scenario, repair, folder, places)
    problems += _attach_initial(scenario, repair, folder, places)
    return scenario, problems


def _attach_initial(
    scenario: Scenario, repair: Repair, folder: Path, places: Places
) -> Iterator[Problem]:
    """Read the files of a night that is under way; one that fails is set aside."""
    if scenario.initial is None:
        return
    for key in ("open_orders", "stock"):
        here: KeyPath = ("initial", key)
        table = getattr(scenario.initial, key)
        if any(covers((*here, name), gone) for gone in repair.aside for name in _FILE_KEYS):
            continue
        try:
            if isinstance(table, OpenFile | StockFile):
                _stay_inside(folder, table, here, places)
            if isinstance(table, OpenFile):
                path = folder / table.file
                table.attach(read_rows(path, table.columns, OPEN_ORDERS, table.sheet).entries)
            elif isinstance(table, StockFile):
                path = folder / table.file
                table.attach(read_rows(path, table.columns, STOCK, table.sheet).entries)
        except ScenarioError as error:
            repair.aside.append(here)
            yield from (_of_stream(problem, here, places) for problem in error.problems)


def _attach_gifts(
    scenario: Scenario, repair: Repair, folder: Path, places: Places
) -> Iterator[Problem]:
    """Read the file of gift rules, if there is one; one that fails is set aside."""
    here: KeyPath = ("gifts",)
    if not isinstance(scenario.gifts, GiftFile):
        return
    if not any(covers((*here, key), gone) for gone in repair.aside for key in _FILE_KEYS):
        try:
            _stay_inside(folder, scenario.gifts, here, places)
            read_gifts(scenario.gifts, folder)
            return
        except ScenarioError as error:
            yield from (_of_stream(problem, here, places) for problem in error.problems)
    repair.aside.append(here)


def _stay_inside(folder: Path, section: Any, here: KeyPath, places: Places) -> None:
    """Refuse a file outside the scenario's folder, unless the one who runs it names it.

    A scenario may come from a stranger: what it makes burstsim read, messages and results show.
    """
    if places.is_overridden((*here, "file")):
        return
    names = [Path(section.file)]
    profile = section.profile if isinstance(section, Replay) else None
    join = PROFILES[profile].join if profile else None
    if join is not None:
        home = names[0] if (folder / names[0]).is_dir() else names[0].parent
        names += [home / join.lines, home / join.orders]
    if any(leads_out(folder, str(name)) for name in names):
        rule = "must lie in the folder of the scenario or below it"
        hint = f"copy it there, or name it by {SET} {dotted((*here, 'file'))}=..."
        raise ScenarioError([Problem(rule=rule, path="file", file=section.file, hint=hint)])


def _attach_log(stream: Replay, folder: Path) -> None:
    path = folder / stream.file
    stream.attach(
        read_order_log(
            path,
            stream.columns,
            time_format=stream.time_format,
            profile=stream.profile,
            sheet=stream.sheet,
        )
    )


def _attach_show(show: ShowFile, folder: Path) -> None:
    show.attach(*read_sheet(folder / show.file, show.columns, RUN_OF_SHOW))


def _attach_rates(table: Table, folder: Path) -> None:
    assert table.file is not None, "only of a table that has one"
    rows, lines = read_sheet(folder / table.file, table.columns, RATES)
    table.attach([row.point for row in rows], lines)


def _of_stream(problem: Problem, here: KeyPath, places: Places) -> Problem:
    """Say where the file of a problem is named, and which key when it is not a cell's."""
    if not problem.path:
        return replace(problem, path=dotted((*here, "file")))
    key, _, name = problem.path.partition(".")
    path = (*here, key, name) if name else (*here, key)
    value = problem.file if key == "file" else problem.value
    return places.problem(Fault(path, problem.rule, value, problem.hint))


def _blame_overrides(
    problems: list[Problem], before: list[Problem], paths: Iterable[KeyPath]
) -> list[Problem]:
    """Say of problems elsewhere in the file that only an override brings them about."""
    known = {(problem.path, problem.rule) for problem in before}
    names = ", ".join(dotted(path) for path in paths)

    def blamed(problem: Problem) -> Problem:
        if problem.file == SET or (problem.path, problem.rule) in known:
            return problem
        hint = f"{problem.hint}; " if problem.hint else ""
        return replace(problem, hint=f"{hint}only so with {SET} {names}")

    return [blamed(problem) for problem in problems]
