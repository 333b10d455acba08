"""What the manager's sentence says of goods: what sold out, when, how many would have done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from burstsim.engine.compile import Model
from burstsim.languages import words_of
from burstsim.results.estimates import Estimate
from burstsim.results.needed import LEVEL, Asked, quantile
from burstsim.results.wording import clock_time
from burstsim.scenario.metrics import ending_skus, gift_skus

__all__ = ["sold_out"]

#: From so many nights on a quantile of 95 % is not simply the worst of them.
_ENOUGH_NIGHTS = 20


def sold_out(model: Model, metrics: Mapping[str, Estimate], asked: Sequence[Asked]) -> list[str]:
    """Say which SKU sells out though more were wanted, the one most missed; nothing if none.

    What gift rules miss is said of the rules.

    Parameters
    ----------
    model, metrics
        The stock, and what was measured.
    asked
        What each replication asked of the shelves.
    """
    scenario, items = model.scenario, model.items
    gifts = {sku for sku in gift_skus(scenario) if metrics[f"gift_missing.{sku}"].estimate > 0}
    out = [
        items.names.index(sku)
        for sku in ending_skus(scenario)
        if sku not in gifts and metrics[f"stockout_at.{sku}"].n
    ]
    if not out:
        return []
    wanted = np.zeros((items.n_skus, len(asked)), np.int64)
    for number, found in enumerate(asked):
        np.add.at(wanted[:, number], found.place % items.n_skus, found.pieces)
    there = model.stock.on_hand.copy()
    for step in model.steps:
        if not step.needs and not step.counted:
            there[step.counter] += step.amount
    more = quantile(wanted[out], LEVEL) - there[out]
    worst = int(more.argmax())
    if more[worst] <= 0:
        return []
    name = items.names[out[worst]]
    moment, nights = metrics[f"stockout_at.{name}"], len(asked)
    words = words_of(scenario.language)
    at = clock_time(scenario.start, moment.estimate, words)
    sold = words.say("{sku} sells out at {time}", sku=name, time=at)
    if moment.n != nights:
        sold = words.say("{event} in {n} of {all} nights", event=sold, n=moment.n, all=nights)
    pieces = int(more[worst])
    wanted_more = words.count(
        pieces,
        "{n} more piece would have been enough",
        "{n} more pieces would have been enough",
        n=f"{pieces:,}",
    )
    if nights >= _ENOUGH_NIGHTS:
        share = f"{LEVEL * 100:.0f}"
        wanted_more = words.say("{enough} in {n} of 100 nights", enough=wanted_more, n=share)
    elif nights > 1:
        wanted_more = words.say("{enough} in all {n} nights", enough=wanted_more, n=nights)
    return [words.say("{event}, {enough}", event=sold, enough=wanted_more)]
