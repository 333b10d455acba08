"""From which warehouses the lines of one group come, on plain numbers."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Line", "Sources", "find_sources"]

#: Position of an order line, and SKU → pieces of what is counted of it.
Line = tuple[int, dict[int, int]]

#: Warehouse → lines that come from it, in the order in which they were chosen.
Sources = dict[int, list[Line]]

_Shelves = list[dict[int, int]]


def find_sources(
    left: _Shelves, lines: list[Line], route: tuple[int, ...], *, split: bool, part: bool
) -> Sources | None:
    """Find the first warehouse that has all lines, else the fewest that have them together.

    Parameters
    ----------
    left
        For each warehouse SKU → pieces of what is counted.
    lines
        Lines of the group.
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
    needs = lines[0][1] if len(lines) == 1 else _sum(lines)
    for house in route:
        shelf = left[house]
        if all(shelf.get(sku, pieces) >= pieces for sku, pieces in needs.items()):
            return {house: lines}
    if len(lines) == 1 or not (split or part):
        return None
    sources: Sources = {}
    rest, houses = lines, list(route)
    while rest and houses and (split or not sources):
        best: tuple[int, list[Line]] = -1, []
        for house in houses:
            covered = _covered(left[house], rest)
            if len(covered) > len(best[1]):
                best = house, covered
        if not best[1]:
            break
        sources[best[0]] = best[1]
        taken = {number for number, _ in best[1]}
        rest = [line for line in rest if line[0] not in taken]
        houses.remove(best[0])
    if rest and not part:
        return None
    return sources or None


def _sum(lines: Iterable[Line]) -> dict[int, int]:
    needs: dict[int, int] = {}
    for _, of_line in lines:
        for sku, pieces in of_line.items():
            needs[sku] = needs.get(sku, 0) + pieces
    return needs


def _covered(shelf: dict[int, int], lines: list[Line]) -> list[Line]:
    """Lines that a warehouse has, one after another; what they share counts once."""
    covered: list[Line] = []
    used: dict[int, int] = {}
    for line in lines:
        needs = line[1].items()
        if all(shelf.get(sku, n + used.get(sku, 0)) >= n + used.get(sku, 0) for sku, n in needs):
            covered.append(line)
            for sku, pieces in needs:
                used[sku] = used.get(sku, 0) + pieces
    return covered
