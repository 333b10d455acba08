"""Open pieces and steps between the turns, against a loop that decides everything in time."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.kernels.counters import Pieces, Step, take_in_turn
from burstsim.kernels.mixing import among
from burstsim.kernels.pools import Pool
from burstsim.kernels.segments import offsets_of

POOLS = (Pool((0, 1, 2), (2, 1, 1)), Pool((3, 1, 0), None), Pool((2, 3), (0, 1)))

#: gap to the one before, ticks to giving back, what is asked for, pools of open pieces
orders = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.one_of(st.integers(0, 9), st.just(10**6)),
        st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), max_size=2),
        st.lists(st.integers(0, 2), max_size=3),
    ),
    max_size=25,
)

#: tick of the parts, kits, parts, ticks of the lots after it
builds = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.integers(1, 6),
        st.dictionaries(st.integers(0, 3), st.integers(1, 2), min_size=1, max_size=2),
        st.lists(st.integers(0, 9), min_size=1, max_size=3),
    ),
    max_size=2,
)


def steps_of(plans: list[tuple[int, int, dict[int, int], list[int]]]) -> tuple[Step, ...]:
    steps = []
    for number, (tick, kits, parts, lots) in enumerate(plans):
        steps.append(
            Step(house=0, tick=tick, build=number, counter=4, amount=kits, needs=(*parts.items(),))
        )
        for lot in sorted(lots):
            steps.append(Step(house=0, tick=tick + lot, build=number, counter=4, amount=2))
    return tuple(sorted(steps, key=lambda step: step.tick))


@given(
    orders,
    st.lists(st.integers(0, 12), min_size=5, max_size=5),
    builds,
    st.booleans(),
    st.integers(0, 99),
)
@settings(max_examples=600, deadline=None)
def test_turns_with_open_pieces(
    asks: list[Any], capacity: list[int], plans: list[Any], refuse: bool, seed: int
) -> None:
    moments = np.cumsum([gap for gap, *_ in asks], dtype=np.int64)
    backs = np.array([m + o[1] for m, o in zip(moments, asks, strict=True)], np.int64)
    owner = [n for n, order in enumerate(asks) for _ in order[3]]
    pool = [number for order in asks for number in order[3]]
    bits = np.random.default_rng(seed).integers(0, 2**64, len(owner), np.uint64)
    steps = steps_of(plans)

    left = list(capacity)
    made: dict[int, int] = {}
    brought: dict[int, int] = {}
    taken: dict[int, list[tuple[int, int]]] = {}
    served, chosen = [], [-1] * len(owner)

    def give_back(order: int) -> None:
        for counter, amount in taken.pop(order, []):
            left[counter] += amount

    def happen(step: Step) -> None:
        if step.needs:
            kits = min([step.amount, *(left[c] // each for c, each in step.needs)])
            made[step.build], brought[step.build] = max(kits, 0), 0
            for counter, each in step.needs:
                left[counter] -= made[step.build] * each
        else:
            more = min(step.amount, made[step.build] - brought[step.build])
            brought[step.build] += more
            left[step.counter] += more

    events = [(step.tick, 1, n) for n, step in enumerate(steps)]
    events += [(int(back), 0, n) for n, back in enumerate(backs)]
    for order, (_, _, fixed, opens) in enumerate(asks):
        for event in sorted(e for e in events if e[0] < moments[order]):
            events.remove(event)
            happen(steps[event[2]]) if event[1] else give_back(event[2])
        before = list(left)
        got = list(fixed)
        for counter, amount in fixed:
            left[counter] -= amount
        fits = all(left[c] >= 0 or left[c] == before[c] for c in range(5))
        first = sum(len(asks[n][3]) for n in range(order))
        if fits or not refuse:
            for place, number in enumerate(opens):
                p = POOLS[number]
                weights = p.weights or (1,) * len(p.members)
                may = [(m, w) for m, w in zip(p.members, weights, strict=True) if w]
                there = [(m, w) for m, w in may if left[m] > 0]
                fits = fits and bool(there)
                if not there and refuse:
                    break
                there = there or may
                at = among(int(bits[first + place]), sum(w for _, w in there))
                counter = there[0][0]
                for m, w in there if p.weights else ():
                    if at < w:
                        counter = m
                        break
                    at -= w
                left[counter] -= 1
                got.append((counter, 1))
                chosen[first + place] = counter
        if not fits and refuse:
            left = before
            chosen[first : first + len(opens)] = [-1] * len(opens)
        else:
            taken[order] = got
        served.append(fits)
    for event in sorted(events):
        if any(e[1] for e in events):
            happen(steps[event[2]]) if event[1] else give_back(event[2])

    flat = [ask for order in asks for ask in order[2]]
    demands = (
        offsets_of(np.array([len(order[2]) for order in asks], np.int64)),
        np.array([counter for counter, _ in flat], np.int64),
        np.array([amount for _, amount in flat], np.int64),
    )
    found = take_in_turn(
        demands,
        np.array(capacity, np.int64),
        (moments, backs),
        refuse=refuse,
        pieces=Pieces(np.array(owner, np.int64), np.array(pool, np.int64), bits, POOLS),
        steps=steps,
    )
    assert found.served.tolist() == served
    assert found.counter.tolist() == chosen
    assert found.made == made
