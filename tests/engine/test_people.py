"""Who comes to work, what breaks, and where crews with skills are sent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from burstsim.engine.compile import compile_scenario
from burstsim.engine.control.roster import Roster
from burstsim.engine.control.skilled import assigned
from burstsim.engine.draws import draw_orders
from burstsim.results.metrics import measure
from burstsim.streams import generator
from burstsim.units import DAY, HOUR, SECOND
from tests.engines import both
from tests.scenarios import scenario_of, small


def sale(**hub: Any) -> dict[str, Any]:
    """Ten orders at once, ten seconds each in the one stage, swept at once."""
    stages = {"pick": {"workers": 1, "work": {"per_task": "10s"}}}
    return small(
        demand={
            "shop": {"shape": "instant", "at": "0s", "orders": 10, "basket": {"weights": {"A": 1}}}
        },
        oms={"cycle": "0s"},
        warehouses={"hub": {"stages": stages, **hub}},
    )


def rosters(data: dict[str, Any], replication: int = 0) -> tuple[Roster, ...]:
    return draw_orders(compile_scenario(scenario_of(data)), replication).rosters


def people(data: dict[str, Any], hour: float = 0.5) -> int:
    roster = rosters(data)[0]
    return int(roster.people[roster.times.searchsorted(hour * HOUR, side="right") - 1])


def shifted(workers: int = 40, **keys: Any) -> dict[str, Any]:
    day = {"from": "20:00", "to": "23:00", "workers": workers, **keys}
    return sale(shifts={"pick": {"day": day}})


def test_who_is_absent_has_a_number_below_the_chance() -> None:
    numbers = generator(1, 0, "no-show", "hub.pick/day/0").random(40)
    data = shifted(no_show=0.3)
    assert people(data) == int((numbers >= 0.3).sum())
    data["disruptions"] = {"flu": {"what": "no_show", "at": "1h", "for": "1h", "where": "hub"}}
    data["disruptions"]["flu"]["share"] = 0.5
    assert people(data) == int((numbers >= 0.3).sum())
    assert people(data, 1) == int((numbers >= 1 - 0.7 * 0.5).sum())
    assert people(data, 2) == int((numbers >= 0.3).sum())


def test_a_larger_share_never_brings_anybody_and_a_worker_changes_nobody_else() -> None:
    counts = [people(shifted(no_show=share)) for share in (0, 0.1, 0.2, 0.5, 0.9, 1)]
    assert counts == sorted(counts, reverse=True)
    assert (counts[0], counts[-1]) == (40, 0)
    more = [people(shifted(workers, no_show=0.5)) for workers in range(20, 41)]
    assert set(np.diff(more).tolist()) <= {0, 1}


def test_outside_shifts_the_day_of_the_disruption_has_its_own_numbers() -> None:
    data = sale()
    data["warehouses"]["hub"]["stages"]["pick"]["workers"] = 30
    flu = {"what": "no_show", "at": "1h", "for": "1h", "where": "hub.pick", "share": 0.4}
    data["disruptions"] = {"flu": flu}
    numbers = generator(1, 0, "no-show", "hub.pick//0").random(30)
    assert [people(data, hour) for hour in (0.5, 1, 2)] == [30, int((numbers >= 0.4).sum()), 30]


def test_no_shows_of_a_zone_leave_all_other_draws_alone() -> None:
    data = small()
    flu = {"what": "no_show", "at": "0s", "where": "hub.pick", "share": 0.5}
    calm = draw_orders(compile_scenario(scenario_of(data)), 0)
    ill = draw_orders(compile_scenario(scenario_of(data | {"disruptions": {"flu": flu}})), 0)
    assert np.array_equal(calm.placed, ill.placed)
    assert all(np.array_equal(a, b) for a, b in zip(calm.noise, ill.noise, strict=True))
    assert np.array_equal(calm.rosters[1].people, ill.rosters[1].people)
    assert not np.array_equal(calm.rosters[0].people, ill.rosters[0].people)


def test_in_an_outage_nobody_begins_and_all_are_paid() -> None:
    data = sale()
    calm = both(data)
    data["disruptions"] = {"dark": {"what": "outage", "at": "15s", "for": "30s", "where": "hub"}}
    trace = both(data)
    started = np.sort(trace.visits[0].started) // SECOND
    # the second task goes on until 20 s; the third begins when the outage is over
    assert started[:4].tolist() == [0, 10, 45, 55]
    assert trace.crews[0].workers.tolist() == [1, 0, 1]
    assert trace.crews[0].people.tolist() == [1, 1, 1]
    hours = measure(trace)["worker_hours"].number - measure(calm)["worker_hours"].number
    assert hours == pytest.approx(25 / 3600)


def test_stops_are_daily() -> None:
    lunch = {"where": "pick", "from": "21:00", "to": "22:00"}
    data = sale(stops={"lunch": lunch}) | {"horizon": "30h", "drain": "1h"}
    roster = rosters(data)[0]
    assert (roster.times / HOUR).tolist() == [0, 1, 2, 25, 26]
    assert roster.able.tolist() == [True, False, True, False, True]


def test_machines_stand_still_for_their_share_of_the_time() -> None:
    """Mean b/(a+b); the variance over a time T is 2a²b²/((a+b)³T) for exponential times."""
    fails = {"pick": {"mtbf": "20h", "mttr": "5h"}}
    data = sale(breakdowns=fails) | {"horizon": "3000d", "drain": "1d"}
    roster = rosters(data)[0]
    lengths = np.diff(np.append(roster.times, 3001 * DAY))
    share = float(lengths[~roster.able].sum()) / (3001 * DAY)
    spread = (2 * 20**2 * 5**2 / ((20 + 5) ** 3 * 3001 * 24)) ** 0.5
    assert abs(share - 0.2) < 4 * spread


def test_people_are_sent_one_at_a_time_where_most_waits_for_each() -> None:
    """60 for 2 and 40 for 1: second (20 each then), first (20), first of equals (15), second."""
    assert assigned(5, [60, 40, 0], [2.0, 1.0, 1.0], [1.0, 1.0, 1.0]) == [3, 2, 0]
    assert assigned(1, [1, 9], [0.0, 5.0], [1.0, 1.0]) == [1, 0]
    assert assigned(5, [0, 0], [0.0, 9.0], [1.0, 1.0]) == [3, 2]


def test_a_crew_follows_the_work() -> None:
    """At 30 s four picks wait for one picker, and three packs of 20 s for nobody."""
    data = sale(
        crews={
            "flex": {
                "people": 2,
                "shift": ["0s", "50s"],
                "skills": {"pick": 1.0, "pack": 1.0},
                "every": "30s",
            }
        }
    )
    stages = data["warehouses"]["hub"]["stages"]
    stages["pack"] = {"workers": 0, "work": {"per_task": "20s"}}
    pick, pack = both(data).crews
    assert (pick.times // SECOND).tolist() == [0, 30]
    assert pick.workers.tolist() == [2, 1]
    assert (pack.times // SECOND).tolist() == [0, 30, 50]
    assert pack.workers.tolist() == [1, 2, 0]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_more_workers_are_never_later_in_one_queue(workers: int) -> None:
    data = small()
    del data["warehouses"]["hub"]["stages"]["pack"]
    data["warehouses"]["hub"]["stages"]["pick"]["workers"] = workers
    fewer = both(data).visits[0].started
    data["warehouses"]["hub"]["stages"]["pick"]["workers"] = workers + 1
    assert (both(data).visits[0].started <= fewer).all()


def test_a_surge_adds_orders_and_changes_none() -> None:
    data = small()
    calm = draw_orders(compile_scenario(scenario_of(data)), 0)
    rush = {"what": "surge", "at": "10m", "for": "5m", "stream": "shop", "scale": 3}
    orders = draw_orders(compile_scenario(scenario_of(data | {"disruptions": {"r": rush}})), 0)
    extra = orders.substream == 1
    assert np.array_equal(orders.placed[~extra], calm.placed)
    assert np.array_equal(orders.noise[0][~extra], calm.noise[0])
    assert (orders.placed[extra] >= 600 * SECOND).all()
    assert (orders.placed[extra] < 900 * SECOND).all()
    # (3 − 1) × 20 a minute for five minutes: Poisson with mean 200
    assert abs(int(extra.sum()) - 200) < 5 * 200**0.5
