"""Stages, zones, crews, carriers and promises in plain words; what is a default says so."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.engine.words import moment_of, people_of, span_of
from burstsim.languages import Words, phrase, words_of
from burstsim.scenario.carriers import Carrier
from burstsim.scenario.crews import Crew
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.promises import DayClock, Penalty, Promise
from burstsim.scenario.release import Release
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shiftchecks import shifts_of
from burstsim.scenario.stages import Tour, Travel
from burstsim.scenario.work import Work
from burstsim.scenario.zonenames import Station, passed, stations
from burstsim.units import Moment, format_money

__all__ = ["floor_words"]

_DISCIPLINES = {
    "fifo": phrase("first come, first served"),
    "promise": phrase("who is due first goes first"),
    "class": phrase("the highest member tier goes first"),
    "size": phrase("the fewest pieces go first"),
}

_ORDERS = {
    "paid": phrase("who paid first goes first"),
    "promise": phrase("who is due first goes first"),
    "size": phrase("the fewest pieces go first"),
}

#: Rates of work by what they count, and times of work by what they are for.
_RATES = {
    "order": phrase("{rate} orders an hour for each"),
    "line": phrase("{rate} lines an hour for each"),
    "unit": phrase("{rate} units an hour for each"),
}
_TIMES = {
    "per_task": phrase("{span} per task"),
    "per_line": phrase("{span} per line"),
    "per_unit": phrase("{span} per piece"),
}


def floor_words(scenario: Scenario) -> Iterator[str]:
    """Yield sentences about each floor of our own, then about promises and returns."""
    words = words_of(scenario.language)
    for name, house in scenario.warehouses.items():
        where = f"warehouses.{name}"
        if not house.open:
            yield f"{where}: {words.say('closed until a policy opens it')}"
        if house.external is not None:
            continue
        first, *others = passed(scenario, house)
        way = first
        for stage in others:
            way = words.say("{first}, then {next}", first=way, next=stage)
        yield f"{where}: {words.say('parcels pass {stages}', stages=way)}"
        yield f"{where}: {_release(house.release, words)}"
        for station in stations(house):
            yield f"{where}.{station.name}: {_station(house, station, words)}"
        yield from (f"{where}.{stage}: {said}" for stage, said in _limits(house, words))
        yield from (f"{where}: {said}" for said in _stops(house, words))
        for crew, its in house.crews.items():
            said = words.say("crew {name}: {people}", name=crew, people=_crew(its, words))
            yield f"{where}: {said}"
        yield from (f"{where}: {said}" for said in _carriers(house, words))
    for name, promise in scenario.promises.items():
        yield f"promises.{name}: {_promise(promise, words)}"
    if (returns := scenario.returns) is not None:
        back = phrase("{share} of orders come back {span} after they were shipped, to {stage}")
        if returns.after.variation:
            back = phrase(
                "{share} of orders come back {span} after they were shipped on average, to {stage}"
            )
        said = words.say(
            back,
            share=f"{returns.share:.0%}",
            span=span_of(returns.after.mean, words),
            stage=returns.stage,
        )
        yield f"returns: {said}"


def _default(said: str, words: Words) -> str:
    return words.say("{what} (default)", what=said)


def _release(release: Release, words: Words) -> str:
    limit, order = release.max_open_orders, words.say(_ORDERS[release.order])
    if release.mode == "continuous":
        if limit is None:
            return _default(words.say("released as soon as they are sent"), words)
        when = words.say("released as soon as there is room")
    else:
        times = []
        if release.every is not None:
            times.append(words.say("every {span}", span=span_of(release.every, words)))
        if release.orders is not None:
            times.append(words.say("when {n} parcels wait", n=f"{release.orders:,}"))
        turns = times[0]
        if len(times) > 1:
            turns = words.say("{one} and {other}", one=times[0], other=times[1])
        when = words.say("released in waves, {when}", when=turns)
    if limit is not None:
        when = words.say("{when}, at most {n} on the floor", when=when, n=f"{limit:,}")
    return when + words.semicolon + order


def _station(house: Warehouse, station: Station, words: Words) -> str:
    stage, zone = station.stage_of, station.zone_of
    work, tour, travel, discipline = stage.work, stage.tour, stage.travel, stage.discipline
    if zone is not None:
        work, tour, travel = zone.work or work, zone.tour or tour, zone.travel or travel
        discipline = zone.discipline or discipline
    turn = words.say(_DISCIPLINES[discipline])
    parts = [
        _staffed(house, station, words),
        _work(work, words) if work is not None else words.say("work on kits and gifts"),
    ]
    parts += [words.say("only parcels with such work")] if stage.only is not None else []
    parts += [_tour(tour, words)] if tour is not None else []
    parts += [_travel(travel, words)] if travel is not None else []
    parts.append(_default(turn, words) if _by_default(station) else turn)
    return words.semicolon.join(parts)


def _staffed(house: Warehouse, station: Station, words: Words) -> str:
    """Say who works there: shifts, and people outside of them."""
    shifts = len(shifts_of(house, station))
    people = "" if station.workers is None else people_of(station.workers, words)
    if not shifts:
        return people or words.say("people of crews and policies only")
    covered = words.count(shifts, "{n} shift", "{n} shifts", n=shifts)
    if not people:
        return covered
    return words.say("{shifts}, {people} otherwise", shifts=covered, people=people)


def _by_default(station: Station) -> bool:
    said = station.zone_of is not None and station.zone_of.discipline is not None
    return not said and "discipline" not in station.stage_of.model_fields_set


def _work(work: Work, words: Words) -> str:
    if work.uph is not None:
        text = words.say(_RATES[work.per], rate=f"{work.uph:g}")
    else:
        text = " + ".join(
            words.say(said, span=span_of(span, words))
            for key, said in _TIMES.items()
            if (span := getattr(work, key))
        )
    if work.allowance:
        text = words.say("{work}, {share} longer", work=text, share=f"{work.allowance:.0%}")
    if work.variation:
        text = words.say("{work}, varying by {share}", work=text, share=f"{work.variation:.0%}")
    return text


def _tour(tour: Tour, words: Words) -> str:
    limits = []
    if tour.orders is not None:
        limits.append(words.say("{n} parcels", n=f"{tour.orders:,}"))
    if tour.units is not None:
        limits.append(words.say("{n} pieces", n=f"{tour.units:,}"))
    most = limits[0]
    if len(limits) > 1:
        most = words.say("{one} and {other}", one=limits[0], other=limits[1])
    text = words.say("in tours of at most {size}", size=most)
    if not tour.setup:
        return text
    return words.say("{tours}, {span} to set out", tours=text, span=span_of(tour.setup, words))


def _travel(travel: Travel, words: Words) -> str:
    return words.say(
        "{span} of walking for each of {n} aisles that is visited",
        span=span_of(travel.per_aisle, words),
        n=f"{travel.aisles:,}",
    )


def _limits(house: Warehouse, words: Words) -> Iterator[tuple[str, str]]:
    """Say what holds releases back at each stage."""
    for name, stage in house.stages.items():
        if stage.put_wall is not None:
            yield (
                name,
                words.say(
                    "nothing is released while {n} released parcels are still to be begun here",
                    n=f"{stage.put_wall:,}",
                ),
            )
        if stage.staging is not None:
            yield (
                name,
                words.say(
                    "nothing is released while {n} parcels wait in front of it",
                    n=f"{stage.staging:,}",
                ),
            )


def _stops(house: Warehouse, words: Words) -> Iterator[str]:
    for zone, breakdown in house.breakdowns.items():
        yield words.say(
            "{zone} breaks down after {up} on average and is repaired in {down}",
            zone=zone,
            up=span_of(breakdown.mtbf, words),
            down=span_of(breakdown.mttr, words),
        )
    for name, stop in house.stops.items():
        yield words.say(
            "{where} stands still from {begin} to {end} ({name})",
            where=stop.where,
            begin=moment_of(stop.from_, words),
            end=moment_of(stop.to, words),
            name=name,
        )


def _crew(crew: Crew, words: Words) -> str:
    begin, end = (moment_of(at, words) for at in crew.shift)
    skills = [
        words.say("{zone} at {speed}", zone=zone, speed=f"{speed:g}")
        for zone, speed in crew.skills.items()
    ]
    sent = words.say(
        "every {span} sent where most work waits"
        if crew.by == "work_left"
        else "every {span} sent where most tasks wait",
        span=span_of(crew.every, words),
    )
    return words.say(
        "{people} from {begin} to {end}, {sent}: {skills}",
        people=people_of(crew.people, words),
        begin=begin,
        end=end,
        sent=sent if "by" in crew.model_fields_set else _default(sent, words),
        skills=words.listed(skills),
    )


def _carriers(house: Warehouse, words: Words) -> Iterator[str]:
    if not house.carriers:
        yield _default(words.say("parcels are shipped when their last stage is done"), words)
    total = sum(carrier.share or 0 for carrier in house.carriers.values())
    for name, carrier in house.carriers.items():
        yield words.say(
            "carrier {name} takes {parcels} at {times}",
            name=name,
            parcels=_taken(house, carrier, total, words),
            times=_pickups(carrier, words),
        )


def _taken(house: Warehouse, carrier: Carrier, total: float, words: Words) -> str:
    if carrier.regions is not None:
        return words.say("what goes to {regions}", regions=words.listed(carrier.regions))
    if not total:
        return words.say("nothing")
    share = (carrier.share or 0) / total
    regional = any(other.regions is not None for other in house.carriers.values())
    if share == 1:
        return words.say("all others" if regional else "all parcels")
    return words.say(
        "{share} of the others" if regional else "{share} of the parcels", share=f"{share:.0%}"
    )


def _pickups(carrier: Carrier, words: Words) -> str:
    times = words.listed(moment_of(pickup, words) for pickup in carrier.pickups)
    if carrier.capacity is None:
        return words.say("{times}, however many there are", times=times)
    return words.say(
        "{times}, at most {n} parcels each time", times=times, n=f"{carrier.capacity:,}"
    )


def _promise(promise: Promise, words: Words) -> str:
    done = _done(promise, words)
    if "met_at" not in promise.model_fields_set:
        done = _default(done, words)
    if promise.within is not None:
        span = span_of(promise.within, words)
        text = words.say("{orders} within {span} of payment", orders=done, span=span)
    else:
        rows = words.semicolon.join(
            words.say(
                "paid before {moment}: by {end}",
                moment=moment_of(row.paid_before, words),
                end=_by(row.by, words),
            )
            for row in promise.cut_offs or ()
        )
        text = words.say("{orders} by a time of day, {times}", orders=done, times=rows)
    if promise.penalty is None:
        return text
    return text + words.semicolon + _penalty(promise.penalty, words)


def _by(end: DayClock, words: Words) -> str:
    """Say a time of day, some days later."""
    time = moment_of(Moment(clock=end.clock), words)
    return words.say("+{n}d {time}", n=end.days, time=time) if end.days else time


def _done(promise: Promise, words: Words) -> str:
    """Say whose orders, and what is to be done with them."""
    shipped = promise.met_at == "pickup"
    if promise.where.channel is None:
        return words.say("orders are shipped" if shipped else "orders are packed")
    return words.say(
        "orders of {channels} are shipped" if shipped else "orders of {channels} are packed",
        channels=words.listed(promise.where.channel),
    )


def _penalty(penalty: Penalty, words: Words) -> str:
    rate, least, most = penalty.terms
    text = words.say("each late one costs {share} of what was paid", share=f"{rate:.0%}")
    if least:
        text = words.say("{cost}, at least {money}", cost=text, money=format_money(least))
    if most is not None:
        text = words.say("{cost}, at most {money}", cost=text, money=format_money(most))
    return text
