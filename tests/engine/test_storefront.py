"""From placing to the floor, by hand: payment, stock, cancellation, merging, the OMS's limits.

Every case runs in both engines, which must give the same; the numbers are worked out in the
comments. Delays without a cv are constant, `arrivals: even` puts orders at known moments.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from burstsim.engine import event, vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.trace import STATES, Trace
from burstsim.results.metrics import measure
from burstsim.results.rowtables import frame_of, order_rows
from burstsim.studies.verify import first_difference
from burstsim.units import NEVER
from tests.scenarios import scenario_of


def sale(demand: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """One stage of 9 workers, a second per order; sweeps at once unless `oms` says otherwise."""
    house: dict[str, Any] = {"stages": {"pack": {"workers": 9, "work": {"per_task": "1s"}}}}
    house |= {name: sections.pop(name) for name in ("stock", "safety_stock") if name in sections}
    house["stages"] |= sections.pop("stages", {})
    return {
        "burstsim": 1,
        "horizon": "10m",
        "drain": "1h",
        "catalog": {"skus": {"A": {}, "B": {}}, "kits": {"SET": {"needs": {"A": 1, "B": 2}}}},
        "demand": demand,
        "oms": {"cycle": "0s"},
        "warehouses": {"hub": house},
        **sections,
    }


def instant(count: int, at: str = "0s", item: str = "A", **more: Any) -> dict[str, Any]:
    basket = {"weights": {item: 1}, **more.pop("basket", {})}
    return {"shape": "instant", "at": at, "orders": count, "basket": basket, **more}


def run(data: dict[str, Any], replication: int = 0) -> Trace:
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, replication)
    plain, fast = event.simulate(model, orders), vector.simulate(model, orders)
    assert first_difference(plain, fast) is None
    return fast


def states(trace: Trace) -> list[str]:
    return [STATES[state] for state in trace.state]


def released(trace: Trace) -> list[float | None]:
    ticks = trace.per_order(trace.released).tolist()
    return [tick / 1e6 if tick < NEVER else None for tick in ticks]


def test_a_payment_is_stamped_later_and_released_then() -> None:
    """Paid 2.5 s after 1.2 s is 3.7 s; stamped at whole multiples of 2 s: 4 s."""
    data = sale({"s": instant(1, "1200ms")})
    data["payment"] = {"delay": {"mean": "2500ms"}, "stamp": "2s"}
    trace = run(data)
    assert trace.orders.paid.tolist() == [4_000_000]
    assert released(trace) == [4.0]


@pytest.mark.parametrize(("mean", "state"), [("30s", "shipped"), ("30000001us", "expired")])
def test_a_delay_of_exactly_the_timeout_is_paid(mean: str, state: str) -> None:
    data = sale({"s": instant(1)})
    data["payment"] = {"delay": {"mean": mean}, "timeout": "30s", "stamp": "0s"}
    assert states(run(data)) == [state]


def test_stock_is_given_to_those_who_place_first_and_kits_share_it() -> None:
    """Five A, four B: the set takes A 1 B 2, twice; then two A; then neither set nor A is left."""
    data = sale(
        {
            "sets": instant(2, "1s", "SET"),
            "singles": instant(2, "2s"),
            "late sets": instant(1, "3s", "SET"),
            "late": instant(2, "4s"),
        },
        stock={"A": 5, "B": 4},
    )
    assert states(run(data)) == ["shipped"] * 4 + ["rejected", "shipped", "rejected"]


def test_safety_stock_is_not_sold() -> None:
    data = sale({"s": instant(5)}, stock={"A": 5}, safety_stock={"A": 2})
    assert states(run(data)) == ["shipped"] * 3 + ["rejected"] * 2


def test_a_sku_left_out_of_a_given_stock_is_not_there() -> None:
    assert states(run(sale({"s": instant(1)}, stock={"B": 9}))) == ["rejected"]


def test_a_large_order_is_refused_and_a_later_small_one_is_served() -> None:
    big = {"quantity": {"3": 1}}
    data = sale({"big": instant(1, "1s", basket=big), "small": instant(2, "2s")}, stock={"A": 2})
    assert states(run(data)) == ["rejected", "shipped", "shipped"]


def test_expired_stock_comes_back_at_the_sweep_and_can_be_bought_after_it() -> None:
    """Nobody pays; the only piece is back at the sweep at 60 s: free at 60.000001 s."""
    data = sale(
        {"a": instant(1, "0s"), "b": instant(1, "60s"), "c": instant(1, "60000001us")},
        stock={"A": 1},
    )
    data["oms"] = {"cycle": "60s"}
    data["payment"] = {"paid": 0, "timeout": "30s"}
    assert states(run(data)) == ["expired", "rejected", "expired"]


def test_reserving_at_payment_sells_what_is_not_there() -> None:
    """Three pay for two pieces: the third is oversold and waits, or is cancelled."""
    data = sale({"s": instant(3)}, stock={"A": 2})
    data["payment"] = {"reserve": "paid", "delay": {"mean": "1s"}}
    trace = run(data)
    assert states(trace) == ["shipped", "shipped", "backordered"]
    assert trace.oversold.tolist() == [0, 0, 1]
    data["oms"]["when_short"] = "cancel"
    trace = run(data)
    assert states(trace) == ["shipped", "shipped", "cancelled"]
    assert trace.dropped[2] == 1_000_000
    assert measure(trace)["orders_oversold"].number == 1
    # open from payment to the sweep that drops it, in the same tick
    assert measure(trace)["backlog_peak"].number == 2


def test_allotments_cap_a_channel_and_not_the_others() -> None:
    data = sale({"live": instant(3, channel="live"), "shop": instant(3, "1s")}, stock={"A": 9})
    data["sellable"] = {"live": {"A": 2}}
    assert states(run(data)) == ["shipped", "shipped", "rejected"] + ["shipped"] * 3


def test_cancelled_before_release_is_out_and_its_stock_is_sold_again() -> None:
    """Cancelled 5 s after payment while held for 20 s: the piece is free after the sweep at 5 s."""
    data = sale({"a": instant(1), "b": instant(1, "5s"), "c": instant(1, "6s")}, stock={"A": 1})
    data["oms"] = {"cycle": "0s", "hold": "20s"}
    data["cancellations"] = {"share": 1, "delay": {"mean": "5s"}}
    trace = run(data)
    assert states(trace) == ["cancelled", "rejected", "cancelled"]
    assert released(trace) == [None, None, None]


def test_cancelled_on_the_floor_leaves_at_the_next_stage() -> None:
    """One worker, 10 s each: at 12 s the first is done with pick, the second is in it.

    Both are cancelled at 15 s. The first has entered pack at 10 s and ships; the second comes
    to pack at 20 s and leaves; the third, queued for pick, is picked first all the same.
    """
    pick = {"workers": 1, "work": {"per_task": "10s"}}
    data = sale({"s": instant(3)})
    stages = {"pick": pick, "pack": {"workers": 1, "work": {"per_task": "8s"}}}
    data["warehouses"]["hub"]["stages"] = stages
    data["cancellations"] = {"share": 1, "delay": {"mean": "15s"}}
    trace = run(data)
    assert states(trace) == ["shipped", "cancelled", "cancelled"]
    assert (trace.visits[0].done / 1e6).tolist() == [10, 20, 30]
    assert (trace.visits[1].entered < NEVER).tolist() == [True, False, False]
    # open from 0 until shipped at 18 s, and until the cancellation at 15 s
    assert measure(trace)["backlog_peak"].number == 3


def test_a_cancellation_in_the_tick_of_arrival_counts() -> None:
    pick = {"workers": 1, "work": {"per_task": "10s"}}
    data = sale({"s": instant(1)})
    stages = {"pick": pick, "pack": {"workers": 1, "work": {"per_task": "8s"}}}
    data["warehouses"]["hub"]["stages"] = stages
    data["cancellations"] = {"share": 1, "delay": {"mean": "10s"}}
    assert states(run(data)) == ["cancelled"]
    data["cancellations"] = {"share": 1, "delay": {"mean": "10000001us"}}
    assert states(run(data)) == ["shipped"]


def test_hold_is_counted_from_payment_and_ends_at_a_sweep() -> None:
    data = sale({"s": instant(1, "10s")})
    data["oms"] = {"cycle": "60s", "hold": "2m"}
    assert released(run(data)) == [180.0]


def test_a_sweep_takes_no_more_than_its_share_of_the_rate() -> None:
    """120/h in sweeps of a minute: two per sweep, in order of payment."""
    data = sale({"s": instant(5, "10s"), "t": instant(1, "70s")})
    data["oms"] = {"cycle": "1m", "rate": "120/h"}
    assert released(run(data)) == [60, 60, 120, 120, 180, 180]


def test_a_rate_without_sweeps_keeps_its_distance() -> None:
    """3600/h without a cycle: one each second; after a pause at once again."""
    data = sale({"s": instant(3, "10s"), "t": instant(2, "20s")})
    data["oms"] = {"cycle": "0s", "rate": "3600/h"}
    assert released(run(data)) == [10, 11, 12, 20, 21]


def test_reviewed_orders_come_out_when_somebody_has_looked_at_them() -> None:
    """Two people, 5 s each, five orders: done at 5, 5, 10, 10, 15 s, swept one tick later."""
    data = sale({"s": instant(5)})
    data["oms"] = {"cycle": "0s", "manual_review": {"share": 1, "people": 2, "work": "5s"}}
    assert released(run(data)) == [5.000001, 5.000001, 10.000001, 10.000001, 15.000001]
    data["oms"]["cycle"] = "10s"
    assert released(run(data)) == [10, 10, 20, 20, 20]


def test_one_customers_orders_leave_together() -> None:
    """One customer; an order waits 30 s and takes along what is paid by then.

    Paid at 0, 20 and 31 s: the first leaves at 30 s with the second; the third at 61 s alone.
    """
    buyer = {"customers": {"pool": 1}}
    data = sale({"a": instant(1, **buyer), "b": instant(1, "20s", "SET", **buyer)})
    data["demand"]["c"] = instant(1, "31s", **buyer)
    data["oms"] = {"cycle": "0s", "merge": "30s"}
    data["warehouses"]["hub"]["stages"]["pack"]["work"] = {"per_line": "10s", "per_unit": "1s"}
    trace = run(data)
    assert released(trace) == [30, 30, 61]
    assert trace.parcel.tolist() == [0, 0, 1]
    # the parcel: A, A and two B: two different SKUs, four pieces
    assert trace.visits[0].done.tolist() == [54_000_000, 72_000_000]
    assert measure(trace)["parcels"].number == 2
    assert measure(trace)["orders_shipped"].number == 3
    # promised within a minute: the first is due at 60 s, and so is what travels with it
    data["promises"] = {"all": {"within": "60s"}}
    late = frame_of(order_rows(run(data)))
    assert late["due"].tolist() == [60, 60, 91]
    assert late["late"].tolist() == [False, False, False]
    data["warehouses"]["hub"]["stages"]["pack"]["work"] = {"per_task": "40s"}
    assert frame_of(order_rows(run(data)))["late"].tolist() == [True, True, True]


def test_orders_of_other_customers_or_regions_do_not_merge() -> None:
    new = {"customers": {"new": 1}}
    data = sale({"a": instant(2, **new), "b": instant(2, "1s")})
    data["oms"] = {"cycle": "0s", "merge": "30s"}
    assert run(data).parcel.tolist() == [0, 1, 2, 3]
    buyer = {"customers": {"pool": 1}}
    data = sale({"a": instant(1, regions={"east": 1}, **buyer)})
    data["demand"]["b"] = instant(1, regions={"west": 1}, **buyer)
    data["oms"] = {"cycle": "0s", "merge": "30s"}
    assert run(data).parcel.tolist() == [0, 1]


def test_a_merged_parcel_is_cancelled_when_all_its_orders_are() -> None:
    buyer = {"customers": {"pool": 1}}
    data = sale({"a": instant(1, **buyer), "b": instant(1, "20s", **buyer)})
    data["oms"] = {"cycle": "0s", "merge": "30s"}
    data["cancellations"] = {"share": 1, "delay": {"mean": "35s"}}
    stages = {"pick": {"workers": 1, "work": {"per_task": "10s"}}}
    data["warehouses"]["hub"]["stages"] = stages | data["warehouses"]["hub"]["stages"]
    # cancelled at 35 and 55 s; the parcel comes to pack at 40 s: only one of the two is gone
    assert states(run(data)) == ["shipped", "shipped"]
    stages["pick"]["work"]["per_task"] = "25s"
    assert states(run(data)) == ["cancelled", "cancelled"]


def test_shares_of_payment_cancellation_and_review() -> None:
    data = sale({"s": instant(20_000)})
    data["payment"] = {"paid": 0.9, "delay": {"mean": "60s", "dist": "exponential"}}
    data["payment"] |= {"timeout": "2m", "stamp": "0s"}
    data["cancellations"] = {"share": 0.2, "delay": {"mean": "40m", "cv": 1}}
    data["oms"]["manual_review"] = {"share": 0.03, "people": 9, "work": "1s"}
    model = compile_scenario(scenario_of(data))
    runs = [draw_orders(model, replication) for replication in range(10)]
    paid = np.concatenate([orders.paid for orders in runs]) < NEVER
    cancelled = np.concatenate([orders.cancelled for orders in runs]) < NEVER
    reviewed = np.concatenate([orders.reviewed for orders in runs])
    pays = 0.9 * (1 - np.exp(-2))  # means to, and is quick enough
    assert stats.binomtest(int(paid.sum()), 200_000, pays).pvalue > 1e-4
    assert stats.binomtest(int(cancelled.sum()), int(paid.sum()), 0.2).pvalue > 1e-4
    assert stats.binomtest(int(reviewed.sum()), 200_000, 0.03).pvalue > 1e-4
    assert not (cancelled & ~paid).any()
    delay = np.concatenate([(orders.paid - orders.placed) for orders in runs])[paid] / 60e6
    assert stats.kstest(delay, stats.truncexpon(2).cdf).pvalue > 1e-4


def test_customers_repeat_as_often_as_the_pool_is_small() -> None:
    """With a pool of m, n orders come from m(1 − (1 − 1/m)ⁿ) different members on average."""
    population = {"pool": 3000, "new": 0.25, "tiers": {"1": 3, "2": 1}}
    data = sale({"s": instant(4000, customers=population)})
    model = compile_scenario(scenario_of(data))
    orders = draw_orders(model, 0)
    member = orders.customer < 3000
    assert stats.binomtest(int((~member).sum()), 4000, 0.25).pvalue > 1e-4
    assert len(set(orders.customer[~member].tolist())) == (~member).sum()
    n = int(member.sum())
    expected = 3000 * (1 - (1 - 1 / 3000) ** n)
    assert len(set(orders.customer[member].tolist())) == pytest.approx(expected, abs=120)
    tiers: dict[int, set[int]] = {}
    for customer, tier in zip(orders.customer.tolist(), orders.tier.tolist(), strict=True):
        tiers.setdefault(customer, set()).add(tier)
    assert all(len(found) == 1 for found in tiers.values())
    assert (orders.tier == 2).mean() == pytest.approx(0.25, abs=0.03)


def test_a_stock_cap_sells_the_expected_number() -> None:
    """Q20 of the queue cases: demand Poisson(1000), stock 1000: 987.385388651 units on average."""
    stream = {"shape": "steady", "rate": "6000/h", "basket": {"weights": {"A": 1}}}
    data = sale({"s": stream}, stock={"A": 1000})
    model = compile_scenario(scenario_of(data))
    sold = []
    for replication in range(300):
        trace = vector.simulate(model, draw_orders(model, replication))
        sold.append(measure(trace)["units_shipped"].number)
    half = stats.t.ppf(0.9995, 299) * np.std(sold, ddof=1) / np.sqrt(300)
    assert abs(np.mean(sold) - 987.385388651) < half < 5
    assert states(run(data)).count("shipped") == sold[0]


def test_a_closed_channel_loses_orders_and_sends_some_another_way() -> None:
    """Closed in [1 s, 3 s): what it lets in before and after is untouched, to the last draw."""
    demand = {
        "link": {
            "shape": "steady",
            "rate": "500/s",
            "channel": "external",
            "basket": {"weights": {"A": 1, "B": 1}},
        },
        "own": instant(1, "4s", channel="shop"),
    }
    data = sale(demand, horizon="4500ms")
    before = run(data).orders
    data["disruptions"] = {
        "cut": {
            "what": "close_channel",
            "at": "1s",
            "for": "2s",
            "channel": "external",
            "divert": {"shop": 0.4, "live": 0.1},
        }
    }
    trace = run(data)
    after = trace.orders
    hit = (before.stream == 0) & (before.placed >= 1_000_000) & (before.placed < 3_000_000)
    values = measure(trace)
    assert values["orders_lost"].number == len(before) - len(after)
    assert values["orders_lost"].number + values["orders_diverted"].number == hit.sum()
    assert stats.binomtest(int(values["orders_lost"].number), int(hit.sum()), 0.5).pvalue > 1e-4
    names = [after.channels[code] for code in after.channel]
    share = names.count("live") / hit.sum()
    assert share == pytest.approx(0.1, abs=0.04)
    # the orders that are left are what they were
    old = {(s, i): n for n, (s, i) in enumerate(zip(before.stream, before.index, strict=True))}
    same = [old[s, i] for s, i in zip(after.stream, after.index, strict=True)]
    assert np.array_equal(before.placed[same], after.placed)
    assert np.array_equal(before.line_item[same], after.line_item)
    assert np.array_equal(before.noise[0][same], after.noise[0])


def test_a_channel_that_is_cut_for_good_and_diverts_nothing_is_gone() -> None:
    data = sale({"s": instant(3, channel="live"), "t": instant(2, "1s")})
    data["disruptions"] = {"cut": {"what": "close_channel", "at": "0s", "channel": "live"}}
    trace = run(data)
    assert len(trace.orders) == 2
    assert measure(trace)["orders_lost"].number == 3


@pytest.mark.parametrize("turned", [False, True])
def test_channels_that_divert_to_each_other_while_both_are_closed_sell_nothing(
    turned: bool,
) -> None:
    """Whatever their order in the file; open again, each takes what the other sends."""
    data = sale({"a": instant(4, "5s", channel="live"), "b": instant(2, "6s")})
    live = {"what": "close_channel", "at": "1s", "channel": "live", "divert": {"shop": 1}}
    shop = {"what": "close_channel", "at": "1s", "channel": "shop", "divert": {"live": 1}}
    both = [("live", live), ("shop", shop)]
    data["disruptions"] = dict(both[::-1] if turned else both)
    values = measure(run(data))
    assert [values[f"orders_{name}"].number for name in ("lost", "diverted")] == [6, 0]
    shop["for"] = "4s"  # open again at 5 s
    values = measure(run(data))
    assert [values[f"orders_{name}"].number for name in ("lost", "diverted")] == [0, 4]
