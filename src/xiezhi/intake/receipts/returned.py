"""Set-aside rows as a file of the sender's own format, with where they stood and why they come back in extra columns.

Mend it and deliver it again, under whatever name: the rows are known by what the extra columns say.

Only what was set aside goes back, under the delivered header, in the delivered encoding and with the delivered
delimiter. A cell that a spreadsheet would run as a formula gets an apostrophe, which intake takes off again.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xiezhi.intake.json_text import written
from xiezhi.intake.receipts.words import explain
from xiezhi.kernel.spreadsheet import harmless
from xiezhi.kernel.workbook import new_workbook, write_texts

DELIVERY_HEADER, ROW_HEADER, REASON_HEADER = "原交付号", "原行号", "退回原因"
"""Headers of the extra columns. No rows of the lake have them when the mended file comes back."""

IN_ENGLISH = {DELIVERY_HEADER: "Original delivery", ROW_HEADER: "Original row", REASON_HEADER: "Why it came back"}
"""The same where the delivered header has no Chinese word: its sender may read none."""

EXTRA = frozenset(IN_ENGLISH) | frozenset(IN_ENGLISH.values())


@dataclass(frozen=True)
class ReturnedRow:
    """The cells as delivered, where they stood, and why they come back: `field=word|…` (see words.explain)."""

    row: int
    cells: Sequence[str | None]
    reasons: str


@dataclass(frozen=True)
class Shape:
    """How the file was delivered: `csv` (with delimiter and encoding), `xlsx`, `jsonl` or `ocds`.

    `fields`: what the header calls each field of the contract.
    """

    kind: str
    header: Sequence[str | None]
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def english(self) -> bool:
        """Whether the sender is told in English."""
        return not re.search("[一-鿿]", "".join(filter(None, self.header))) and any(self.header)


def write_returned(path: Path, shape: Shape, delivery: int, rows: Iterable[ReturnedRow]) -> None:
    """Write the file of what `delivery` set aside. The extra columns of an earlier return are dropped from the cells."""
    if shape.kind == "ocds":
        _ocds(path, delivery, rows)
        return
    kept = [number for number, name in enumerate(shape.header) if name not in EXTRA]
    extra = [chinese if not shape.english else english for chinese, english in IN_ENGLISH.items()]
    header = [*(shape.header[number] or "" for number in kept), *extra]
    cells = ([*_chosen(row, kept, len(shape.header)), str(delivery), str(row.row), _reason(row, shape)] for row in rows)
    {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl}[shape.kind](path, shape, header, cells)


def _reason(row: ReturnedRow, shape: Shape) -> str:
    return explain(row.reasons, shape.fields, english=shape.english)


def _chosen(row: ReturnedRow, kept: Sequence[int], width: int) -> list[str | None]:
    """The cells under the header, then any beyond it (a row of too many cells comes back whole)."""
    return [row.cells[number] if number < len(row.cells) else None for number in kept] + list(row.cells[width:])


def _csv(path: Path, shape: Shape, header: list[str], rows: Iterator[list[str | None]]) -> None:
    with path.open("w", encoding=shape.encoding, errors="replace", newline="") as handle:
        handle.write("\ufeff" if shape.encoding.startswith("utf-16-") else "")
        out = csv.writer(handle, delimiter=shape.delimiter)
        out.writerow(map(harmless, header))
        out.writerows([harmless(cell or "") for cell in row] for row in rows)


def _xlsx(path: Path, shape: Shape, header: list[str], rows: Iterator[list[str | None]]) -> None:
    with new_workbook(path, row_by_row=True) as book:
        sheet = book.add_worksheet(shape.sheet[:31] or None)
        write_texts(sheet, 0, header)
        for number, row in enumerate(rows, start=1):
            write_texts(sheet, number, [cell or "" for cell in row])


def _jsonl(path: Path, shape: Shape, header: list[str], rows: Iterator[list[str | None]]) -> None:
    with path.open("w", encoding="utf-8") as handle:
        for row in rows:
            handle.write(written(dict(zip(header, row, strict=False))) + "\n")


def _ocds(path: Path, delivery: int, rows: Iterable[ReturnedRow]) -> None:
    """Releases as lines. The reason is a member of its own, which the standard allows and intake ignores."""
    with path.open("w", encoding="utf-8") as handle:
        for row in rows:
            text = row.cells[0] or ""
            try:
                release = json.loads(text)
            except ValueError:
                release = None
            reason = {DELIVERY_HEADER: delivery, ROW_HEADER: row.row, REASON_HEADER: explain(row.reasons, {})}
            said = release | reason if isinstance(release, dict) else {"text": text} | reason
            handle.write(written(said) + "\n")
