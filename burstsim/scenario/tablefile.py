"""A table that stands in a file of its own, and how a section says that it does."""

from __future__ import annotations

from typing import Any

from pydantic import BeforeValidator, ConfigDict, Field

from burstsim.scenario.fields import Name, Section, Text

__all__ = ["TableFile", "or_table"]


class TableFile(Section):
    """A CSV file or an XLSX sheet whose rows become part of the scenario."""

    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
    sheet: Text | None = Field(default=None, description="of an XLSX file; left out: the first")


class _Beside(TableFile):
    """A table, and what is laid over it: parts of entries, which need not be whole."""

    model_config = ConfigDict(extra="allow")


def or_table(kind: Any) -> BeforeValidator:
    """Let editors accept a table where a map of this type stands.

    By the time that the models look at it, what the table holds is in the map (`laying.py`).
    """
    return BeforeValidator(lambda value: value, json_schema_input_type=kind | _Beside)
