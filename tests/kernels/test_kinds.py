"""Counting different kinds, against sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from burstsim.kernels.kinds import add_bits, bits_of, bits_within, count_bits, different
from burstsim.kernels.segments import offsets_of

#: Few kinds, as many as a word has bits, several words, and more than are held as bits.
KINDS = st.sampled_from([1, 7, 8, 9, 64, 65, 200, 247, 249, 300])


@given(st.data(), KINDS, st.integers(1, 6), st.integers(0, 60))
def test_different_kinds_of_each_owner(data: st.DataObject, kinds: int, count: int, n: int) -> None:
    owner = data.draw(st.lists(st.integers(0, count - 1), min_size=n, max_size=n))
    kind = data.draw(st.lists(st.integers(0, kinds - 1), min_size=n, max_size=n))
    # many of the same pairs, so that flags pay as well as sorting
    for times in (1, 1 + kinds * count):
        found = different(
            np.repeat(np.array(owner, np.int64), times),
            np.repeat(np.array(kind, np.int64), times),
            kinds,
            count,
        )
        assert found.tolist() == [
            len({k for o, k in zip(owner, kind, strict=True) if o == each}) for each in range(count)
        ]


def test_an_owner_may_have_every_kind() -> None:
    for kinds in (8, 200, 248):
        owner = np.repeat(np.arange(3), kinds)
        assert different(owner, np.tile(np.arange(kinds), 3), kinds, 3).tolist() == [kinds] * 3


def _flat(lists: list[list[int]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([value for each in lists for value in each], np.int64)


@given(st.data(), KINDS)
def test_bits_of_what_segments_are_made_of(data: st.DataObject, kinds: int) -> None:
    some = st.lists(st.integers(0, kinds - 1), max_size=5)
    made_of = data.draw(st.lists(some, min_size=1, max_size=5))
    segments = data.draw(st.lists(st.lists(st.integers(0, len(made_of) - 1), max_size=4)))
    parts = offsets_of(np.array([len(s) for s in made_of])), _flat(made_of)
    bits = bits_of(parts, kinds)
    if kinds > 256:
        assert bits is None
        return
    assert bits is not None
    things = _flat(segments)
    held = bits_within(bits, things, offsets_of(np.array([len(s) for s in segments], np.int64)))
    expected = [set().union(*(made_of[thing] for thing in segment)) for segment in segments]
    assert count_bits(held).tolist() == [len(each) for each in expected]
    if segments:
        add_bits(held, np.array([0, 0]), np.array([kinds - 1, kinds - 1]))
        expected[0] = expected[0] | {kinds - 1}
        assert count_bits(held).tolist() == [len(each) for each in expected]
