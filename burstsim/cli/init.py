"""``burstsim init``: a scenario that runs, to be changed into yours."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import OK
from burstsim.cli.schema import schema_text
from burstsim.errors import OutputError
from burstsim.report.write import write_file

__all__ = ["command"]

#: Named in the first line of every template, where editors look for it.
_SCHEMA = "burstsim.schema.json"

_SCENARIO = "sale.yaml"


class Template(StrEnum):
    """Sales to begin with; each is a folder in ``starters/``."""

    livestream = "livestream"
    double11 = "double11"
    presale = "presale"
    two_warehouses = "two-warehouses"
    spreadsheets = "spreadsheets"


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help="Made if it is not there.")
    ],
    template: Annotated[
        Template,
        typer.Option(
            help="livestream: one room, one drop; double11: two waves and two shifts; presale: "
            "deposits, then all balances at once; two-warehouses: routes and splits; "
            "spreadsheets: goods, orders, gifts, the show, stock and the roster from CSV files."
        ),
    ] = Template.livestream,
) -> int:
    """Write a scenario that runs, with notes on what to change.

    Beside it goes a JSON Schema with which an editor completes keys and marks mistakes (in VS
    Code with the YAML extension). Nothing that is there already is overwritten.

    \b
    Examples:
      burstsim init my-sale
      burstsim init my-sale --template two-warehouses
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    contents = {file.name: file.read_bytes() for file in _files(template)}
    contents[_SCHEMA] = schema_text().encode("utf-8")
    if there := sorted(name for name in contents if (folder / name).exists()):
        raise OutputError(f"{folder / there[0]} is there already; give another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
    for name, content in contents.items():
        write_file(folder / name, content)
    print(f"Written to {folder}: {', '.join(contents)}")
    print(f"Next: burstsim check {folder / _SCENARIO}")
    print(f"      burstsim run {folder / _SCENARIO}")
    return OK


def _files(template: Template) -> Iterator[Traversable]:
    """Give the files of a template, the scenario first."""
    place = files("burstsim.cli") / "starters" / template.value
    found = [file for file in place.iterdir() if file.is_file()]
    yield from sorted(found, key=lambda file: (file.name != _SCENARIO, file.name))
