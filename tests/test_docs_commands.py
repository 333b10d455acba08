"""Commands in the documentation are understood by the real command line; none is without one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from burstsim.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]
#: What ends a command in a shell.
ENDS = {"&&", "||", "|", ";", ">", ">>", "<"}

TREE = typer.main.get_command(app)
NAMES = list(getattr(TREE, "commands"))  # noqa: B009 - typer does not say what kind it is


def commands_of(text: str) -> Iterator[list[str]]:
    """Arguments of every burstsim command in a page's blocks of code."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            if re.match(r"\s*(\$ )?(\.venv/bin/)?burstsim ", line):
                yield from split(line.strip().removeprefix("$ "))


def split(line: str) -> Iterator[list[str]]:
    """Arguments of each burstsim command of a line."""
    found: list[list[str]] = [[]]
    parts = shlex.shlex(line, posix=True, punctuation_chars=True)
    parts.whitespace_split = True
    for part in parts:
        if part in ENDS:
            found.append([])
        else:
            found[-1].append(part)
    for words in found:
        if words and words[0].endswith("burstsim"):
            yield words[1:]


COMMANDS = [
    pytest.param(arguments, id=f"{page.name}: {' '.join(arguments)}")
    for page in PAGES
    for arguments in commands_of(page.read_text(encoding="utf-8"))
]


def test_lines_are_taken_apart_as_a_shell_does() -> None:
    line = ".venv/bin/burstsim run a.yaml \\\n  --set 'x=\"1\"' > b && burstsim metrics # c"
    assert list(commands_of(f"```sh\n{line}\n```")) == [
        ["run", "a.yaml", "--set", 'x="1"'],
        ["metrics"],
    ]
    assert not list(commands_of("burstsim run outside.yaml"))


@pytest.mark.parametrize("arguments", COMMANDS)
def test_the_command_line_understands_it(arguments: list[str]) -> None:
    command = TREE.commands[arguments[0]]  # type: ignore[attr-defined]
    # raises a usage error for an option or a number of files that the command does not take
    command.make_context(arguments[0], arguments[1:]).close()


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_shown_at_work(name: str) -> None:
    assert any(parameter.values[0][0] == name for parameter in COMMANDS)


def test_the_page_of_metrics_is_what_the_command_writes() -> None:
    """After a change: burstsim metrics --markdown > docs/metrics.md."""
    done = CliRunner().invoke(app, ["metrics", "--markdown"])
    assert done.exit_code == 0
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == done.stdout
