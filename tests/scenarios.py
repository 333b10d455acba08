"""Scenarios for tests: small ones by hand, random ones from hypothesis."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario
from tests.people import people_disruptions, people_of, policies


def scenario_of(data: dict[str, Any]) -> Scenario:
    """Load a scenario given as plain data, through the file reader."""
    return loads(json.dumps(data))


def small(**changes: Any) -> dict[str, Any]:
    """One SKU, one steady stream, one warehouse of two stages; sections can be replaced."""
    return {
        "burstsim": 1,
        "start": "2026-11-10 20:00",
        "horizon": "30m",
        "drain": "4h",
        "replications": 2,
        "catalog": {"skus": {"A": {"price": 10.00}}},
        "demand": {"shop": {"shape": "steady", "rate": "20/m", "basket": {"weights": {"A": 1}}}},
        "warehouses": {
            "hub": {
                "stages": {
                    "pick": {"workers": 5, "work": {"per_task": "12s", "cv": 0.4}},
                    "pack": {"workers": 4, "work": {"per_task": "10s"}},
                }
            }
        },
        **changes,
    }


_seconds = st.integers(0, 40).map(lambda n: f"{n}s")
_sold = ["A", "B", "C", "KIT", "BIG", "BOX", "PICK", "LUCK", "EITHER", "DEEP", "READY"]
_weights = st.dictionaries(st.sampled_from(_sold), st.integers(0, 3), max_size=5).filter(
    lambda weights: sum(weights.values()) > 0
)


@st.composite
def baskets(draw: st.DrawFn) -> dict[str, Any]:
    weights = draw(_weights)
    most = sum(weight > 0 for weight in weights.values())
    return {
        "weights": weights,
        "lines": {str(draw(st.integers(1, most))): 1, "1": draw(st.integers(1, 2))},
        "quantity": draw(st.sampled_from([{"1": 1}, {"1": 2, "3": 1}])),
    }


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    """A stream of at most some dozen orders; whole seconds, so that ties are common."""
    stream: dict[str, Any] = draw(
        st.one_of(
            st.builds(lambda n: {"shape": "steady", "rate": f"{n}/min"}, st.integers(0, 40)),
            st.builds(
                lambda at, n: {"shape": "instant", "at": at, "orders": n},
                _seconds,
                st.integers(0, 25),
            ),
            st.builds(
                lambda at, n, rise: {
                    "shape": "drop",
                    "at": at,
                    "orders": n,
                    "rise": rise,
                    "half_life": "9s",
                },
                _seconds,
                st.integers(0, 30),
                _seconds,
            ),
            st.builds(
                lambda a, b, c: {
                    "shape": "table",
                    "rates": [["0s", f"{a}/m"], ["7s", f"{b}/m"], ["30s", f"{c}/m"]],
                },
                *[st.integers(0, 60)] * 3,
            ),
            st.builds(
                lambda a, b: {
                    "shape": "ramp",
                    "rates": [["2s", f"{a}/m"], ["20s", f"{b}/m"], ["40s", "0/m"]],
                },
                *[st.integers(0, 60)] * 2,
            ),
            st.builds(
                lambda a, n, at: {
                    "shape": "session",
                    "viewers": [["0s", a], ["30s", 2 * a]],
                    "conversion": "1/m",
                    "run_of_show": [
                        {"time": at, "item": "KIT", "expected_units": n, "price": 3},
                        {"time": "9s", "item": "A", "expected_units": n},
                    ],
                    "rise": "2s",
                    "half_life": "5s",
                },
                st.integers(0, 20),
                st.integers(0, 12),
                _seconds,
            ),
            st.builds(
                lambda begin, n, never: {
                    "shape": "presale",
                    "deposits": {"from": f"-{begin}s", "to": "5s", "orders": n},
                    "balance_at": "6s",
                    "half_life": "4s",
                    "never_pay": never,
                },
                st.integers(0, 70),
                st.integers(0, 20),
                st.sampled_from([0, 0.3]),
            ),
        )
    )
    if stream["shape"] != "instant":
        stream["arrivals"] = draw(st.sampled_from(["poisson", "even"]))
        stream["dispersion"] = draw(st.sampled_from([0, 0, 0.5, 3]))
    if draw(st.integers(0, 5)) == 0:
        stream["forecast"] = {"p10": 0.5, "p90": 1.5}
    if stream["shape"] in ("steady", "table", "ramp") and draw(st.booleans()):
        stream["open"] = {"from": "3s", "to": "33s"}
    stream["scale"] = draw(st.sampled_from([1, 1, 0.5, 1.5]))
    stream["basket"] = draw(baskets())
    stream["channel"] = draw(st.sampled_from(["live", "shop"]))
    if draw(st.booleans()):
        stream["customers"] = draw(
            st.sampled_from(
                [{"pool": 3}, {"pool": 9, "new": 0.3, "tiers": {"1": 2, "2": 1}}, {"new": 1}]
            )
        )
    if draw(st.booleans()):
        stream["regions"] = {"east": 2, "south": 1}
    if draw(st.booleans()):
        stream["room"] = draw(st.sampled_from(["88", "99"]))
    stream["coupon"] = draw(st.sampled_from([0, 0.5, 1]))
    return stream


@st.composite
def works(draw: st.DrawFn) -> dict[str, Any]:
    work: dict[str, Any] = draw(
        st.one_of(
            st.builds(lambda n: {"per_task": f"{n}s"}, st.integers(1, 12)),
            st.just({"per_task": "1us"}),
            st.builds(
                lambda a, b: {"per_line": f"{a}s", "per_unit": f"{b}s"},
                st.integers(1, 4),
                st.integers(0, 3),
            ),
            st.builds(
                lambda uph, per: {"uph": uph, "per": per},
                st.sampled_from([600, 1200, 7000]),
                st.sampled_from(["order", "line", "unit"]),
            ),
        )
    )
    if draw(st.booleans()):
        work |= draw(
            st.sampled_from(
                [
                    {"cv": 0.3},
                    {"cv": 1.2},
                    {"dist": "gamma", "cv": 0.5},
                    {"dist": "exponential"},
                    {"dist": "constant"},
                    {"allowance": 0.5},
                ]
            )
        )
    return work


@st.composite
def shifts(draw: st.DrawFn) -> dict[str, Any]:
    """Up to three shifts of some seconds each, with breaks; they may meet and overlap."""
    named = {}
    for name in draw(st.sampled_from([[], ["a"], ["a", "b"], ["a", "b", "c"]])):
        begin, length = draw(st.integers(0, 60)), draw(st.integers(1, 60))
        shift: dict[str, Any] = {
            "from": f"{begin}s",
            "to": f"{begin + length}s",
            "workers": draw(st.integers(0, 4)),
            "productivity": draw(st.sampled_from([1.0, 1.0, 0.5, 0.9, 2.0])),
            "no_show": draw(st.sampled_from([0, 0, 0.3])),
        }
        if length > 2 and draw(st.booleans()):
            away = draw(st.integers(begin, begin + length - 2))
            # somebody has to be there for a while, or the file is refused
            back = draw(st.integers(away + 1, begin + length - (away == begin)))
            shift["breaks"] = [[f"{away}s", f"{back}s"]]
        named[name] = shift
    return named


delays = st.sampled_from(
    [
        {"mean": "0s"},
        {"mean": "4s"},
        {"mean": "9s", "cv": 1.5},
        {"mean": "6s", "dist": "exponential"},
    ]
)


@st.composite
def storefronts(draw: st.DrawFn) -> dict[str, Any]:
    """Sections between buyer and floor: payment, stock, cancellations, the OMS's rules."""
    sections: dict[str, Any] = {"oms": {"cycle": draw(st.sampled_from(["0s", "1s", "7s", "1m"]))}}
    stock = st.integers(0, 60)
    if draw(st.booleans()):
        sections["payment"] = {
            "paid": draw(st.sampled_from([1.0, 0.7, 0.2])),
            "delay": draw(delays),
            "timeout": draw(st.sampled_from(["4s", "10s", "3m"])),
            "reserve": draw(st.sampled_from(["placed", "paid"])),
            "stamp": draw(st.sampled_from(["1s", "0s", "5s"])),
        }
    if draw(st.booleans()):
        sections["cancellations"] = {
            "share": draw(st.sampled_from([0.1, 0.5, 1])),
            "delay": draw(delays),
        }
    if draw(st.booleans()):
        sections["stock"] = {"A": draw(stock), "B": draw(stock)}
        sections["stock"] |= {"TOTE": draw(stock), "POUCH": draw(st.integers(0, 8))}
        sections["stock"] |= {"C": draw(stock), "D": draw(st.integers(0, 9))}
        sections["stock"] |= {"READY": draw(st.integers(0, 9)), "BOX": draw(st.integers(0, 4))}
        sections["safety_stock"] = {"A": draw(st.integers(0, 5))}
    if draw(st.booleans()):
        sections["sellable"] = {"live": {"KIT": draw(st.integers(0, 9)), "A": draw(stock)}}
        sections["sellable"]["live"] |= {"PICK": draw(st.integers(0, 9))}
    if draw(st.booleans()):
        sections["oms"]["rate"] = draw(st.sampled_from(["3600/h", "20/m", "500/h"]))
    if draw(st.booleans()):
        sections["oms"]["hold"] = draw(st.sampled_from(["3s", "10s"]))
    if draw(st.booleans()):
        sections["oms"]["merge"] = draw(st.sampled_from(["2s", "7s", "30s"]))
    if draw(st.booleans()):
        review = {"share": draw(st.sampled_from([0.3, 1])), "people": draw(st.integers(1, 2))}
        sections["oms"]["manual_review"] = {**review, "work": draw(st.sampled_from(["1s", "4s"]))}
    sections["oms"]["when_short"] = draw(st.sampled_from(["backorder", "cancel", "ship_partial"]))
    return sections


