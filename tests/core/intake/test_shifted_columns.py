"""A file with its columns shifted: nothing of a person shows on what it leaves, whatever column the values came to stand in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, citizen, contracts, write_csv

from xiezhi.contracts.kinds import FieldKind, Format
from xiezhi.contracts.model import Contract, Field
from xiezhi.identity.keyring import Keyring
from xiezhi.intake import tabular
from xiezhi.intake.receipts import account
from xiezhi.kernel.identity_kind import IdentityKind

CANARIES = {
    IdentityKind.CITIZEN_ID: citizen(7),
    IdentityKind.NAME: "欧阳丽娜",
    IdentityKind.BANK_ACCOUNT: "6217000000000012345",
    IdentityKind.PHONE: "13812345678",
    IdentityKind.CREDIT_CODE: "91990100MA0000007X",
    IdentityKind.VEHICLE_PLATE: "豫A99887",
    IdentityKind.PARTY_ID: "91990100MA0000008M",
    IdentityKind.ADDRESS: "甲省乙市丙区幸福路9号2单元301室",
}
"""A value of each kind that must never show whole. The second name is short, as most are."""

VALUES = {
    FieldKind.TEXT: "一般文字", FieldKind.CODE: "01", FieldKind.INTEGER: "3",
    FieldKind.DECIMAL: "1.5", FieldKind.MONEY: "100.50", FieldKind.DATE: "2021-03-15",
    FieldKind.MONTH: "2021-03", FieldKind.TIMESTAMP: "2021-03-15 10:00:00", FieldKind.BOOLEAN: "是",
    FieldKind.REGION: "990101001001",
}  # fmt: skip
SECRETS = (*CANARIES.values(), "王小明")
TABLES = [one for one in contracts() if one.format is Format.TABULAR]


def value(field: Field, number: int) -> str:
    if field.identity:
        return "王小明" if field.identity is IdentityKind.NAME and number % 2 else CANARIES[field.identity]
    if field.codelist:
        return field.codelist.codes[0].code
    return VALUES[field.kind]


def shifted(contract: Contract) -> list[list[str]]:
    """A row for each way to shift the columns, and each shift with a column left out at the end."""
    fields = contract.table().fields
    rows = []
    for by in range(len(fields)):
        cells = [value(field, by) for field in fields]
        rows.append(cells[by:] + cells[:by])
    return rows


def left_behind(folder: Path) -> dict[str, str]:
    """What everybody who may see the delivery reads: all texts beneath the lake but the sender's own file, returned to them."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".html", ".jsonl", ".log", ".txt") and "returned" not in path.parts:
            found[str(path.relative_to(folder))] = path.read_text("utf-8", "replace")
    return found


@pytest.mark.parametrize("contract", TABLES, ids=[one.name for one in TABLES])
def test_no_shift_shows_a_person(contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "EXAMPLES", 100)
    monkeypatch.setattr(tabular, "MOST_TOLD", 100)
    header = [field.business_name for field in contract.table().fields]
    site = Site(tmp_path, Keyring.fresh())
    receipts = site.receive(write_csv(tmp_path / "shifted.csv", shifted(contract), header=header), contract=contract.name)
    site.close()
    assert sum(len(receipt.reasons) for receipt in receipts), "the shift was noticed"
    texts = left_behind(tmp_path / "lake")
    assert any(name.endswith(".html") for name in texts)
    for name, text in texts.items():
        shown = [secret for secret in SECRETS if secret in text or secret in json.dumps(text, ensure_ascii=False)]
        assert not shown, f"{name} shows {shown}: {text[max(text.find(shown[0]) - 200, 0) :][:400]}"


def test_a_sheet_without_its_header_shows_nobody(tmp_path: Path) -> None:
    """Its first row stands where the header would."""
    contract = contracts().get("subsidy_payment")
    rows = shifted(contract)
    site = Site(tmp_path, Keyring.fresh())
    for number, row in enumerate(rows):
        [receipt] = site.receive(write_csv(tmp_path / f"{number}.csv", [row, row], header=row))
        said = receipt.model_dump_json()
        assert not [secret for secret in SECRETS if secret in said], said
    site.close()


def test_a_sum_is_shown_whole_however_large(tmp_path: Path) -> None:
    """What a money column was judged to hold is money: its bounds are told in fen, and pages reckon with them."""
    contract = contracts().get("subsidy_payment")
    fields = contract.table().fields
    rows = [[value(field, 0) if field.name != "amount" else "100000000.00" for field in fields] for _ in range(2)]
    site = Site(tmp_path, Keyring.fresh())
    header = [field.business_name for field in fields]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows, header=header), contract=contract.name)
    site.close()
    [profile] = [one for one in receipt.profile if one.field == "amount"]
    assert profile.maximum == "10000000000"
