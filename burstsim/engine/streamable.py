"""Which scenarios can be run a piece at a time: those whose past is forgotten when it is over."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.engine.compile import Model
from burstsim.engine.slices import sliceable
from burstsim.scenario.demand import Replay
from burstsim.units import NEVER

__all__ = ["streamable"]


def streamable(model: Model) -> str | None:
    """Say why a scenario must be run as a whole, None where it need not.

    Where what happens later has a say in what was decided before, or whole queues are sorted anew,
    all of it is needed at once.

    Parameters
    ----------
    model
        The compiled scenario.
    """
    return next(_obstacles(model), None)


def _obstacles(model: Model) -> Iterator[str]:
    """Yield what stands against it."""
    scenario, stock, network = model.scenario, model.stock, model.network
    if (reason := sliceable(scenario)) is not None:
        yield reason
    if stock.limited or (stock.shelves >= 0).any() or model.steps or model.plans:
        yield "its stock has an end"
    if model.items.pools:
        yield "its kits have parts to choose"
    if model.merge:
        yield "orders of one customer are merged"
    if model.per_sweep is not None or model.spacing:
        yield "its order management lets so many orders pass at a time"
    if model.reviewers:
        yield "orders are reviewed"
    if scenario.policies:
        yield "policies look at the whole of it"
    if scenario.returns is not None:
        yield "goods come back"
    if any(zone.tour is not None for zone in model.zones):
        yield "parcels are picked on tours"
    if any(zone.discipline != "fifo" for zone in model.zones):
        yield "not who came first is next"
    if not all(rule.at_once for rule in model.releases):
        yield "parcels are released in waves or within limits"
    if network.by_backlog or set(network.opens) != {-NEVER}:
        yield "routes depend on what has happened"
    if _nowhere(model):
        yield "some orders have no warehouse"
    for rule in model.rules:
        caps = rule.spec.cap
        counted = (caps.customer, caps.total, caps.budget)
        if rule.spec.fulfil.ship == "after_main":
            yield "gifts wait for the goods to be shipped"
        if rule.spec.clawback.cancel == "release" and any(cap is not None for cap in counted):
            yield "what is cancelled frees the caps of gift rules"


def _nowhere(model: Model) -> bool:
    """Whether the orders of some region or merchant have no warehouse."""
    names = (None, *model.owners)
    drawn = (s for s in model.scenario.demand.values() if not isinstance(s, Replay))
    regions = {region for stream in drawn for region in stream.regions}
    return not all(
        model.network.route(region, owner, model.begin) for region in regions for owner in names
    )
