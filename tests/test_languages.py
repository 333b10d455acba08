"""Every text that the code says has a translation, with the same places in it."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from burstsim.languages import CODES, ENGLISH, read_catalogue, words_of
from burstsim.scenario.metrics import METRICS

PACKAGE = Path(__file__).parents[1] / "burstsim"

#: Calls that say something, with how many texts each takes: one, or of one and of many things.
SAYS = {"say": 1, "count": 2}


def said(tree: ast.AST) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Every call that says or marks a text, with the expressions of its texts."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(value=owner, attr=name) if name in SAYS:
                who = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                if who in ("words", "ENGLISH"):
                    texts = node.args[-SAYS[name] :]
                    yield node, [part for text in texts for part in branches(text)]
            case ast.Name(id="phrase"):
                yield node, branches(node.args[0])


def branches(text: ast.expr) -> list[ast.expr]:
    """Both sides of a choice."""
    if isinstance(text, ast.IfExp):
        return [*branches(text.body), *branches(text.orelse)]
    return [text]


def places(text: str) -> set[str]:
    """Names of the places of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


MODULES = [m for m in sorted(PACKAGE.rglob("*.py")) if "languages" not in m.parts]
CALLS = [
    (module, call, texts)
    for module in MODULES
    for call, texts in said(ast.parse(module.read_text(encoding="utf-8")))
]
TEXTS = {
    text.value
    for _, _, texts in CALLS
    for text in texts
    if isinstance(text, ast.Constant) and isinstance(text.value, str)
}
#: What is said of metrics: their names, which are called something, and their meanings.
OF_METRICS = {*METRICS, *(metric.meaning for metric in METRICS.values())}

OTHERS = [code for code in CODES if code != "en"]


def test_the_walk_finds_texts() -> None:
    assert {"PASS", "{orders} are left unshipped", "all {n}"} <= TEXTS


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_has_a_translation(code: str) -> None:
    missing = (TEXTS | OF_METRICS) - words_of(code).texts.keys()
    assert sorted(missing) == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_of_a_text_that_is_gone(code: str) -> None:
    assert sorted(words_of(code).texts.keys() - (TEXTS | OF_METRICS)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_same_places(code: str) -> None:
    for english, other in words_of(code).texts.items():
        assert places(other) == places(english), english


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_stands_in_two_files(code: str) -> None:
    files = sorted((PACKAGE / "languages" / code).iterdir())
    texts = [text for file in files for text in read_catalogue(file.read_text(encoding="utf-8"))]
    assert len(files) > 1
    assert len(texts) == len(set(texts))


def test_texts_are_filled_with_what_they_have_places_for() -> None:
    """Whoever says a text that stands there gives a value for each of its places, and no other."""
    for module, call, texts in CALLS:
        given = {keyword.arg for keyword in call.keywords}
        if None in given or isinstance(call.func, ast.Name):
            continue
        known = [text.value for text in texts if isinstance(text, ast.Constant)]
        wanted = set().union(*(places(str(text)) for text in known))
        if len(known) == len(texts):
            assert wanted == given, f"{module}:{call.lineno}: {known}"


def test_only_marked_texts_are_said_from_elsewhere() -> None:
    """A text is a literal, or a name or entry of a table; never put together in place."""
    for module, call, texts in CALLS:
        for text in texts:
            assert not isinstance(text, ast.JoinedStr | ast.BinOp), f"{module}:{call.lineno}"
            if isinstance(text, ast.Constant):
                assert isinstance(text.value, str)


def test_english_says_what_stands_there() -> None:
    assert ENGLISH.say("{n} of {all}", n=3, all=4) == "3 of 4"
    assert ENGLISH.count(1, "{n} rule", "{n} rules", n=1) == "1 rule"
    assert ENGLISH.count(0, "{n} rule", "{n} rules", n=0) == "0 rules"


def test_a_name_with_braces_stays_as_it_is() -> None:
    assert words_of("zh").say("{rule} ran out", rule="{x}").startswith("{x}")


@pytest.mark.parametrize(
    "text", ["  译文\n", "PASS\n", "PASS\nFAIL\n  不达标\n", "PASS\n  一\nPASS\n  二\n"]
)
def test_a_catalogue_with_a_gap_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="translat"):
        read_catalogue(text)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of en, zh"):
        words_of("fr")
