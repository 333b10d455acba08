"""What ``burstsim check`` says of floors, carriers, promises, disruptions and policies."""

from __future__ import annotations

import pytest

from burstsim.engine.controlwords import control_words
from burstsim.engine.floorwords import floor_words
from burstsim.engine.outline import outline
from tests.scenario.floorsale import GONE, changed
from tests.scenarios import scenario_of, small

FLOOR = """\
warehouses.hub: parcels pass pick, then wrap, then pack
warehouses.hub: released in waves, every 10m; who is due first goes first
warehouses.hub.pick.fast: 5 people; 12s per line; in tours of at most 6 parcels, 30s to set out; \
5s of walking for each of 20 aisles that is visited; first come, first served (default)
warehouses.hub.pick.slow: 1 shift; 12s per line; in tours of at most 6 parcels, 30s to set out; \
5s of walking for each of 20 aisles that is visited; first come, first served (default)
warehouses.hub.wrap: 3 people; work on kits and gifts; only parcels with such work; \
first come, first served (default)
warehouses.hub.pack: 2 shifts; 10s per task; who is due first goes first
warehouses.hub.returns: 1 person; 40s per task; first come, first served (default)
warehouses.hub.pack: nothing is released while 900 released parcels are still to be begun here
warehouses.hub: pack breaks down after 20h on average and is repaired in 15m
warehouses.hub: pick.fast stands still from 22:00:00 to 22:15:00 (clean)
warehouses.hub: crew flex: 3 people from 20:00:00 to 23:00:00, every 15m sent where most work \
waits (default): pick.fast at 1, wrap at 0.8
warehouses.hub: carrier sf takes all others at 21:00:00, 23:00:00, at most 500 parcels \
each time
warehouses.hub: carrier yto takes what goes to south at 22:00:00, however many there are
warehouses.spare: closed until a policy opens it
promises.live: orders of live are shipped (default) within 3h of payment; each late one costs \
10% of what was paid
promises.rest: orders are shipped (default) by a time of day, paid before 23:00:00: by \
+1d 12:00:00
returns: 20% of orders come back 2h after they were shipped, to returns
"""

CONTROL = """\
disruptions.ill: from 10m, for 1h, 30% of the people at hub.pack do not come
disruptions.dark: from 20m, for 5m, nobody can begin anything at hub.pick.fast
disruptions.freeze: from 5m, for 5m, the order management stands still
disruptions.stuck: from 1h, for 10m, no truck comes to hub.sf
disruptions.rush: from 10m, for 5m, shop brings 3 times as many orders
policies.temps: every 15m, if work_left.hub.pack > 30m: 4 people come to hub.pack for 2h, \
30m after the check, once
policies.move: every 15m, if backlog.hub.pick.slow >= 40: 1 person goes from hub.pick.fast to \
hub.wrap, each time (default)
policies.stay: every 15m, if late_share > 5%: at most 2 people at hub.pack stay until 09:00:00, \
each time (default)
policies.stop: every 5m, if stock_left.A < 9: SET is sold no more, each time (default)
policies.slow: every 5m, if orders_per_minute > 90: 50% of the orders of live are let in, \
each time (default)
policies.swap: every 5m, if gifts_left.tote < 9: POUCH is given instead of TOTE, \
each time (default)
policies.later: every 5m, if orders_paid > 500: live is promised within 9h, each time (default)
policies.more: every 5m, if backlog.hub > 500: spare is opened, each time (default)
policies.truck: every 5m, if backlog.hub > 400: one more truck of hub.sf for 200 parcels in 1h, \
each time (default)
policies.few: every 5m, if stock_left.B < 50: each customer gets at most 2 of B, \
each time (default)
"""


def test_the_floor_is_said_back() -> None:
    assert list(floor_words(changed({}))) == FLOOR.splitlines()


def test_what_happens_on_the_clock_is_said_back() -> None:
    assert list(control_words(changed({}))) == CONTROL.splitlines()


def test_what_is_left_out_is_a_default() -> None:
    assert list(floor_words(scenario_of(small()))) == [
        "warehouses.hub: parcels pass pick, then pack",
        "warehouses.hub: released as soon as they are sent (default)",
        "warehouses.hub.pick: 5 people; 12s per task, varying by 40%; "
        "first come, first served (default)",
        "warehouses.hub.pack: 4 people; 10s per task; first come, first served (default)",
        "warehouses.hub: parcels are shipped when their last stage is done (default)",
    ]


def test_a_disruption_without_an_end_says_so() -> None:
    words = control_words(changed({"disruptions.dark.for": GONE}))
    assert (
        "disruptions.dark: from 20m, to the end (default), nobody can begin anything at "
        "hub.pick.fast" in list(words)
    )


@pytest.mark.parametrize("words", ["released as soon as", "(default)"])
def test_the_outline_tells_of_the_floor(words: str) -> None:
    assert any(words in line for line in outline(scenario_of(small())))
