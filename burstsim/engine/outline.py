"""A scenario said back in plain words, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from burstsim.engine.capacity import capacity_words, one_play
from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.controlwords import control_words
from burstsim.engine.floorwords import floor_words
from burstsim.engine.forecasts import (
    expected_in_all,
    expected_orders,
    expected_scale,
    expected_units,
    peak_rate,
    surge_orders,
)
from burstsim.engine.giftwords import gift_words
from burstsim.engine.networkwords import network_words
from burstsim.engine.orders import Orders
from burstsim.engine.replayed import replay_notes
from burstsim.scenario.demand import (
    Curved,
    Drawn,
    Drop,
    Instant,
    Presale,
    Ramp,
    Replay,
    Session,
    Steady,
    Stream,
)
from burstsim.scenario.forecasts import Forecast
from burstsim.scenario.scenario import Scenario
from burstsim.units import format_duration

__all__ = ["outline"]

_SHOWN_SKUS = 6


def outline(scenario: Scenario, orders: Orders | None = None) -> Iterator[str]:
    """Yield a sentence for each part of the scenario: streams, stages, the time it covers.

    Parameters
    ----------
    scenario
        What is said back.
    orders
        Of one replication, where there are any already; else one is drawn for a look at them.
    """
    model = compile_scenario(scenario)
    yield (
        f"{scenario.name}: from {scenario.start:%Y-%m-%d %H:%M} orders for "
        f"{format_duration(scenario.horizon)}, then at most {format_duration(scenario.drain)} "
        "to finish"
    )
    if scenario.forecast is not None:
        yield f"all demand is uncertain: {_uncertain(scenario.forecast)}"
    for name, stream in scenario.demand.items():
        yield from (f"demand.{name}: {sentence}" for sentence in _stream(model, stream))
    yield from replay_notes(scenario)
    yield from network_words(model)
    yield from floor_words(scenario)
    yield from control_words(scenario)
    scale = expected_scale(scenario)
    for name, besides in surge_orders(scenario, scale).items():
        yield f"disruptions.{name}: {besides:,.0f} more orders expected"
    yield from gift_words(scenario)
    yield f"in all {expected_in_all(scenario, scale):,.0f} orders expected"
    orders = one_play(model) if orders is None else orders
    if orders is None:
        yield "too many orders to draw here for a look at what the stages can do"
        return
    yield from capacity_words(model, orders)


def _stream(model: Model, stream: Stream) -> Iterator[str]:
    """Yield what is expected of a stream: when, how many orders, at what rate, which SKUs."""
    scenario = model.scenario
    span, scale = (scenario.start, scenario.horizon), expected_scale(scenario)
    orders = expected_orders(stream, *span, scale)
    sentence = f"{_shape(stream)}{_limits(stream)}; {orders:,.0f} orders expected"
    if orders > 0:
        at, most = peak_rate(stream, *span, scale)
        moment = scenario.start + timedelta(microseconds=at)
        sentence += f", {_number(most)} of them in the busiest minute, {moment:%Y-%m-%d %H:%M}"
    yield sentence
    if stream.forecast is not None:
        yield f"uncertain: {_uncertain(stream.forecast)}"
    units = expected_units(stream, model.items, *span, scale)
    if units:
        largest = sorted(units, key=lambda sku: -units[sku])
        shown = ", ".join(f"{sku} {_number(units[sku])}" for sku in largest[:_SHOWN_SKUS])
        more = len(units) - _SHOWN_SKUS
        yield f"units expected: {shown}" + (f" and {more:,} more SKUs" if more > 0 else "")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _uncertain(forecast: Forecast) -> str:
    return (
        f"one night in ten below {forecast.p10:g} times what is written, half of them below "
        f"{forecast.p50:g}, one in ten above {forecast.p90:g}"
    )


def _limits(stream: Stream) -> str:
    """Say what holds orders back or scatters them."""
    text = ""
    if isinstance(stream, Drawn) and stream.open is not None:
        text += f", open from {stream.open.from_} to {stream.open.to}"
    if isinstance(stream, Curved) and stream.dispersion:
        text += f", each minute's rate varying by {stream.dispersion:.0%}"
    return text


def _shape(stream: Stream) -> str:
    """One sentence about a stream's arrivals."""
    if isinstance(stream, Steady):
        return f"steady at {stream.rate}"
    if isinstance(stream, Instant):
        return f"all at once at {stream.at}"
    if isinstance(stream, Drop):
        return f"a drop at {stream.at} {_pulse(stream)}"
    if isinstance(stream, Ramp):
        return f"straight lines between {len(stream.rates)} rates"
    if isinstance(stream, Session):
        most = max(row.viewers for row in stream.viewers)
        return (
            f"a live session with up to {most:,.0f} viewers, who order at {stream.conversion} "
            f"each, and {len(stream.show)} items in its show"
        )
    if isinstance(stream, Presale):
        deposits = stream.deposits
        return (
            f"deposits from {deposits.from_} to {deposits.to}, balances from {stream.balance_at} "
            f"in a wave {_pulse(stream)}, {stream.never_pay:.0%} never paid"
        )
    if isinstance(stream, Replay):
        speed = f" at {stream.speed:g} times the speed" if stream.speed != 1 else ""
        return f"a replay of {stream.file}{speed}"
    if stream.preset is not None:
        return f"the curve of {stream.preset} from {stream.at}"
    return f"a table of {len(stream.points)} rates"


def _pulse(stream: Drop | Presale) -> str:
    return (
        f"that rises for {format_duration(stream.rise)} and then halves every "
        f"{format_duration(stream.half_life)}"
    )