_gifts = st.dictionaries(
    st.sampled_from(["TOTE", "POUCH", "A", "C", "PAIR", "READY"]),
    st.integers(1, 2),
    min_size=1,
    max_size=3,
)


@st.composite
def triggers(draw: st.DrawFn) -> dict[str, Any]:
    """What a rule looks at and how it measures it; prices are 1.50 and 2.00 a piece."""
    trigger: dict[str, Any] = {}
    if draw(st.booleans()):
        trigger = draw(
            st.sampled_from(
                [
                    {"items": ["A", "KIT"]},
                    {"items": ["B"], "level": "leaf"},
                    {"items": ["PICK", "LUCK"]},
                    {"items": ["LUCK", "C", "READY"], "level": "leaf"},
                    {"items": {"A": 1, "B": 1}},
                    {"items": {"KIT": 2}},
                    {"categories": ["big"], "not": ["BIG"]},
                    {"brands": ["glow"]},
                    {"level": "leaf", "not": {"brands": ["glow"]}},
                ]
            )
        )
    sets = isinstance(trigger.get("items"), dict)
    if not sets:
        trigger["measure"] = draw(st.sampled_from(["units", "amount", "distinct", "orders"]))
    if trigger.get("measure") == "amount":
        trigger["base"] = draw(st.sampled_from(["list", "net", "net_tax"]))
    trigger["scope"] = draw(st.sampled_from(["order", "order", "merged", "customer"]))
    trigger |= draw(st.sampled_from([{}, {}, {"min": 2}, {"max": 9}, {"min": 1, "max": 4}]))
    return trigger


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A gift rule of any kind."""
    rule: dict[str, Any] = {"trigger": draw(triggers())}
    units = rule["trigger"].get("measure") == "units"
    count = draw(st.sampled_from(["once", "every", "tiers", *(["period"] if units else [])]))
    reward: dict[str, Any] = {"gift": draw(_gifts)}
    if count == "every":
        rule["count"] = {"mode": count, "step": draw(st.integers(1, 4))}
        rule["count"]["offset"] = draw(st.integers(0, 2))
    elif count == "tiers":
        gifts, limits = [reward.pop("gift"), draw(_gifts)], [1, draw(st.integers(2, 6))]
        pick = draw(st.sampled_from(["highest", "cumulative"]))
        tiers = [{"min": m, "gift": g} for m, g in zip(limits, gifts, strict=True)]
        tiers[1]["min_units"] = draw(st.integers(0, 3))
        rule["count"] = {"mode": count, "pick": pick, "tiers": tiers}
    elif count == "period":
        rule["count"] = {"mode": count, "buy": draw(st.integers(1, 3)), "free": 1}
        rule["count"]["whole"] = draw(st.booleans())
        if draw(st.booleans()):
            reward = {}
    if reward and draw(st.integers(0, 4)) == 0 and "gift" in reward:
        reward["source"] = "in_cart"
    reward["choose"] = draw(st.sampled_from(["all", "all", "waterfall", "dearest", "random"]))
    rule["reward"] = reward
    where: dict[str, Any] = {}
    if draw(st.booleans()):
        where = draw(
            st.sampled_from(
                [
                    {"channel": ["live"]},
                    {"region": "east"},
                    {"room": ["88"]},
                    {"time": [["5s", "20s"], ["25s", "50s"]]},
                    {"tier": [1, 2]},
                    {"new": False},
                    {"new": True},
                    {"coupon": True},
                ]
            )
        )
    rule["where"] = where
    if draw(st.booleans()):
        gates = [
            {"first_n": 4},
            {"first_n": 2, "per": "minute"},
            {"first_n": 1, "per": "room"},
            {"first_n": 2, "per": "window"},
            {"every_k": 3},
            {"every_k": 2, "first_n": 2},
            {"lottery": {"p": 0.5}},
            {"customer_nth": 2},
        ]
        rule["gate"] = draw(st.sampled_from(gates))
    if draw(st.booleans()):
        cap = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "order": st.integers(1, 3),
                    "customer": st.integers(0, 3),
                    "total": st.integers(0, 12),
                    "budget": st.integers(0, 20),
                    "used": st.integers(0, 3),
                },
            )
        )
        cap["when_exhausted"] = draw(st.sampled_from(["partial", "close", "skip"]))
        rule["cap"] = cap
    rule["clawback"] = {"cancel": draw(st.sampled_from(["release", "keep"]))}
    plain = rule["trigger"].get("level") != "leaf" and rule["trigger"]["scope"] != "customer"
    rule["stack"] = {
        "priority": draw(st.integers(0, 2)),
        "group": draw(st.sampled_from([None, "one", "two"])),
        "exclusive": draw(st.integers(0, 5)) == 0,
        "stop": draw(st.sampled_from(["none", "none", "order", *(["line"] if plain else [])])),
        "decide": draw(st.sampled_from(["eligible", "granted"])),
        "consume": plain and draw(st.booleans()),
        "best_deal": draw(st.integers(0, 3)) == 0,
    }
    rule["fulfil"] = {
        "ship": draw(st.sampled_from(["with_main", "split", "after_main"])),
        "when_out_of_stock": draw(
            st.sampled_from(["skip", "skip", "next", "hold", "backorder", "cancel"])
        ),
        "work": draw(st.sampled_from(["0s", "2s"])),
    }
    return rule


#: No order, only what gift rules may ask for by name.
_NAMES = {
    **{"channel": "live", "room": "88", "regions": {"east": 1}},
    "customers": {"pool": 1, "tiers": {1: 1, 2: 1}},
    **{"shape": "instant", "at": "0s", "orders": 0, "basket": {"weights": {"A": 1}}},
}


@st.composite
def kits(draw: st.DrawFn) -> dict[str, Any]:
    """Kits of every kind, and kits in kits."""
    whole = st.integers(1, 2)
    return {
        "READY": {"kind": "prekit", "needs": {"A": draw(whole), "C": 1}, "work": draw(_seconds)},
        "BOX": {"kind": "prekit", "price": 8, "needs": {"READY": 1, "D": draw(whole)}},
        "PICK": {
            "kind": "choose",
            "price": 5,
            "choose": 3,
            "of": {"A": 2, "B": 1, "KIT": draw(st.integers(0, 1)), "LUCK": 1},
            "limits": draw(st.sampled_from([{}, {"A": [1, 2]}, {"B": 1}, {"LUCK": 0}])),
            "work": draw(_seconds),
        },
        "LUCK": {
            "kind": "mystery",
            "price": 3,
            "needs": draw(st.sampled_from([{}, {}, {"POUCH": 1}])),
            "draw": draw(whole),
            "pool": draw(st.sampled_from([["A", "C", "D"], {"B": 3, "C": 1, "D": 0}, ["D", "C"]])),
        },
        "EITHER": {"needs": {"C": {"quantity": draw(whole), "else": ["D", "A"]}, "B": 1}},
        "DEEP": {
            "price": 20,
            "needs": {"PICK": draw(whole), "EITHER": 1, "LUCK": 2, "READY": draw(whole)},
            "work": "1s",
        },
    }


@st.composite
def builds(draw: st.DrawFn, stages: list[str]) -> dict[str, Any]:
    """Up to three builds of prekits."""
    named = {}
    for name in draw(st.sampled_from([[], ["x"], ["x", "y"], ["x", "y", "z"]])):
        build = {
            "at": draw(_seconds),
            "kit": draw(st.sampled_from(["READY", "READY", "BOX"])),
            "quantity": draw(st.integers(1, 12)),
            "people": draw(st.integers(1, 4)),
        }
        if draw(st.booleans()):
            build["lot"] = draw(st.integers(1, 5))
        if draw(st.booleans()):
            build["stage"] = draw(st.sampled_from(stages))
        named[name] = build
    return named


_COUNTED = st.sampled_from(["A", "B", "C", "TOTE", "READY"])


@st.composite
def inbound(draw: st.DrawFn) -> dict[str, Any]:
    """Up to two trucks."""
    pieces = st.dictionaries(_COUNTED, st.integers(0, 15), min_size=1, max_size=3)
    names = draw(st.sampled_from([[], ["t1"], ["t1", "t2"]]))
    return {name: {"at": draw(_seconds), "stock": draw(pieces)} for name in names}


@st.composite
def stock_disruptions(draw: st.DrawFn, houses: list[str]) -> dict[str, Any]:
    """Late trucks, and shelves with fewer pieces than the books say."""
    found: dict[str, Any] = {}
    if draw(st.integers(0, 2)) == 0:
        found["late"] = {"what": "inbound_delay", "at": draw(_seconds), "by": draw(_seconds)}
        found["late"] |= {"where": draw(st.sampled_from(houses))}
        if draw(st.booleans()):
            found["late"]["for"] = "10s"
        if found["late"]["by"] == "0s":
            del found["late"]
    if draw(st.integers(0, 2)) == 0:
        counted = st.dictionaries(_COUNTED, st.integers(0, 9), min_size=1, max_size=2)
        found["count"] = {"what": "stock_count", "at": draw(_seconds), "stock": draw(counted)}
        found["count"]["where"] = draw(st.sampled_from(houses))
    return found


@st.composite
def more_warehouses(draw: st.DrawFn, oms: dict[str, Any], *, limited: bool) -> dict[str, Any]:
    """Up to two more warehouses, one of them a partner's, and how orders find them."""
    names = draw(st.sampled_from([[], [], ["depot"], ["depot", "partner"], ["partner"]]))
    stock = st.integers(0, 25)
    houses: dict[str, Any] = {}
    for name in names:
        house: dict[str, Any] = {}
        if draw(st.integers(0, 2)) == 0:
            house["open"] = False
        if limited and (draw(st.integers(0, 5)) or "open" in house):
            house["stock"] = {sku: draw(stock) for sku in ("A", "B", "C", "TOTE", "POUCH")}
        if name == "partner":
            house["external"] = {"lead_time": {"mean": "9s", "cv": draw(st.sampled_from([0, 1]))}}
            if draw(st.booleans()):
                house["external"]["capacity"] = draw(st.sampled_from(["1800/h", "60/min"]))
        else:
            house["stages"] = {
                "pick": {"workers": draw(st.integers(1, 3)), "work": draw(works())},
                "wrap": {"workers": 1, "only": "needs_work"},
            }
            if draw(st.integers(0, 2)) == 0:
                house["release"] = draw(releases())
        house["inbound"] = draw(inbound())
        if draw(st.integers(0, 3)) == 0:
            house["owners"] = ["other"]
        houses[name] = house
    if names and draw(st.booleans()):
        known = ["hub", *names]
        oms["routing"] = {}
        for region in ("east", "south"):
            route = draw(st.lists(st.sampled_from(known), max_size=3, unique=True))
            # somebody has to ship everybody's goods
            oms["routing"][region] = route if "hub" in route else [*route, "hub"]
    if names:
        oms["split"] = draw(st.booleans())
        policies = ["preference", "preference", "cheapest", "least_backlog"]
        oms["route_by"] = draw(st.sampled_from(policies))
    return houses


