"""What is odd about floors, carriers, disruptions and policies, and what never happens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenario.floorsale import GONE, changed

HUB = "warehouses.hub"

#: Name → changes, path, rule, value.
WARNINGS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "people only if somebody calls": (
        {
            f"{HUB}.shifts": {"pick.slow": {"x": {"from": "08:00", "to": "07:00", "workers": 1}}},
            "policies.stay": GONE,
        },
        f"{HUB}.stages.pack",
        "has nobody who works there, unless a policy sends somebody",
        "pack",
    ),
    "a stage that nobody visits": (
        {"catalog.kits.SET.work": "0s", f"{HUB}.crews": {}},
        f"{HUB}.stages.wrap",
        "is a stage that no order visits: no kit or gift has work there",
        "wrap",
    ),
    "a zone that no work comes to": (
        {"catalog.skus.B.zone": "fast"},
        f"{HUB}.stages.pick.zones.slow",
        "is a zone to which no work comes: no SKU, kit or gift is handled there",
        "slow",
    ),
    "shifts that overlap": (
        {f"{HUB}.shifts.pack.day.from": "07:30"},
        f"{HUB}.shifts.pack.day",
        "overlaps night: the people of both are there",
        "07:30:00 to 20:00:00",
    ),
    "a crew that nobody needs": (
        {"catalog.skus.B.zone": "fast", f"{HUB}.crews.flex.skills": {"pick.slow": 1}},
        f"{HUB}.crews.flex.skills",
        "has skills only for zones to which no work comes",
        "pick.slow",
    ),
    "returns to nobody": (
        {f"{HUB}.stages.returns": GONE},
        f"{HUB}.stages",
        "has no returns station: what comes back here takes no work",
        "returns",
    ),
    "a warehouse that nobody opens": (
        {"policies.more": GONE},
        "warehouses.spare.open",
        "is closed and no policy opens it, so nothing leaves from it",
        "false",
    ),
    "a carrier for nowhere": (
        {f"{HUB}.carriers.yto.regions": ["south", "north"]},
        f"{HUB}.carriers.yto.regions[1]",
        "is a region from which no order comes here",
        "north",
    ),
    "a carrier with nothing": (
        {f"{HUB}.carriers.ems": {"share": 0, "pickups": ["21:00"]}},
        f"{HUB}.carriers.ems.share",
        "is a share of nothing: this carrier takes no parcels",
        "0",
    ),
    "a pickup after the end": (
        {f"{HUB}.carriers.sf.pickups": ["21:00", "01:00"]},
        f"{HUB}.carriers.sf.pickups[1]",
        "is a pickup at or after the end, so it never comes",
        "01:00:00",
    ),
    "a pickup before the beginning": (
        {f"{HUB}.carriers.sf.pickups": ["21:00", "2026-11-10 19:00"]},
        f"{HUB}.carriers.sf.pickups[1]",
        "is a pickup before the beginning, so it never comes",
        "2026-11-10 19:00:00",
    ),
    "an outage after the end": (
        {"disruptions.dark.at": "4h 30m"},
        "disruptions.dark.at",
        "is at or after the end, so nothing happens",
        "4h30m",
    ),
    "an outage before the beginning": (
        {"disruptions.dark.at": "2026-11-10 19:00"},
        "disruptions.dark.at",
        "is over before the clock begins",
        "2026-11-10 19:00:00",
    ),
    "a surge after the horizon": (
        {"disruptions.rush.at": "30m"},
        "disruptions.rush.at",
        "is at or after the horizon, so no order is placed",
        "30m",
    ),
    "people who come after the end": (
        {"policies.temps.delay": "5h"},
        "policies.temps.delay",
        "is so long that the policy never acts before the end",
        "5h",
    ),
    "what can never be true": (
        {"policies.stay.when": "late_share > 100%"},
        "policies.stay.when",
        "can never be true",
        "late_share > 100%",
    ),
    "what is always true": (
        {"policies.stop.when": "stock_left.A >= 0"},
        "policies.stop.when",
        "is always true",
        "stock_left.A >= 0",
    ),
    "an item that nobody sells": (
        {"policies.stop.do.stop_selling": "POUCH"},
        "policies.stop.do.stop_selling",
        "is an item that no stream sells",
        "POUCH",
    ),
    "a limit on what nobody sells": (
        {"policies.few.do.limit_per_customer.item": "POUCH"},
        "policies.few.do.limit_per_customer.item",
        "is an item that no stream sells",
        "POUCH",
    ),
}


#: Nobody needs a crew because nothing comes to its zone, which is a warning of its own.
TWICE = {"a crew that nobody needs"}


@pytest.mark.parametrize("kind", WARNINGS)
def test_one_oddity_is_one_warning(kind: str) -> None:
    changes, path, rule, value = WARNINGS[kind]
    *more, warning = changed(changes).warnings
    assert (warning.path, warning.rule, warning.value) == (path, rule, value)
    assert len(more) == (kind in TWICE)


def test_a_shift_of_one_date_may_follow_a_daily_one() -> None:
    day = f"{HUB}.shifts.pack.day"
    once = {"from": "2026-11-11 20:00", "to": "2026-11-12 08:00", "workers": 1}
    (warning,) = changed({f"{HUB}.shifts.pack.more": once}).warnings
    assert (warning.path, warning.rule) == (
        f"{HUB}.shifts.pack.more",
        "overlaps night: the people of both are there",
    )
    assert (
        changed(
            {
                day: GONE,
                f"{HUB}.shifts.pack.more": {
                    **once,
                    "from": "2026-11-11 08:00",
                    "to": "2026-11-11 20:00",
                },
            }
        ).warnings
        == ()
    )
