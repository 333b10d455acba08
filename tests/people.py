"""Random people for tests: crews with skills, no-shows, breakdowns, stops, outages."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_seconds = st.integers(0, 60).map(lambda n: f"{n}s")
_operators = st.sampled_from(["<", ">", "<=", ">="])
_spans = st.integers(1, 40).map(lambda n: f"{n}s")


@st.composite
def skilled(draw: st.DrawFn, stages: list[str]) -> dict[str, Any]:
    """Up to two crews that go where the work is."""
    named = {}
    for name in draw(st.sampled_from([[], ["flex"], ["flex", "more"]])):
        begin = draw(st.integers(0, 50))
        skills = st.dictionaries(
            st.sampled_from(stages), st.sampled_from([1.0, 0.5, 1.3]), min_size=1
        )
        named[name] = {
            "people": draw(st.integers(1, 5)),
            "shift": [f"{begin}s", f"{begin + draw(st.integers(1, 60))}s"],
            "skills": draw(skills),
            "every": draw(st.sampled_from(["5s", "7s", "30s"])),
            "by": draw(st.sampled_from(["work_left", "backlog"])),
        }
    return named


@st.composite
def people_of(draw: st.DrawFn, stages: list[str]) -> dict[str, Any]:
    """Keys of a warehouse: crews, breakdowns, stops."""
    keys: dict[str, Any] = {}
    if draw(st.integers(0, 2)) == 0:
        keys["crews"] = draw(skilled(stages))
    if draw(st.integers(0, 3)) == 0:
        fails = {"mtbf": draw(_spans), "mttr": draw(_spans)}
        keys["breakdowns"] = {draw(st.sampled_from(stages)): fails}
    if draw(st.integers(0, 3)) == 0:
        begin = draw(st.integers(0, 40))
        stop = {"from": f"{begin}s", "to": f"{begin + draw(st.integers(1, 30))}s"}
        keys["stops"] = {"lunch": {"where": draw(st.sampled_from(stages)), **stop}}
    return keys


@st.composite
def people_disruptions(draw: st.DrawFn, stages: list[str]) -> dict[str, Any]:
    """No-shows and outages, of the hub or a part of it."""
    places = ["hub", *(f"hub.{stage}" for stage in stages)]
    found: dict[str, Any] = {}
    for name in draw(st.sampled_from([[], [], ["flu"], ["flu", "snow"]])):
        found[name] = {
            "what": "no_show",
            "at": draw(_seconds),
            "where": draw(st.sampled_from(places)),
            "share": draw(st.sampled_from([0.2, 0.5, 1])),
        }
    if draw(st.integers(0, 3)) == 0:
        found["dark"] = {
            "what": "outage",
            "at": draw(_seconds),
            "where": draw(st.sampled_from(places)),
        }
    if draw(st.integers(0, 4)) == 0:
        found["rush"] = {"what": "surge", "at": draw(_seconds), "stream": "s0", "scale": 2.5}
    for name in draw(st.sampled_from([[], [], [], ["stuck"], ["stuck", "again"]])):
        found[name] = {"what": "oms_freeze", "at": draw(_seconds), "for": draw(_spans)}
    for what in found.values():
        if draw(st.booleans()):
            what["for"] = draw(_spans)
    return found


def given(rules: dict[str, Any]) -> list[str]:
    """What some rules give."""
    gifts: list[dict[str, int]] = [rule["reward"].get("gift") or {} for rule in rules.values()]
    for rule in rules.values():
        gifts += [tier["gift"] for tier in rule.get("count", {}).get("tiers", ())]
    return list(dict.fromkeys(item for gift in gifts for item in gift))


@st.composite
def signals(draw: st.DrawFn, places: list[str], rules: dict[str, Any]) -> str:
    """A condition that holds now and then."""
    if rules and draw(st.integers(0, 2)) == 0:
        limit = draw(st.integers(0, 12))
        return f"gifts_left.{draw(st.sampled_from(list(rules)))} {draw(_operators)} {limit}"
    where = draw(st.sampled_from(["hub", *(f"hub.{place}" for place in places)]))
    return draw(
        st.sampled_from(
            [
                f"work_left.{where} > 10s",
                f"work_left.{where} < 1m",
                f"backlog.{where} > 3",
                f"backlog.{where} <= 0",
                "orders_paid >= 10",
                "stock_left.A < 20",
                "stock_left.TOTE < 9",
                "stock_left.READY >= 3",
                "orders_per_minute > 12",
                "late_share > 20%",
                "late_share <= 60%",
            ]
        )
    )


@st.composite
def levers(
    draw: st.DrawFn,
    places: list[str],
    shifted: list[str],
    trucks: list[str],
    closed: list[str],
    rules: dict[str, Any],
) -> dict[str, Any]:
    """Any lever; overtime only where there are shifts."""
    gifts = given(rules)
    zone = st.sampled_from([f"hub.{place}" for place in places])
    workers = st.integers(1, 4)
    spans = st.sampled_from(["4s", "30s", "10m"])
    settings: dict[str, st.SearchStrategy[Any]] = {
        "add_workers": st.fixed_dictionaries(
            {"zone": zone, "workers": workers, "for": spans},
            optional={"productivity": st.sampled_from([0.5, 1.5])},
        ),
        "move_workers": st.fixed_dictionaries(
            {"from": zone, "to": zone, "workers": workers}, optional={"for": spans}
        ),
        "overtime": st.fixed_dictionaries(
            {
                "zone": st.sampled_from(shifted or [""]).map("hub.{}".format),
                "until": st.sampled_from(["50s", "2m"]),
                "at_most": workers,
            }
        ),
        "stop_selling": st.sampled_from(["A", "KIT", "PICK"]),
        "throttle": st.fixed_dictionaries(
            {"channel": st.just("live"), "keep": st.sampled_from([0, 0.4, 1])}
        ),
        "replace_gift": st.dictionaries(
            st.sampled_from(gifts or ["A"]),
            st.sampled_from(["A", "D", "POUCH", "TOTE", "PAIR", "READY"]),
            min_size=1,
            max_size=2,
        ).filter(lambda swaps: all(old != new for old, new in swaps.items())),
        "set_promise": st.sampled_from([{"all": "2m"}, {"all": "10s"}]),
        "limit_per_customer": st.fixed_dictionaries(
            {"item": st.sampled_from(["A", "B", "KIT"]), "units": st.integers(1, 3)}
        ),
    }
    if trucks:
        settings["extra_truck"] = st.fixed_dictionaries(
            {"carrier": st.sampled_from([*trucks, *(f"hub.{name}" for name in trucks)])},
            optional={"after": st.sampled_from(["0s", "5s"]), "capacity": st.integers(1, 5)},
        )
    if closed and draw(st.integers(0, 2)) == 0:
        return {"open_warehouse": draw(st.sampled_from(closed))}
    if gifts and draw(st.integers(0, 2)) == 0:
        return {"replace_gift": draw(settings["replace_gift"])}
    left_out = {"replace_gift", *([] if shifted else ["overtime"])}
    name = draw(st.sampled_from([n for n in settings if n not in left_out]))
    setting = draw(settings[name])
    if name == "move_workers" and setting["from"] == setting["to"]:
        return {"stop_selling": "B"}
    return {name: setting}


@st.composite
def policies(
    draw: st.DrawFn,
    places: list[str],
    shifted: list[str],
    trucks: list[str],
    closed: list[str],
    rules: dict[str, Any],
) -> dict[str, Any]:
    """Up to three policies."""
    named = {}
    for name in draw(st.sampled_from([[], ["one"], ["one", "two"], ["one", "two", "three"]])):
        named[name] = {
            "when": draw(signals(places, rules)),
            "every": draw(st.sampled_from(["3s", "5s", "20s"])),
            "delay": draw(st.sampled_from(["0s", "0s", "2s", "7s"])),
            "once": draw(st.booleans()),
            "do": draw(levers(places, shifted, trucks, closed, rules)),
        }
    return named
