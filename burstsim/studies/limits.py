"""What a run may ask for, said by whoever starts it; refused before it starts."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.engine.needs import needs_of
from burstsim.engine.run import Engine
from burstsim.errors import LimitError
from burstsim.languages import words_of
from burstsim.scenario.scenario import Scenario

__all__ = ["Limits", "format_size", "takes"]

#: Bytes of an order in the tables of the first replication.
_IN_TABLES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What replications may take.

    Parameters
    ----------
    orders
        Orders that one replication may have; None for as many as there are.
    memory
        Bytes that all processes may take together; None for as many as there are.
    """

    orders: int | None = None
    memory: int | None = None

    def refuse(
        self,
        scenario: Scenario,
        *,
        engine: Engine = "vector",
        jobs: int = 1,
        tables: bool = False,
        left: str = "it was not run",
    ) -> None:
        """Refuse what is expected to need more than it may have.

        Parameters
        ----------
        scenario, engine
            What is to be run.
        jobs
            Replications at once.
        tables
            Whether the tables of a replication are made as well.
        left
            What has not been run, as a clause.

        Raises
        ------
        LimitError
            With the estimate.
        """
        if self.orders is None and self.memory is None:
            return
        needs = needs_of(scenario, engine)
        if self.orders is not None and needs.orders > self.orders:
            raise LimitError(
                f"a replication of this scenario has about {needs.orders:,.0f} orders, more than "
                f"the {self.orders:,} of --max-orders; {left} (a smaller demand_scale has fewer)"
            )
        rows = needs.orders if tables and scenario.record == "orders" else 0
        memory = needs.memory * jobs + rows * _IN_TABLES
        if jobs > 1:
            memory += needs.memory  # of the process that they belong to
        if self.memory is not None and memory > self.memory:
            hint = "fewer --jobs need less" if jobs > 1 else "a smaller demand_scale needs less"
            raise LimitError(
                f"this takes about {format_size(memory)} of memory, more than the "
                f"{format_size(self.memory)} of --max-memory; {left} ({hint})"
            )


def takes(scenario: Scenario) -> str:
    """Say in a clause, in the language of the scenario, what one replication is expected to take.

    Parameters
    ----------
    scenario
        What would be run.
    """
    needs = needs_of(scenario)
    words = words_of(scenario.language)
    return words.say(
        "a replication takes about {size} of memory, and about {seconds} s of an ordinary core",
        size=format_size(needs.memory),
        seconds=f"{max(needs.seconds, 1):,.0f}",
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
