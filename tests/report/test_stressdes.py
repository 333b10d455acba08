"""The reporting checklist, filled in from the scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from burstsim.report.blocks import Folded, Terms
from burstsim.report.folder import RunFolder, read_folder
from burstsim.report.stressdes import stress_des
from burstsim.results.store import save
from burstsim.studies.replicate import run
from tests.scenarios import scenario_of, small

NUMBERS = [
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4"),
    *("2.5.5", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
]


def answers(found: RunFolder) -> dict[str, str]:
    folded = stress_des(found)[-1]
    assert isinstance(folded, Folded)
    (terms,) = folded.blocks
    assert isinstance(terms, Terms)
    return {term.split()[0]: text for term, text in terms.entries}


def answered(tmp_path: Path, **changes: Any) -> dict[str, str]:
    save(run(scenario_of(small(**changes)), replications=2), tmp_path / "run")
    return answers(read_folder(tmp_path / "run"))


def test_every_item_has_an_answer(run_folder: RunFolder) -> None:
    found = answers(run_folder)
    assert list(found) == NUMBERS
    assert all(found.values())
    assert "nights(on_time >= 0.1) >= 0.1" in found["1.3"]
    assert "pack: 3" in found["2.5.3"]
    assert "3 independent replications" in found["4.3"]
    assert "seed 1" in found["5.2"]


def test_what_the_scenario_cannot_know_is_left_to_people(tmp_path: Path) -> None:
    found = answered(tmp_path)
    assert "To be said by whoever runs the study" in found["1.1"]
    assert "To be said by whoever runs the study" in found["1.3"]
    assert found["2.3"] == "What happens besides: nothing."
    assert "unlimited: first come, first served" in found["2.5.4"]


def test_zones_shifts_and_disciplines_are_told(tmp_path: Path) -> None:
    work = {"per_task": "5s"}
    zones = {"left": {"workers": 4, "discipline": "size"}, "right": {}}
    shift = {"from": "20:00", "to": "23:00", "workers": 6}
    hub = {
        "stages": {"pick": {"work": work, "zones": zones}, "pack": {"workers": 2, "work": work}},
        "shifts": {"pick.right": {"night": shift}},
    }
    found = answered(tmp_path, warehouses={"hub": hub})
    assert "hub.pick.left: 4; hub.pick.right: night 6; hub.pack: 2" in found["2.5.3"]
    assert "first come, first served, hub.pick.left by size" in found["2.4"]
