"""In which unit each delivered column is read: by its header, else by what stands above the table, else by the contract.

Nearest goes first (docs/adr/0010): a column's own header, then a statement for the whole sheet (title rows, the sheet's name,
the file's name), then the contract. What cannot be used, or contradicts itself, refuses the sheet; no unit is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from xiezhi.contracts.header_matching import HeaderMap, fits
from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.contracts.model import Field, Table
from xiezhi.contracts.units import CURRENCY, StatedUnit, UnitFault, money_among, read_unit
from xiezhi.intake.receipts.receipt import UnitUsed
from xiezhi.intake.receipts.words import SHOWN
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.kernel.errors import RefusedDelivery

ONE_ROW = frozenset({"人", "户", "人次", "户次", "次", "笔", "份", "项", "件", "个", "名", "月", "人月", "标段", "包"})
"""What an amount may be "per" and still be the amount of its row. 元/亩 is a rate, 元/年 twelve months: both are refused."""

_LABELLED = re.compile(
    r"(?P<before>[\u4e00-\u9fff]?)(?P<label>(?:计量|金额|货币|计价|计算|数据)?单位|币种|币别|货币|\bunits?\b|\bcurrency\b)"
    r"(?:均)?\s*[:为是]?\s*[(\[【]?(?P<said>(?:(?!\s+\S{1,6}:)[^)\]】;。\t])*)",
    re.IGNORECASE,
)
_SPACED_OUT = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:[ \t\xa0]+[\u4e00-\u9fff])+(?![\u4e00-\u9fff])")
"""单 位 : 万 元, as titles are set: words of single characters with blanks between them. Of 万 元 the last word is not 元."""

_MONEY_LABELS = frozenset({"金额单位", "货币单位", "计价单位", "币种", "币别", "货币", "currency", "currencycode", "amountunit"})
ISO_NUMBER = "156"
"""What banks write for CNY (ISO 4217)."""

_UNIT_COLUMNS = frozenset({"单位", "计量单位", "unit", "units", "数量单位"})
_BRACKETS = re.compile(r"[(\[【〔{<《]([^()\[\]【】〔〕{}<>《》]*)[)\]】〕}>》]")
_FIRST_WORD = re.compile(r"^([^\s_\-—\d]+)[\s_\-—]+(?![\d.\s])")
_LAST_WORD = re.compile(r"(?<![\d.\s])[\s_\-—]+([^\s_\-—\d]+)$")
_COUNTED_IN = re.compile(r"[以按]([^,。;:\s以按]{1,10}?)(?:为(?:计量|金额|货币|计价)?单位|计|填|统计|列示|反映)")
_IN = re.compile(r"\bin ((?:[\w',.$€£]+ ?){1,5})$", re.IGNORECASE)
_LOOKS_LIKE_MONEY = re.compile(r"^[^\s:]{0,6}(?:元|圆|币|yuan|rmb)$", re.IGNORECASE)


@dataclass(frozen=True)
class _Around:
    """A statement for the whole sheet."""

    said: StatedUnit
    source: str
    row: int | None = None


def units_used(sheet: Sheet, table: Table, header: HeaderMap) -> list[UnitUsed]:
    """The unit of each delivered money column, in the table's order.

    Raises RefusedDelivery: `unit_foreign`, `unit_mixed`, `unit_unknown`, `unit_unfit` or `unit_contradictory`.
    """
    delivered = [field for field in table.fields if field.name in header.columns]
    for field in delivered:
        if (said := header.stated.get(field.name)) and (field.kind is FieldKind.MONEY or field.unit):
            _check(sheet, table, field, said)
    money = [field for field in delivered if field.kind is FieldKind.MONEY]
    own = {field.name: said for field in money if (said := header.stated.get(field.name)) and said.unit}
    around = _agreed(sheet, table, list(_statements(sheet)), money, own) if money else None
    return [_used(field, own.get(field.name), around) for field in money]


def check_unit_column(sheet: Sheet, table: Table, used: Iterable[UnitUsed], header: str, texts: Iterable[str]) -> None:
    """Whether what a column of units (金额单位, 币种, 计量单位) says is how the sheet was read; `texts` are its different cells.

    Raises RefusedDelivery `unit_foreign`, `unit_unknown` or `unit_contradictory`: no row is read in a unit of its own.
    """
    wanted = {one.unit for one in used}
    weighed = {field.per or str(field.unit) for field in table.fields if Unit.KILOGRAM in (field.per, field.unit)}
    for text in filter(str.strip, texts):
        said = read_unit(text, labelled=True) or (StatedUnit(text, fault=UnitFault.UNKNOWN) if names_currency(header) else None)
        if not said or said.other == CURRENCY or text.strip() == ISO_NUMBER:
            continue
        if said.fault is UnitFault.UNKNOWN and not (names_currency(header) or _LOOKS_LIKE_MONEY.match(text.strip())):
            continue  # 元氏县民政局 is an office
        if said.fault:
            raise _refused(sheet, said, header)
        held = str(said.unit or said.other)
        if held not in (wanted if said.money else weighed or {held}):
            read = "、".join(sorted(wanted if said.money else weighed))
            raise _refused_code(sheet, "unit_contradictory", None, said=f"{header}“{text}”、{read}")


def check_below(sheet: Sheet, used: Iterable[UnitUsed], texts: Iterable[str]) -> None:
    """Whether rows that are no data (注:金额单位为万元 at the foot) say anything else than how the sheet was read.

    Raises RefusedDelivery `unit_foreign`, `unit_mixed`, `unit_unknown` or `unit_contradictory`: nobody reads the end first.
    """
    wanted = {one.unit for one in used}
    for text in texts:
        for said in _read(text, names=False) if wanted else ():
            if said.fault:
                raise _refused(sheet, said, "表尾", where_en="the foot of the table")
            if str(said.unit) not in wanted:
                read = "、".join(sorted(wanted))
                raise _refused_code(sheet, "unit_contradictory", None, said=f"表尾“{text.strip()[:SHOWN]}”、{read}")


def is_unit_column(header: str) -> bool:
    """Whether a column that the contract does not know holds units."""
    return _folded(header) in _UNIT_COLUMNS | _MONEY_LABELS


def names_currency(header: str) -> bool:
    """Whether each cell below must be a unit or a currency: a column 单位 may name offices as well."""
    return _folded(header) in _MONEY_LABELS


def _folded(header: str) -> str:
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", header)).casefold()


def _used(field: Field, own: StatedUnit | None, around: _Around | None) -> UnitUsed:
    if own and own.unit:
        return UnitUsed(field=field.name, unit=own.unit.value, source="header", text=own.text)
    if around and around.said.unit:
        unit, text = around.said.unit.value, around.said.text
        return UnitUsed(field=field.name, unit=unit, source=around.source, row=around.row, text=text)  # type: ignore[arg-type]
    assert field.unit is not None
    return UnitUsed(field=field.name, unit=field.unit.value, source="contract")


def _check(sheet: Sheet, table: Table, field: Field, said: StatedUnit) -> None:
    """Whether a field can be delivered in what its header states."""
    where = field.business_name
    if said.fault:
        raise _refused(sheet, said, where)
    if said.unit and fits(field, said.unit) and _is_for(table, field, said.per):
        return
    if field.kind is FieldKind.MONEY and not said.unit and (said.other == CURRENCY or _is_for(table, field, said.other)):
        return
    wanted = f"{field.unit}/{field.per}" if field.per else str(field.unit)
    raise _refused(sheet, said, where, wanted=wanted)


def _is_for(table: Table, field: Field, per: str | None) -> bool:
    """Whether an amount per such things is what the field wants: of 元/人·月 each part must be. What is not paid by the month, a
    contract's price, is no amount of one month."""
    by_month = any(one.kind is FieldKind.MONTH for one in table.fields)
    allowed = {field.per, "人", "户"} if field.per else ONE_ROW if by_month else ONE_ROW - {"月", "人月"}
    return all(part in allowed for part in re.split(r"[/·*.]", per)) if per else True


