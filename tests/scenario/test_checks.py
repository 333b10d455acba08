"""Rules across sections that need more than one change to be broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from burstsim.errors import ScenarioError
from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario
from tests.scenario.good import GOOD, changed, write_log


def faults(text: str, folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, folder=folder)
    return [(problem.path, problem.value) for problem in caught.value.problems]


def valid(folder: Path, *pairs: tuple[str, str]) -> Scenario:
    return loads(changed(*pairs), folder=folder)


def test_a_circle_of_kits_is_told_once(folder: Path) -> None:
    text = changed(("needs: {LIP-01: 1, CREAM-02: 2}", "needs: {BOX: 1}"))
    assert faults(text, folder) == [("catalog.kits.BOX.needs.SET", "SET → BOX → SET")]


def chain(length: int, first: str, each: str) -> str:
    kits = f"    K0: {{needs: {{{first}}}}}\n" + "".join(
        f"    K{n}: {{needs: {{K{n - 1}: {each}}}}}\n" for n in range(1, length)
    )
    return changed(("  kits:\n", "  kits:\n" + kits))


def test_a_long_chain_of_kits_is_no_danger(folder: Path) -> None:
    assert len(loads(chain(3000, "SET: 1", "1"), folder=folder).catalog.kits) == 3002
    ((path, value),) = faults(chain(3000, "K2999: 1", "1"), folder)
    assert path.startswith("catalog.kits.K")
    assert value.startswith("K0 → K2999 → K2998 → … → ")


def test_a_kit_may_not_open_into_a_million_pieces(folder: Path) -> None:
    loads(chain(4, "LIP-01: 1000", "10"), folder=folder)
    text = chain(5, "LIP-01: 1000", "10").replace("K3: 10", "K3: 11")
    # Told where the limit is passed; kits with such a kit inside are not blamed again.
    assert faults(text, folder) == [("catalog.kits.K4", "11,000,000")]


def test_shifts_without_anybody(folder: Path) -> None:
    day = 'workers: 8, breaks: [["12:00", "12:30"]]'
    valid(folder, (day, "workers: 0"))
    nobody = (
        "night: {from: 20:00, to: 08:00, workers: 14",
        "night: {from: 20:00, to: 08:00, workers: 0",
    )
    pack = [("warehouses.main.stages.pack", "")]
    assert faults(changed((day, "workers: 0"), nobody), folder) == pack
    always_away = 'workers: 8, breaks: [["08:00", "14:00"], ["14:00", "20:00"]]'
    assert faults(changed((day, always_away), nobody), folder) == pack
    assert valid(folder, (day, 'workers: 8, breaks: [["08:00", "19:59"]]'), nobody)
    long_ago = ("from: 08:00, to: 20:00", "from: 2026-11-01 08:00, to: 2026-11-01 20:00")
    at_noon = ('[["12:00", "12:30"]]', "[]")
    assert faults(changed(long_ago, at_noon, nobody), folder) == pack


def test_breaks_may_touch_but_not_overlap(folder: Path) -> None:
    old = '[["12:00", "12:30"]]'
    valid(folder, (old, '[["12:30", "13:00"], ["12:00", "12:30"]]'))
    path = "warehouses.main.shifts.pack.day.breaks"
    assert faults(changed((old, '[["12:00", "13:00"], ["12:15", "12:30"]]')), folder) == [
        (f"{path}[1]", "12:15:00 to 12:30:00")
    ]
    assert faults(changed((old, '[["07:00", "08:30"], ["19:00", "20:30"]]')), folder) == [
        (f"{path}[0]", "07:00:00 to 08:30:00"),
        (f"{path}[1]", "19:00:00 to 20:30:00"),
    ]


def test_a_shift_may_last_a_whole_day(folder: Path) -> None:
    valid(folder, ("night: {from: 20:00, to: 08:00", "night: {from: 20:00, to: 20:00"))
    valid(folder, ("night: {from: 20:00, to: 08:00", "night: {from: 1h, to: 25h"))
    text = changed(("night: {from: 20:00, to: 08:00", "night: {from: 1h, to: 1h"))
    assert faults(text, folder) == [("warehouses.main.shifts.pack.night.to", "1h")]


def test_moments_at_the_edges(folder: Path) -> None:
    valid(folder, ("at: 20:00", "at: 0s"))
    assert faults(changed(("at: 20:00", "at: 28h")), folder) == [("demand.live.at", "1d4h")]
    assert faults(changed(("[[0s, 60/h]", "[[-1us, 60/h]")), folder) == [
        ("demand.rush.rates[0]", "-1us")
    ]


def test_on_time_needs_a_promise(folder: Path) -> None:
    start, end = GOOD.index("promises:"), GOOD.index("thresholds:")
    text = GOOD[:start] + GOOD[end:]
    assert [path for path, _ in faults(text, folder)] == ["thresholds.time", "thresholds.nights"]
    # When the promises are there but faulty, that is the only fault.
    text = changed(("  live: {where", "  live: 5 #"), ("  rest: {within", "  rest: 5 #"))
    assert faults(text, folder) == [("promises.live", "5"), ("promises.rest", "5")]


def test_channels_of_a_log_count(folder: Path) -> None:
    promise = ("[live]", "[phone]")
    assert faults(changed(promise), folder) == [("promises.live.where.channel[0]", "phone")]
    write_log(folder, "number,sku,quantity,time,channel\n1,SET,1,2026-11-10,phone\n")
    valid(folder, promise)


def test_unknown_names_by_the_thousand_are_told_quickly(folder: Path) -> None:
    weights = ", ".join(f"X-{number}: 1" for number in range(3000))
    skus = "".join(f"    Y-{number}: {{}}\n" for number in range(1000))
    text = changed(("{SET: 5, LIP-01: 3}", f"{{{weights}}}"), ("  skus:\n", "  skus:\n" + skus))
    assert len(faults(text, folder)) == 3000
