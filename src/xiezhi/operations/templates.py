"""Empty tables for departments to fill in: the contract's own column names, and beside them what belongs in each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal

from xiezhi.contracts.field import CODE_ENDINGS
from xiezhi.contracts.kinds import FieldKind, Format, Unit
from xiezhi.contracts.model import Contract, Field, Table
from xiezhi.contracts.vocabulary import KINDS
from xiezhi.intake.sheets.guide_sheet import HEADS, NAMES
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.masking import BORN
from xiezhi.kernel.spreadsheet import row_of
from xiezhi.kernel.words import Words
from xiezhi.kernel.workbook import new_workbook, write_texts
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force

FORMATS = ("xlsx", "csv")

MOST_CODES = 60
"""Values of a code list that the explanation repeats; a longer list is looked up in the catalogue."""

BORN_ON, BEFORE, AFTER = "1949-12-31", "2025-01-15", "2025-06-30"
IDENTITIES: dict[IdentityKind, str] = {
    IdentityKind.CITIZEN_ID: "99010619491231002X",
    IdentityKind.CREDIT_CODE: "91990101000000017F",
    IdentityKind.PARTY_ID: "XX-ORG-99000001",
    IdentityKind.NAME: "示例甲",
    IdentityKind.PHONE: "15400000000",
    IdentityKind.BANK_ACCOUNT: "6299990000000000017",
    IdentityKind.VEHICLE_PLATE: "京A00000",
    IdentityKind.ADDRESS: "示例市示例县示例路1号",
}
"""Of nobody: region 99 is no place, the account's bank no bank, 154 no network's prefix. Their check digits are right."""

OTHERS = {IdentityKind.CITIZEN_ID: "990106195201010033", IdentityKind.CREDIT_CODE: "919901000000000272"}
"""Of somebody else, where a row speaks of two."""

SEX = "女"
"""What the first citizen id tells."""

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_FIGURES = frozenset({FieldKind.MONEY, FieldKind.INTEGER, FieldKind.DECIMAL})

_HOW: dict[FieldKind, Words] = {
    FieldKind.DATE: Words(zh="日期,如 2025-01-15", en="date, as 2025-01-15"),
    FieldKind.MONTH: Words(zh="月份,如 2025-01", en="month, as 2025-01"),
    FieldKind.TIMESTAMP: Words(zh="时间,如 2025-01-15 09:30:00", en="time, as 2025-01-15 09:30:00"),
    FieldKind.BOOLEAN: Words(zh="是 或 否", en="是 or 否"),
    FieldKind.REGION: Words(zh="12 位统计用区划代码", en="region code of 12 digits"),
    FieldKind.MONEY: Words(zh="金额,只填数字", en="money, digits only"),
}
_IDENTITY: dict[IdentityKind, Words] = {
    IdentityKind.CITIZEN_ID: Words(zh="公民身份号码,18 位,文本格式", en="citizen id of 18 characters, as text"),
    IdentityKind.CREDIT_CODE: Words(zh="统一社会信用代码,18 位", en="unified social credit code of 18 characters"),
    IdentityKind.PARTY_ID: Words(zh="当事方标识", en="identifier of a party"),
    IdentityKind.NAME: Words(zh="姓名或名称,一格一个", en="name, one in a cell"),
    IdentityKind.PHONE: Words(zh="电话", en="telephone number"),
    IdentityKind.BANK_ACCOUNT: Words(zh="银行账号,文本格式", en="bank account, as text"),
    IdentityKind.VEHICLE_PLATE: Words(zh="车牌", en="vehicle plate"),
    IdentityKind.ADDRESS: Words(zh="地址", en="address"),
}


def make_template(config: CoreConfig, name: str, kind: Literal["xlsx", "csv"], language: str = "zh") -> bytes:
    """An empty table of a tabular contract. A workbook explains its columns on a second sheet, in `language`.

    Raises UserError for an unknown contract, and for one that is no table.
    """
    contract = contracts_in_force(config).get(name)
    if contract.format is not Format.TABULAR:
        raise UserError(
            "XZ-TEMPLATE-01",
            zh=f"“{contract.title_zh}”不是表格,没有模板",
            en=f"{contract.title_en} is no table: there is no template",
            todo_zh="按开放合同数据标准由系统导出",
            todo_en="have a system export it by the Open Contracting Data Standard",
        )
    return _workbook(contract, language) if kind == "xlsx" else _csv(contract)


def example_row(table: Table) -> dict[str, str]:
    """A row of nobody that is received without a fault: column name → value."""
    return {field.business_name: _example(field) for field in table.fields}


def _csv(contract: Contract) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(row_of(field.business_name for field in contract.table().fields))
    return text.getvalue().encode("utf-8-sig")


def _workbook(contract: Contract, language: str) -> bytes:
    """Columns are of text unless they are figures: so no program makes a figure of a number, or a date of a code."""
    fields = contract.table().fields
    made = io.BytesIO()
    with new_workbook(made) as book:
        sheet = book.add_worksheet(_NOT_IN_NAMES.sub("", contract.title_zh)[:31])
        text, plain = book.add_format({"num_format": "@"}), book.add_format()
        needed = book.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1})
        other = book.add_format({"bg_color": "#F2F2F2", "border": 1})
        for place, field in enumerate(fields):
            sheet.set_column(place, place, 20, plain if field.kind in _FIGURES else text)
            sheet.write_string(0, place, row_of([field.business_name])[0], needed if _needed(field) else other)
        sheet.freeze_panes(1, 0)
        _explain(book, contract, language)
    return made.getvalue()


def _explain(book: Any, contract: Contract, language: str) -> None:
    sheet = book.add_worksheet(NAMES[language])
    wrapped, bold = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}), book.add_format({"bold": True})
    for place, width in enumerate((26, 10, 30, 8, 44, 26, 60)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 1)
    write_texts(sheet, 0, HEADS[language], bold)
    for row, cells in enumerate(_explained(contract.table(), language), start=1):
        write_texts(sheet, row, row_of(cells), wrapped)


def _explained(table: Table, language: str) -> Iterator[tuple[str, ...]]:
    english = language == "en"
    for field in table.fields:
        required = ("required", "optional") if english else ("必填", "选填")
        yield (
            f"{field.business_name} ({field.title_en})" if english else field.business_name,
            required[0 if _needed(field) else 1],
            _how(field).in_(language),
            _unit(field),
            _codes(field, english=english),
            _example(field),
            field.description_en if english else field.description,
        )


def _needed(field: Field) -> bool:
    return field.required or field.primary_key


def _how(field: Field) -> Words:
    return _IDENTITY[field.identity] if field.identity else _HOW.get(field.kind) or KINDS[field.kind]


def _unit(field: Field) -> str:
    return f"{field.unit}/{field.per}" if field.unit and field.per else str(field.unit or "")


def _codes(field: Field, *, english: bool) -> str:
    if field.codelist is None:
        return ""
    listed = [f"{one.code} {one.title.en if english else one.title.zh}" for one in field.codelist.codes]
    said = ("; " if english else ";").join(listed[:MOST_CODES])
    if len(listed) <= MOST_CODES:
        return said
    return said + (
        f"; … {len(listed)} in all: see the catalogue" if english else f";……共 {len(listed)} 项,见数据资源目录的代码表"
    )


def _example(field: Field) -> str:
    if field.examples:
        return field.examples[0]
    if field.identity:
        return (OTHERS if field.differs_from else IDENTITIES)[field.identity]
    if field.codelist:
        return SEX if field.agrees_with else field.codelist.codes[0].code
    if field.names:
        return IDENTITIES[IdentityKind.NAME]
    return _EXAMPLES[field.kind](field)


def _day(field: Field) -> str:
    if BORN.search(field.name):
        return BORN_ON
    return AFTER if field.not_before else BEFORE


def _whole(field: Field) -> str:
    least, most = field.logical_type_options.minimum, field.logical_type_options.maximum
    year = 2025
    if isinstance(least, Decimal) and least > 1:
        return str(year if not isinstance(most, Decimal) or least <= year <= most else int(least))
    return "1"


def _figure(field: Field) -> str:
    most = field.logical_type_options.maximum
    return "12.5" if field.unit is Unit.PERCENT or not isinstance(most, Decimal) or most > 1 else "0.5"


def _words(field: Field) -> str:
    said = "SL-99-0001" if field.name.endswith(CODE_ENDINGS) else f"示例{field.business_name}"
    return said[: field.logical_type_options.max_length]


_EXAMPLES: dict[FieldKind, Callable[[Field], str]] = {
    FieldKind.TEXT: _words,
    FieldKind.INTEGER: _whole,
    FieldKind.DECIMAL: _figure,
    FieldKind.MONEY: lambda _field: "1234.50",
    FieldKind.DATE: _day,
    FieldKind.MONTH: lambda field: _day(field)[:7],
    FieldKind.TIMESTAMP: lambda field: f"{_day(field)} 09:30:00",
    FieldKind.BOOLEAN: lambda _field: "是",
    FieldKind.REGION: lambda field: "990101001002" if field.differs_from else "990101001001",
}
