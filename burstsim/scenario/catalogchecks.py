"""Rules of the catalogue that span kits: names, circles, limits, and builds of prekits."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.scenario.catalog import Catalog, Kit
from burstsim.scenario.demand import Replay
from burstsim.scenario.faults import Fault
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.names import Names, item_paths
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario

__all__ = ["build_faults", "catalog_faults", "on_shelves"]

#: Most leaf units that one kit may open into.
_LARGEST_KIT = 1_000_000

#: Most that weights may add up to.
_LARGEST_WEIGHT = 1_000_000_000


def catalog_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with the kits of a catalogue."""
    catalog = scenario.catalog
    circles = list(_circles(catalog))
    known = {fault.path for fault in circles}
    for name, kit in catalog.kits.items():
        path: KeyPath = ("catalog", "kits", name)
        if name in catalog.skus:
            yield Fault(path, "must not have the name of a SKU", name)
        for fault in (*_parts(catalog, path, kit, names), *_weights(path, kit)):
            if fault.path not in known:
                yield fault
    yield from circles
    if not circles:
        yield from _sizes(catalog)
        yield from _open_parts(catalog)


def _parts(catalog: Catalog, path: KeyPath, kit: Kit, names: Names) -> Iterator[Fault]:
    """Find names that are no items, or not such as may stand there."""
    items = {**catalog.skus, **catalog.kits}
    if kit.kind in ("virtual", "prekit") and not kit.needs:
        hint, depends = "it says what is in the kit", ((*path, "needs", "*"),)
        yield Fault((*path, "needs"), "must not be empty", "", hint, depends)
    for part in kit.needs:
        if part not in items:
            yield names.unknown((*path, "needs", part), "item", part, items, item_paths(part))
        elif kit.needs[part].else_ and part not in catalog.skus:
            rule = "must be a SKU, because others may stand in for it"
            yield Fault((*path, "needs", part), rule, part, "", item_paths(part))
    for option in kit.of or ():
        if option not in items:
            yield names.unknown((*path, "of", option), "item", option, items, item_paths(option))
    alternatives: list[tuple[KeyPath, str]] = [
        ((*path, "needs", part, "else", number), other)
        for part, need in kit.needs.items()
        for number, other in enumerate(need.else_)
    ]
    for place, sku in [*alternatives, *(((*path, "pool", sku), sku) for sku in kit.pool or ())]:
        if sku in catalog.kits and sku not in catalog.skus:
            yield Fault(place, "must be a SKU", sku, "it is a kit", item_paths(sku))
        elif sku not in catalog.skus:
            yield names.unknown(place, "SKU", sku, catalog.skus, item_paths(sku))


def _weights(path: KeyPath, kit: Kit) -> Iterator[Fault]:
    """Find choices and draws that cannot be made."""
    for key, weights in (("of", kit.of), ("pool", kit.pool)):
        if weights is None:
            continue
        total = sum(weights.values())
        if total > _LARGEST_WEIGHT:
            rule = f"must have weights that add up to at most {_LARGEST_WEIGHT:,}"
            yield Fault((*path, key), rule, f"{total:,}")
        if not total and key == "pool":
            yield Fault((*path, key), "must have a weight above 0", "0")
    if kit.kind != "choose" or kit.choose is None:
        return
    options, limits = kit.choices(), (*path, "limits")
    looked_at: tuple[KeyPath, ...] = ((*path, "of"), (*path, "choose"))
    for name in kit.limits:
        if name not in options:
            hint = f"there is {', '.join(list(options)[:5])}"
            yield Fault((*limits, name), "must be one of the options", name, hint, looked_at)
    for name, option in options.items():
        if option.least > option.most:
            rule, shown = "must not have a least above its most", f"{option.least}, {option.most}"
            yield Fault((*limits, name), rule, shown, "", looked_at)
            return
    least = sum(option.least for option in options.values())
    most = sum(o.most if o.weight else o.least for o in options.values())
    if least > kit.choose:
        rule = f"must not ask for more than the {kit.choose} that are chosen"
        yield Fault(limits, rule, f"at least {least}", "", looked_at)
    elif most < kit.choose:
        rule = f"must leave room for the {kit.choose} that are chosen"
        hint = "an option of weight 0 is only chosen as often as it must be"
        place = limits if kit.limits else (*path, "of")
        yield Fault(place, rule, f"at most {most}", hint, looked_at)


def _inside(kit: Kit) -> dict[str, KeyPath]:
    """Items that a kit contains or may contain, and where it says so."""
    found: dict[str, KeyPath] = {}
    for name, part in kit.needs.items():
        found.setdefault(name, ("needs", name))
        for number, other in enumerate(part.else_):
            found.setdefault(other, ("needs", name, "else", number))
    for key, names in (("of", kit.of), ("pool", kit.pool)):
        for name in names or ():
            found.setdefault(name, (key, name))
    return found


