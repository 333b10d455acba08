"""The stories in configs/: every one is valid, runs, and is the same in both engines."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.scenario.reader import load
from burstsim.studies.replicate import run
from burstsim.studies.verify import verify

CONFIGS = Path(__file__).parents[1] / "configs"
STORIES = sorted(CONFIGS.glob("*.yaml"))
#: Enough orders of the smallest story to meet every rule, few enough for the slow engine.
SCALE = 0.1
#: Smaller stories need more of their orders.
SCALES = {"cold-start": 0.2}


def stories() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", STORIES, ids=[path.stem for path in STORIES])


def commands(path: Path) -> list[list[str]]:
    """The commands of a story's comment, without `burstsim run` and the file."""
    lines = re.findall(rf"burstsim run configs/{path.name}(.*)", path.read_text(encoding="utf-8"))
    return [shlex.split(line, comments=True) for line in lines]


def burstsim(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_there_are_stories() -> None:
    assert "double11" in [path.stem for path in STORIES]
    assert len(STORIES) >= 6


@stories()
def test_check_accepts_it(path: Path) -> None:
    done = burstsim("check", path)
    assert done.exit_code == 0, done.output
    assert "a valid scenario" in done.stdout


@stories()
def test_its_commands_can_be_tried(path: Path) -> None:
    found = commands(path)
    assert [] in found, "the plain run comes first"
    for options in found:
        done = burstsim("check", path, *options)
        assert done.exit_code == 0, f"{options}: {done.output}"


@stories()
def test_it_runs_and_keeps_the_laws(path: Path) -> None:
    scenario = load(path, set={"demand_scale": SCALES.get(path.stem, SCALE)})
    assert scenario.thresholds
    found = run(scenario, replications=1, check=True)
    assert found.estimates["orders_shipped"].estimate > 500


@stories()
def test_both_engines_agree(path: Path) -> None:
    found = verify(load(path, set={"demand_scale": SCALES.get(path.stem, SCALE)}), orders=4_000)
    assert found.agrees, (found.difference, found.laws)
    assert found.orders > 500


@pytest.fixture(scope="module")
def links_cut(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The runs that the comment of links-cut.yaml compares, with few replications."""
    path = CONFIGS / "links-cut.yaml"
    spans = {"three hours": [], "all night": ["disruptions.links-cut.for=28h"]}
    spans["never"] = ["disruptions={}"]
    out = tmp_path_factory.mktemp("runs")
    return {name: summary(path, out / name, *changes) for name, changes in spans.items()}


def summary(path: Path, out: Path, *changes: str) -> dict[str, Any]:
    """Run a story as a user would, and read what it prints."""
    options = [option for change in changes for option in ("--set", change)]
    done = burstsim("run", path, *options, "--reps", 4, "--json", "--out", out)
    assert done.exit_code in (0, 3, 99), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def estimate(found: dict[str, Any], name: str) -> float:
    value: float = found["metrics"][name]["estimate"]
    return value


def test_what_restoring_the_links_did_to_the_warehouse(
    links_cut: dict[str, dict[str, Any]],
) -> None:
    """More orders and a longer queue: the same buyers, so the difference is exact."""
    restored, cut, never = (links_cut[name] for name in ("three hours", "all night", "never"))
    for name in ("orders_placed", "orders_shipped", "backlog_peak", "p95(order_to_ship)"):
        assert estimate(cut, name) < estimate(restored, name) < estimate(never, name)
    for found in (restored, cut):
        gone = estimate(found, "orders_lost")
        assert estimate(found, "orders_placed") + gone == estimate(never, "orders_placed")
    assert estimate(never, "orders_lost") == 0
    # nine thousand buyers of the second burst, of whom a quarter would have found the shop
    saved = estimate(cut, "orders_lost") - estimate(restored, "orders_lost")
    assert saved == pytest.approx(0.75 * 9_000, rel=0.04)
    assert restored["thresholds"]["kept-buyers"]["status"] == "PASS"
    assert restored["thresholds"]["on-time"]["status"] == "FAIL"
    assert cut["thresholds"]["kept-buyers"]["status"] == "FAIL"
    assert cut["thresholds"]["on-time"]["status"] == "PASS"


def test_how_much_demand_the_links_save_when_the_own_channel_fails(tmp_path: Path) -> None:
    path = CONFIGS / "own-channel-fails.yaml"
    linked = summary(path, tmp_path / "linked")
    alone = summary(path, tmp_path / "alone", "disruptions.shop-fails.divert={}")
    saved = estimate(alone, "orders_lost") - estimate(linked, "orders_lost")
    assert saved == estimate(linked, "orders_diverted")
    assert saved == estimate(linked, "orders_placed") - estimate(alone, "orders_placed")
    assert saved == pytest.approx(0.7 * estimate(alone, "orders_lost"), rel=0.03)
    assert linked["thresholds"]["kept-buyers"]["status"] == "PASS"
    assert alone["thresholds"]["kept-buyers"]["status"] == "FAIL"


@pytest.mark.parametrize(
    ("story", "change", "failing"),
    [
        ("double11", "", {"on-time"}),
        ("presale-balance", "demand.deposits.never_pay=0.04", {"turned-away", "on-time"}),
        ("presale-balance", "demand.deposits.half_life=2h", set()),
        ("livestream-show", "", {"refused"}),
        ("livestream-show", "payment.reserve=paid", {"not-oversold"}),
        ("gift-flood", "", {"on-time", "nobody-waits", "totes-for-the-first"}),
        (
            "gift-flood",
            "gifts.loyalty-tote.fulfil.when_out_of_stock=skip",
            {"totes-for-the-first"},
        ),
        ("gift-sheet", "", set()),
        ("two-warehouses", "", {"turned-away"}),
        ("two-warehouses", "disruptions.truck-breaks-down.by=1m", set()),
        ("two-warehouses", "oms.split=false", {"turned-away", "nobody-waits"}),
        ("two-merchants", "", {"on-time"}),
        ("two-merchants", "warehouses.partner.external.capacity=900/h", set()),
        ("two-merchants", "oms.route_by=least_backlog", {"on-time"}),
        ("two-bursts-merge", "", set()),
        ("flash-drop", "", {"totes"}),
        ("flash-drop", "gifts.first-100.gate.first_n=90", set()),
        ("flash-drop", "warehouses.studio.stages.box.workers=10", {"on-time", "totes"}),
        ("two-bursts-merge", "oms.merge=0s", {"parcels", "on-time"}),
        ("two-bursts-merge", "oms.merge=2h", {"on-time"}),
    ],
)
def test_a_story_is_true(story: str, change: str, failing: set[str], tmp_path: Path) -> None:
    changes = [change] if change else []
    found = summary(CONFIGS / f"{story}.yaml", tmp_path / "run", *changes)
    status = {name: check["status"] for name, check in found["thresholds"].items()}
    assert {name for name, said in status.items() if said == "FAIL"} == failing
    assert set(status.values()) <= {"PASS", "FAIL"}
