"""Codes in the tables of a run, spelt out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from burstsim.kernels.arrays import Indices

__all__ = ["spelt_out"]


def spelt_out(codes: Indices, names: Iterable[str]) -> pd.Categorical:
    """Spell codes out; -1 is missing.

    Parameters
    ----------
    codes : (n,) int64
        Positions in `names`.
    names
        All different.

    Examples
    --------
    >>> import numpy as np
    >>> spelt_out(np.array([1, -1, 0]), ("east", "west")).tolist()
    ['west', nan, 'east']
    """
    import pandas as pd

    # without names the type says that they are text, or Parquet forgets what the column is
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype="str"))
