"""Which contract a delivered sheet falls under, and where its fields stand; or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.contracts.catalogue import ContractCatalogue, NoMatch
from xiezhi.contracts.header_matching import HeaderMap, map_header
from xiezhi.contracts.kinds import Format
from xiezhi.contracts.model import Contract
from xiezhi.intake.receipts.receipt import UnitUsed
from xiezhi.intake.sheets.heading import KnownNames
from xiezhi.intake.sheets.sheet import HeaderScore, OcdsSheet, Sheet
from xiezhi.intake.stated.units import units_used
from xiezhi.kernel.errors import Place, RefusedDelivery
from xiezhi.kernel.hashing import digest
from xiezhi.kernel.words import Words


@dataclass(frozen=True)
class Recognised:
    """The contract, and for tabular sheets the header's mapping, the units and the fields that are codes.

    `hash` identifies the contract as it stands.
    """

    contract: Contract
    header: HeaderMap | None
    hash: str
    units: tuple[UnitUsed, ...] = ()
    codes: frozenset[str] = frozenset()


def recognise(sheet: Sheet, contracts: ContractCatalogue, name: str | None) -> Recognised:
    """Find the contract of a sheet, or take the one named. Raises RefusedDelivery where none fits, or units cannot be used."""
    if isinstance(sheet, OcdsSheet):
        contract = contracts.get(name or "ocds_release")
        if contract.format is Format.TABULAR:
            raise _refused(sheet, "contract_format", f"契约 {name} 不接收 OCDS", f"contract {name} does not take OCDS")
        return Recognised(contract, None, _hash(contract))
    if name:
        contract = contracts.get(name)
        if contract.format is not Format.TABULAR:
            raise _refused(sheet, "contract_format", f"契约 {name} 只接收 OCDS", f"contract {name} takes OCDS only")
        header = map_header(contract.table(), sheet.header)
        if not header.sound:
            raise _unsound(sheet, contract, header)
        return _fitted(sheet, contracts, contract, header)
    found = contracts.recognise(sheet.header, sheet.member or sheet.file.name)
    if isinstance(found, NoMatch):
        raise _refused(sheet, "contract_unrecognised", found.reason_zh, found.reason_en, twice=bool(found.twice))
    return _fitted(sheet, contracts, found.contract, found.header)


def _fitted(sheet: Sheet, contracts: ContractCatalogue, contract: Contract, header: HeaderMap) -> Recognised:
    units = tuple(units_used(sheet, contract.table(), header))
    return Recognised(contract, header, _hash(contract), units, contracts.codes_of(contract.table()))


def header_score(contracts: ContractCatalogue, name: str | None) -> HeaderScore:
    """How many cells of a row are spellings of a contract's fields: how readers find the header under title rows."""
    chosen = [contracts.get(name)] if name else list(contracts)
    return KnownNames.of(one for c in chosen for table in c.tables for field in table.fields for one in field.spellings)


def _hash(contract: Contract) -> str:
    return digest(contract.model_dump(mode="json"))


def _unsound(sheet: Sheet, contract: Contract, header: HeaderMap) -> RefusedDelivery:
    table = contract.table()
    missing = "、".join(table.field(one).business_name for one in header.missing)
    twice = "、".join(table.field(one).business_name for one in header.clashes)
    zh = "; ".join(part for part in (f"缺少列 {missing}" if missing else "", f"列重复 {twice}" if twice else "") if part)
    en = "; ".join(
        part
        for part in (
            f"columns missing: {', '.join(header.missing)}" if header.missing else "",
            f"columns given twice: {', '.join(header.clashes)}" if header.clashes else "",
        )
        if part
    )
    return _refused(sheet, "header_unsound", f"{contract.title_zh}:{zh}", f"{contract.name}: {en}", twice=bool(header.clashes))


_CHECK = Words(zh="核对表头,或指明它属于哪个数据集", en="check the header, or say which dataset it is")
_ONE_OF_THEM = Words(
    zh="同一项的几列只留一列,其余删去或改名", en="of columns that are one keep one, and delete or rename the others"
)


def _refused(sheet: Sheet, code: str, zh: str, en: str, *, twice: bool = False) -> RefusedDelivery:
    todo = _ONE_OF_THEM if twice else _CHECK
    return RefusedDelivery(
        code,
        zh=zh,
        en=en,
        place=Place(str(sheet.file), sheet.sheet or sheet.member, sheet.header_row or None),
        todo_zh=todo.zh,
        todo_en=todo.en,
    )
