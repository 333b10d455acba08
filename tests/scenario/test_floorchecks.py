"""Zones, crews, carriers, disruptions and policies: what is refused, and what is warned about."""

from __future__ import annotations

import json
from typing import Any

import pytest

from burstsim.scenario.reader import loads
from burstsim.units import HOUR
from tests.scenario.floorsale import changed, refused

HUB = "warehouses.hub"
NO_ZONE = "names no zone of this scenario"
NO_STAGE = "names no stage of this scenario"
NO_PLACE = "names no warehouse, stage or zone of this scenario"
WHICH = "must say which zone of the stage is meant"
A_DAY = "must end after it begins, and within a day"

#: Name → changes, path, rule, value, part of the hint.
FAULTS: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    "workers besides zones": (
        {f"{HUB}.stages.pick.workers": 4},
        f"{HUB}.stages.pick",
        "must not have workers besides zones",
        "",
        "each zone has its own",
    ),
    "a tour of any size": (
        {f"{HUB}.stages.pick.tour": {"setup": "1m"}},
        f"{HUB}.stages.pick.tour",
        "must have orders or units",
        "",
        "when a tour is full",
    ),
    "a tour in the second stage": (
        {f"{HUB}.stages.pack.tour": {"orders": 4}},
        f"{HUB}.stages.pack.tour",
        "must be in the first stage: parcels are put into tours when released",
        "",
        "the first stage is pick",
    ),
    "a tour of a zone in the second stage": (
        {f"{HUB}.stages.wrap.zones.table.tour": {"orders": 4}},
        f"{HUB}.stages.wrap.zones.table.tour",
        "must be in the first stage: parcels are put into tours when released",
        "",
        "the first stage is pick",
    ),
    "a zone that nobody works in": (
        {f"{HUB}.shifts": {"pack": {"day": {"from": "08:00", "to": "07:00", "workers": 1}}}},
        f"{HUB}.stages.pick.zones.slow",
        "must have workers, here or in a shift: nobody ever works here",
        "",
        "",
    ),
    "a shift to which nobody comes": (
        {f'{HUB}.shifts."pick.slow".all.no_show': 1},
        f"{HUB}.stages.pick.zones.slow",
        "must have workers, here or in a shift: nobody ever works here",
        "",
        "",
    ),
    "shifts of a stage with several zones": (
        {f"{HUB}.shifts.pick": {"x": {"from": "08:00", "to": "09:00", "workers": 1}}},
        f"{HUB}.shifts.pick",
        WHICH,
        "pick",
        "there is pick.fast, pick.slow",
    ),
    "shifts of a zone that is not there": (
        {f'{HUB}.shifts."pick.fsat"': {"x": {"from": "08:00", "to": "09:00", "workers": 1}}},
        f'{HUB}.shifts."pick.fsat"',
        NO_ZONE,
        "pick.fsat",
        "pick.fast",
    ),
    "shifts under both names of a zone": (
        {
            f"{HUB}.shifts.wrap": {"x": {"from": "08:00", "to": "09:00", "workers": 1}},
            f'{HUB}.shifts."wrap.table"': {"y": {"from": "10:00", "to": "11:00", "workers": 1}},
        },
        f'{HUB}.shifts."wrap.table"',
        "must not be named twice: wrap is the same zone",
        "wrap.table",
        "",
    ),
    "a zone with the path of a stage": (
        {f'{HUB}.stages."pick.fast"': {"workers": 1, "work": {"uph": 9}}},
        f'{HUB}.stages."pick.fast"',
        "must not have the path of another zone",
        "pick.fast",
        "leave dots out",
    ),
    "waves at no time": (
        {f"{HUB}.release": {"mode": "wave"}},
        f"{HUB}.release",
        "must have every or orders with mode: wave",
        "",
        "when it comes",
    ),
    "waves without being waves": (
        {f"{HUB}.release": {"every": "5m"}},
        f"{HUB}.release",
        "must have every with mode: wave, and only then",
        "",
        "",
    ),
    "a skill for nothing": (
        {f"{HUB}.crews.flex.skills": {"pack": 1, "wrapp": 1}},
        f"{HUB}.crews.flex.skills.wrapp",
        NO_STAGE,
        "wrapp",
        "wrap",
    ),
    "a skill for a stage with several zones": (
        {f"{HUB}.crews.flex.skills": {"pick": 1}},
        f"{HUB}.crews.flex.skills.pick",
        WHICH,
        "pick",
        "pick.slow",
    ),
    "a crew without an end": (
        {f"{HUB}.crews.flex.shift": ["2026-11-10 20:00", "2026-11-12 20:00"]},
        f"{HUB}.crews.flex.shift",
        A_DAY,
        "2026-11-12 20:00:00",
        "",
    ),
    "a stop somewhere": (
        {f"{HUB}.stops.clean.where": "pick"},
        f"{HUB}.stops.clean.where",
        WHICH,
        "pick",
        "pick.fast",
    ),
    "a stop that lasts": (
        {
            f"{HUB}.stops.clean.from": "2026-11-10 22:00",
            f"{HUB}.stops.clean.to": "2026-11-12 22:00",
        },
        f"{HUB}.stops.clean.to",
        A_DAY,
        "2026-11-12 22:00:00",
        "",
    ),
    "breakdowns of nothing": (
        {f"{HUB}.breakdowns": {"packk": {"mtbf": "1h", "mttr": "1m"}}},
        f"{HUB}.breakdowns.packk",
        NO_STAGE,
        "packk",
        "pack",
    ),
    "a SKU in a zone that is not there": (
        {"catalog.skus.A.zone": "fsat"},
        "catalog.skus.A.zone",
        NO_ZONE,
        "fsat",
        "fast",
    ),
    "a kit made in a zone that is not there": (
        {"catalog.kits.SET.zone": "pick.fsat"},
        "catalog.kits.SET.zone",
        NO_ZONE,
        "pick.fsat",
        "pick.fast",
    ),
    "a gift wrapped at a stage that is not there": (
        {"gifts.tote.fulfil": {"zone": "wrapp", "work": "2s"}},
        "gifts.tote.fulfil.zone",
        NO_STAGE,
        "wrapp",
        "wrap",
    ),
    "a kit made at the returns station": (
        {"catalog.kits.SET.zone": "returns"},
        "catalog.kits.SET.zone",
        "must not be the returns station: parcels do not pass it",
        "returns",
        "",
    ),
    "a warehouse for returns alone": (
        {
            "warehouses.back": {"stages": {"returns": {"workers": 1, "work": {"uph": 9}}}},
        },
        "warehouses.back.stages",
        "must have a stage besides the returns station",
        "returns",
        "",
    ),
    "returns that need work": (
        {f"{HUB}.stages.returns.only": "needs_work"},
        f"{HUB}.stages.returns.only",
        "must not be there at a returns station: everything that comes back needs work",
        "needs_work",
        "",
    ),
    "a closed sale": (
        {f"{HUB}.open": False},
        f"{HUB}.open",
        "must be open, because no other warehouse ships to east",
        "false",
        "",
    ),
    "a partner's carriers": (
        {"warehouses.spare.carriers": {"sf": {"share": 1, "pickups": ["1h"]}}},
        "warehouses.spare",
        "must not have carriers",
        "",
        "it is external",
    ),
    "a truck without room": (
        {f"{HUB}.carriers.sf.capacity": 0},
        f"{HUB}.carriers.sf.capacity",
        "must be at least 1",
        "0",
        "",
    ),
    "a carrier that never comes": (
        {f"{HUB}.carriers.sf.pickups": []},
        f"{HUB}.carriers.sf.pickups",
        "must not be empty",
        "",
        "",
    ),
    "a carrier of nothing": (
        {f"{HUB}.carriers.sf": {"pickups": ["21:00"]}},
        f"{HUB}.carriers.sf",
        "must have either share or regions",
        "",
        "share: 1",
    ),
    "a region twice": (
        {f"{HUB}.carriers.ems": {"regions": ["east", "south"], "pickups": ["21:00"]}},
        f"{HUB}.carriers.ems.regions[1]",
        "must not name a region for the second time",
        "south",
        "yto takes it",
    ),
    "a region without a carrier": (
        {f"{HUB}.carriers.sf.share": 0},
        f"{HUB}.carriers",
        "must take parcels of every region: these have no carrier",
        "east",
        "takes what no other names",
    ),
    "two ways to promise": (
        {"promises.rest.within": "9h"},
        "promises.rest",
        "must have either within or cut_offs",
        "",
        "",
    ),
    "due before it is paid": (
        {"promises.rest.cut_offs": [{"paid_before": "23:00", "by": "12:00"}]},
        "promises.rest.cut_offs[0]",
        "must be due after it is paid",
        "",
        "did you mean +1d 12:00",
    ),
    "a cut-off at no time of day": (
        {"promises.rest.cut_offs": [{"paid_before": "2h", "by": "23:00"}]},
        "promises.rest.cut_offs[0].paid_before",
        "must be a time of day, such as 23:00",
        "2h",
        "",
    ),
    "due at no time of day": (
        {"promises.rest.cut_offs": [{"paid_before": "11:00", "by": "+1d"}]},
        "promises.rest.cut_offs[0].by",
        "must be a time of day, as 23:59, or one so many days later, as +1d 15:00",
        "+1d",
        "",
    ),
    "cut-offs out of order": (
        {
            "promises.rest.cut_offs": [
                {"paid_before": "23:00", "by": "23:30"},
                {"paid_before": "11:00", "by": "12:00"},
            ]
        },
        "promises.rest",
        "must have its cut_offs in order of paid_before",
        "",
        "",
    ),
    "a penalty upside down": (
        {"promises.live.penalty": {"rate": 0.1, "min": 5, "max": 4}},
        "promises.live.penalty",
        "must not have a max below its min",
        "",
        "",
    ),
    "a preset and more": (
        {"promises.live.penalty": {"preset": "kuaishou-late-shipment", "min": 5}},
        "promises.live.penalty",
        "must have a preset or keys of its own, not both",
        "",
        "",
    ),
    "nobody comes to nowhere": (
        {"disruptions.ill.where": "hub.packk"},
        "disruptions.ill.where",
        NO_PLACE,
        "hub.packk",
        "hub.pack",
    ),
    "an outage at a partner's": (
        {"disruptions.dark.where": "spare"},
        "disruptions.dark.where",
        "must be a warehouse of our own: nobody sees how a partner works",
        "spare",
        "",
    ),
    "no truck of nobody": (
        {"disruptions.stuck.where": "hub.fs"},
        "disruptions.stuck.where",
        "names no warehouse and no carrier of this scenario",
        "hub.fs",
        "hub.sf",
    ),
    "no truck where there is none": (
        {"disruptions.stuck.where": "spare"},
        "disruptions.stuck.where",
        "must be a warehouse with carriers",
        "spare",
        "",
    ),
    "a surge of nothing": (
        {"disruptions.rush.stream": "shpo"},
        "disruptions.rush.stream",
        "names no stream of this scenario",
        "shpo",
        "shop",
    ),
    "a surge of less": (
        {"disruptions.rush.scale": 1},
        "disruptions.rush.scale",
        "must be greater than 1",
        "1",
        "",
    ),
}


