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
from burstsim.engine.words import moment_of, span_of
from burstsim.languages import Words, words_of
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
    model, words = compile_scenario(scenario), words_of(scenario.language)
    yield words.say(
        "{name}: from {start:%Y-%m-%d %H:%M} orders for {horizon}, then at most {drain} to finish",
        name=scenario.name,
        start=scenario.start,
        horizon=span_of(scenario.horizon, words),
        drain=span_of(scenario.drain, words),
    )
    if scenario.forecast is not None:
        how = _uncertain(scenario.forecast, words)
        yield words.say("all demand is uncertain: {how}", how=how)
    for name, stream in scenario.demand.items():
        yield from (f"demand.{name}: {sentence}" for sentence in _stream(model, stream, words))
    yield from replay_notes(scenario)
    yield from network_words(model)
    yield from floor_words(scenario)
    yield from control_words(scenario)
    scale = expected_scale(scenario)
    for name, besides in surge_orders(scenario, scale).items():
        more = words.say("{n} more orders expected", n=f"{besides:,.0f}")
        yield f"disruptions.{name}: {more}"
    yield from gift_words(scenario)
    yield words.say("in all {n} orders expected", n=f"{expected_in_all(scenario, scale):,.0f}")
    orders = one_play(model) if orders is None else orders
    if orders is None:
        yield words.say("too many orders to draw here for a look at what the stages can do")
        return
    yield from capacity_words(model, orders)


def _stream(model: Model, stream: Stream, words: Words) -> Iterator[str]:
    """Yield what is expected of a stream: when, how many orders, at what rate, which SKUs."""
    scenario = model.scenario
    span, scale = (scenario.start, scenario.horizon), expected_scale(scenario)
    orders = expected_orders(stream, *span, scale)
    shape = words.pause.join([_shape(stream, words), *_limits(stream, words)])
    sentence = words.say("{shape}; {n} orders expected", shape=shape, n=f"{orders:,.0f}")
    if orders > 0:
        at, most = peak_rate(stream, *span, scale)
        sentence = words.say(
            "{sentence}, {n} of them in the busiest minute, {moment:%Y-%m-%d %H:%M}",
            sentence=sentence,
            n=_number(most),
            moment=scenario.start + timedelta(microseconds=at),
        )
    yield sentence
    if stream.forecast is not None:
        yield words.say("uncertain: {how}", how=_uncertain(stream.forecast, words))
    units = expected_units(stream, model.items, *span, scale)
    if units:
        largest = sorted(units, key=lambda sku: -units[sku])
        shown = words.listed(f"{sku} {_number(units[sku])}" for sku in largest[:_SHOWN_SKUS])
        more = len(units) - _SHOWN_SKUS
        sentence = words.say("units expected: {units}", units=shown)
        if more > 0:
            sentence = words.say("{skus} and {n} more SKUs", skus=sentence, n=f"{more:,}")
        yield sentence


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _uncertain(forecast: Forecast, words: Words) -> str:
    return words.say(
        "one night in ten below {p10} times what is written, half of them below {p50}, one in "
        "ten above {p90}",
        p10=f"{forecast.p10:g}",
        p50=f"{forecast.p50:g}",
        p90=f"{forecast.p90:g}",
    )


def _limits(stream: Stream, words: Words) -> Iterator[str]:
    """Say what holds orders back or scatters them."""
    if isinstance(stream, Drawn) and stream.open is not None:
        begin, end = (moment_of(at, words) for at in (stream.open.from_, stream.open.to))
        yield words.say("open from {begin} to {end}", begin=begin, end=end)
    if isinstance(stream, Curved) and stream.dispersion:
        share = f"{stream.dispersion:.0%}"
        yield words.say("each minute's rate varying by {share}", share=share)


def _shape(stream: Stream, words: Words) -> str:
    """One sentence about a stream's arrivals."""
    if isinstance(stream, Steady):
        return words.say("steady at {rate}", rate=stream.rate)
    if isinstance(stream, Instant):
        return words.say("all at once at {moment}", moment=moment_of(stream.at, words))
    if isinstance(stream, Drop):
        at = moment_of(stream.at, words)
        return words.say("a drop at {moment} {pulse}", moment=at, pulse=_pulse(stream, words))
    if isinstance(stream, Ramp):
        return words.say("straight lines between {n} rates", n=len(stream.rates))
    if isinstance(stream, Session):
        return words.say(
            "a live session with up to {viewers} viewers, who order at {rate} each, and {n} items "
            "in its show",
            viewers=f"{max(row.viewers for row in stream.viewers):,.0f}",
            rate=stream.conversion,
            n=len(stream.show),
        )
    if isinstance(stream, Presale):
        deposits = stream.deposits
        return words.say(
            "deposits from {begin} to {end}, balances from {balance} in a wave {pulse}, {share} "
            "never paid",
            begin=moment_of(deposits.from_, words),
            end=moment_of(deposits.to, words),
            balance=moment_of(stream.balance_at, words),
            pulse=_pulse(stream, words),
            share=f"{stream.never_pay:.0%}",
        )
    if isinstance(stream, Replay):
        text = words.say("a replay of {file}", file=stream.file)
        if stream.speed == 1:
            return text
        return words.say("{what} at {n} times the speed", what=text, n=f"{stream.speed:g}")
    if stream.preset is not None:
        at = moment_of(stream.at, words)
        return words.say("the curve of {name} from {moment}", name=stream.preset, moment=at)
    return words.say("a table of {n} rates", n=len(stream.points))


def _pulse(stream: Drop | Presale, words: Words) -> str:
    return words.say(
        "that rises for {rise} and then halves every {half}",
        rise=span_of(stream.rise, words),
        half=span_of(stream.half_life, words),
    )
