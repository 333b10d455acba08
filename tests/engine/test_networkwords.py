"""What `check` says of warehouses, partners, merchants and trucks."""

from __future__ import annotations

from burstsim.engine.outline import outline
from tests.scenario.test_networkchecks import changed
from tests.scenarios import scenario_of, small


def test_a_network_in_words() -> None:
    capacity = {"warehouses.depot.external.capacity": "300/h"}
    said = list(outline(changed({**capacity, "oms.split": False, "oms.route_by": "cheapest"})))
    routes = "orders from east, south: hub, then depot, the cheapest first"
    assert f"{routes}; orders are never split" in said
    assert (
        "warehouses.depot: a partner, who ships 1h after the start, starts at most 300/h, "
        "and asks 2.00 a parcel"
    ) in said
    assert "warehouses.depot: ships only for glow, dew" in said
    assert "merchants: glow, dew; a cart with goods of several is an order for each" in said
    assert (
        "warehouses.hub: van brings B 500 at 2026-11-10 20:20, 10m late because of late"
    ) in said


def test_regions_have_routes_of_their_own() -> None:
    said = list(outline(changed({})))
    assert "orders from east: hub, then depot" in said
    assert "orders from south: depot, then hub" in said


def test_a_partner_has_no_crew() -> None:
    said = " ".join(outline(changed({})))
    assert "hub.pack: an order takes" in said
    assert "if all orders came here" not in said  # five people keep up
    assert "depot.external" not in said


def test_a_single_warehouse_needs_no_words() -> None:
    said = " ".join(outline(scenario_of(small())))
    assert "orders from" not in said


def test_no_warehouse_is_said_to_get_all_orders() -> None:
    said = " ".join(outline(changed({"warehouses.hub.stages.pack.workers": 1})))
    assert "behind after the busiest hour alone, if all orders came here" in said
