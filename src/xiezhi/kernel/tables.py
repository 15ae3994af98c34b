"""TableRef: what the lake hands to an engine. A name, its files and its columns; no path is spelled elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class TableRef:
    """One table of one snapshot. `columns` maps column name to its DuckDB type; empty `files` means an empty table."""

    name: str
    files: tuple[Path, ...]
    columns: dict[str, str] = field(default_factory=dict)
    rows: int = 0


SET_ASIDE = "__set_aside"
"""Ends the name of the table that holds the rows of another which were set aside at intake, as far as they could be read."""