@st.composite
def carriers(draw: st.DrawFn) -> dict[str, Any]:
    """Up to three carriers with trucks every few seconds, for everybody or for a region."""
    moments = st.integers(0, 90).map(lambda n: f"{n}s")
    named: dict[str, Any] = {}
    for name in draw(st.sampled_from([[], ["sf"], ["sf", "yto"], ["sf", "yto", "ems"]])):
        trucks = draw(st.lists(moments, min_size=1, max_size=5))
        trucks += draw(st.sampled_from([[], ["00:00:40"], ["2026-01-01 00:01"]]))
        named[name] = {"pickups": trucks}
        if draw(st.booleans()):
            named[name]["capacity"] = draw(st.integers(1, 9))
        if name != "sf" and draw(st.booleans()):
            named[name]["regions"] = ["east" if name == "yto" else "south"]
        else:
            named[name]["share"] = draw(st.integers(1, 3))
    return named


@st.composite
def promises(draw: st.DrawFn) -> dict[str, Any]:
    """One promise for all, or one for a channel and another for the rest."""
    whens = st.sampled_from(
        [
            {"within": "30s"},
            {"within": "9s"},
            {"cut_offs": [{"paid_before": "00:00:20", "by": "00:00:45"}]},
            {
                "cut_offs": [
                    {"paid_before": "00:00:10", "by": "00:00:25"},
                    {"paid_before": "00:00:30", "by": "+1d 00:00"},
                ]
            },
        ]
    )
    named = {}
    for name in draw(st.sampled_from([["all"], ["live", "all"]])):
        named[name] = {**draw(whens), "met_at": draw(st.sampled_from(["packed", "pickup"]))}
        penalty = draw(
            st.sampled_from([None, {"preset": "kuaishou-late-shipment"}, {"rate": 0.3, "min": 1}])
        )
        if penalty is not None:
            named[name]["penalty"] = penalty
    if "live" in named:
        named["live"]["where"] = {"channel": ["live"]}
    return named


