"""What every reader gives: a Sheet, its header, its rows as text in batches, and the rows that are none.

Nothing here knows a file format.
"""

from __future__ import annotations

import json
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import IO

import pyarrow as pa

from xiezhi.intake.ocds.unwrap import Unit
from xiezhi.intake.receipts.words import as_shown
from xiezhi.intake.sheets.footers import Footer
from xiezhi.intake.sheets.sift import Sieve
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words

_MOST_HELD = 64 << 20

MOST_FOOTERS = 10_000
"""Footers of one sheet that are kept; a table has one or two a page."""

_KEY_OF_DIGITS = re.compile(r"[^.\[\]]*[0-9]{4,}[^.\[\]]*")

PATHS_TOLD = 10
"""Paths of what is nested that a person is told."""


class RefusedSheet(RefusedDelivery):
    """One sheet of a workbook is refused; the others are none the worse."""

    def __init__(self, refusal: RefusedDelivery, part: Part, sheet: str) -> None:
        said = {"zh": refusal.zh, "en": refusal.en, "todo_zh": refusal.todo_zh, "todo_en": refusal.todo_en}
        super().__init__(refusal.code, place=refusal.place, **said)
        self.file, self.member, self.sheet = part.file, part.member, sheet


HeaderScore = Callable[[list[str]], int]
"""How many of a row's cells are known column names; the contracts know."""


@dataclass(frozen=True)
class Limits:
    """What one delivery may cost. Sizes in bytes. The defaults fit a machine with 4 GiB to spare for intake."""

    max_member_bytes: int = 64 << 30  # one file, unpacked
    max_total_bytes: int = 256 << 30  # all files of one archive, unpacked
    max_ratio: int = 200  # unpacked : packed; honest CSV packs 5-30 : 1, honest workbooks up to 60 : 1
    ratio_free_bytes: int = 16 << 20  # a file this small may pack as well as it likes
    max_entries: int = 2_000  # files in one archive: each is a delivery of its own, a third of a second
    max_cell_bytes: int = 1 << 20  # longer cells set their row aside
    max_record_bytes: int = 2 << 20  # a longer record refuses the file: it cannot be told from an unclosed quote
    max_columns: int = 2_000
    max_workbook_bytes: int = 1 << 30  # all parts of one workbook, unpacked
    max_workbook_cells: int = 20_000_000  # rows x columns of one sheet: a spreadsheet is held whole while it is read
    max_item_bytes: int = 32 << 20  # one release of a package
    max_reader_bytes: int = 4 << 30  # address space that reading one workbook may take
    max_reader_seconds: int = 900  # of its processor's time for one file; the largest workbook allowed takes some 100
    broken_in_memory: int = 100_000  # broken rows beyond these wait in a scratch file


@dataclass(frozen=True)
class Part:
    """One readable file: delivered as it is, or unpacked from an archive. `path` holds the bytes, `name` what it is called."""

    file: Path
    member: str | None
    path: Path
    notes: tuple[Words, ...] = ()

    @property
    def name(self) -> str:
        return self.member or self.file.name


@dataclass(frozen=True)
class BrokenRow:
    """A row that is no data: why (`column_count`, `total_row`, `example_row`, `member_repeated`, `value_nested`,
    `under_merged`, `merged_amount`, `nul_byte`, `text_too_long`) and how it stood in the file.

    `cells` are its cells as far as they could be told apart. A JSON line that is no object has none (`column_count`),
    a release without its ocid (`required_empty`) or a record without a release (`linked_only`, `record_empty`) neither.
    """

    row: int
    text: str
    reason: str
    cells: tuple[str, ...] = ()


class BrokenRows:
    """Broken rows in the order found. The first `keep` (or 64 MB of text) stay in memory, the rest in an unnamed scratch file."""

    def __init__(self, scratch: Path, keep: int) -> None:
        self._scratch, self._keep = scratch, keep
        self._first: list[BrokenRow] = []
        self._rest: IO[str] | None = None
        self._count = self._held = 0

    def append(self, broken: BrokenRow) -> None:
        self._count += 1
        if self._rest is None and len(self._first) < self._keep and self._held < _MOST_HELD:
            self._first.append(broken)
            self._held += 2 * len(broken.text)  # the cells say it again
            return
        if self._rest is None:
            self._rest = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", dir=self._scratch)  # noqa: SIM115
        self._rest.write(json.dumps(astuple(broken)) + "\n")

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[BrokenRow]:
        yield from self._first
        if self._rest is not None:
            self._rest.seek(0)
            for line in self._rest:
                row, text, reason, cells = json.loads(line)
                yield BrokenRow(row, text, reason, tuple(cells))
            self._rest.seek(0, 2)


@dataclass
class Heading:
    """Where a table's header stands, what it says, and the title rows above it."""

    names: list[str]
    row: int
    title_rows: list[list[str]] = field(default_factory=list)