def _agreed(sheet: Sheet, table: Table, found: list[_Around], money: list[Field], own: dict[str, StatedUnit]) -> _Around | None:
    """The one statement for the whole sheet. A header may be an exception to it, but not all of them."""
    for one in found:
        fault = one.said.fault
        if fault and (fault is not UnitFault.MIXED or len(own) < len(money)):
            raise _refused(sheet, one.said, _place(one)[0], where_en=_place(one)[1], row=one.row)
    usable = [one for one in found if one.said.unit]
    silent = [field for field in money if field.name not in own]
    units = {one.said.unit for one in usable}
    exceptions = not silent and not units & {said.unit for said in own.values()}
    if len(units) > 1 or (units and exceptions):
        texts = [*(f"“{one.said.text}”" for one in usable), *(f"“{said.text}”" for said in own.values() if exceptions)]
        raise _refused_code(sheet, "unit_contradictory", usable[0].row, said="、".join(dict.fromkeys(texts)))
    for field in silent:
        for one in usable:
            if not _is_for(table, field, one.said.per):
                _check(sheet, table, field, one.said)
    return usable[0] if usable else None


def _statements(sheet: Sheet) -> Iterator[_Around]:
    """Whatever is said of money above the table, in the sheet's name, in the file's."""
    for row, cells in enumerate(sheet.title_rows, start=1):
        for cell in cells:
            yield from (_Around(said, "title", row) for said in _read(cell))
    yield from (_Around(said, "sheet") for said in _read(sheet.sheet or ""))
    name = PurePosixPath((sheet.member or sheet.file.name).removesuffix(".gz")).stem
    yield from (_Around(said, "file") for said in _read(name))


