"""What an order log says about a shop, as plain numbers: rates, baskets, prices, customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.fields import is_name
from burstsim.scenario.logtable import counted
from burstsim.scenario.orderlog import Ints, OrderLog
from burstsim.units import DAY, HOUR

__all__ = ["LogFacts", "facts_of"]

_MOST_STEPS = 20_000
_MOST_NUMBERS = 60
_MOST_DAYS = 3660


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFacts:
    """Facts of a log.

    Parameters
    ----------
    start
        Midnight of the first day, or the full hour if the log covers less than two days.
    step, counts
        Ticks of a step, and orders in each from `start` to the last order.
    bin, bin_counts
        The same in the spans in which a simulation is held against the log: hours, or days
        where the log knows only days.
    orders, lines, units
        How many there are.
    prices
        The items most often ordered -> median unit price in cents, None unknown.
    weights
        The same items -> share of order lines.
    items
        Number of different items in the log.
    left_out
        Share of the lines that are of other items.
    per_order, per_line
        Number of lines in an order, and of units in a line -> how many orders, lines.
    regions
        Region -> share of the orders that have one.
    known_customers, customers
        Orders whose customer is known, and how many customers there are.
    busiest
        Orders of the day with most lines; lines and units per order on that day.
    paid, cancelled
        Orders with a time of payment, of cancellation.
    notes
        What was simplified, a sentence each.
    """

    start: datetime
    step: int
    counts: tuple[int, ...]
    bin: int
    bin_counts: tuple[int, ...]
    orders: int
    lines: int
    units: int
    prices: dict[str, int | None]
    weights: dict[str, float]
    items: int
    left_out: float
    per_order: dict[int, int]
    per_line: dict[int, int]
    regions: dict[str, float]
    known_customers: int
    customers: int
    busiest: tuple[int, float, float]
    paid: int
    cancelled: int
    notes: tuple[str, ...]

    @property
    def horizon(self) -> int:
        """Ticks from start to the end of the last step."""
        return self.step * len(self.counts)


def facts_of(log: OrderLog, file: str, step: int, top: int) -> LogFacts:
    """Gather the facts of a log.

    Parameters
    ----------
    log
        The orders.
    file
        For messages.
    step
        Ticks for which a rate holds.
    top
        How many items to keep.

    Raises
    ------
    ScenarioError
        When the log is longer than a scenario or a table of rates can be.
    """
    notes: list[str] = []
    first = datetime.fromisoformat(log.first)
    span = int(log.time[-1])
    if span > _MOST_DAYS * DAY:
        shown = f"{span // DAY:,} days after {log.first}"
        rule = "must not have times more than ten years apart"
        raise _refusal(file, rule, shown, "look for a mistyped date")
    whole_days = first.time().isoformat() == "00:00:00" and not (log.time % DAY).any()
    if whole_days:
        step = max(step, DAY)
        notes.append("the log knows only days: orders are spread evenly over each")
    on_hour = first.replace(minute=0, second=0, microsecond=0)
    start = on_hour.replace(hour=0) if span >= 2 * DAY else on_hour
    since = log.time + (first - start) // timedelta(microseconds=1)
    if int(since[-1]) // step >= _MOST_STEPS:
        rule = f"covers {int(since[-1]) // step + 1:,} steps, more than {_MOST_STEPS:,}"
        raise _refusal(file, rule, "", "choose a longer --rate-step")
    if (channels := len(np.unique(log.channel[log.channel >= 0]))) > 1:
        notes.append(f"the orders of {counted(channels, 'channel')} become one stream")
    counts = np.bincount(since // step)
    width = DAY if whole_days else HOUR
    per_order = np.diff(log.line_offsets)
    weights, left_out = _weights(log, top, notes)
    return LogFacts(
        start=start,
        step=step,
        counts=tuple(counts.tolist()),
        bin=width,
        bin_counts=tuple(np.bincount(since // width).tolist()),
        orders=len(log.time),
        lines=len(log.line_sku),
        units=int(log.line_quantity.sum()),
        prices=_prices(log, weights, notes),
        weights=weights,
        items=len(log.skus),
        left_out=left_out,
        per_order=_frequencies(per_order, len(weights), "order", "line", notes),
        per_line=_frequencies(log.line_quantity, 100_000, "line", "unit", notes),
        regions=_regions(log, notes),
        known_customers=int((log.customer >= 0).sum()),
        customers=len(np.unique(log.customer[log.customer >= 0])),
        busiest=_busiest(log, since // DAY),
        paid=int((log.paid >= 0).sum()),
        cancelled=int((log.cancelled >= 0).sum()),
        notes=tuple(notes),
    )


def _refusal(file: str, rule: str, value: str, hint: str) -> ScenarioError:
    return ScenarioError([Problem(rule=rule, file=file, value=value, hint=hint)])


def _busiest(log: OrderLog, day: Ints) -> tuple[int, float, float]:
    """Orders, lines per order and units per order of the day with most lines."""
    lines = np.bincount(day, np.diff(log.line_offsets))
    units = np.add.reduceat(log.line_quantity, log.line_offsets[:-1])
    chosen = day == int(lines.argmax())
    orders = int(chosen.sum())
    return orders, float(lines.max()) / orders, float(units[chosen].sum()) / orders


def _weights(log: OrderLog, top: int, notes: list[str]) -> tuple[dict[str, float], float]:
    """Share of order lines of the items most often ordered, and of all the others."""
    lines = np.bincount(log.line_sku, minlength=len(log.skus))
    by_frequency = np.argsort(-lines, kind="stable").tolist()
    nameable = [sku for sku in by_frequency if is_name(log.skus[sku])]
    if strange := len(by_frequency) - len(nameable):
        notes.append(f"left out {counted(strange, 'item')} with names that no scenario can hold")
    if not nameable:
        raise _refusal("", "the log has no item that a scenario can name", "", "")
    chosen = nameable[:top]
    total = len(log.line_sku)
    kept = int(lines[chosen].sum())
    if others := len(nameable) - len(chosen):
        notes.append(
            f"the {len(chosen):,} items most often ordered make up {kept / total:.1%} of the "
            f"lines; the other {others:,} are left out"
        )
    return {log.skus[sku]: int(lines[sku]) / total for sku in chosen}, 1 - kept / total


def _prices(log: OrderLog, items: dict[str, float], notes: list[str]) -> dict[str, int | None]:
    """Median unit price of each item over its lines, in cents."""
    import pandas as pd

    known = log.line_amount >= 0
    unit = log.line_amount[known] / log.line_quantity[known]
    medians = pd.Series(unit).groupby(log.line_sku[known]).median()
    number = {sku: place for place, sku in enumerate(log.skus)}
    cents = {
        sku: round(float(medians[number[sku]])) if number[sku] in medians.index else None
        for sku in items
    }
    if unpriced := sum(price is None for price in cents.values()):
        notes.append(f"{counted(unpriced, 'item')} without a price in the log; it is written as 0")
    return cents


def _frequencies(
    numbers: npt.NDArray[np.int64], most: int, thing: str, of: str, notes: list[str]
) -> dict[int, int]:
    """How often each number occurs; rare large ones become one, their mean.

    So the table stays short and the mean stays what it is.
    """
    values, counts = np.unique(numbers, return_counts=True)
    limit = min(int(np.quantile(numbers, 0.99, method="lower")), most)
    body = (values <= limit) & (np.arange(len(values)) < _MOST_NUMBERS)
    if len(values) <= _MOST_NUMBERS and values[-1] <= most:
        body[:] = True
    found = dict(zip(values[body].tolist(), counts[body].tolist(), strict=True))
    if not body.all():
        tail = int(counts[~body].sum())
        mean = float((values[~body] * counts[~body]).sum()) / tail
        written = min(round(mean), most)
        found[written] = found.get(written, 0) + tail
        above = int(values[body].max(initial=0))
        notes.append(
            f"{counted(tail, thing)} with more than {counted(above, of)} (up to "
            f"{int(values[-1]):,}) written with {written:,}"
            + (", their mean" if written == round(mean) else "")
        )
    return found


def _regions(log: OrderLog, notes: list[str]) -> dict[str, float]:
    known = log.region[log.region >= 0]
    if not len(known):
        return {}
    counts = np.bincount(known, minlength=len(log.regions)).tolist()
    fit = {name: n for name, n in zip(log.regions, counts, strict=True) if n and is_name(name)}
    if missing := len(log.region) - sum(fit.values()):
        notes.append(
            f"{counted(missing, 'order')} without a region that can be used; shares are of the rest"
        )
    total = sum(fit.values())
    return {name: n / total for name, n in sorted(fit.items(), key=lambda item: -item[1])}