COLUMNS = ("days", "months", "codes", "amounts", "figures", "taken")
"""What a sheet is told of its columns. A reader in another process is told all of it: numbers under merged cells were repeated as
texts are, because one was left out."""


class Sheet(ABC):
    """One table inside one delivered file. Read it once: `batches()`, then `broken` and `blank_rows`.

    `header_row` and `_row` count records from 1 as a person scrolling through the table would: title rows, header and
    blank rows count, and a quoted cell with line breaks inside is still one record. For JSON lines `_row` is the line.

    `days` and `months` are columns (from 0) that the contract takes for days or moments, and for months, `codes` those that
    number things, `amounts` those of money, `figures` those of other numbers, `taken` all that fill a field: set them before
    reading. Only a reader knows
    whether a cell was a number or a date, and there a number can be another day or month than its text says, a date is no code,
    one amount or figure may stand beside several rows, and a whole object in the place of a value: `nested` says where it did.
    """

    format: str
    encoding: str | None = None
    delimiter: str | None = None
    most_rows: int | None = None
    """Where only the beginning is wanted: reading stops behind the batch that reaches so many rows."""
    height: int | None = None
    """Rows below the header, blank ones and footers too, where the format says so before they are read."""
    octets: int | None = None
    """Bytes of text below the header, where the format is one of text."""

    def __init__(self, part: Part, heading: Heading, limits: Limits, scratch: Path, *, sheet: str | None = None) -> None:
        self.file, self.member, self.sheet = part.file, part.member, sheet
        self.header, self.header_row, self.title_rows = heading.names, heading.row, heading.title_rows
        self.notes: list[Words] = list(part.notes)
        self.days: frozenset[int] = frozenset()
        self.months: frozenset[int] = frozenset()
        self.codes: frozenset[int] = frozenset()
        self.amounts: frozenset[int] = frozenset()
        self.figures: frozenset[int] = frozenset()
        self.taken: frozenset[int] = frozenset()
        self.nested: dict[str, None] = {}
        self.broken = BrokenRows(scratch, limits.broken_in_memory)
        self.blank_rows = 0
        self.footers: list[Footer] = []
        self._part, self._limits, self._scratch = part, limits, scratch

    def batches(self, batch_rows: int = 200_000) -> Iterator[pa.RecordBatch]:
        """The data rows: columns `c0`..`cN` (string, never null, header order) and `_row` (int64); at most `batch_rows` each.

        Blank rows are left out and counted in `blank_rows`, footers are left out and kept in `footers`; rows that cannot be read
        go to `broken`.
        Raises RefusedDelivery where the rest of the file cannot be read: then nothing of it may be kept.
        """
        sieve = Sieve(self._limits.max_cell_bytes, self.delimiter or "\t", self.header)
        for batch in self.unsifted(batch_rows):
            kept = sieve.sift(batch)
            for row, cells, reason in sieve.taken():
                self.broken.append(BrokenRow(row, sieve.text(cells), reason, cells))
            for footer in sieve.footers():
                self.leave_out(footer)
            for start in range(0, kept.num_rows, batch_rows):
                yield kept.slice(start, batch_rows)
        self.blank_rows += sieve.blank_rows
        self.footers.sort(key=lambda footer: footer.row)

    def unsifted(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """The rows as the reader gives them, blank ones and footers among them: `batches` sifts them, wherever they were read."""
        read = 0
        for batch in self._rows(batch_rows):
            yield batch
            read += batch.num_rows
            if self.most_rows is not None and read >= self.most_rows:
                return

    @property
    def nested_told(self) -> str:
        """The paths of `nested` as a sentence names them: the first ten, and whether there are more.

        A key may be a number of somebody: one with digits is masked as a value would be.
        """
        shown = ", ".join(_KEY_OF_DIGITS.sub(lambda key: as_shown(key[0]), path) for path in list(self.nested)[:PATHS_TOLD])
        return shown + (" …" if len(self.nested) > PATHS_TOLD else "")

    def leave_out(self, footer: Footer) -> None:
        """Note a footer. Beyond MOST_FOOTERS they are no footers but rows, and go to `broken`."""
        if len(self.footers) < MOST_FOOTERS:
            self.footers.append(footer)
        else:
            self.broken.append(BrokenRow(footer.row, "\t".join(footer.cells), "total_row", footer.cells))

    @abstractmethod
    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """All rows below the header, blank ones too, as `batches` gives them; rows that fit no column go to `broken`."""


class OcdsSheet(Sheet):
    """Releases or records of the Open Contracting Data Standard 1.1. The row of accounting is the release or record.

    `units` gives each with the releases it stands for, `batches` each as it was written (ocid, id, text). Both may be read,
    one after the other: whichever comes first fills `broken`.
    """

    format = "ocds"

    @abstractmethod
    def units(self, batch_rows: int = 20_000) -> Iterator[list[Unit]]:
        """The delivered releases and records that have an ocid, at most `batch_rows` at a time."""
