"""Pages written by hand: what a system that prints puts around its tables, and into their cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.core.intake.receiving import HEADER, Site, payment


def write_page(path: Path, body: str, head: str = "") -> Path:
    path.write_text(f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return path


def table(*rows: Sequence[str] | str, begin: str = "<table>") -> str:
    """Rows of cells; a text is a row as it is written. `begin`: its tag and what stands before its rows."""
    return begin + "".join(row if isinstance(row, str) else tr(row) for row in rows) + "</table>"


def tr(cells: Sequence[str]) -> str:
    """A cell that is written with its tag stays as it is."""
    return "<tr>" + "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in cells) + "</tr>"


def without(cells: Sequence[str], column: str) -> list[str]:
    """A row in which a cell is missing, since one above it reaches down."""
    return [cell for cell, name in zip(cells, HEADER, strict=True) if name != column]


def paid(*numbers: int, amount: str = "5") -> str:
    """A table of payments of one amount."""
    return table(HEADER, *(payment(number, 补贴金额=amount) for number in numbers))


def amounts(site: Site) -> dict[str, int]:
    return {row["payment_id"]: row["amount"] for row in site.rows("subsidy_payment", "payment_id, amount, _delivery, _row")}
