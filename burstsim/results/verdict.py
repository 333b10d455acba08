"""The manager's sentence: what broke, when it is over, and whether that is good enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from burstsim.engine.compile import Model
from burstsim.languages import ENGLISH, Words, phrase, words_of
from burstsim.results.bottleneck import Bottleneck, subject
from burstsim.results.estimates import Check, Estimate
from burstsim.results.giftwords import gifts_short
from burstsim.results.naming import metric_label
from burstsim.results.wording import (
    clock_time,
    format_interval,
    format_limit,
    format_orders,
    written_alike,
)
from burstsim.units import SECOND

__all__ = ["STATUSES", "sentence", "verdict", "verdict_of", "writing_of"]

#: A backlog that clears within so many seconds of its peak only waited for a truck.
_AT_ONCE = 60.0

#: What may be said of a threshold, and of a run without any.
STATUSES = (phrase("PASS"), phrase("FAIL"), phrase("INCONCLUSIVE"), phrase("NONE"))

#: From so many nights on the sentence says what one night of ten is like.
_TEN_NIGHTS = 10


def sentence(
    model: Model,
    metrics: Mapping[str, Estimate],
    bottleneck: Bottleneck | None,
    checks: Sequence[Check],
    sold_out: Sequence[str] = (),
) -> str:
    """Write the sentence for the top of every output; `sold_out` says what stock ran out."""
    words = words_of(model.scenario.language)
    if metrics["orders_placed"].estimate > 0:
        parts = [_course(model, metrics, bottleneck), *_unshipped(metrics["unfinished"], words)]
        parts += [*gifts_short(model, metrics), *sold_out]
    else:
        parts = [words.say("No orders were placed")]
    if checks:
        parts.append(_judgement(model.scenario.start, checks, words))
    return words.semicolon.join(parts) + words.stop


def verdict(checks: Sequence[Check]) -> str:
    """Sum up thresholds; see `verdict_of`."""
    return verdict_of([check.status for check in checks])


def verdict_of(statuses: Sequence[str]) -> str:
    """Sum up: FAIL before INCONCLUSIVE before PASS; ``NONE`` of nothing."""
    return next((s for s in ("FAIL", "INCONCLUSIVE", "PASS") if s in statuses), "NONE")


def _course(model: Model, metrics: Mapping[str, Estimate], bottleneck: Bottleneck | None) -> str:
    """Say how high the backlog climbs, and when it is gone."""
    words = words_of(model.scenario.language)
    cleared = _cleared(model, metrics["backlog_clear_at"], words)
    cut_short = metrics["backlog_clear_at"].estimate - metrics["backlog_peak_at"].estimate
    if cut_short < _AT_ONCE and any(carriers.each for carriers in model.carriers):
        # nothing waits at a stage any more: what is open stands packed at the dock
        cleared = words.say("goes with the trucks")
    return words.say(
        "{subject}: backlog peaks at {orders} at {time} and {cleared}",
        subject=words.say("No stage holds orders up")
        if bottleneck is None
        else subject(bottleneck, words),
        orders=format_orders(metrics["backlog_peak"].estimate, words),
        time=clock_time(model.scenario.start, metrics["backlog_peak_at"].estimate, words),
        cleared=cleared,
    )


def _cleared(model: Model, clear: Estimate, words: Words) -> str:
    start, end = model.scenario.start, model.end / SECOND
    nights = sorted(clear.values)
    # waiting that outlasts the run is counted until its end, and nothing else ends there
    never = sum(night == end for night in nights)
    if never:
        over = clock_time(start, end, words)
        if never == len(nights):
            return words.say("is not cleared when the run ends at {time}", time=over)
        return words.say(
            "is not cleared in {n} of {all} nights when the run ends at {time}",
            n=never,
            all=len(nights),
            time=over,
        )
    usual = clock_time(start, clear.estimate, words)
    if len(nights) >= _TEN_NIGHTS:
        late = clock_time(start, nights[len(nights) * 9 // 10], words)
        if late != usual:
            return words.say(
                "clears {time}, in one night of ten not before {late}", time=usual, late=late
            )
    return words.say("clears {time}", time=usual)


def _unshipped(unfinished: Estimate, words: Words) -> list[str]:
    if not unfinished.estimate > 0:
        return []
    orders = format_orders(unfinished.estimate, words)
    # as `format_orders` rounds: less than one, and one, are one
    one = 1 if unfinished.estimate < 1.5 else 2
    if unfinished.n > 1:
        text = words.count(
            one,
            "on average {orders} is left unshipped",
            "on average {orders} are left unshipped",
            orders=orders,
        )
    else:
        text = words.count(
            one, "{orders} is left unshipped", "{orders} are left unshipped", orders=orders
        )
    return [text]


#: What is said of thresholds that stand alike: of one, and of several.
_STAND = {
    "FAIL": (phrase("{those} thresholds fails"), phrase("{those} thresholds fail")),
    "INCONCLUSIVE": (phrase("{those} thresholds is open"), phrase("{those} thresholds are open")),
    "PASS": (phrase("{those} thresholds hold"), phrase("{those} thresholds hold")),
}


def _judgement(start: datetime, checks: Sequence[Check], words: Words) -> str:
    """Say how the threshold stands that stands worst, and how many stand like it."""
    status = verdict(checks)
    alike = [check for check in checks if check.status == status]
    worst = alike[0]
    text = words.say(
        "{found}, needs {needed}: {verdict}",
        found=_finding(start, worst, words),
        needed=_needs(start, worst, words),
        verdict=words.say(status),
    )
    if status == "INCONCLUSIVE":
        text = words.say("{text}, {why}", text=text, why=_doubt(worst, words))
    if len(checks) > 1:
        those = words.say("{n} of {all}", n=len(alike), all=len(checks))
        if len(alike) == len(checks):
            those = words.say("both" if len(checks) == 2 else "all {n}", n=len(checks))
        stand = words.say(_STAND[status][len(alike) > 1], those=those)
        text = words.say("{text} ({stand})", text=text, stand=stand)
    return text


def writing_of(start: datetime, check: Check, words: Words = ENGLISH) -> Callable[[float], str]:
    """Choose how the numbers of a threshold are written: as moments, or by their unit."""
    if check.threshold.moment:
        return lambda number: clock_time(start, number, words)
    return written_alike(check.unit, check.estimate, check.low, check.high, words=words)


def _limit(start: datetime, check: Check, words: Words) -> str:
    limit = check.threshold.limit
    if check.threshold.moment:
        return clock_time(start, limit, words)
    return format_limit(limit, check.unit, words)


def _finding(start: datetime, check: Check, words: Words) -> str:
    """Say what was found, such as ``97.1 % on time (96.8 to 97.4 %)``."""
    written = writing_of(start, check, words)
    value = written(check.estimate)
    limit, moment = check.threshold.limit, check.threshold.moment
    # written alike but not equal: 51.97 % where 52 % is needed
    alike = value.replace(".0 %", " %") == _limit(start, check, words)
    if check.estimate != limit and alike:
        beyond = check.estimate > limit
        if moment:
            near = phrase("just after {value}") if beyond else phrase("just before {value}")
        else:
            near = phrase("just above {value}") if beyond else phrase("just below {value}")
        value = words.say(near, value=value)
    if check.at_least:
        least = phrase("not before {value}") if moment else phrase("at least {value}")
        value = words.say(least, value=value)
    interval = format_interval(check.estimate, check.low, check.high, written, words)
    said = _said(check, value, words)
    if not interval:
        return said
    if check.threshold.nights is not None:
        return words.say("{value} (95 % bounds {interval})", value=said, interval=interval)
    return words.say("{value} ({interval})", value=said, interval=interval)


def _said(check: Check, value: str, words: Words) -> str:
    metric = check.threshold.metric
    if check.threshold.nights is not None:
        inner = metric[metric.index("(") + 1 : -1].strip()
        return words.say("{rule} in {share} of nights", rule=inner, share=value)
    if metric == "on_time":
        return words.say("{share} on time", share=value)
    statistic, _, of = metric.partition("(")
    if of == "order_to_ship)" and statistic.startswith("p"):
        return words.say("{share} % of orders ship within {span}", share=statistic[1:], span=value)
    label = metric_label(metric, metric, words)
    return words.say("{metric} is {value}", metric=label, value=value)


#: How limits are said: of numbers, and of moments.
_OF_NUMBERS = {
    ">=": phrase("at least {value}"),
    "<=": phrase("at most {value}"),
    ">": phrase("more than {value}"),
    "<": phrase("less than {value}"),
}
_OF_MOMENTS = {
    "<=": phrase("at the latest {time}"),
    ">=": phrase("at the earliest {time}"),
    "<": phrase("before {time}"),
    ">": phrase("after {time}"),
}


def _needs(start: datetime, check: Check, words: Words) -> str:
    limit, operator = _limit(start, check, words), check.threshold.operator
    if check.threshold.moment:
        return words.say(_OF_MOMENTS[operator], time=limit)
    return words.say(_OF_NUMBERS[operator], value=limit)


def _doubt(check: Check, words: Words) -> str:
    """Say why it cannot be told, and so what would help."""
    if check.n == 0:
        return words.say("there is nothing to measure")
    if check.at_least:
        return words.say("unfinished orders may take longer")
    if check.n == 1:
        return words.say("one replication cannot tell")
    return words.say("more replications are needed to tell")
