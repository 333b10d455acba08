"""One replication: the same shard whether it is run as a whole or piece by piece."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from burstsim.engine import run
from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import Engine
from burstsim.results.pictures import Pictures
from burstsim.scenario.reader import load
from burstsim.studies.shards import Shard, Task
from burstsim.studies.work import summed, work

CONFIGS = Path(__file__).parents[2] / "configs"


def summary_of(
    story: str, engine: Engine = "vector", *, check: bool = False
) -> tuple[Shard, Pictures]:
    path = CONFIGS / f"{story}.yaml"
    less = {"demand_scale": load(path).demand_scale / 20, "record": "summary"}
    scenario = load(path, set=less)
    pictures = Pictures(compile_scenario(scenario))
    task = Task(scenario=scenario, replication=1, engine=engine, detailed=True, check=check)
    return summed(task, pictures), pictures


def seen(shard: Shard) -> list[object]:
    assert shard.details is not None
    asked = [column.tolist() for column in shard.details.asked]
    return [shard.key, repr(shard.values), repr(shard.details.parts), asked, shard.trace]


@pytest.mark.parametrize("story", ["double11", "links-cut", "own-channel-fails"])
def test_a_shard_is_the_same_by_pieces(story: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, pictures = summary_of(story)
    shown = pictures.shown()
    plain, _ = summary_of(story, "event", check=True)
    monkeypatch.setattr(run, "goes_by_pieces", lambda model: True)
    for size in (97, 1000):
        monkeypatch.setattr(run, "SLICE", size)
        pieces, others = summary_of(story)
        assert seen(pieces) == seen(whole)
        for name in ("timeline", "flow", "gift_flow", "stock", "trucks"):
            pd.testing.assert_frame_equal(getattr(others.shown(), name), getattr(shown, name))
    assert seen(plain) == seen(whole)


def test_sums_are_other_work_than_orders() -> None:
    """Who has one shard has not the other: quantiles differ."""
    scenario = load(CONFIGS / "double11.yaml", set={"demand_scale": 0.01})
    sums = scenario.model_copy(update={"record": "summary"})
    tasks = [Task(scenario=each, replication=0) for each in (scenario, sums)]
    assert tasks[0].key != tasks[1].key
    assert tasks[0].digest == tasks[1].digest
    assert not tasks[0].answered_by(work(tasks[1]))