def test_the_sale_is_faultless() -> None:
    assert changed({}).warnings == ()


@pytest.mark.parametrize("kind", FAULTS)
def test_one_fault_is_one_problem(kind: str) -> None:
    changes, path, rule, value, hint = FAULTS[kind]
    (problem,) = refused(changes)
    assert (problem.path, problem.rule, problem.value) == (path, rule, value)
    assert hint in problem.hint


def test_a_zone_is_varied_by_its_path() -> None:
    scenario = changed({f"{HUB}.stages.pick.zones.fast.workers": 90})
    assert scenario.warehouses["hub"].stages["pick"].zones["fast"].workers == 90
    scenario = changed(
        {f"{HUB}.carriers.sf.capacity": 7, "policies.temps.do.add_workers.workers": 9}
    )
    lever = scenario.policies["temps"].do
    assert (lever.name, lever.setting.workers) == ("add_workers", 9)
    assert scenario.warehouses["hub"].carriers["sf"].capacity == 7


def test_the_sale_written_out_is_the_same_sale() -> None:
    scenario = changed({})
    again = loads(json.dumps(scenario.model_dump(mode="json", by_alias=True)))
    assert again == scenario
    assert again.digest() == scenario.digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"returns.share": 0.3},
        {"policies.temps.delay": "31m"},
        {f"{HUB}.carriers.sf.capacity": 501},
        {f"{HUB}.release.every": "11m"},
        {"promises.live.penalty.rate": 0.2},
        {f"{HUB}.crews.flex.people": 4},
        {"disruptions.rush.scale": 4},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_digest_knows_every_section(changes: dict[str, Any]) -> None:
    assert changed(changes).digest() != changed({}).digest()


def test_penalties_and_cut_offs_come_as_numbers() -> None:
    """The preset's figures; a cut-off in ticks after midnight."""
    preset = {"promises.live.penalty": {"preset": "kuaishou-late-shipment"}}
    promises = changed(preset).promises
    assert promises["live"].penalty is not None
    assert promises["live"].penalty.terms == (0.10, 500, 3000)
    (cut_off,) = promises["rest"].cut_offs or ()
    assert (cut_off.before, cut_off.by.ticks) == (23 * HOUR, 36 * HOUR)