def _circles(catalog: Catalog) -> Iterator[Fault]:
    """Find kits in a circle; without recursion, so a long chain is no danger."""
    done = set(catalog.skus)
    for root in catalog.kits:
        trail = {} if root in done else {root: iter(_inside(catalog.kits[root]).items())}
        while trail:
            name = next(reversed(trail))
            part, place = next(trail[name], (None, ()))
            if part is None:
                del trail[name]
                done.add(name)
            elif part in trail:
                names = list(trail)
                circle = [*names[names.index(part) :], part]
                shown = " → ".join(circle if len(circle) < 8 else [*circle[:3], "…", *circle[-3:]])
                path: KeyPath = ("catalog", "kits", name, *place)
                yield Fault(path, "must not contain itself", shown)
            elif part in catalog.kits and part not in done:
                trail[part] = iter(_inside(catalog.kits[part]).items())


def _in_turn(catalog: Catalog) -> list[str]:
    """Kits, each after those in it; there must be no circle."""
    done: dict[str, None] = dict.fromkeys(catalog.skus)
    waiting = list(catalog.kits)[::-1]
    while waiting:
        name = waiting.pop()
        inside = [part for part in _inside(catalog.kits[name]) if part in catalog.kits]
        missing = [part for part in inside if part not in done]
        if missing:
            waiting += [name, *missing]
        else:
            done[name] = None
    return [name for name in done if name not in catalog.skus]


def _sizes(catalog: Catalog) -> Iterator[Fault]:
    """Find kits that open into too many pieces."""
    pieces: dict[str, int] = dict.fromkeys(catalog.skus, 1)
    for name in _in_turn(catalog):
        kit = catalog.kits[name]
        size = sum(part.quantity * pieces.get(item, 1) for item, part in kit.needs.items())
        size += (kit.choose or 0) * max((pieces.get(item, 1) for item in kit.of or ()), default=0)
        size += kit.draw or 0
        if size > _LARGEST_KIT:
            rule = f"must not open into more than {_LARGEST_KIT:,} pieces"
            inside = item_paths(*kit.needs, *(kit.of or ()))
            yield Fault(("catalog", "kits", name), rule, f"{size:,}", "", inside)
            size = 1
        pieces[name] = 1 if kit.kind == "prekit" else size


def _open_parts(catalog: Catalog) -> Iterator[Fault]:
    """Find choices within choices, and open parts of what must be the same for everybody."""
    chosen: dict[str, bool] = {}  # whether something in it is up to the buyer
    unsure: dict[str, bool] = {}  # whether what is in it is not always the same
    for name in _in_turn(catalog):
        kit, path = catalog.kits[name], ("catalog", "kits", name)
        if kit.kind == "prekit":
            for part, need in kit.needs.items():
                if unsure.get(part) or need.else_:
                    rule = "must be fixed, because it is in a prekit"
                    yield Fault((*path, "needs", part), rule, part, "", item_paths(part))
            chosen[name] = unsure[name] = False
            continue
        for option in kit.of or ():
            if chosen.get(option):
                rule = "must not be a kit with a choice in it"
                yield Fault((*path, "of", option), rule, option, "", item_paths(option))
        inside = [*kit.needs, *(kit.of or ())]
        chosen[name] = kit.kind == "choose" or any(chosen.get(part) for part in inside)
        unsure[name] = (
            chosen[name]
            or kit.kind == "mystery"
            or any(unsure.get(part) for part in inside)
            or any(part.else_ for part in kit.needs.values())
        )


def build_faults(
    scenario: Scenario, path: KeyPath, house: Warehouse, names: Names
) -> Iterator[Fault]:
    """Yield what is wrong with the builds of a warehouse."""
    kits = scenario.catalog.kits
    prekits = [name for name, kit in kits.items() if kit.kind == "prekit"]
    for name, build in house.builds.items():
        here = (*path, "builds", name)
        if build.kit in kits and build.kit not in prekits:
            rule = "must be a kit of kind: prekit"
            yield Fault((*here, "kit"), rule, build.kit, "", item_paths(build.kit))
        elif build.kit not in prekits:
            depends = item_paths(build.kit)
            yield names.unknown((*here, "kit"), "prekit", build.kit, prekits, depends)


def on_shelves(scenario: Scenario) -> dict[str, None]:
    """Names of all that has a stock of its own: SKUs, those that logs add, prekits."""
    catalog = scenario.catalog
    logs = [stream.log for stream in scenario.demand.values() if isinstance(stream, Replay)]
    added = [sku for log in logs for sku in log.skus if sku not in catalog.kits]
    prekits = [name for name, kit in catalog.kits.items() if kit.kind == "prekit"]
    return dict.fromkeys([*catalog.skus, *added, *prekits])
