"""A delivered row as a person reads it: by the titles and units of its own contract, and without what says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.evidence.values import shown_values
from xiezhi.operations.config import shipped_content


@pytest.fixture(scope="module")
def contracts() -> ContractCatalogue:
    return load_contracts([shipped_content()])


def said(contracts: ContractCatalogue, values: dict[str, Any], table: str = "subsidy_payment") -> dict[str, tuple[str, str]]:
    """Column → title and value, both in Chinese."""
    return {cell.column: (cell.title.zh, cell.value.zh) for cell in shown_values(contracts, table, values)}


def test_empty_cells_and_sound_grades_are_left_out(contracts: ContractCatalogue) -> None:
    """What is shown is worth reading: a grade that is not sound, and nought, which is not nothing."""
    row = {"person": 7, "person_grade": "sound", "name": None, "amount": 0, "name_grade": "unsound"}
    assert said(contracts, row) == {
        "person": ("身份证号", "#7"),
        "amount": ("补贴金额", "0.00元"),
        "name_grade": ("姓名·分级", "unsound"),
    }


def test_a_column_has_the_title_of_its_own_table(contracts: ContractCatalogue) -> None:
    """Other contracts have columns of the same name, which are called otherwise."""
    assert said(contracts, {"amount": 12_345}) == {"amount": ("补贴金额", "123.45元")}
    assert said(contracts, {"amount": 12_345}, "nobodys") == {"amount": ("amount", "12345")}


@pytest.mark.parametrize(("kept", "shown"), [("same", "一致"), ("close", "相近"), ("different", "不一致"), ("other", "other")])
def test_the_agreement_of_two_names_is_told_in_words(contracts: ContractCatalogue, kept: str, shown: str) -> None:
    """A column that intake made of two: whose names they are must be said, or nobody knows what agrees with what."""
    assert said(contracts, {"payee_agrees": kept}) == {"payee_agrees": ("收款人姓名与姓名是否一致", shown)}


def test_what_is_derived_of_an_identity_is_named_after_it_and_may_travel_farther(contracts: ContractCatalogue) -> None:
    number, sex = shown_values(contracts, "subsidy_payment", {"person": 7, "person_sex": "F"})
    assert (number.identity, number.classification) == ("citizen_id", "confidential")
    assert (sex.title.zh, sex.title.en, sex.identity, sex.classification) == (
        "身份证号·性别",
        "Citizen id, sex",
        None,
        "internal",
    )
