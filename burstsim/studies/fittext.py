"""The facts of a log, written as a scenario file with comments."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping

from burstsim.studies.logfacts import LogFacts
from burstsim.units import HOUR, Rate, format_duration, format_money

__all__ = ["scenario_text"]

#: The default crew: seconds of work, and how much of a day's work its hours shall hold.
_PICK = {"per_task": 30, "per_line": 12, "per_unit": 2}
_PACK = {"per_task": 60, "per_line": 0, "per_unit": 3}
_HOURS_A_DAY = 8

_WIDTH = 96


def scenario_text(facts: LogFacts, name: str, notes: tuple[str, ...]) -> str:
    """Write a scenario.

    Parameters
    ----------
    facts
        Of the log.
    name
        Of the scenario.
    notes
        What was found out about the file and what was simplified; they become comments.
    """
    lines = [
        *_head(facts, name, notes),
        "",
        *_catalog(facts),
        "",
        *_demand(facts),
        "",
        *_warehouse(facts),
        "",
        "# What is promised is not in the log. To ask for it:",
        "# promises: {all: {within: 24h}}",
        "# thresholds: {on-time: on_time >= 0.98}",
    ]
    return "\n".join(lines) + "\n"


def _head(facts: LogFacts, name: str, notes: tuple[str, ...]) -> Iterator[str]:
    yield f"# A shop as its order log shows it: {facts.orders:,} orders, {facts.lines:,} lines,"
    yield f"# {facts.units:,} units of {facts.items:,} items. Written by burstsim fit; change it"
    yield "# as you like. What was found out about the log, and what was simplified:"
    for note in notes:
        yield f"#   {_comment(note)}"
    yield "burstsim: 1"
    yield f"name: {_quoted(name)}"
    yield f'start: "{facts.start:%Y-%m-%d %H:%M}"'
    yield f"horizon: {format_duration(facts.horizon)}"


def _catalog(facts: LogFacts) -> Iterator[str]:
    yield "catalog:"
    yield "  skus:  # median unit price of each item"
    for sku, price in facts.prices.items():
        yield f"    {_quoted(sku)}: {{price: {format_money(price or 0)}}}"


def _demand(facts: LogFacts) -> Iterator[str]:
    yield "demand:"
    yield "  orders:"
    yield "    shape: table"
    yield f"    rates:  # orders in each {format_duration(facts.step)} of the log"
    yield from (f"      - {row}" for row in _rates(facts))
    yield "    basket:"
    yield "      weights:  # share of order lines"
    for sku, weight in facts.weights.items():
        yield f"        {_quoted(sku)}: {weight:.6g}"
    mean = facts.lines / facts.orders
    yield f"      # orders by number of different items; mean {mean:.2f}"
    yield from _wrapped("lines", facts.per_order)
    mean = facts.units / facts.lines
    yield f"      # lines by number of units; mean {mean:.2f}"
    yield from _wrapped("quantity", facts.per_line)
    if facts.regions:
        yield "    regions:"
        for region, share in facts.regions.items():
            yield f"      {_quoted(region)}: {share:.6g}"
    yield from _customers(facts)
    for count, words in ((facts.paid, "were paid"), (facts.cancelled, "were cancelled")):
        if count:
            yield f"    # {count / facts.orders:.1%} of the orders {words}."


def _rates(facts: LogFacts) -> Iterator[str]:
    """Yield a row wherever the rate changes."""
    before = None
    for number, count in enumerate(facts.counts):
        if count != before:
            rate = Rate(count * HOUR / facts.step, HOUR)
            yield f"[{format_duration(number * facts.step)}, {rate}]"
        before = count


def _customers(facts: LogFacts) -> Iterator[str]:
    """Say how often customers come again, as far as the log knows them."""
    if not facts.known_customers:
        return
    again = 1 - facts.customers / facts.known_customers
    yield f"    # {facts.customers:,} customers placed the {facts.known_customers:,} orders whose"
    yield f"    # customer is known: {again:.1%} came from one who had ordered before."
    if facts.customers == facts.known_customers:
        yield "    customers: {new: 1}"
    else:
        yield f"    customers: {{pool: {_pool_of(facts.customers, facts.known_customers)}}}"


def _pool_of(different: int, orders: int) -> int:
    """Size of the pool from which so many orders come from so many different customers.

    Drawing n times from a pool of m meets m(1 − (1 − 1/m)ⁿ) different members on average; this
    grows with m, so that bisection finds it.
    """
    low, high = different, 10_000_000
    while low < high:
        middle = (low + high) // 2
        if middle * -math.expm1(orders * math.log1p(-1 / max(middle, 2))) < different:
            low = middle + 1
        else:
            high = middle
    return low


def _warehouse(facts: LogFacts) -> Iterator[str]:
    orders, lines, units = facts.busiest
    yield "# The log says nothing about the warehouse. This one has so many people that the work"
    yield f"# of the busiest day ({orders:,} orders with {lines:.1f} lines and {units:.1f} units"
    yield f"# each) takes them {_HOURS_A_DAY} hours; they work around the clock. Put yours here."
    yield "warehouses:"
    yield "  hub:"
    yield "    stages:"
    for stage, work in (("pick", _PICK), ("pack", _PACK)):
        seconds = work["per_task"] + work["per_line"] * lines + work["per_unit"] * units
        workers = max(math.ceil(seconds * orders / 3600 / _HOURS_A_DAY), 1)
        keys = ", ".join(f"{key}: {value}s" for key, value in work.items() if value)
        yield f"      {stage}: {{workers: {workers}, work: {{{keys}, cv: 0.3}}}}"


def _wrapped(key: str, frequencies: Mapping[int, int]) -> Iterator[str]:
    """Yield a map in brackets, over as many lines as it needs."""
    line = f"      {key}: {{"
    for place, (number, count) in enumerate(sorted(frequencies.items())):
        part = f"{', ' if place else ''}{number}: {count}"
        if len(line) + len(part) > _WIDTH:
            yield line + ","
            line, part = " " * 8, part.removeprefix(", ")
        line += part
    yield line + "}"


def _quoted(text: str) -> str:
    """Write text in double quotes, as JSON and YAML both read it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _comment(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
