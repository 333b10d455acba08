"""The laws of release: when parcels begin that were sent, and how many are inside."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.floorlaws import Flags, gone_of, has_work
from burstsim.engine.releases import Rule
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["release_laws"]


def release_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law of release that the trace breaks."""
    if (trace.released < trace.sent).any():
        yield "nothing is released before it is sent"
    gone, enters = gone_of(trace), trace.orders.enters[trace.parcel_order]
    resumed = (trace.parcel_part == 0) & (enters >= 0)
    if (trace.released[resumed] != trace.sent[resumed]).any():
        yield "what is on the floor when the clock begins is not released again"
    if ((trace.released >= gone) & (trace.released < NEVER)).any():
        yield "what is cancelled is not released"
    for house, rule in enumerate(trace.model.releases):
        name = trace.model.network.names[house]
        mine = np.flatnonzero((trace.parcel_warehouse == house) & ~resumed)
        inside = np.flatnonzero((trace.parcel_warehouse == house) & resumed)
        for law in _house(trace, rule, (mine, inside), gone):
            yield f"{name}: {law}"


def _house(
    trace: Trace, rule: Rule, parcels: tuple[Indices, Indices], gone: Ticks
) -> Iterator[str]:
    mine, resumed = parcels
    sent, released = trace.sent[mine], trace.released[mine]
    begun = released < NEVER
    if rule.at_once:
        if (released != sent).any():
            yield "a parcel is released when it is sent"
        return
    if rule.waves and rule.orders is None and (released[begun] % (rule.every or 1)).any():
        yield "waves come at whole multiples of their distance"
    if not rule.limited and not rule.waves:
        return
    last = np.maximum(sent, rule.horizon)
    late = rule.waves and rule.every is None and not rule.limited
    if late and ((released > last) & (gone[mine] > last) & (last < trace.model.end)).any():
        yield "nobody waits for a wave when nobody orders any more"
    orders, first = trace.orders, trace.parcel_order[mine]
    column = {"paid": orders.paid[first], "promise": orders.due[first]}.get(rule.order)
    keys = trace.pieces[mine] if column is None else column
    rank = np.empty(len(mine), np.int64)
    rank[np.lexsort((mine, orders.paid[first], keys))] = np.arange(len(mine))
    everybody = np.concatenate((mine, resumed))
    left = np.where(trace.left == 1, np.maximum(gone, trace.released), NEVER)
    for tick in np.unique(released[begun]).tolist():
        goes = released == tick
        stays = (sent <= tick) & (gone[mine] > tick) & (released > tick)
        if stays.any() and rank[stays].min() < rank[goes].max():
            yield "nobody is released before one who was to go first"
        if not rule.limited and stays.any():
            yield "a wave takes everything that waits"
        here = everybody[trace.released[everybody] <= tick]
        here = here[np.minimum(trace.done[here], left[here]) >= tick]
        if rule.max_open is not None and len(here) > rule.max_open:
            yield "no more are inside than may be"
        for stage, most in rule.put_walls.items():
            works, begins = _work_at(trace, stage)
            waits = works[here] & (begins[here] >= tick) & (trace.released[here] <= tick)
            waits &= ~np.isin(here, resumed)
            if works[mine[goes]].any() and waits.sum() > most:
                yield f"no more are on the put wall of {trace.model.stages[stage].name} than fit"


def _work_at(trace: Trace, stage: int) -> tuple[Flags, Ticks]:
    """Say who surely has work at a stage, and when it is begun there."""
    zones = trace.model.stages[stage].zones
    works = np.logical_or.reduce([has_work(trace, zone) for zone in zones])
    house, started = trace.model.stages[stage].house, trace.stage_visits(stage).started
    return works, trace.rows.spread(house, started, NEVER)
