"""What is in one of each item: fixed leaves, parts that stay open, and what a buyer chooses."""

from __future__ import annotations

from dataclasses import dataclass, field

from burstsim.kernels.pools import Pool
from burstsim.scenario.catalog import Catalog, Kit

__all__ = ["Choose", "Form", "Forms"]


@dataclass(slots=True, eq=False)
class Form:
    """One of an item, kits opened; numbers are those of items.

    Parameters
    ----------
    leaves
        SKU → pieces that are always in it.
    opens
        Pool → pieces of which is decided what they are when stock is taken.
    asked
        Item → pieces, as the buyer sees it: of a part with alternatives the first, of a mystery
        kit the kit itself.
    choices
        Kit of kind `choose` → how many of it.
    work
        Station → ticks of work on kits.
    """

    leaves: dict[int, int] = field(default_factory=dict)
    opens: dict[int, int] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)
    choices: dict[int, int] = field(default_factory=dict)
    work: dict[int, int] = field(default_factory=dict)

    def add(self, other: Form, times: int = 1) -> None:
        """Put so many of another item in; what meets again is added up."""
        for name in ("leaves", "opens", "asked", "choices", "work"):
            mine: dict[int, int] = getattr(self, name)
            for key, count in getattr(other, name).items():
                mine[key] = mine.get(key, 0) + count * times


@dataclass(frozen=True, slots=True)
class Choose:
    """What a buyer may choose.

    Parameters
    ----------
    total
        Pieces that he picks.
    items, weights, least, most
        Of each option.
    """

    total: int
    items: tuple[int, ...]
    weights: tuple[int, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]


class Forms:
    """The forms of all items of a catalogue.

    Parameters
    ----------
    catalog
        Without circles; `burstsim.scenario.catalogchecks` sees to that.
    names
        Items by number: what stands on shelves, prekits last, then the other kits.
    zones
        For each warehouse: stage that kits may be worked on at → its station; ``""`` where
        nothing is said, or no such stage is there.
    """

    def __init__(
        self, catalog: Catalog, names: tuple[str, ...], zones: list[dict[str, int]]
    ) -> None:
        self.catalog, self.zones = catalog, zones
        self.numbers = {name: number for number, name in enumerate(names)}
        self.pools: dict[Pool, int] = {}
        self.chooses: dict[int, Choose] = {}
        #: What a prekit is made of, by its number.
        self.built: dict[int, dict[int, int]] = {}
        self.forms: dict[str, Form] = {}
        for name, number in self.numbers.items():
            kit = catalog.kits.get(name)
            if kit is None or kit.kind == "prekit":
                self.forms[name] = Form(leaves={number: 1}, asked={number: 1})
        waiting = list(catalog.kits)
        while waiting:
            name = waiting.pop()
            kit = catalog.kits[name]
            inside = [part for part in (*kit.needs, *(kit.of or {})) if part not in self.forms]
            if inside:
                waiting += [name, *inside]
            elif kit.kind == "prekit":
                self.built[self.numbers[name]] = self._parts(kit).leaves
            elif name not in self.forms:
                self.forms[name] = self._open(name, kit)

    def _open(self, name: str, kit: Kit) -> Form:
        form, number = self._parts(kit), self.numbers[name]
        if kit.kind == "choose":
            form.choices[number] = 1
            options = kit.choices()
            self.chooses[number] = Choose(
                total=kit.choose or 0,
                items=tuple(self.numbers[option] for option in options),
                weights=tuple(option.weight for option in options.values()),
                least=tuple(option.least for option in options.values()),
                most=tuple(option.most for option in options.values()),
            )
        elif kit.kind == "mystery":
            assert kit.pool is not None
            members = tuple(self.numbers[member] for member in kit.pool)
            form.opens[self._pool(Pool(members, tuple(kit.pool.values())))] = kit.draw or 0
            form.asked[number] = 1
        if kit.work:
            for stages in self.zones:
                if stages:
                    zone = stages.get(kit.zone or "", stages[""])
                    form.work[zone] = form.work.get(zone, 0) + kit.work
        return form

    def _parts(self, kit: Kit) -> Form:
        """Put together what a kit needs."""
        form = Form()
        for name, part in kit.needs.items():
            if part.else_:
                members = tuple(self.numbers[member] for member in (name, *part.else_))
                pool = self._pool(Pool(members, None))
                opened = Form(opens={pool: 1}, asked={self.numbers[name]: 1})
                form.add(opened, part.quantity)
            else:
                form.add(self.forms[name], part.quantity)
        return form

    def _pool(self, pool: Pool) -> int:
        return self.pools.setdefault(pool, len(self.pools))
