"""A weight other than the contract's that is stated for a whole table: 单位:斤 above it, 注:数量以市斤计 below it.

A column of 公斤 read so would be twice as much; nobody sees it on a figure. Each column's own header is held to its unit in
`units`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from xiezhi.contracts.header_matching import HeaderMap
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Table
from xiezhi.intake.receipts.words import SHOWN
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import Sheet

_OTHER = r"市斤|(?<![公市])斤|(?<![千毫])克|吨|磅|担(?!保)|(?<![a-z])(?:g|t|lb|lbs)(?![a-z])"
_STATED = re.compile(
    r"(?:(?:计量|数量|重量|单价|采购量)?单位|数量|重量|采购量|单价|\bunits?\b)(?:均|都|一律)?\s*[:为是以按用]?"
    rf"[^。;:0-9]{{0,12}}?(?:{_OTHER})(?![一-鿿])"
    rf"|[以按用]\s*(?:{_OTHER})(?:为|计|填|统计|结算)"
    rf"|[(]\s*(?:{_OTHER})\s*[)]",
    re.IGNORECASE,
)


def check_weights(sheet: Sheet, table: Table, header: HeaderMap, below: Iterable[str]) -> None:
    """Whether titles, the sheet's name or `below` (rows that are no data) state another weight than 公斤, where one is delivered.

    Raises RefusedDelivery `unit_contradictory`.
    """
    fields = [field for field in table.fields if field.name in header.columns]
    if not any(Unit.KILOGRAM in (field.unit, field.per) for field in fields):
        return
    above = [cell for cells in sheet.title_rows for cell in cells]
    for text in (*above, sheet.sheet or "", *below):
        if _STATED.search(unicodedata.normalize("NFKC", text)):
            row, member = sheet.header_row or None, sheet.sheet or sheet.member
            said = f"“{text.strip()[:SHOWN]}”、{Unit.KILOGRAM}"
            raise refuse("unit_contradictory", sheet.file, member=member, row=row, said=said)
