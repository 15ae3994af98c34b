"""The account of a delivery row by row, and the file of the rows that go back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from xiezhi.engines.stored import read_stored
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.receipts.words import WORDS
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig

OUTCOMES = ("set_aside", "repaired", "remarked", "left_out")

COLUMNS = ("row", "outcome", "column", "word")
"""Of a stored account of rows."""


@dataclass(frozen=True)
class RowMark:
    """One mark: row `row` of the delivered file was `outcome` for `word` in `column` (None: the row as a whole)."""

    row: int
    outcome: str
    column: str | None
    word: str
    said: Words
    mend: Words


@dataclass(frozen=True)
class RowPage:
    """`total`: how many marks the filter leaves, of which `rows` are one page."""

    total: int
    rows: tuple[RowMark, ...]


def list_receipt_rows(
    config: CoreConfig,
    lake: Path,
    number: int,
    *,
    offset: int = 0,
    limit: int = 50,
    row: int | None = None,
    outcome: str | None = None,
    column: str | None = None,
    word: str | None = None,
) -> RowPage:
    """The marks of a delivery in the order of the file. `outcome` is one of OUTCOMES; a row of two faults has two marks.

    `row`: only the marks of this one; none where it was accepted as it stood.

    An empty page where there is no account: the file was refused, or the delivery erased. UserError for an unknown delivery.
    """
    with Lake.open(lake) as opened:
        opened.delivery(number)
        path = opened.paths.receipt(number, "rows.parquet")
    if not path.exists():
        return RowPage(0, ())
    marks = read_stored(path, COLUMNS)
    if row is not None:
        marks = marks.filter(pc.equal(marks["row"], row))
    found = _filtered(marks, {"outcome": outcome, "column": column, "word": word})
    page = found.slice(offset, limit).to_pylist()
    return RowPage(found.num_rows, tuple(_mark(row) for row in page))


def find_returned_file(config: CoreConfig, lake: Path, number: int) -> Path | None:
    """The file of set-aside rows that a delivery's sender mends; None where nothing was set aside, or it was erased.

    It repeats what was delivered, personal data in clear. UserError for an unknown delivery.
    """
    with Lake.open(lake) as opened:
        receipt = Receipt.model_validate(opened.delivery(number).receipt)
        path = opened.paths.root / receipt.returned if receipt.returned else None
    return path if path is not None and path.is_file() else None


def explain_words(words: Sequence[str]) -> dict[str, tuple[Words, Words]]:
    """What each word of a receipt says, and how a reason is mended. Words that are not known are left out."""
    return {word: (WORDS[word].said, WORDS[word].mend) for word in words if word in WORDS}


def _filtered(rows: pa.Table, wanted: dict[str, str | None]) -> pa.Table:
    for name, value in wanted.items():
        if value is not None:
            rows = rows.filter(pc.equal(rows[name], value) if value else pc.is_null(rows[name]))
    return rows


def _mark(row: dict[str, object]) -> RowMark:
    word = WORDS[str(row["word"])]
    column = str(row["column"]) if row["column"] else None
    return RowMark(int(str(row["row"])), str(row["outcome"]), column, str(row["word"]), word.said, word.mend)
