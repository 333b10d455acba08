"""The commands of studies: what they print, write and end with."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.helpers import COMMAND, environment, process, quick, write

PICK = "warehouses.hub.stages.pick.workers"


@pytest.fixture
def sale(tmp_path: Path) -> Path:
    return write(tmp_path / "sale.yaml", quick(thresholds={"on-time": "on_time >= 0.5"}))


def answer(path: Path, *arguments: object, code: int) -> Any:
    found = process(*arguments, "--json", cwd=path.parent)
    assert found.returncode == code, found.stderr
    assert found.stderr == ""
    return json.loads(found.stdout)


def test_stress(sale: Path) -> None:
    """Sixty orders at ten seconds each, 36 of them in time: 72 orders keep one half."""
    found = answer(sale, "stress", sale, "--reps", "4", code=0)
    assert found["limit"]["low"] < 1.25
    assert found["limit"]["low"] < found["limit"]["high"] < found["limit"]["low"] * 1.04
    assert found["broke_first"]["stage"] == "pick"
    written = json.loads((sale.parent / "runs/sale-stress/stress.json").read_text())
    assert written == found


def test_stress_of_what_is_broken_already(sale: Path) -> None:
    arguments = ("stress", sale, "--reps", "4", "--threshold", "on_time >= 0.9")
    plain = process(*arguments, "--vary", "demand_scale=1:9", cwd=sale.parent)
    assert plain.returncode == 99
    assert "Already at the demand as planned" in plain.stdout
    assert answer(sale, *arguments, code=99)["limit"]["low"] < 1


def test_size(sale: Path) -> None:
    found = answer(
        sale, "size", sale, "--reps", "4", "--threshold", "on_time >= 1", "--precision", 0, code=0
    )
    assert found["best"] == {"hub.pick": 2}
    assert (sale.parent / "runs/sale-size/plan.xlsx").is_file()
    page = (sale.parent / "runs/sale-size/report.html").read_text(encoding="utf-8")
    for word in (
        "Sizing",
        "The plan hour by hour",
        "backlog hours",
        "as planned",
        "up to the horizon",
    ):
        assert word in page
    shown = process("size", sale, "--reps", "4", "--vary", f"{PICK}=1:5", cwd=sale.parent)
    assert shown.returncode == 0
    for word in (
        "backlog hours",
        "rostered",
        "as planned",
        "The cheapest design",
        "up to the horizon",
    ):
        assert word in shown.stdout


def test_size_of_what_cannot_hold(sale: Path) -> None:
    found = process("size", sale, "--set", "promises.all.within=1s", "--vary", f"{PICK}=1:2",
                    cwd=sale.parent)  # fmt: skip
    assert found.returncode == 99
    assert "Not even the largest design" in found.stdout


def test_sweep_goes_on(sale: Path) -> None:
    arguments = ("sweep", sale, "--vary", f"{PICK}=1:3", "--reps", "2", "--out", "here")
    first = answer(sale, *arguments, code=0)
    assert [point["values"][PICK] for point in first["points"]] == [1, 2, 3]
    shards = sorted((sale.parent / "here/shards").glob("*.json"))
    before = [shard.stat().st_mtime_ns for shard in shards]
    assert answer(sale, *arguments, "--resume", code=0) == first
    assert [shard.stat().st_mtime_ns for shard in shards] == before


def test_sweep_and_compare_write_the_page_that_report_builds_again(sale: Path) -> None:
    process("sweep", sale, "--vary", f"{PICK}=1,2", "--reps", 2, "--out", "swept", cwd=sale.parent)
    more = write(
        sale.parent / "more.yaml",
        quick(warehouses={"hub": {"stages": {"pick": {"workers": 2, "work": {"per_task": "9s"}}}}}),
    )
    shown = process("compare", sale, more, "--reps", 2, "--out", "held", cwd=sale.parent)
    # the last of sixty: after 600 s before, and after thirty times 9 s with two people
    assert "-5.5 min" in shown.stdout
    for name, title in (("swept", "Sweep"), ("held", "Comparison")):
        page = sale.parent / name / "report.html"
        first = page.read_bytes()
        assert title in first.decode()
        page.unlink()
        assert process("report", name, cwd=sale.parent).returncode == 0
        assert page.read_bytes() == first
    manifest = json.loads((sale.parent / "held/study.json").read_text(encoding="utf-8"))
    assert list(manifest["scenarios"]) == [str(sale), str(more)]


def test_moments_of_a_comparison_are_times_of_day(sale: Path) -> None:
    slower = write(
        sale.parent / "slower.yaml",
        quick(
            warehouses={"hub": {"stages": {"pick": {"workers": 1, "work": {"per_task": "20s"}}}}}
        ),
    )
    start = json.loads(sale.read_text(encoding="utf-8"))["start"]
    shown = process("compare", sale, slower, "--reps", 2, cwd=sale.parent).stdout
    (line,) = [line for line in shown.splitlines() if line.strip().startswith("backlog_clear_at")]
    begins = datetime.fromisoformat(str(start))
    # nothing waits any more when the last of sixty is begun
    for seconds in (590, 1180):
        assert f"{begins + timedelta(seconds=seconds):%H:%M}" in line
    assert "+9.8 min" in line


def test_compare_ends_with_99_on_a_forbidden_change(sale: Path) -> None:
    slower = write(
        sale.parent / "slower.yaml",
        quick(
            warehouses={"hub": {"stages": {"pick": {"workers": 1, "work": {"per_task": "11s"}}}}}
        ),
    )
    rule = "p95(order_to_ship) > +5%"
    found = answer(sale, "compare", sale, slower, "--fail-on", rule, code=99)
    assert found["differences"]["p95(order_to_ship)"]["estimate"] == 57
    assert found["verdict"] == "FAIL"
    more = "p95(order_to_ship) > +15%"
    assert answer(sale, "compare", sale, slower, "--fail-on", more, code=0)["verdict"] == "PASS"
    shown = process("compare", sale, slower, cwd=sale.parent)
    assert "against" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("stress", "--vary", "demand_scal=1:2"), "did you mean 'demand_scale'?"),
        (("stress", "--vary", "demand_scale=2:1"), "did you mean 1:2?"),
        (("size", "--vary", "demand_scale=1:2"), "needs a step"),
        (("sweep",), "is needed at least once"),
        (("compare",), "two files or run folders"),
    ],
)
def test_what_is_wrong_is_said_and_ends_with_2(
    sale: Path, arguments: tuple[str, ...], words: str
) -> None:
    command, *rest = arguments
    found = process(command, sale, *rest, cwd=sale.parent)
    assert found.returncode == 2
    assert words in found.stderr
    assert found.stdout == ""


def test_a_study_that_was_stopped_goes_on(tmp_path: Path) -> None:
    busy = {"s": {"shape": "instant", "at": "0s", "orders": 6000, "basket": {"weights": {"A": 1}}}}
    data = quick(demand=busy, thresholds={"on-time": "on_time >= 0.005"})
    sale = write(tmp_path / "sale.yaml", data)
    arguments = ["stress", str(sale), "--out", "limit", "--json"]
    with subprocess.Popen(
        [*COMMAND, *arguments, "--reps", "5000"],  # so that it is still running when it is stopped
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a shell may have started the tests with the signal ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        shards = tmp_path / "limit" / "shards"
        until = time.monotonic() + 50
        while len(list(shards.glob("*.json"))) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, stderr = running.communicate(timeout=50)
    assert running.returncode == 130
    assert b"--resume goes on from there" in stderr
    kept = {shard: shard.stat().st_mtime_ns for shard in shards.glob("*.json")}
    assert len(kept) >= 3
    found = answer(sale, *arguments[:-1], "--resume", code=0)
    assert all(shard.stat().st_mtime_ns == at for shard, at in kept.items())
    fresh = answer(sale, "stress", sale, "--out", "other", code=0)
    assert found == fresh