@st.composite
def returns(draw: st.DrawFn) -> dict[str, Any] | None:
    """Orders that come back, or none."""
    if draw(st.integers(0, 2)):
        return None
    return {"share": draw(st.sampled_from([0.3, 1])), "after": draw(delays)}


@st.composite
def initials(draw: st.DrawFn, stages: list[str], *, limited: bool) -> dict[str, Any]:
    """A night that is under way: orders with the order management and on the floor."""
    line = st.fixed_dictionaries(
        {
            "order": st.sampled_from(["o1", "o2", "o3", "o4", "o5"]),
            "sku": st.sampled_from(["A", "B", "KIT", "BIG"]),
            "quantity": st.integers(1, 3),
        },
        optional={
            "paid_at": st.sampled_from(["-20s", "-3s", "2s", "30s"]),
            "stage": st.sampled_from(stages),
            "channel": st.just("live"),
            "region": st.just("east"),
        },
    )
    state: dict[str, Any] = {"at": draw(st.sampled_from(["0s", "7s", "15s"]))}
    state["open_orders"] = draw(st.lists(line, max_size=8))
    if limited and draw(st.booleans()):
        state["stock"] = {"hub": {"A": draw(st.integers(0, 20)), "TOTE": draw(st.integers(0, 9))}}
    return state


