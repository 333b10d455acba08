"""Valid files, mutated: `check` says valid or names faults; it never falls over, and never hangs.

The number of mutants is fixed, so that the test is the same everywhere; BURSTSIM_FUZZ multiplies
it for a longer search. BURSTSIM_FUZZ_SECONDS searches for so long besides, in every kind of file;
with another BURSTSIM_FUZZ_SEED it tries others, and with the same the same again.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from tests.hardening.brokentables import mutated_sheet, parquet_of
from tests.hardening.corpus import BASE, TABLES, naming
from tests.hardening.mutants import mutate
from tests.scenario.good import GOOD, LOG

CONFIGS = Path(__file__).parents[2] / "configs"
FACTOR = int(os.environ.get("BURSTSIM_FUZZ", "1"))
SEED = int(os.environ.get("BURSTSIM_FUZZ_SEED", "0"))
SECONDS = float(os.environ.get("BURSTSIM_FUZZ_SECONDS", "0"))

#: Seconds after which a mutant hangs: a thousand times as long as `check` takes of most.
HANGS = 30


def looked_at(folder: Path) -> str:
    """Run `check`; gives what is wrong with how it ended, "" for nothing."""
    ended = CliRunner().invoke(app, ["check", str(folder / "f.yaml"), "--set", "demand_scale=0.01"])
    told = ended.stdout + ended.stderr
    if ended.exit_code not in (0, 2):
        return f"code {ended.exit_code}: {told[-400:]}"
    if not told:
        return "nothing is said"
    if odd := [line for line in told.split("\n") if not line.isprintable()]:
        return f"control characters: {odd[0]!r}"
    if (ended.exit_code == 2) != ("error: " in ended.stderr):
        return f"code {ended.exit_code} without an error, or the other way round"
    return ""


def keep(content: bytes, name: str) -> None:
    if place := os.environ.get("BURSTSIM_FUZZ_KEEP"):
        (Path(place) / name).write_bytes(content)


def search(folder: Path, name: str, content: bytes, others: list[bytes], count: int) -> list[str]:
    """Try mutants of one file; gives those that went wrong."""
    wrong = []
    for number in range(count * FACTOR):
        chance = random.Random(f"{SEED} {name} {number}")
        made = mutate(content, chance, others)
        (folder / name).write_bytes(made)
        if found := looked_at(folder):
            wrong.append(f"{name}, mutant {number} of seed {SEED}: {found}")
            keep(made, f"{SEED}-{number}-{name}")
    return wrong


@pytest.mark.parametrize("config", sorted(path.name for path in CONFIGS.glob("*.yaml")))
def test_mutated_configs(config: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for path in (CONFIGS / "data").iterdir():
        (tmp_path / "data" / path.name).write_bytes(path.read_bytes())
    others = [path.read_bytes() for path in sorted(CONFIGS.glob("*.yaml"))]
    content = (CONFIGS / config).read_bytes()
    assert search(tmp_path, "f.yaml", content, others, 12) == []


def test_mutated_scenario_of_every_section(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(LOG)
    others = [BASE.encode(), *(naming(kind, "t.csv").encode() for kind in TABLES)]
    assert search(tmp_path, "f.yaml", GOOD.encode(), others, 120) == []


@pytest.mark.parametrize("kind", TABLES)
def test_mutated_tables(kind: str, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(naming(kind, "t.csv"))
    others = [text.encode() for _, text in TABLES.values()]
    assert search(tmp_path, "t.csv", TABLES[kind][1].encode(), others, 40) == []


@pytest.mark.parametrize("kind", TABLES)
def test_mutated_sheets(kind: str, tmp_path: Path) -> None:
    """The XML in the archive is what is mutated; its checksums fit."""
    (tmp_path / "f.yaml").write_text(naming(kind, "t.xlsx"))
    wrong = []
    for number in range(25 * FACTOR):
        chance = random.Random(f"{SEED} sheet {kind} {number}")
        made = mutated_sheet(kind, chance, mutate)
        (tmp_path / "t.xlsx").write_bytes(made)
        if found := looked_at(tmp_path):
            wrong.append(f"mutant {number}: {found}")
            keep(made, f"{SEED}-{number}-{kind}.xlsx")
    assert wrong == []


def test_mutated_parquet(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(naming("log", "t.parquet"))
    assert search(tmp_path, "t.parquet", parquet_of(), [parquet_of()], 60) == []


def valid_files() -> list[tuple[str, str, bytes]]:
    """What is mutated when time is the limit: the scenario with it, its name, its content."""
    configs = [("", "f.yaml", path.read_bytes()) for path in sorted(CONFIGS.glob("*.yaml"))]
    tables = [(naming(kind, "t.csv"), "t.csv", text.encode()) for kind, (_, text) in TABLES.items()]
    logs = [(naming("log", "t.parquet"), "t.parquet", parquet_of())]
    sheets = [(naming(kind, "t.xlsx"), "t.xlsx", kind.encode()) for kind in TABLES]
    return [*configs, ("", "f.yaml", GOOD.encode()), *tables, *logs, *sheets]


@pytest.mark.skipif(not SECONDS, reason="BURSTSIM_FUZZ_SECONDS says for how long")
@pytest.mark.parametrize("half", [0, 1])  # two, for two cores
def test_for_a_while(half: int, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for path in (CONFIGS / "data").iterdir():
        (tmp_path / "data" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "orders.csv").write_text(LOG)
    files = valid_files()
    others = [content for _, name, content in files if name != "t.xlsx"]
    wrong, number, end = [], 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        chance = random.Random(f"{SEED} for a while {half} {number}")
        scenario, name, content = chance.choice(files)
        if scenario:
            (tmp_path / "f.yaml").write_text(scenario)
        if name == "t.xlsx":
            made = mutated_sheet(content.decode(), chance, mutate)
        else:
            made = mutate(content, chance, others)
        (tmp_path / name).write_bytes(made)
        began = time.monotonic()
        found = looked_at(tmp_path)
        if not found and time.monotonic() - began > HANGS:
            found = "it takes too long"
        if found:
            wrong.append(f"{name}, mutant {number} of half {half}, seed {SEED}: {found}")
            keep(made, f"{SEED}-{half}-{number}-{name}")
        number += 1
    print(f"half {half}: {number} mutants with seed {SEED}")
    assert wrong == []
