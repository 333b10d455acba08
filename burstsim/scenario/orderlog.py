"""An order log as arrays: what the ``replay`` shape plays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["ONLY_DAYS", "Flags", "Indices", "Ints", "OrderLog"]

#: Note on a log without times of day.
ONLY_DAYS = "the times know only the day"

Ints: TypeAlias = npt.NDArray[np.int64]
Indices: TypeAlias = npt.NDArray[np.int32]
Flags: TypeAlias = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderLog:
    """n orders with m lines, in time order; orders of the same moment stay in file order.

    Parameters
    ----------
    time : int64 array, shape (n,)
        Microseconds since `first`, not falling.
    first : str
        Moment of the first order, ISO; midnight of the first day if the log knows only days.
    line_offsets : int64 array, shape (n + 1,)
        Lines of order i are ``line_offsets[i]`` up to, not including, ``line_offsets[i + 1]``.
    line_sku : int32 array, shape (m,)
        Index into `skus`; at most one line per order and SKU.
    line_quantity : int64 array, shape (m,)
        Units, at least 1.
    line_amount : int64 array, shape (m,)
        Cents for all units of the line, or -1 where the log has no price.
    customer : int64 array, shape (n,)
        Index into `customers`, or -1 unknown.
    region, channel, room : int32 array, shape (n,)
        Index into `regions`, `channels` and `rooms`, or -1 unknown.
    paid, cancelled : int64 array, shape (n,)
        Microseconds since `first` and not before `time`, or -1: never, or the log does not say.
    tier : int64 array, shape (n,)
        Member tier of the buyer, 0 for none.
    new, coupon : int8 array, shape (n,)
        1 a new customer, an order with a coupon; 0 not; -1 unknown.
    discount, shipping, tax : int64 array, shape (n,)
        Cents of the whole order, 0 where the log has none.
    skus, customers, regions, channels, rooms : tuple of str
        As written, in the order in which they first appear in the file.
    notes : tuple of str
        One sentence for each thing that was dropped, joined or found out, with its count.
    """

    time: Ints
    first: str
    line_offsets: Ints
    line_sku: Indices
    line_quantity: Ints
    line_amount: Ints
    customer: Ints
    region: Indices
    channel: Indices
    room: Indices
    paid: Ints
    cancelled: Ints
    tier: Ints
    new: Flags
    coupon: Flags
    discount: Ints
    shipping: Ints
    tax: Ints
    skus: tuple[str, ...]
    customers: tuple[str, ...]
    regions: tuple[str, ...]
    channels: tuple[str, ...]
    rooms: tuple[str, ...]
    notes: tuple[str, ...]

    def digest(self) -> str:
        """SHA-256 (hex) of everything that is replayed."""
        sha = hashlib.sha256()
        for item in fields(self):
            value = getattr(self, item.name)
            plain = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
            sha.update(plain)
        return sha.hexdigest()
