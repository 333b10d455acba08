"""The parcels of orders that leave together: which is which, and which gifts are in it."""

from __future__ import annotations

from typing import Final

__all__ = ["AFTER_MAIN", "LATER", "MAIN", "PART_OF", "SPLIT"]

#: The goods, gifts beside them, gifts after them, and from `LATER` on gifts of one rule each that
#: came into stock later.
MAIN, SPLIT, AFTER_MAIN, LATER = range(4)

#: How a rule ships its gifts (`fulfil.ship`) -> the part that they are in.
PART_OF: Final = {"with_main": MAIN, "split": SPLIT, "after_main": AFTER_MAIN}
