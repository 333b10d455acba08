"""What `check` draws: the burst against what each stage can do."""

from __future__ import annotations

from typing import Any

from burstsim.engine.capacity import capacity_sketch, capacity_words, one_play
from burstsim.engine.compile import compile_scenario
from burstsim.engine.outline import outline
from tests.scenarios import scenario_of, small


def burst(stages: dict[str, Any], **changes: Any) -> list[str]:
    """360 orders at once at 20:00, ten minutes after the clock begins."""
    order = {"shape": "instant", "at": "20:10", "orders": 360, "basket": {"weights": {"A": 1}}}
    data = small(**{"demand": {"s": order}, "warehouses": {"hub": {"stages": stages}}, **changes})
    model = compile_scenario(scenario_of(data))
    orders = one_play(model)
    assert orders is not None
    return list(capacity_sketch(model, orders))


def test_a_stage_that_falls_behind() -> None:
    """Two workers at 60 s an order do 120 an hour: 360 orders take three hours from 20:10."""
    head, hour, pick = burst({"pick": {"workers": 2, "work": {"per_task": "60s"}}})
    assert "orders paid by the hour" in head
    assert hour.split() == ["Tue", "20:00", "360", "#" * 40]
    # after its first minute two of the 360 minutes of work are done: 358 of 120 an hour are left
    assert pick.split()[:3] == ["hub.pick", "120/h", "=" * 13]
    assert pick.endswith("about 3.0 h behind at Tue 20:10, caught up about Tue 23:09")


def test_hours_that_are_left_out_are_marked() -> None:
    """Of 18 hours twelve have a row, from the one before the busiest, which is the fifth."""
    basket = {"weights": {"A": 1}}
    moments = {"1h30m": 7, "3h30m": 5, "4h30m": 360, "16h30m": 20, "17h30m": 40}
    streams = {
        f"s{orders}": {"shape": "instant", "at": at, "orders": orders, "basket": basket}
        for at, orders in moments.items()
    }
    pick = {"pick": {"workers": 2, "work": {"per_task": "60s"}}}
    _, *rows, _ = burst(pick, demand=streams, horizon="24h")
    assert rows[0].split() == ["…", "3", "hours", "7"]
    assert rows[-1].split() == ["…", "3", "hours", "60"]
    assert [rows[1].split()[1], rows[-2].split()[1]] == ["23:00", "10:00"]
    assert len(rows) == 1 + 12 + 1


def test_a_stage_that_keeps_up_and_one_that_never_does() -> None:
    stages = {
        "pick": {"workers": 400, "work": {"per_task": "60s"}},
        "pack": {"workers": 1, "work": {"per_task": "10m"}},
    }
    *_, pick, pack = burst(stages)
    assert pick.endswith("  keeps up")
    assert pack.endswith(", never caught up")


def test_a_stage_where_nobody_is() -> None:
    data = small()
    data["warehouses"]["hub"]["stages"]["pick"] = {"work": {"per_task": "9s"}}
    late = {"from": "12:00", "to": "13:00", "workers": 1}
    data["warehouses"]["hub"]["shifts"] = {"pick": {"late": late}}
    scenario = scenario_of(data)
    model = compile_scenario(scenario)
    orders = one_play(model)
    assert orders is not None
    assert any(line.endswith("nobody is there") for line in capacity_words(model, orders))
    assert any(line.endswith("nobody is there") for line in capacity_sketch(model, orders))
    assert list(outline(scenario, orders)) == list(outline(scenario))


def test_nothing_is_drawn_of_nothing_or_of_far_too_much() -> None:
    empty = compile_scenario(scenario_of(small(demand_scale=0)))
    orders = one_play(empty)
    assert orders is not None
    assert list(capacity_sketch(empty, orders)) == list(capacity_words(empty, orders)) == []
    many = compile_scenario(scenario_of(small(demand_scale=1e5)))
    assert one_play(many) is None


def test_zones_side_by_side_share_the_orders() -> None:
    """A is picked in the first zone, B in the second: each of them has half of the orders."""
    pick = {"work": {"per_task": "60s"}, "zones": {"left": {"workers": 1}, "right": {"workers": 1}}}
    order = {"shape": "instant", "at": "20:10", "orders": 400, "basket": {"weights": {"A": 1}}}
    other = {**order, "orders": 400, "basket": {"weights": {"B": 1}}}
    data = small(
        catalog={"skus": {"A": {"zone": "left"}, "B": {"zone": "right"}}},
        demand={"a": order, "b": other},
        warehouses={"hub": {"stages": {"pick": pick}}},
    )
    model = compile_scenario(scenario_of(data))
    orders = one_play(model)
    assert orders is not None
    words = list(capacity_words(model, orders))[1:]
    # half of all orders take a minute there, so one worker keeps up with 120 of all in an hour
    assert [line.partition(": ")[0] for line in words] == ["hub.pick.left", "hub.pick.right"]
    assert all("does 120 orders an hour" in line for line in words)


def test_a_tour_shares_what_is_done_once() -> None:
    """Ten orders on a tour: 60 s of setup are 6 s an order."""
    tour = {"orders": 10, "setup": "60s"}
    stage = {"workers": 1, "work": {"per_unit": "4s"}, "tour": tour}
    data = small(warehouses={"hub": {"stages": {"pick": stage}}})
    data["demand"] = {"s": {"shape": "steady", "rate": "60/h", "basket": {"weights": {"A": 1}}}}
    model = compile_scenario(scenario_of(data))
    orders = one_play(model)
    assert orders is not None
    assert "an order takes 10.0 s on average" in list(capacity_words(model, orders))[1]


def test_crews_that_may_be_sent_are_named_but_not_counted() -> None:
    stages = {
        "pick": {"workers": 2, "work": {"per_task": "60s"}},
        "pack": {"workers": 2, "work": {"per_task": "60s"}},
    }
    crew = {"people": 9, "shift": ["20:00", "04:00"], "skills": {"pack": 1.0}, "every": "30m"}
    hub = {"stages": stages, "crews": {"pool": crew}}
    model = compile_scenario(scenario_of(small(warehouses={"hub": hub})))
    orders = one_play(model)
    assert orders is not None
    _, pick, pack = capacity_words(model, orders)
    can = "an order takes 60.0 s on average, so its fullest crew of 2 does 120 orders an hour"
    assert pick.startswith(f"hub.pick: {can}: ")
    here = ", not counting the 9 people of crew pool, who may be sent here: "
    assert pack.startswith(f"hub.pack: {can}{here}")
