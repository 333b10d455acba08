"""The layers: imports go downwards only, and some libraries live in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "burstsim"

#: From the ground up; a module may import from its own layer and those before it.
LAYERS = (
    ("errors", "units", "streams", "languages"),
    ("kernels",),
    ("scenario",),
    ("engine",),
    ("results",),
    ("studies",),
    ("report",),
    ("cli",),
)

#: Library → the only place (folder or file) that may import it.
HOMES = {
    "simpy": "burstsim/engine/",
    "ruamel": "burstsim/scenario/document",
    "typer": "burstsim/cli/",
    "rich": "burstsim/cli/",
    "jinja2": "burstsim/report/page",
    "xlsxwriter": "burstsim/report/workbook",
    "pydantic": "burstsim/scenario/",
    "dask": "burstsim/studies/executors",
    "distributed": "burstsim/studies/executors",
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def imports_of(module: Path) -> Iterator[str]:
    """Names of the modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(name: str) -> int:
    """Layer of ``burstsim.<part>…``; the public front and the command line's start are on top."""
    part = name.split(".")[1] if "." in name else ""
    return next((level for level, parts in enumerate(LAYERS) if part in parts), len(LAYERS))


def name_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_imports_go_downwards(module: Path) -> None:
    here = layer_of(name_of(module))
    for name in imports_of(module):
        if name.startswith("burstsim."):
            assert layer_of(name) <= here, f"{name_of(module)} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_libraries_stay_in_their_place(module: Path) -> None:
    place = module.relative_to(PACKAGE.parent).as_posix()
    for name in imports_of(module):
        home = HOMES.get(name.split(".")[0])
        assert home is None or place.startswith(home), f"{place} imports {name}"


@pytest.mark.parametrize("module", [m for m in MODULES if "kernels" in m.parts], ids=name_of)
def test_kernels_know_numpy_only(module: Path) -> None:
    allowed = {"numpy", "burstsim", "__future__", "typing", "math", "heapq", "collections"}
    allowed |= {"dataclasses", "bisect"}
    assert {name.split(".")[0] for name in imports_of(module)} <= allowed


def test_no_cycles() -> None:
    names = {name_of(module) for module in MODULES}
    graph = {
        name_of(module): {name for name in imports_of(module) if name in names} - {name_of(module)}
        for module in MODULES
    }
    while leaves := [name for name, needs in graph.items() if not needs]:
        graph = {name: needs - set(leaves) for name, needs in graph.items() if name not in leaves}
    assert graph == {}


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_files_stay_small(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= 400
