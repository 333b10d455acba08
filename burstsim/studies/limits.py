"""What a run may ask for, said by whoever starts it; refused before it starts."""

from __future__ import annotations

from burstsim.engine.limits import needs_of
from burstsim.engine.run import Engine
from burstsim.errors import LimitError
from burstsim.scenario.scenario import Scenario

__all__ = ["format_size", "refuse_over"]

#: Bytes of an order in the tables of the first replication.
_IN_TABLES = 900


def refuse_over(
    scenario: Scenario,
    *,
    engine: Engine = "vector",
    jobs: int = 1,
    max_orders: int | None = None,
    max_memory: int | None = None,
) -> None:
    """Refuse a run that is expected to need more than it may have.

    Parameters
    ----------
    scenario, engine
        What is to be run.
    jobs
        Replications at once.
    max_orders
        Orders that one replication may have.
    max_memory
        Bytes that all processes may take together.

    Raises
    ------
    LimitError
        With the estimate.
    """
    needs = needs_of(scenario, engine)
    if max_orders is not None and needs.orders > max_orders:
        raise LimitError(
            f"a replication of this scenario has about {needs.orders:,.0f} orders, more than the "
            f"{max_orders:,} of --max-orders; nothing was run (a smaller demand_scale has fewer)"
        )
    memory = needs.memory * jobs + needs.orders * _IN_TABLES
    if jobs > 1:
        memory += needs.memory  # of the process that they belong to
    if max_memory is not None and memory > max_memory:
        hint = "fewer --jobs need less" if jobs > 1 else "a smaller demand_scale needs less"
        raise LimitError(
            f"this run takes about {format_size(memory)} of memory, more than the "
            f"{format_size(max_memory)} of --max-memory; nothing was run ({hint})"
        )


def format_size(size: float) -> str:
    """Write a number of bytes with two or three digits.

    Examples
    --------
    >>> format_size(1_234_567_890), format_size(500_000_000)
    ('1.2 GB', '500 MB')
    """
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB" if size < 100 else f"{size:,.0f} GB"
