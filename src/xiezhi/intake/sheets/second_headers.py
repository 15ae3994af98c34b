"""A header that stands again below the first: at the top of a printed page, or of another table pasted under the first.

Where it says what the first one said, it is a row like others that cannot be read, and is set aside. Where it puts a field into
another column, or states another unit, everything below it would be read wrong without a trace: then the sheet is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from xiezhi.contracts.header_matching import HeaderMap, map_header
from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.model import Table
from xiezhi.intake.receipts.receipt import UnitUsed
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import Sheet

LEAST = 3
"""Cells that a header has; two known words may be a person's name and post."""

SHARE = 0.75
"""Of the filled cells of a header, how many must be known: another table may have a column that nobody knows."""

NAME = r"\s+|[(（\[【〔{<《].*"
"""What is left out of a cell before it is looked up the quick way. RE2 reads it, too."""


def quick_names(table: Table, names: Sequence[str]) -> list[str]:
    """Cells that make a row worth a closer look: spellings of the table's fields and the sheet's own column names."""
    known = [*names, *(spelling for field in table.fields for spelling in field.spellings)]
    plain = {re.sub(NAME, "", unicodedata.normalize("NFKC", one), flags=re.DOTALL).lower() for one in known}
    return sorted(plain - {""})


def check_second_headers(
    sheet: Sheet, table: Table, header: HeaderMap, used: Sequence[UnitUsed], rows: Iterable[tuple[int, Sequence[str]]]
) -> None:
    """Whether headers among the rows that are no data, and above the header, say what the header says.

    Raises RefusedDelivery `header_again` with the row and what is different.
    """
    units = _units(table, header, {one.field: one.unit for one in used})
    above = enumerate(sheet.title_rows, start=1)
    for row, cells in (*above, *rows):
        if not _is_header(table, cells, sheet.header):
            continue
        different = list(dict.fromkeys(_differences(table, header, units, sheet.header, cells)))
        if different:
            zh, en = (mark.join(said[place] for said in different[:3]) for place, mark in enumerate((";", "; ")))
            where = sheet.sheet or sheet.member
            raise refuse("header_again", sheet.file, member=where, row=row, number=row, said=zh, said_en=en)


def _is_header(table: Table, cells: Sequence[str], names: Sequence[str]) -> bool:
    """Nearly every filled cell names a column, of the contract or of this sheet, and most columns have one."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if len(filled) < LEAST or len(filled) * 2 <= len(names):
        return False
    known = sum(cell in names or bool(map_header(table, [cell]).columns) for cell in filled)
    return known >= LEAST and known >= SHARE * len(filled)


def _differences(
    table: Table, header: HeaderMap, units: dict[str, str], names: Sequence[str], cells: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What a second header says otherwise, in Chinese and English, by its columns from the left."""
    again = map_header(table, [(cell or "").strip() for cell in cells])
    for name in (*again.columns, *again.clashes):
        title = table.field(name).business_name
        if again.columns.get(name) != header.columns.get(name):
            yield f"“{title}”不在原来的列", f"“{title}” stands in another column"
    for name, place in header.columns.items():
        other = (cells[place] or "").strip() if place < len(cells) else ""
        if name not in (*again.columns, *again.clashes) and other not in ("", (names[place] or "").strip()):
            title = table.field(name).business_name
            yield f"“{title}”那一列改成了“{other}”", f"the column of “{title}” is “{other}” now"
    said = _units(table, again, {})
    for name in again.columns:
        if said.get(name) != units.get(name) and name in header.columns:
            title, wanted, found = table.field(name).business_name, units.get(name, "-"), said.get(name, "-")
            if name in again.stated or name in header.stated:
                yield f"“{title}”的单位是 {found},前面是 {wanted}", f"“{title}” is in {found}, above in {wanted}"


def _units(table: Table, header: HeaderMap, used: dict[str, str]) -> dict[str, str]:
    """The unit of each field: as it is read, else as the header states it, else the contract's."""
    found = {}
    for name in header.columns:
        field, said = table.field(name), header.stated.get(name)
        own = (said.unit or (said.text if said.fault else None)) if said else None
        if said and field.unit and field.kind is not FieldKind.MONEY:
            own = own or said.other
        found[name] = used.get(name) or str(own or field.unit or "")
    return found
