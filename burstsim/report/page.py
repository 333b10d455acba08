"""From a page to one file of HTML that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

from burstsim.languages import ENGLISH
from burstsim.report.blocks import Block, Figure, Folded, Page
from burstsim.report.safe import as_data, script_hash

__all__ = ["render"]

_FORBIDDEN = "default-src 'none'; base-uri 'none'; form-action 'none'"

#: How verdicts are shown: a sign and a word, so that colour is only a help.
_SIGNS = {"PASS": "✓", "FAIL": "✗", "INCONCLUSIVE": "?"}


#: Between Chinese letters a line may break anywhere: not within a number with its unit.
_WIDE_LETTERS = "th, td.number { word-break: keep-all; }\nth { font-weight: 700; }\n"


#: Where a name in a header may go on below: not within the number of a threshold.
_AFTER = re.compile(r"(?<=\w)(?:_|\.(?=[^\W\d])|(?=\())")


def render(page: Page) -> str:
    """Write a page as one file: styles, scripts and pictures inside, nothing fetched.

    Everything is escaped, and its content security policy lets run only the two scripts that it
    was written with.

    Parameters
    ----------
    page
        What is shown.

    Returns
    -------
    str
        HTML, UTF-8.
    """
    # imported here: commands that write no page need not wait for it
    from jinja2 import Environment, PackageLoader, StrictUndefined

    figures = [figure for section in page.sections for figure in _figures(section.blocks)]
    scripts = [_plotly(), _part("page.js")] if figures else []
    hashes = " ".join(script_hash(script) for script in scripts) or "'none'"
    # Plotly writes style rules; pictures to be saved are made of data and blobs
    policy = f"{_FORBIDDEN}; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:"
    environment = Environment(
        loader=PackageLoader("burstsim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["glued"] = _glued
    environment.filters["breakable"] = _breakable
    return environment.get_template("page.html.j2").render(
        page=page,
        policy=policy,
        style=Markup(_part("page.css") + ("" if page.words is ENGLISH else _WIDE_LETTERS)),
        scripts=[Markup(script) for script in scripts],
        number_of={id(figure): number for number, figure in enumerate(figures)},
        data_of=_data_of,
        sections=[section for section in page.sections if section.blocks],
        signs=_SIGNS,
        identity=id,
        without_scripts=page.words.say(
            "The pictures need JavaScript; every number is in the tables."
        ),
    )


def _glued(number: str) -> str:
    """Keep a number and its unit on one line; an interval may go on below, also within."""
    glued = number.replace(" ", "\u00a0")
    glued = glued.replace("\u00a0(", " (")
    return glued.replace("\u00a0to\u00a0", " to ").replace("\u00a0至\u00a0", " 至 ")


def _breakable(header: str) -> Markup:
    """Let a long name such as ``p95(order_to_ship)`` go on below, so that tables stay narrow."""
    return Markup(_AFTER.sub(r"\g<0><wbr>", str(escape(header))))


def _figures(blocks: Sequence[Block]) -> list[Figure]:
    found: list[Figure] = []
    for block in blocks:
        if isinstance(block, Figure):
            found.append(block)
        elif isinstance(block, Folded):
            found += _figures(block.blocks)
    return found


def _data_of(figure: Figure) -> Markup:
    """Write a figure's data for the script; `as_data` has made it harmless."""
    return Markup(as_data({"data": list(figure.data), "layout": figure.layout}))


@cache
def _part(name: str) -> str:
    return (files("burstsim.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    """Read Plotly's script from its package; importing that would take longer than the page."""
    return (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
