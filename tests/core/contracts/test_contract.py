"""What a loaded contract answers: periods and days, keys, tables and fields, what numbers things, what may be shown."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.core.contracts.conftest import Edit, make_field
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.kinds import Cadence, Classification
from xiezhi.contracts.loader import load_contracts
from xiezhi.contracts.model import Contract


def loaded(content: Path) -> Contract:
    return load_contracts([content]).get("death_registry")


@pytest.mark.parametrize(
    ("stated", "cadence"),
    [
        ("value: 1, unit: d", Cadence.DAILY),
        ("value: 1, unit: w", Cadence.WEEKLY),
        ("value: 1, unit: m", Cadence.MONTHLY),
        ("value: 3, unit: m", Cadence.QUARTERLY),
        ("value: 6, unit: m", Cadence.HALF_YEARLY),
        ("value: 1, unit: y", Cadence.YEARLY),
    ],
)
def test_a_frequency_is_a_cadence(content: Path, edit: Edit, stated: str, cadence: Cadence) -> None:
    edit("frequency, value: 1, unit: w", f"frequency, {stated}")
    assert loaded(content).cadence is cadence


@pytest.mark.parametrize(("value", "unit", "days"), [(5, "d", 5), (2, "w", 14), (2, "m", 60), (2, "y", 730)])
def test_a_latency_is_days_of_grace(content: Path, edit: Edit, value: int, unit: str, days: int) -> None:
    edit("latency, value: 5, unit: d", f"latency, value: {value}, unit: {unit}")
    assert loaded(content).grace_days == days


@pytest.mark.parametrize(
    ("value", "unit", "months"),
    [(2, "d", 1), (59, "d", 1), (60, "d", 2), (400, "d", 13), (3, "w", 1), (26, "w", 6), (7, "m", 7), (15, "y", 180)],
)
def test_a_retention_is_months_and_never_none(content: Path, edit: Edit, value: int, unit: str, months: int) -> None:
    """Days taken for months would keep personal data for decades; nought months would forget a delivery at once."""
    edit("retention, value: 15, unit: y", f"retention, value: {value}, unit: {unit}")
    assert loaded(content).retention_months == months


def test_a_key_is_in_the_order_of_its_positions_and_not_of_the_file(content: Path, edit: Edit) -> None:
    edit("primaryKeyPosition: 1", "primaryKeyPosition: 3")
    edit("primaryKeyPosition: 2", "primaryKeyPosition: 1")
    edit("primaryKeyPosition: 3", "primaryKeyPosition: 2")
    assert loaded(content).table().key == ("source", "person")


def test_a_table_and_a_field_are_found_by_name_or_not_at_all(catalogue: ContractCatalogue) -> None:
    release = catalogue.get("ocds_release")
    assert release.table("ocds_bid").name == "ocds_bid"
    assert release.table("ocds_bid").field("bid_id").name == "bid_id"
    with pytest.raises(KeyError, match="ocds_release has 6 tables"):
        release.table()
    with pytest.raises(KeyError, match="0 tables called bid"):
        release.table("bid")
    with pytest.raises(KeyError, match="ocds_bid has no field nothing"):
        release.table("ocds_bid").field("nothing")


@pytest.mark.parametrize(
    ("contract", "codes"),
    [
        ("med_settlement", {"settle_id", "hospital_code"}),
        ("subsidy_payment", {"payment_id", "item"}),
        ("death_registry", set()),
    ],
)
def test_keys_and_numbers_of_things_are_codes_and_no_other_texts(
    catalogue: ContractCatalogue, contract: str, codes: set[str]
) -> None:
    """A code that is taken for a remark is not joined by; a person's key or a day is no code."""
    assert catalogue.codes_of(catalogue.get(contract).table()) == codes


@pytest.mark.parametrize(
    ("classification", "identity", "shown"),
    [
        ("public", None, True),
        ("internal", None, True),
        ("restricted", None, False),
        ("confidential", None, False),
        ("internal", "citizen_id", False),
        ("public", "credit_code", False),
        ("confidential", "name", False),
    ],
)
def test_a_receipt_repeats_only_what_is_open_and_nobodys_identity(classification: str, identity: str | None, shown: bool) -> None:
    field = make_field("identity", identity=identity) if identity else make_field("text")
    assert field.model_copy(update={"classification": Classification(classification)}).may_be_shown is shown


@pytest.mark.parametrize(
    ("operator", "sign", "kept"),
    [
        ("mustBe", "=", [3]),
        ("mustBeGreaterThan", ">", [4]),
        ("mustBeGreaterOrEqualTo", ">=", [3, 4]),
        ("mustBeLessThan", "<", [2]),
        ("mustBeLessOrEqualTo", "<=", [2, 3]),
    ],
)
def test_an_expectation_is_the_comparison_it_names(operator: str, sign: str, kept: list[float]) -> None:
    expected = Expectation.model_validate({"metric": "rowCount", operator: 3})
    assert expected.comparison == (sign, 3.0)
    assert [found for found in (2, 3, 4) if expected.kept_by(found)] == kept


def test_only_rows_are_counted_in_rows_alone() -> None:
    assert Expectation.model_validate({"metric": "nullValues", "unit": "percent", "mustBeLessThan": 5}).unit == "percent"


def test_a_loaded_contract_cannot_be_changed(catalogue: ContractCatalogue) -> None:
    """What judged the first row of a delivery judges the last; the receipt names it by its hash."""
    contract = catalogue.get("bid")
    for element in (contract, contract.table(), contract.table().fields[0], contract.team):
        with pytest.raises(ValidationError, match="frozen"):
            element.name = "other"


def test_a_field_fills_the_columns_it_says(content: Path, edit: Edit) -> None:
    """Its own, the grade of what is graded, and what is derived or compared: rules ask for them by these names."""
    edit("value: citizen_id}", "value: citizen_id}\n          - {property: derive, value: [birth_date, sex, region]}")
    edit("value: name}", "value: name}\n          - {property: derive, value: [holder]}")
    assert loaded(content).table().lake_columns() == {
        "person": "INTEGER",
        "person_grade": "VARCHAR",
        "person_birth_date": "DATE",
        "person_sex": "VARCHAR",
        "person_region": "BIGINT",
        "name": "INTEGER",
        "name_holder": "VARCHAR",
        "death_date": "DATE",
        "source": "VARCHAR",
        "status": "VARCHAR",
        "status_date": "DATE",
        "_delivery": "INTEGER",
        "_row": "BIGINT",
    }


def test_a_text_may_be_as_short_as_one_character_and_is_never_endless() -> None:
    assert make_field("text", logicalTypeOptions={"maxLength": 1}).max_length == 1
    assert make_field("text").max_length == 4000


def test_a_jump_is_any_factor_above_one() -> None:
    assert make_field("money", jump=1.5).jump == Decimal("1.5")
