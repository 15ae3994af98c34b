"""A draft for an unknown table: known headers are taken over as they are delivered, the rest is guessed with care."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.core.contracts.conftest import SHIPPED
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.draft import draft_contract
from xiezhi.contracts.guess import Held, guess
from xiezhi.contracts.kinds import Classification, FieldKind, Unit
from xiezhi.contracts.loader import load_contracts
from xiezhi.kernel.identity_kind import IdentityKind


def nothing_held(_: object) -> Held | None:
    """Values that say nothing."""
    return None


HEADER = ["身份证号", "company", "补贴金额（万元）", "注册资本", "发放金额", "备注"]


def test_what_is_known_is_taken_over_in_the_unit_in_which_it_is_delivered(catalogue: ContractCatalogue, tmp_path: Path) -> None:
    """A draft that says 元 of a column headed 万元 is ten thousand times wrong, and looks right."""
    folder = tmp_path / "contracts/market"
    folder.mkdir(parents=True)
    (folder / "first.yaml").write_text(draft_contract(catalogue, "first", "market", HEADER, [], nothing_held), encoding="utf-8")
    fields = load_contracts([SHIPPED, tmp_path]).get("first").table().fields
    assert [(field.name, field.kind, field.unit) for field in fields[:4]] == [
        ("person", FieldKind.IDENTITY, None),
        ("company", FieldKind.IDENTITY, None),
        ("amount", FieldKind.MONEY, Unit.TEN_THOUSAND),
        ("registered_capital", FieldKind.MONEY, Unit.TEN_THOUSAND),
    ]
    assert [field.classification for field in fields[:3]] == [
        Classification.CONFIDENTIAL,
        Classification.INTERNAL,
        Classification.INTERNAL,
    ]


@pytest.mark.parametrize(("department", "team"), [("market", "市场监督管理局"), ("nowhere", "nowhere")])
def test_a_draft_can_be_read_and_mended_by_a_person(catalogue: ContractCatalogue, department: str, team: str) -> None:
    """Chinese stands in it as Chinese, the department by its name where it has one, and no line is left blank."""
    text = draft_contract(catalogue, "first", department, HEADER, [], nothing_held)
    assert all(title in text for title in HEADER)
    assert "\\u" not in text
    assert all(line.strip() for line in text.splitlines())
    assert yaml.safe_load(text)["team"] == {"name": team}


def test_without_a_list_of_departments_a_draft_names_the_folder(catalogue: ContractCatalogue) -> None:
    text = draft_contract(ContractCatalogue({}), "first", "market", ["备注"], [], nothing_held)
    assert yaml.safe_load(text)["team"] == {"name": "market"}


@pytest.mark.parametrize(
    ("header", "cells", "kind", "needs"),
    [
        ("户主", ["张三"], FieldKind.IDENTITY, IdentityKind.NAME),
        ("委托代理人", [], FieldKind.IDENTITY, IdentityKind.NAME),
        ("申请人类型", ["一类"], FieldKind.TEXT, None),
        ("编号", ["001", "002"], FieldKind.TEXT, None),
        ("编号", ["0", "10"], FieldKind.INTEGER, None),
        ("编号", ["12", "-03"], FieldKind.TEXT, None),
        ("编号", ["1234567890123456"], FieldKind.TEXT, None),
        ("编号", ["123456789012345"], FieldKind.DECIMAL, None),
        ("金额", ["1234567890123456.50", "1"], FieldKind.TEXT, None),
        ("占比", ["0.5", "120.1234567890123456"], FieldKind.DECIMAL, None),
        ("人数", ["12", " 7 ", ""], FieldKind.INTEGER, None),
        ("人数", ["12", "十二"], FieldKind.TEXT, None),
        ("低保", ["是", "否"], FieldKind.BOOLEAN, None),
        ("低保", ["是", "待查"], FieldKind.TEXT, None),
        ("日期", ["2024-05-01", "2024年5月1日"], FieldKind.DATE, None),
        ("日期", ["2024-05-01", "去年"], FieldKind.TEXT, None),
        ("价格", ["12", "1,200.5"], FieldKind.MONEY, Unit.YUAN),
        ("价格(千元)", ["12"], FieldKind.MONEY, Unit.THOUSAND),
        ("价格", ["12", "面议"], FieldKind.TEXT, None),
        ("人数", ["", " "], FieldKind.TEXT, None),
        ("人数", [], FieldKind.TEXT, None),
    ],
)
def test_a_kind_is_guessed_only_where_every_filled_cell_has_its_shape(
    header: str, cells: list[str], kind: FieldKind, needs: IdentityKind | Unit | None
) -> None:
    """A guess by one cell would set every other row of the first delivery aside."""
    found = guess(header, cells, nothing_held)
    assert (found.kind, found.identity or found.unit) == (kind, needs)
