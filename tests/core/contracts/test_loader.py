"""Contract files: the shipped ones are sound, and every mistake is said with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.contracts.conftest import SHIPPED
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.cross_check import cross_check
from xiezhi.contracts.kinds import Cadence, Format, LoadMode, Unsound
from xiezhi.contracts.loader import check_contracts, load_contracts
from xiezhi.kernel.errors import ContentError, UserError

Edit = Callable[[str, str], Path]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder of one contract and the codelists."""
    root = tmp_path / "content"
    shutil.copytree(SHIPPED / "codelists", root / "codelists")
    (root / "contracts" / "civil_affairs").mkdir(parents=True)
    shutil.copy(SHIPPED / "contracts/civil_affairs/death_registry.yaml", root / "contracts/civil_affairs")
    return root


@pytest.fixture
def edit(content: Path) -> Edit:
    """Replace a text in the contract; returns its path."""
    path = content / "contracts/civil_affairs/death_registry.yaml"

    def edit(old: str, new: str) -> Path:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return edit


def complaint(content: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_contracts([content])
    return caught.value


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def test_shipped_contracts_are_sound_and_go_together(catalogue: ContractCatalogue) -> None:
    assert check_contracts([SHIPPED])[1] == []
    assert cross_check(catalogue) == []
    assert len(catalogue.contracts) == 22


def test_a_contract_says_what_intake_needs(catalogue: ContractCatalogue) -> None:
    contract = catalogue.get("subsidy_payment")
    table = contract.table()
    assert (contract.department, contract.cadence, contract.grace_days, contract.retention_months) == (
        "finance",
        Cadence.MONTHLY,
        15,
        120,
    )
    assert (contract.load_mode, contract.period, contract.format) == (LoadMode.APPEND, "benefit_month", Format.TABULAR)
    assert contract.key_of(table) == ("payment_id",)
    assert table.field("person").unsound is Unsound.SET_ASIDE
    assert table.field("bank_account").unsound is Unsound.NULL
    columns = table.lake_columns()
    assert [columns[name] for name in ("person", "person_grade", "amount", "benefit_month", "village", "payee_agrees")] == [
        "INTEGER", "VARCHAR", "BIGINT", "DATE", "BIGINT", "VARCHAR",
    ]  # fmt: skip
    assert list(columns)[-2:] == ["_delivery", "_row"]
    assert "name_grade" not in columns


def test_ocds_contracts_load_six_tables_by_process(catalogue: ContractCatalogue) -> None:
    for name in ("ocds_release", "ocds_record"):
        contract = catalogue.get(name)
        assert [table.name for table in contract.tables] == [
            "ocds_tender", "ocds_bid", "ocds_bid_tenderer", "ocds_award", "ocds_award_supplier", "ocds_award_item",
        ]  # fmt: skip
        assert {contract.key_of(table) for table in contract.tables} == {("ocid",)}


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("status: active", "status: aktiv", "status:", "status must be"),
        ("    physicalType: table", "    physicalTyp: table", "physicalTyp:", "did you mean physicalType"),
        ("value: citizen_id", "value: passport", "value: passport", "identity must be"),
        ("property: titleZh", "property: titelZh", "property: titelZh", "unknown custom property titelZh"),
        ("physicalType: INTEGER", "physicalType: VARCHAR", "      - name: person", "physicalType of kind identity is INTEGER"),
        ("value: death_source", "value: nowhere", "value: nowhere", "no codelist is called nowhere"),
        ("        required: true", "        unit: 元", "        unit: 元", "unit belongs under customProperties"),
        ("status: active", "status: active\nstatus: draft", "status: draft", "given twice"),
        ("primaryKeyPosition: 2", "primaryKeyPosition: 3", "  - name: death_registry", "without gaps"),
        ("value: [死亡时间", "value: [姓名, 死亡时间", "      - name: death_date", "stands for name and death_date"),
        ("domain: civil_affairs", "domain: finance", "domain: finance", "must agree with the file's place"),
        ("kind: DataContract", "kind: [", "", "not valid YAML"),
        ("{property: latency, value: 5, unit: d, ", "{property: latency, value: 0, unit: d, ", "value: 0", "greater than 0"),
    ],
)  # fmt: skip
def test_mistakes_name_their_line(content: Path, edit: Edit, old: str, new: str, at: str, said: str) -> None:
    path = edit(old, new)
    error = complaint(content)
    assert said in error.en
    assert error.zh
    place = error.place.file if error.place else ""
    assert str(place).startswith(f"{path}:")
    if at:
        assert place == f"{path}:{line_of(path, at)}"


def test_every_wrong_file_is_reported_not_only_the_first(content: Path, edit: Edit) -> None:
    edit("status: active", "status: aktiv")
    (content / "codelists/sex.csv").write_text("code,zh,en,aliases\n男,男,Male,1\n女,女,Female,1\n", encoding="utf-8")
    _, problems = check_contracts([content])
    assert [problem.place.file.rpartition("/")[2] for problem in problems if problem.place and problem.place.file] == [
        "sex.csv:3", "death_registry.yaml:6",
    ]  # fmt: skip


def test_a_site_overrides_only_by_saying_so(content: Path, edit: Edit) -> None:
    edit("version: 1.1.0", "version: 2.0.0")
    assert "replaces: death_source" in _failure([SHIPPED, content]).en
    shutil.rmtree(content / "codelists")
    assert "replaces: death_registry" in _failure([SHIPPED, content]).en
    edit("  - {property: titleZh", "  - {property: replaces, value: death_registry}\n  - {property: titleZh")
    assert load_contracts([SHIPPED, content]).get("death_registry").version == "2.0.0"


def test_what_replaces_nothing_is_refused(content: Path, edit: Edit) -> None:
    edit("  - {property: titleZh", "  - {property: replaces, value: death_registry}\n  - {property: titleZh")
    assert "which does not exist" in complaint(content).en


def test_an_unknown_name_is_answered_with_the_nearest(catalogue: ContractCatalogue) -> None:
    with pytest.raises(UserError, match="subsidy_payment"):
        catalogue.get("subsidy_payments")


def test_cross_check_finds_what_no_single_file_shows(catalogue: ContractCatalogue) -> None:
    bid = catalogue.get("bid")
    twin = bid.model_copy(update={"name": "bid_copy", "department": "nowhere"})
    both = ContractCatalogue({"bid": bid, "bid_copy": twin}, catalogue.codelists, {"bid": Path("a"), "bid_copy": Path("b")})
    said = [problem.en for problem in cross_check(both)]
    assert sum("is used by another" in words for words in said) == 2
    assert any("nowhere is not in codelist" in words for words in said)
    assert any("equally" in words for words in said)


def _failure(roots: list[Path]) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_contracts(roots)
    return caught.value


@pytest.mark.parametrize("named", ["name", "death_date", "nowhere"])
def test_only_what_has_an_order_can_be_ordered(content: Path, edit: Edit, named: str) -> None:
    edit("notBefore, value: person", f"notBefore, value: {named}")
    assert f"notBefore of death_date: it must be a moment, and {named} another" in complaint(content).en


def test_a_name_lies_in_no_future(content: Path, edit: Edit) -> None:
    edit("{property: identity, value: name}", "{property: identity, value: name}\n          - {property: ahead, value: 0}")
    assert "ahead goes with days, months and times" in complaint(content).en
