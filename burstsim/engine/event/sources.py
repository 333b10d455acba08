"""From which warehouses the lines of an order come."""

from __future__ import annotations

from burstsim.engine.event.contents import Line, added_up
from burstsim.engine.event.shelf import Shelf

__all__ = ["Sources", "find_sources"]

#: Warehouse → lines that come from it, in the order in which they were chosen.
Sources = dict[int, list[Line]]


def find_sources(
    shelf: Shelf, lines: list[Line], route: tuple[int, ...], *, split: bool, part: bool
) -> Sources | None:
    """Find the lines of an order on the shelves, without taking them.

    The first warehouse that has all of it; else the fewest warehouses, found greedily: the one
    that covers most lines, then of what is left again the one that covers most.

    Parameters
    ----------
    shelf
        What is there.
    lines
        Lines of the order, or of those that leave together.
    route
        Warehouses, the preferred one first.
    split
        Whether lines may come from several warehouses.
    part
        Whether some of the lines are better than none.

    Returns
    -------
    dict or None
        None if not everything is found (with `part`: if nothing is).
    """
    needs = added_up(lines)
    for house in route:
        if shelf.has(house, needs):
            return {house: lines}
    sources: Sources = {}
    left, houses = lines, list(route)
    while left and houses and (split or not sources):
        covered = {house: _covered(shelf, house, left) for house in houses}
        best = max(houses, key=lambda house: len(covered[house]))  # the first of equals
        if not covered[best]:
            break
        sources[best] = covered[best]
        left = [line for line in left if line not in covered[best]]
        houses.remove(best)
    if left and not part:
        return None
    return sources or None


def _covered(shelf: Shelf, house: int, lines: list[Line]) -> list[Line]:
    """Lines that a warehouse has, one after another; what they share counts once."""
    covered: list[Line] = []
    for line in lines:
        if shelf.has(house, added_up([*covered, line])):
            covered.append(line)
    return covered
