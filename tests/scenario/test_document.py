from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.errors import ScenarioError
from burstsim.scenario import document
from burstsim.scenario.document import Document, parse_value
from burstsim.scenario.paths import dotted, split_path
from burstsim.scenario.scalars import WrittenFloat, WrittenInt
from burstsim.scenario.textfile import load_text

SAMPLE = """\
burstsim: 1
name: Double 11, live room 88
demand:
  live-88: {shape: drop, orders: 60000, weights: {GLOW-SET: 5, 0012345: 1.50}}
  "a.b":
    rates: [[0s, 600/h],
            [2h, 6000/h]]
stock:
  - 1
  - at: 20:00
    yes: no
empty:
"""


def read_document(text: str, file: str) -> Document:
    read, refused = document.read_document(text, file)
    if refused.problems:
        raise ScenarioError(refused.problems)
    return read


def problems_of(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_document(text, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_sample_is_read_as_written() -> None:
    read = read_document(SAMPLE, "f.yaml")
    assert read.data == {
        "burstsim": 1,
        "name": "Double 11, live room 88",
        "demand": {
            "live-88": {
                "shape": "drop",
                "orders": 60000,
                "weights": {"GLOW-SET": 5, "0012345": 1.5},
            },
            "a.b": {"rates": [["0s", "600/h"], ["2h", "6000/h"]]},
        },
        "stock": [1, {"at": "20:00", "yes": "no"}],
        "empty": None,
    }
    assert read.data["demand"]["live-88"]["weights"]["0012345"].text == "1.50"
    assert list(read.data) == ["burstsim", "name", "demand", "stock", "empty"]


def test_lines_point_at_keys_and_items() -> None:
    read = read_document(SAMPLE, "f.yaml")
    assert read.line_of(("demand", "live-88", "weights", "GLOW-SET")) == 4
    assert read.line_of(("demand", "a.b", "rates", 1, 0)) == 7
    assert read.line_of(("stock", 1)) == 10
    assert read.line_of(("stock", 1, "yes", "missing", 3)) == 11
    assert read.line_of(("nowhere",)) == read.line_of(()) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("TRUE", True),
        ("false", False),
        ("yes", "yes"),
        ("off", "off"),
        ("20:00", "20:00"),
        ("2026-11-10", "2026-11-10"),
        ("0012345", "0012345"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("[1, {a: b}]", [1, {"a": "b"}]),
        ("8 # eight", 8),
    ],
)
def test_values(text: str, value: object) -> None:
    assert parse_value(text) == value
    assert type(parse_value(text)) is type(value) or isinstance(parse_value(text), WrittenInt)


@pytest.mark.parametrize(
    ("text", "kind"), [("+7", WrittenInt), ("-1.50", WrittenFloat), ("1.2E+05", WrittenFloat)]
)
def test_numbers_remember_their_spelling(text: str, kind: type) -> None:
    number = parse_value(text)
    for same in (number, copy.deepcopy(number), pickle.loads(pickle.dumps(number))):
        assert type(same) is kind
        assert same.text == text
        assert same == float(text)


@pytest.mark.parametrize(
    "text", ["a: 1", "- 1", "#5", "[1,", ".inf", "&a 1", "x: y: z", "{a: 1, a: 2}"]
)
def test_refused_values(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_value(text)
    assert all(problem.file == "" and problem.line == 0 for problem in caught.value.problems)


def test_all_refusals_come_in_one_go_with_their_lines() -> None:
    found = problems_of(
        "a: 1\nb: !!int 2\n? [x]\n: 3\nc: &a 1\nd: *a\n<<: 3\n"
        "x: {1.2E+05: 3, '1.2E+05': 4, e: -.INF}\na: 2\nf: 1e999\n---\nz: 1\n"
    )
    assert found == [
        "f.yaml:2: b: tags are not allowed, got !!int (leave it out)",
        "f.yaml:3: a key must be text, not a list or map",
        "f.yaml:5: c: anchors are not allowed, got &a (write it out)",
        "f.yaml:6: d: aliases are not allowed, got *a (write it out)",
        "f.yaml:7: <<: merge keys are not allowed (write the keys out)",
        'f.yaml:8: x."1.2E+05": looks like a code that a spreadsheet turned into a number, '
        "got 1.2E+05 (format the column as text or quote it)",
        "f.yaml:8: x.e: must be a finite number, got -.INF",
        "f.yaml:9: a: is written twice, on line 1 and on line 9",
        "f.yaml:10: f: is too large for a number, got 1e999 (put a code in quotes)",
        "f.yaml:11: begins a second document (one file, one scenario)",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b: c", 1, "a colon stands"),
        ("a: 1\n\tb: 2", 2, "begins with a tab"),
        ("x: 1\na: 'x\nb: 1", 2, "never closed"),
        ("a: [1,\nb: 2", 1, "a bracket is opened"),
        ("a: 1\nfoo\nb: 2", 2, "has no colon"),
        ("a:\n   b: 1\n  c: 2", 3, "does not fit"),
        ("a: @b", 1, "put it in quotes"),
        ('a: "\\q"', 1, "backslash"),
        ("b: 1\na: \x01", 2, "control character"),
        ('a: "\\UFFFFFFFF"', 1, "is not valid YAML"),
        (": 3", 1, "a key is missing"),
        ("- 1", 1, "must be a map"),
        ("*a : 3", 1, "aliases"),
        ("!foo {a: 1}", 1, "tags"),
    ],
)
def test_broken_files_are_explained(text: str, line: int, words: str) -> None:
    (found,) = problems_of(text)
    assert found.startswith(f"f.yaml:{line}: ")
    assert words in found


def test_a_syntax_error_does_not_hide_what_was_found_before() -> None:
    first, second = problems_of("a: 1\na: 2\nb: [\n")
    assert "twice" in first
    assert "bracket" in second


@pytest.mark.parametrize("text", ["", "# only words\n", "---\n", "\ufeff"])
def test_empty_files(text: str) -> None:
    assert problems_of(text) == ["f.yaml: is empty (begin with burstsim: 1)"]


@pytest.mark.parametrize(
    "text", ["[" * 500_000, "a: " + "{a: " * 9_000, "- " * 9_000, "? " * 9_000]
)
def test_depth_is_bounded(text: str) -> None:
    assert "nested deeper than 32 levels" in problems_of(text)[-1]


def test_size_and_nodes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems_of("a: " + "b" * document.MAX_BYTES)[0].startswith(
        "f.yaml: is larger than 2 MiB"
    )
    monkeypatch.setattr(document, "MAX_NODES", 100)
    assert "more than 100 values" in problems_of(f"a: [{'1,' * 100}]")[0]
    assert read_document(f"a: [{'1,' * 97}]", "f.yaml").data == {"a": [1] * 97}


def test_depth_of_thirty_two_is_fine() -> None:
    read = read_document("a: " + "[" * 31 + "]" * 31, "f.yaml")
    assert isinstance(read, Document)
    assert "deeper" in problems_of("a: " + "[" * 32 + "]" * 32)[0]


def test_load_text_takes_marks_and_windows_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: \xe5\x8f\x8c\r\nseed: 1\r\n")
    assert load_text(path) == "name: 双\nseed: 1\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: 双".encode("utf-16"), "save it as UTF-8"),
        (b"a: 1\nb: \xb9\xfa\n", "a.yaml:2: is not UTF-8 text (save it as UTF-8)"),
        (b"a\0b", "is a binary file"),
        (b"PK\x03\x04rest", "is a binary file"),
        (b"a" * (2 * 1024 * 1024 + 1), "is larger than 2 MiB"),
    ],
)
def test_load_text_refuses(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"a\.yaml") as caught:
        load_text(path)
    assert words in str(caught.value)