_longer = st.sampled_from(["0s", "0s", "1500ms"])


@st.composite
def floor_rules(draw: st.DrawFn, name: str, stage: dict[str, Any], rosters: dict[str, Any]) -> None:
    """Add to a stage what only some floors have: zones, walks, tours, who is next, room."""
    disciplines = st.sampled_from(["fifo", "promise", "class", "size"])
    if draw(st.integers(0, 2)) == 0:
        stage["discipline"] = draw(disciplines)
    if name == "pick" and draw(st.integers(0, 2)) == 0:
        stage["tour"] = draw(tours())
    for room in ("put_wall", "staging"):
        if draw(st.integers(0, 5)) == 0:
            stage[room] = draw(st.integers(1, 8))
    if draw(st.integers(0, 3)) == 0:
        stage["travel"] = {"aisles": draw(st.integers(1, 6)), "per_aisle": draw(_seconds)}
    if draw(st.integers(0, 9)) == 0:
        stage["only"] = "needs_work"
    if draw(st.integers(0, 2)):
        return
    zones = draw(st.sampled_from([["fast"], ["bulk", "fast"], ["bulk", "fast", "gifts"]]))
    stage["zones"] = {zone: {"workers": draw(st.integers(1, 3))} for zone in zones}
    stage.pop("workers")
    roster = rosters.pop(name)
    rosters[name if len(zones) == 1 else f"{name}.{zones[-1]}"] = roster
    if draw(st.booleans()):
        stage["zones"][zones[-1]]["work"] = draw(works())
    if draw(st.booleans()):
        stage["zones"][zones[0]]["travel"] = {"aisles": 3, "per_aisle": "1s"}
    if draw(st.booleans()):
        stage["zones"][zones[0]]["discipline"] = draw(disciplines)
    if name == "pick" and draw(st.booleans()):
        stage["zones"][zones[-1]]["tour"] = draw(tours())


