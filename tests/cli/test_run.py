"""`burstsim run` in one process: exit codes, options, suites, what is printed and written."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.errors import InvariantError
from burstsim.results.wording import format_value
from tests.cli.helpers import quick, write
from tests.scenarios import small

# the package's attribute `run` is the module only until somebody imports a function of that name
run_module = importlib.import_module("burstsim.cli.run")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def burstsim(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def never(*_: object, **__: object) -> None:
    raise AssertionError("nothing may be simulated")


@pytest.mark.parametrize(
    ("thresholds", "code"),
    [
        ({}, 0),
        ({"good": "on_time >= 0.5"}, 0),
        ({"good": "on_time >= 0.9"}, 99),
        ({"good": "nights(on_time >= 0.5) >= 0.9"}, 3),
        ({"a": "on_time >= 0.5", "b": "nights(on_time >= 0.5) >= 0.9"}, 3),
        ({"a": "on_time >= 0.9", "b": "nights(on_time >= 0.5) >= 0.9"}, 99),
    ],
)
def test_exit_codes_of_thresholds(here: Path, thresholds: dict[str, str], code: int) -> None:
    write(here / "sale.yaml", quick(thresholds=thresholds))
    assert burstsim("run", "sale.yaml").exit_code == code


def test_one_replication_is_inconclusive(here: Path) -> None:
    write(here / "sale.yaml", quick(thresholds={"good": "on_time >= 0.5"}))
    done = burstsim("run", "sale.yaml", "--reps", 1)
    assert done.exit_code == 3
    assert "INCONCLUSIVE, one replication cannot tell." in done.stdout
    assert "interval" not in done.stdout


def test_further_thresholds(here: Path) -> None:
    write(here / "sale.yaml", quick())
    done = burstsim("run", "sale.yaml", "--threshold", "on_time >= 99%", "--json")
    assert done.exit_code == 99
    assert json.loads(done.stdout)["thresholds"]["on_time >= 99%"]["status"] == "FAIL"


def test_every_wrong_threshold_is_listed(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "attempt", never)
    write(here / "sale.yaml", quick())
    wrong = ("on_tim >= 1", "on_time", "p95(order_to_ship) <= 24")
    options = [option for text in wrong for option in ("--threshold", text)]
    done = burstsim("run", "sale.yaml", *options)
    assert done.exit_code == 2
    assert done.stdout == ""
    for text in wrong:
        assert f"error: {text}: " in done.stderr
    assert "did you mean 'on_time'?" in done.stderr
    assert "3 errors" in done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("demand_scale", "must read PATH=VALUE, got demand_scale"),
        ("=3", "must read PATH=VALUE, got =3"),
        ("demand_scal=3", "did you mean"),
        ("replications=0", "replications"),
    ],
)
def test_wrong_changes(here: Path, change: str, said: str) -> None:
    write(here / "sale.yaml", quick())
    done = burstsim("run", "sale.yaml", "--set", change)
    assert done.exit_code == 2
    assert said in done.stderr


def test_set_seed_and_reps_reach_the_run(here: Path) -> None:
    write(here / "sale.yaml", small())
    options = ("--set", "demand_scale=0.5", "--seed", 7, "--reps", 3, "--json")
    found = json.loads(burstsim("run", "sale.yaml", *options).stdout)
    assert (found["seed"], found["replications"]) == (7, 3)
    assert found["metrics"]["orders_placed"]["estimate"] < 400  # of 600 at full scale
    again = json.loads(burstsim("run", "sale.yaml", *options).stdout)
    assert again == found
    event = json.loads(burstsim("run", "sale.yaml", *options, "--engine", "event").stdout)
    assert event["metrics"] == found["metrics"]


@pytest.mark.parametrize("option", [("--reps", "0"), ("--seed", "-1"), ("--engine", "warp")])
def test_usage_errors(here: Path, option: tuple[str, str]) -> None:
    write(here / "sale.yaml", quick())
    assert burstsim("run", "sale.yaml", *option).exit_code == 2


def test_the_table_shows_the_summary(here: Path) -> None:
    """Every number on the console is one of summary.json, written out."""
    data = small(promises={"all": {"within": "10m"}}, thresholds={"fast": "on_time >= 0.9"})
    write(here / "sale.yaml", data)
    done = burstsim("run", "sale.yaml", "--out", "run")
    assert done.stderr == ""
    summary = json.loads((here / "run" / "summary.json").read_text(encoding="utf-8"))
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    for name in ("orders_placed", "on_time", "p95(order_to_ship)", "backlog_peak", "worker_hours"):
        found = summary["metrics"][name]
        assert format_value(found["estimate"], found["unit"]) in rows[name]
        assert format_value(found["high"], found["unit"]) in rows[name] or name == "on_time"
    utilisation = summary["metrics"]["utilisation.hub.pick"]["estimate"]
    assert format_value(utilisation, "share") in rows["hub.pick"]
    assert summary["thresholds"]["fast"]["status"] in rows["fast:"]
    assert summary["sentence"] in done.stdout.splitlines()
    assert "Written to run" in done.stdout


def test_an_interval_that_says_nothing_is_not_shown(here: Path) -> None:
    write(here / "sale.yaml", quick(thresholds={"good": "on_time >= 0.5"}))
    done = burstsim("run", "sale.yaml")
    assert " to " not in done.stdout.replace("Written to", "")


def test_quiet_says_one_sentence(here: Path) -> None:
    write(here / "sale.yaml", quick())
    done = burstsim("run", "sale.yaml", "-q")
    assert done.stdout.count("\n") == 1
    assert done.stdout.startswith("Pick at hub is the bottleneck")


@pytest.mark.parametrize("kind", ["file", "foreign", "locked", "below a file"])
def test_a_bad_target_is_refused_before_the_work(
    here: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(run_module, "attempt", never)
    write(here / "sale.yaml", quick())
    target = here / "target"
    if kind == "file" or kind == "below a file":
        target.write_text("mine")
    if kind == "foreign":
        target.mkdir()
        (target / "mine").write_text("mine")
    if kind == "locked":
        monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    if kind == "below a file":
        target = target / "run"
    done = burstsim("run", "sale.yaml", "--out", target)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")


def test_suite(here: Path) -> None:
    """One line each, then the table; a wrong file does not keep the others from running."""
    write(here / "good.yaml", quick(thresholds={"a": "on_time >= 0.5"}))
    write(here / "bad.yaml", quick(horizon="yesterday"))
    write(here / "fine.yaml", quick())
    done = burstsim("run", "good.yaml", "bad.yaml", "fine.yaml", "none.yaml", "--out", "all")
    assert done.exit_code == 2
    lines = done.stdout.splitlines()
    assert lines[0].startswith("good.yaml: Pick at hub is the bottleneck")
    assert lines[1].startswith("fine.yaml: Pick at hub is the bottleneck")
    verdicts = {line.split()[0]: line for line in lines[2:] if ".yaml" in line}
    assert "PASS" in verdicts["good.yaml"]
    assert "no thresholds" in verdicts["fine.yaml"]
    assert "not valid" in verdicts["bad.yaml"]
    assert "not valid" in verdicts["none.yaml"]
    assert "bad.yaml" in done.stderr
    assert "none.yaml: there is no such file" in done.stderr
    assert sorted(os.listdir(here / "all")) == ["fine", "good"]
    assert done.stdout.rstrip().endswith("Written to all")


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({"x": "on_time >= 0.9"}, 99),
        ({"x": "nights(on_time >= 0.5) >= 0.9"}, 3),
        ({"x": "on_time >= 0.5"}, 0),
    ],
)
def test_worst_code_of_a_suite(here: Path, second: dict[str, str], code: int) -> None:
    write(here / "a.yaml", quick())
    write(here / "b.yaml", quick(thresholds=second))
    assert burstsim("run", "a.yaml", "b.yaml").exit_code == code
    wrong = burstsim("run", "a.yaml", "b.yaml", "none.yaml")
    assert wrong.exit_code == (99 if code == 99 else 2)


def test_suite_as_json(here: Path) -> None:
    write(here / "a.yaml", quick())
    write(here / "b.yaml", quick(horizon="0s"))
    done = burstsim("run", "a.yaml", "b.yaml", "--json")
    found = json.loads(done.stdout)
    assert list(found["runs"]) == ["a.yaml"]
    assert "horizon" in found["invalid"]["b.yaml"][0]


def test_junit_of_a_suite_has_a_suite_for_each_file(here: Path) -> None:
    write(here / "good.yaml", quick(thresholds={"on-time": "on_time >= 0.5"}, replications=2))
    write(here / "late.yaml", quick(thresholds={"on-time": "on_time >= 0.9"}, replications=2))
    write(here / "wrong.yaml", quick(demand={}, thresholds={"x": "no_metric >= 1"}))
    found = burstsim("run", "good.yaml", "late.yaml", "wrong.yaml", "--junit", "all.xml", "-q")
    assert found.exit_code == 99
    every = ElementTree.parse(here / "all.xml").getroot()
    assert every.tag == "testsuites"
    assert [every.get(n) for n in ("tests", "failures", "errors")] == ["3", "1", "1"]
    good, late, wrong = every
    assert [suite.get("name") for suite in every] == ["good.yaml", "late.yaml", "wrong.yaml"]
    assert good.findall("testcase/*") == []
    (failure,) = late.findall("testcase/failure")
    assert failure.get("type") == "FAIL"
    (error,) = wrong.findall("testcase/error")
    assert "demand" in str(error.text)


def test_junit_of_what_was_stopped_is_not_green(here: Path) -> None:
    scenario = quick(thresholds={"on-time": "on_time >= 0.5"})
    for name in ("one", "two"):
        write(here / f"{name}.yaml", scenario)
    burstsim("run", "one.yaml", "two.yaml", "--time-limit", "1ms", "--junit", "all.xml")
    one, two = ElementTree.parse(here / "all.xml").getroot()
    assert [e.get("message") for e in two.iter("error")] == ["it was not begun"]
    assert len(list(one.iter("error"))) == 1


def test_suite_of_files_with_one_name(here: Path) -> None:
    for folder, orders in (("x", 10), ("y", 20)):
        (here / folder).mkdir()
        data = quick()
        data["demand"]["s"]["orders"] = orders
        write(here / folder / "sale.yaml", data)
    assert burstsim("run", "x/sale.yaml", "y/sale.yaml", "--out", "all").exit_code == 0
    summaries = [json.loads(path.read_text()) for path in (here / "all").glob("*/summary.json")]
    placed = {summary["metrics"]["orders_placed"]["estimate"] for summary in summaries}
    assert placed == {10, 20}


def test_a_run_takes_the_place_of_an_earlier_one(here: Path) -> None:
    write(here / "sale.yaml", quick())
    for reps in (2, 3):
        assert burstsim("run", "sale.yaml", "--reps", reps, "--out", "run").exit_code == 0
    assert json.loads((here / "run" / "summary.json").read_text())["replications"] == 3
    assert burstsim("run", "sale.yaml").exit_code == 0
    assert [name.rsplit("-", 1)[0] for name in os.listdir(here / "runs")] == ["sale"]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (InvariantError("somebody vanished"), 1, "a law of the simulation is broken"),
        (ZeroDivisionError("by zero"), 1, "BURSTSIM_DEBUG=1"),
    ],
)
def test_every_end_has_its_message(
    here: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.delenv("BURSTSIM_DEBUG", raising=False)
    monkeypatch.setattr("burstsim.studies.replicate.traced", fail)
    write(here / "sale.yaml", quick())
    done = burstsim("run", "sale.yaml", "--out", "run")
    assert done.exit_code == code
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert not (here / "run").exists()


def test_runs_that_differ_have_folders_of_their_own(here: Path) -> None:
    """Neither fewer replications nor another log may replace an earlier run."""
    log = "order,sku,quantity,time\n1,A,1,2026-11-10 20:00\n2,A,{},2026-11-10 20:05\n"
    (here / "log.csv").write_text(log.format(1))
    write(here / "sale.yaml", quick(demand={"s": {"shape": "replay", "file": "log.csv"}}))
    for number, options in enumerate(
        [(), ("--reps", 3), ("--engine", "event"), ("--threshold", "unfinished <= 9")], start=1
    ):
        burstsim("run", "sale.yaml", *options)
        burstsim("run", "sale.yaml", *options)
        assert len(os.listdir(here / "runs")) == number, options
    (here / "log.csv").write_text(log.format(2))
    burstsim("run", "sale.yaml")
    assert len(os.listdir(here / "runs")) == 5
    # saying what the file says anyway is the same run
    burstsim("run", "sale.yaml", "--reps", quick().get("replications", 20))
    assert len(os.listdir(here / "runs")) == 5


def test_ends_of_a_share_of_nights_are_called_bounds(here: Path) -> None:
    nights = "nights(orders_placed <= 60) >= 0.5"
    write(here / "sale.yaml", quick(thresholds={"a": nights}))
    done = burstsim("run", "sale.yaml", "--out", "run")
    assert "95 % bounds" in done.stdout
    assert "95 % bounds 2" in done.stdout.splitlines()[-2] or "(95 % bounds" in done.stdout
    write(here / "sale.yaml", quick(thresholds={"a": nights, "b": "on_time >= 0.5"}))
    done = burstsim("run", "sale.yaml", "--out", "run")
    (row,) = (line for line in done.stdout.splitlines() if line.strip().startswith("a: "))
    assert " bounds " in row
    summary = json.loads((here / "run" / "summary.json").read_text(encoding="utf-8"))
    kinds = {name: found["interval"] for name, found in summary["thresholds"].items()}
    assert kinds == {"a": "95 % bounds, one-sided each", "b": "95 %, two-sided"}


def test_moments_are_written_as_times_of_day(here: Path) -> None:
    write(here / "sale.yaml", quick(thresholds={"a": "backlog_clear_at <= 23:00"}))
    done = burstsim("run", "sale.yaml")
    (row,) = (line for line in done.stdout.splitlines() if line.strip().startswith("a: "))
    assert "20:09" in row
    assert "PASS" in row


def test_what_never_happens_has_no_row(here: Path) -> None:
    mishaps = ("lost", "diverted", "rejected", "oversold", "expired", "cancelled", "backordered")
    write(here / "sale.yaml", quick())
    done = burstsim("run", "sale.yaml", "--out", "run")
    for mishap in mishaps:
        assert f"orders_{mishap}" not in done.stdout
    warehouses = quick()["warehouses"]
    warehouses["hub"]["stock"] = {"A": 40}
    write(here / "sale.yaml", quick(warehouses=warehouses))
    done = burstsim("run", "sale.yaml", "--out", "run")
    (row,) = (line for line in done.stdout.splitlines() if "orders_rejected" in line)
    assert row.split() == ["orders_rejected", "20"]
    assert "orders_expired" not in done.stdout


@pytest.mark.parametrize("columns", [60, 80])
def test_tables_stay_readable_on_a_narrow_terminal(
    here: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """No line is longer than the terminal, and no number is cut off or broken in two."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    data = small(
        promises={"all": {"within": "10m"}},
        thresholds={"a-long-name": "nights(p95(order_to_ship) <= 24h) >= 0.5"},
    )
    write(here / "sale.yaml", data)
    lines = burstsim("run", "sale.yaml", "--out", "run").stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert not [line for line in lines if "…" in line]
    summary = json.loads((here / "run" / "summary.json").read_text(encoding="utf-8"))
    for name in ("orders_placed", "p95(order_to_ship)"):
        found = summary["metrics"][name]
        (row,) = (line for line in lines if line.split()[:1] == [name])
        assert format_value(found["estimate"], found["unit"]) in row
    (row,) = (line for line in lines if line.split()[:1] == ["hub.pick"])
    assert format_value(summary["metrics"]["utilisation.hub.pick"]["estimate"], "share") in row


def test_gifts_have_a_table_of_their_own(here: Path) -> None:
    rule = {"reward": {"gift": {"A": 1}}, "cap": {"total": 40}}
    sale = quick(gifts={"one-more": rule})
    sale["warehouses"]["hub"]["stock"] = {"A": 100}
    write(here / "sale.yaml", sale)
    done = burstsim("run", "sale.yaml", "--reps", 2)
    (line,) = (line.split() for line in done.stdout.splitlines() if "one-more" in line)
    assert line == ["one-more", "40", "40", "0", "20:00", "-"]
    assert "Gifts" in done.stdout
    assert json.loads(burstsim("run", "sale.yaml", "--reps", 2, "--json").stdout)["schema"] == 1
    write(here / "plain.yaml", quick())
    assert "Gifts" not in burstsim("run", "plain.yaml", "--reps", 2).stdout