def test_load_text_without_a_file(tmp_path: Path) -> None:
    for path, words in [
        (tmp_path / "a", "no such file"),
        (tmp_path, "is a directory"),
        (Path("a\0b"), "cannot be read"),
    ]:
        with pytest.raises(ScenarioError, match=words):
            load_text(path)


@pytest.mark.parametrize(
    "text", ["", "a.", ".a", "a..b", 'a."b', 'a"b"', '"a"b', "a[0]", "a.[0].b"]
)
def test_malformed_paths(text: str) -> None:
    with pytest.raises(ScenarioError, match="is not a path"):
        split_path(text)


def test_paths_with_indices() -> None:
    assert dotted(("a", 0, 1, "b")) == "a[0][1].b"
    assert dotted(()) == ""
    assert split_path("warehouses.hangzhou.stages") == ("warehouses", "hangzhou", "stages")


@given(st.lists(st.text(), min_size=1).map(tuple))
def test_split_path_is_the_inverse_of_dotted(path: tuple[str, ...]) -> None:
    assert split_path(dotted(path)) == path


@given(st.text() | st.text(alphabet="ab:-?&*!|>%@`#,[]{}<\"\\'0.eE~ \t\n"))
def test_any_text_is_a_document_or_refused(text: str) -> None:
    for read in (lambda: read_document(text, "f.yaml"), lambda: parse_value(text)):
        try:
            read()
        except ScenarioError as error:
            str(error).encode()
    try:
        assert split_path(dotted(split_path(text))) == split_path(text)
    except ScenarioError as error:
        str(error).encode()


@given(st.data())
def test_mutated_yaml_is_a_document_or_refused(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 8)))
        piece = data.draw(
            st.text(max_size=3) | st.sampled_from([*":-?&*!|>%@[]{}\"'\t\n", "%YAML 9"])
        )
        text = text[:start] + piece + text[end:]
    try:
        read = read_document(text, "f.yaml")
    except ScenarioError:
        return
    assert isinstance(read, Document)


def test_json_escapes_of_one_character_are_joined() -> None:
    assert parse_value(r'"\ud83d\ude00"') == "\N{GRINNING FACE}"
    found = problems_of(r'{a: "\ud83d", "\ude00": 1, b: 2}')
    assert [text.split(" (")[0] for text in found] == [
        r"f.yaml:1: a: contains half a character, got \ud83d",
        r"f.yaml:1: contains half a character, got \ude00",
    ]


def test_what_is_refused_is_taken_out_and_the_rest_is_kept() -> None:
    read, refused = document.read_document("a: {b: .nan, c: 1}\nd: &x 5\na: 3\n", "f.yaml")
    assert read.data == {"a": {"b": None, "c": 1}, "d": 5}
    assert refused.paths == (("a", "b"), ("d",), ("a",))
    assert [problem.line for problem in refused.problems] == [1, 2, 3]


def test_a_second_document_takes_nothing_from_the_first() -> None:
    read, refused = document.read_document("a: 1\n---\nb: 2\n", "f.yaml")
    assert (read.data, refused.paths) == ({"a": 1}, ())
    assert len(refused.problems) == 1