@st.composite
def tours(draw: st.DrawFn) -> dict[str, Any]:
    """A cart that holds a few orders, a few pieces, or both."""
    limits = st.fixed_dictionaries(
        {}, optional={"orders": st.integers(1, 4), "units": st.integers(1, 9)}
    ).filter(bool)
    return {**draw(limits), "setup": draw(_seconds)}


@st.composite
def releases(draw: st.DrawFn) -> dict[str, Any]:
    """Waves, and limits of what may be inside."""
    release: dict[str, Any] = {"order": draw(st.sampled_from(["paid", "promise", "size"]))}
    if draw(st.booleans()):
        release["mode"] = "wave"
        waves = {"every": st.sampled_from(["3s", "10s", "61s"]), "orders": st.integers(1, 8)}
        release |= draw(st.fixed_dictionaries({}, optional=waves).filter(bool))
    if draw(st.integers(0, 2)) == 0:
        release["max_open_orders"] = draw(st.integers(1, 12))
    return release


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """A small random sale through a small random warehouse."""
    sections = draw(storefronts())
    demand = {f"s{n}": draw(streams()) for n in range(draw(st.integers(1, 3)))}
    demand["s0"]["channel"] = "live"  # the one that allotments are for
    demand["names"] = _NAMES
    shelves = {name: sections.pop(name) for name in ("stock", "safety_stock") if name in sections}
    names = ["pick", "pack", "sort", "load"][: draw(st.integers(1, 4))]
    stages: dict[str, dict[str, Any]] = {
        name: {
            "workers": draw(st.integers(0, 5)),
            "work": draw(works()),
            "transfer": draw(st.sampled_from(["0s", "0s", "3s", "250ms"])),
        }
        for name in names
    }
    rosters = {name: draw(shifts()) for name in names}
    for name in names:
        roster = rosters[name].values()  # a break may take all of a shift
        people = stages[name]["workers"] or any(
            s["workers"] and not s.get("breaks") for s in roster
        )
        if not people:
            stages[name]["workers"] = 1
    for name in names:
        draw(floor_rules(name, stages[name], rosters))
    zones = st.sampled_from(
        [None, *sorted({zone for stage in stages.values() for zone in stage.get("zones", ())})]
    )
    places = [
        f"{name}.{zone}" if len(stages[name].get("zones", ())) > 1 else name
        for name in names
        for zone in stages[name].get("zones", [name])
    ]
    coming_back, trucks = draw(returns()), draw(carriers())
    back = {"returns": {"workers": draw(st.integers(1, 3)), "work": draw(works())}}
    missing = {}
    if trucks and draw(st.integers(0, 2)) == 0:
        where = draw(st.sampled_from(["hub", *(f"hub.{name}" for name in trucks)]))
        missing = {"what": "truck_no_show", "at": draw(_seconds), "where": where, "for": "30s"}
        missing = {"no truck": missing}
    others = draw(more_warehouses(sections["oms"], limited=bool(shelves)))
    under_way = draw(st.integers(0, 4)) == 0
    # a merchant that a warehouse ships for has something to sell
    needed = any(house.get("owners") for house in others.values())
    owner = "other" if needed or draw(st.booleans()) else None
    gifts = {f"g{n}": draw(rules()) for n in range(draw(st.integers(0, 4)))}
    return {
        "burstsim": 1,
        "start": "2026-01-01 00:00",
        "horizon": "45s",
        "drain": draw(st.sampled_from(["0s", "20s", "3m", "1h"])),
        "seed": draw(st.integers(0, 5)),
        "demand_scale": draw(st.sampled_from([1, 1, 0, 2.5])),
        "catalog": {
            "skus": {
                "A": {
                    **{"price": 1.5, "brand": "glow", "zone": draw(zones)},
                    "margin": draw(st.sampled_from([None, 0.7])),
                },
                "B": {"price": 2, "category": "big", "zone": draw(zones)},
                "TOTE": {"price": 3, "extra_pick_time": draw(st.sampled_from(["0s", "3s"]))},
                "POUCH": {"price": 1},
                "C": {"price": 0.5, "owner": owner},
                "D": {"price": 1, "zone": draw(zones), "extra_pick_time": draw(_longer)},
            },
            "kits": {
                **draw(kits()),
                "KIT": {
                    **{"needs": {"A": 1, "B": 2}, "work": draw(_seconds), "category": "big"},
                    "zone": draw(st.sampled_from([None, *places])),
                },
                "BIG": {"needs": {"KIT": 2, "A": 1}, "price": 9, "category": "big"},
                "PAIR": {"needs": {"TOTE": 1, "POUCH": 1}},
            },
        },
        "costs": {
            **{"gift": {"TOTE": 2, "A": 1}, "worker_hour": 28, "parcel": 3.2},
            **draw(st.sampled_from([{}, {"extra_parcel": 2, "lanes": {"hub": {"east": 1}}}])),
            **draw(st.sampled_from([{}, {"temp_hour": 35}])),
        },
        "gifts": gifts,
        "demand": demand,
        **sections,
        "warehouses": {
            "hub": {
                **shelves,
                "inbound": draw(inbound()),
                "builds": draw(builds(places)),
                "stages": {**stages, **(back if coming_back and draw(st.booleans()) else {})},
                "carriers": trucks,
                "release": draw(releases()) if draw(st.booleans()) else {},
                "shifts": {name: roster for name, roster in rosters.items() if roster},
                **draw(people_of(places)),
            },
            **others,
        },
        **({"initial": draw(initials(names, limited=bool(shelves)))} if under_way else {}),
        "disruptions": {
            **draw(stock_disruptions(["hub", *others])),
            **draw(people_disruptions([*names, *places])),
            **missing,
        },
        "policies": draw(
            policies(
                places,
                [name for name, roster in rosters.items() if roster],
                list(trucks),
                [name for name, house in others.items() if "open" in house],
                gifts,
            )
        ),
        "promises": draw(promises()),
        **({"returns": coming_back} if coming_back else {}),
    }


def without_rooms(data: dict[str, Any]) -> dict[str, Any]:
    """Take tours, waves and limits out: then no parcel has a say in when another begins."""
    changed: dict[str, Any] = json.loads(json.dumps(data))
    for house in changed["warehouses"].values():
        house.pop("release", None)
        for stage in house.get("stages", {}).values():
            for part in (stage, *stage.get("zones", {}).values()):
                for key in ("tour", "put_wall", "staging"):
                    part.pop(key, None)
    return changed
