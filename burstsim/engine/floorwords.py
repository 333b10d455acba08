"""Stages, zones, crews, carriers and promises in plain words; what is a default says so."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.engine.words import people_of
from burstsim.scenario.carriers import Carrier
from burstsim.scenario.crews import Crew
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.promises import Penalty, Promise
from burstsim.scenario.release import Release
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shiftchecks import shifts_of
from burstsim.scenario.stages import Stage, Tour, Travel
from burstsim.scenario.work import Work
from burstsim.scenario.zonenames import Station, passed, stations
from burstsim.units import format_duration, format_money

__all__ = ["floor_words"]

_DEFAULT = " (default)"

_DISCIPLINES = {
    "fifo": "first come, first served",
    "promise": "who is due first goes first",
    "class": "the highest member tier goes first",
    "size": "the fewest pieces go first",
}

_ORDERS = {
    "paid": "who paid first goes first",
    "promise": "who is due first goes first",
    "size": "the fewest pieces go first",
}


def floor_words(scenario: Scenario) -> Iterator[str]:
    """Yield sentences about each floor of our own, then about promises and returns."""
    for name, house in scenario.warehouses.items():
        where = f"warehouses.{name}"
        if not house.open:
            yield f"{where}: closed until a policy opens it"
        if house.external is not None:
            continue
        yield f"{where}: parcels pass {', then '.join(passed(scenario, house))}"
        yield f"{where}: {_release(house.release)}"
        for station in stations(house):
            yield f"{where}.{station.name}: {_station(house, station)}"
        yield from (f"{where}.{stage}: {words}" for stage, words in _limits(house))
        yield from (f"{where}: {words}" for words in _stops(house))
        yield from (f"{where}: crew {crew}: {_crew(its)}" for crew, its in house.crews.items())
        yield from (f"{where}: {words}" for words in _carriers(house))
    for name, promise in scenario.promises.items():
        yield f"promises.{name}: {_promise(promise)}"
    if (returns := scenario.returns) is not None:
        back = f"{format_duration(returns.after.mean)} after they were shipped"
        back += " on average" if returns.after.variation else ""
        yield f"returns: {returns.share:.0%} of orders come back {back}, to {returns.stage}"


def _release(release: Release) -> str:
    limit = release.max_open_orders
    most = f", at most {limit:,} on the floor" if limit is not None else ""
    if release.mode == "continuous":
        if limit is None:
            return "released as soon as they are sent" + _DEFAULT
        return f"released as soon as there is room{most}; {_ORDERS[release.order]}"
    times = [f"every {format_duration(release.every)}"] if release.every is not None else []
    times += [f"when {release.orders:,} parcels wait"] if release.orders is not None else []
    return f"released in waves, {' and '.join(times)}{most}; {_ORDERS[release.order]}"


def _station(house: Warehouse, station: Station) -> str:
    stage, zone = station.stage_of, station.zone_of
    work, tour, travel, discipline = stage.work, stage.tour, stage.travel, stage.discipline
    if zone is not None:
        work, tour, travel = zone.work or work, zone.tour or tour, zone.travel or travel
        discipline = zone.discipline or discipline
    shifts = len(shifts_of(house, station))
    people = people_of(station.workers) if station.workers is not None else ""
    if shifts:
        covered = f"{shifts} shift{'s' if shifts > 1 else ''}"
        people = f"{covered}, {people} otherwise" if people else covered
    parts = [people or "people of crews and policies only"]
    parts += [_work(work)] if work is not None else ["work on kits and gifts"]
    parts += ["only parcels with such work"] if stage.only is not None else []
    parts += [_tour(tour)] if tour is not None else []
    parts += [_travel(travel)] if travel is not None else []
    parts.append(_DISCIPLINES[discipline] + (_DEFAULT if _by_default(station) else ""))
    return "; ".join(parts)


def _by_default(station: Station) -> bool:
    said = station.zone_of is not None and station.zone_of.discipline is not None
    return not said and "discipline" not in station.stage_of.model_fields_set


def _work(work: Work) -> str:
    if work.uph is not None:
        text = f"{work.uph:g} {work.per}s an hour for each"
    else:
        said = {"task": work.per_task, "line": work.per_line, "piece": work.per_unit}
        text = " + ".join(
            f"{format_duration(span)} per {what}" for what, span in said.items() if span
        )
    text += f", {work.allowance:.0%} longer" if work.allowance else ""
    return text + (f", varying by {work.variation:.0%}" if work.variation else "")


def _tour(tour: Tour) -> str:
    limits = [f"{tour.orders:,} parcels"] if tour.orders is not None else []
    limits += [f"{tour.units:,} pieces"] if tour.units is not None else []
    setup = f", {format_duration(tour.setup)} to set out" if tour.setup else ""
    return f"in tours of at most {' and '.join(limits)}{setup}"


def _travel(travel: Travel) -> str:
    aisle = format_duration(travel.per_aisle)
    return f"{aisle} of walking for each of {travel.aisles:,} aisles that is visited"


def _limits(house: Warehouse) -> Iterator[tuple[str, str]]:
    """Say what holds releases back at each stage."""
    for name, stage in house.stages.items():
        for words in _room(stage):
            yield name, f"nothing is released while {words}"


def _room(stage: Stage) -> Iterator[str]:
    if stage.put_wall is not None:
        yield f"{stage.put_wall:,} released parcels are still to be begun here"
    if stage.staging is not None:
        yield f"{stage.staging:,} parcels wait in front of it"


def _stops(house: Warehouse) -> Iterator[str]:
    for zone, breakdown in house.breakdowns.items():
        yield (
            f"{zone} breaks down after {format_duration(breakdown.mtbf)} on average and is "
            f"repaired in {format_duration(breakdown.mttr)}"
        )
    for name, stop in house.stops.items():
        yield f"{stop.where} stands still from {stop.from_} to {stop.to} ({name})"


def _crew(crew: Crew) -> str:
    begin, end = crew.shift
    skills = ", ".join(f"{zone} at {speed:g}" for zone, speed in crew.skills.items())
    most = "most work waits" if crew.by == "work_left" else "most tasks wait"
    by = _DEFAULT if "by" not in crew.model_fields_set else ""
    return (
        f"{people_of(crew.people)} from {begin} to {end}, every {format_duration(crew.every)} sent "
        f"where {most}{by}: {skills}"
    )


def _carriers(house: Warehouse) -> Iterator[str]:
    if not house.carriers:
        yield "parcels are shipped when their last stage is done" + _DEFAULT
    total = sum(carrier.share or 0 for carrier in house.carriers.values())
    regional = any(carrier.regions is not None for carrier in house.carriers.values())
    rest = "others" if regional else "parcels"
    for name, carrier in house.carriers.items():
        yield f"carrier {name} takes {_taken(carrier, total, rest)} at {_pickups(carrier)}"


def _taken(carrier: Carrier, total: float, rest: str) -> str:
    if carrier.regions is not None:
        return f"what goes to {', '.join(carrier.regions)}"
    if not total:
        return "nothing"
    share = (carrier.share or 0) / total
    return f"all {rest}" if share == 1 else f"{share:.0%} of the {rest}"


def _pickups(carrier: Carrier) -> str:
    times = ", ".join(str(pickup) for pickup in carrier.pickups)
    if carrier.capacity is None:
        return f"{times}, however many there are"
    return f"{times}, at most {carrier.capacity:,} parcels each time"


def _promise(promise: Promise) -> str:
    channels = promise.where.channel
    who = f"orders of {', '.join(channels)}" if channels is not None else "orders"
    done = "are shipped" if promise.met_at == "pickup" else "are packed"
    done += "" if "met_at" in promise.model_fields_set else _DEFAULT
    if promise.within is not None:
        text = f"{who} {done} within {format_duration(promise.within)} of payment"
    else:
        rows = [f"paid before {row.paid_before}: by {row.by}" for row in promise.cut_offs or ()]
        text = f"{who} {done} by a time of day, {'; '.join(rows)}"
    return text + (f"; {_penalty(promise.penalty)}" if promise.penalty is not None else "")


def _penalty(penalty: Penalty) -> str:
    rate, least, most = penalty.terms
    text = f"each late one costs {rate:.0%} of what was paid"
    text += f", at least {format_money(least)}" if least else ""
    return text + (f", at most {format_money(most)}" if most is not None else "")