def _read(text: str, *, names: bool = True) -> Iterator[StatedUnit]:
    """What one cell says of its table: 单位:万元, a unit alone, 以万元计; in `names` and titles also one in brackets or last."""
    plain = _SPACED_OUT.sub(lambda run: re.sub(r"\s", "", run[0]), unicodedata.normalize("NFKC", text)).strip()
    if not plain:
        return
    found = [said for match in _LABELLED.finditer(plain) if (said := _labelled(match))]
    found = found or [said for said in [read_unit(plain, bare=False, whole=True)] if said]
    if not found:
        inner = [
            said for form in (_COUNTED_IN, _IN, *((_FIRST_WORD, _LAST_WORD) if names else ())) for said in form.findall(plain)
        ]
        found = [said for one in _BRACKETS.findall(plain) if (said := money_among(one))] if names else []
        found += [said for one in inner if (said := read_unit(one, bare=False, whole=True))]
    yield from (said for said in found if said.money)


def _labelled(match: re.Match[str]) -> StatedUnit | None:
    """What stands behind a label. 填报单位 and its like name an office; 币种:人民币 names no unit."""
    label, said = match["label"].casefold(), re.split(r"\s{2,}", match["said"].strip())[0]
    for_money = label in _MONEY_LABELS
    if label == "单位" and match["before"]:
        return read_unit(said, bare=False, whole=True, labelled=True)
    read = read_unit(said, labelled=True)
    if read and read.fault is UnitFault.UNKNOWN and not for_money and not _LOOKS_LIKE_MONEY.match(said):
        return None
    if not read and for_money and said:
        return StatedUnit(said, fault=UnitFault.UNKNOWN)
    return read


def _place(one: _Around) -> tuple[str, str]:
    return {
        "title": (f"标题第 {one.row} 行", f"title row {one.row}"),
        "sheet": ("工作表名", "the sheet's name"),
        "file": ("文件名", "the file's name"),
    }[one.source]


def _refused(
    sheet: Sheet, said: StatedUnit, where: str, *, where_en: str = "", wanted: str = "", row: int | None = None
) -> RefusedDelivery:
    code = f"unit_{said.fault}" if said.fault else "unit_unfit"
    return _refused_code(sheet, code, row, where=where, where_en=where_en or where, said=said.text, wanted=wanted)


def _refused_code(sheet: Sheet, code: str, row: int | None, **said: str) -> RefusedDelivery:
    return refuse(code, sheet.file, member=sheet.sheet or sheet.member, row=row or sheet.header_row or None, **said)
