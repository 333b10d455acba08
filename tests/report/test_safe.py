"""Text from the user where templates cannot escape it."""

from __future__ import annotations

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from burstsim.report.safe import as_data, label, labels, script_hash

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, width=32),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(values)
def test_data_is_given_back_and_leaves_no_script(value: object) -> None:
    text = as_data(value)
    assert json.loads(text) == _without_infinity(value)
    assert not set(text) & set("<>&\u2028\u2029")
    assert text.isascii()


def _without_infinity(value: object) -> object:
    if isinstance(value, list):
        return [_without_infinity(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _without_infinity(entry) for key, entry in value.items()}
    return None if value in (float("inf"), float("-inf")) else value


@given(st.text())
def test_labels_have_no_tags_and_are_short(name: str) -> None:
    text = label(name, most=20)
    assert not set(text) & set("<>")
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert len(plain) <= 20
    words = " ".join(name.split())
    assert plain == (words if len(words) <= 20 else f"{words[:12]}…{words[-7:]}")


@given(st.lists(st.text("ab ", max_size=9), max_size=8))
def test_rows_stay_apart(names: list[str]) -> None:
    written = labels(names, most=4)
    assert len(set(written)) == len(written) == len(names)


def test_a_script_is_known_by_its_hash() -> None:
    digest = base64.b64encode(hashlib.sha256(b"alert(1)").digest()).decode()
    assert script_hash("alert(1)") == f"'sha256-{digest}'"
