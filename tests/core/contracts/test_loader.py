"""Contract files: the shipped ones are sound, and every mistake is said with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.core.contracts.conftest import SHIPPED, Edit, where
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.cross_check import cross_check
from xiezhi.contracts.kinds import Cadence, Format, LoadMode, Unsound
from xiezhi.contracts.loader import check_contracts, load_contracts
from xiezhi.kernel.errors import ContentError, UserError


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
        ("kind: DataContract", "kind: [", "", "cannot read the YAML"),
        ("{property: latency, value: 5, unit: d, ", "{property: latency, value: 0, unit: d, ", "value: 0", "greater than 0"),
        ("status: active", "status: @active", "status:", "cannot read the YAML"),
        ("mustBeGreaterOrEqualTo: 1, ", "", "metric: rowCount", "exactly one of mustBe"),
        ("mustBeGreaterOrEqualTo: 1,", "mustBe: 2, mustBeGreaterOrEqualTo: 1,", "metric: rowCount", "exactly one of mustBe"),
        ("    - {property: purposeEn, value:", "    - {property: purposeEn, is:", "  customProperties:", "a list of property"),
        ("    - {property: purposeEn, value: ", "    - purposeEn\n    - {property: usageEn, value: ", "  customProperties:",
         "customProperties must be a list of property and value"),
        ("  customProperties:", "  customProperties: titleEn\n  other:", "  customProperties: titleEn", "a list of"),
        ("- {property: titleZh,", "- {property: titleZh, property: x,", "titleZh, property", "given twice"),
        ("mustBeGreaterOrEqualTo: 1,", "unit: percent, mustBe: 1,", "metric: rowCount", "rowCount is counted in rows"),
        ('{minimum: "1950-01-01"}', "{maxLength: 0}", "maxLength", "greater than 0"),
        ("value: upsert", "value: append", "apiVersion:", "stateDate needs loadMode upsert"),
        ("{property: titleZh", "{property: loadKey, value: [person, nobody]}\n  - {property: titleZh", "apiVersion:",
         "loadKey names nobody, which table death_registry has not"),
        ("value: citizen_id}", "value: citizen_id}\n          - {property: derive, value: [holder]}", "- name: person",
         "only a citizen id can be derived from, and `holder` from a name"),
        ("value: name}", "value: name}\n          - {property: derive, value: [birth_date]}", "- name: name",
         "only a citizen id can be derived from, and `holder` from a name"),
        ("value: name}", "value: name}\n          - {property: derive, value: [sex, holder]}", "- name: name",
         "only a citizen id can be derived from, and `holder` from a name"),
        ("frequency, value: 1, unit: w", "frequency, value: 7, unit: m", "apiVersion:", "frequency must be one of 1 d, 1 w, 1 m"),
        ("property: retention", "property: latency", "apiVersion:", "frequency, latency and retention, each once"),
        ("stateDate, value: status_date", "stateDate, value: status", "apiVersion:", "stateDate status is not a date field"),
        ("stateDate, value: status_date", "stateDate, value: nothing", "apiVersion:", "stateDate nothing is not a date field"),
        ("period, value: death_date", "period, value: nothing", "apiVersion:", "period nothing is not a field"),
        ("property: ahead, value: 1", "property: per, value: 月", "- name: status_date", "per and jump go with money"),
        ("property: ahead, value: 1", "property: jump, value: 2", "- name: status_date", "per and jump go with money"),
        ("property: ahead, value: 1", "property: jump, value: 1", "value: 1}", "greater than 1"),
        ("primaryKeyPosition: 1", "primaryKeyPosition: 0", "  - name: death_registry", "without gaps, not [0, 2]"),
        ("value: name}", "value: name}\n          - {property: compare, value: {with: nobody, as: agrees}}",
         "  - name: death_registry", "name is compared with nobody, which is not a field"),
    ],
)  # fmt: skip
def test_mistakes_name_their_line(content: Path, edit: Edit, old: str, new: str, at: str, said: str) -> None:
    path = edit(old, new)
    error = complaint(content)
    assert said in error.en
    assert error.zh
    assert where(error).startswith(f"{path}:")
    if at:
        assert where(error) == f"{path}:{line_of(path, at)}"


@pytest.mark.parametrize(("key", "hint"), [("statsu", "; did you mean status?"), ("purpose", ""), ("全然不同", "")])
def test_a_key_that_stands_elsewhere_or_nowhere_is_not_explained_by_itself(
    content: Path, edit: Edit, key: str, hint: str
) -> None:
    """To be asked "did you mean purpose?" having written purpose helps nobody."""
    path = edit("status: active", f"status: active\n{key}: x")
    error = complaint(content)
    assert error.en == f"unknown key {key}{hint}"
    assert ("是不是" in error.zh) is bool(hint)
    assert where(error) == f"{path}:{line_of(path, f'{key}: x')}"


def test_mistakes_beyond_the_first_are_counted(content: Path, edit: Edit) -> None:
    """Whoever mends one mistake knows whether to expect another."""
    edit("status: active", "status: aktiv")
    alone = complaint(content)
    assert "more)" not in alone.en
    assert "另有" not in alone.zh
    edit("certainty: inferred", "certainty: guessed")
    edit("value: upsert", "value: upset")
    of_three = complaint(content)
    assert (of_three.zh, of_three.en) == (f"{alone.zh}(另有 2 处)", f"{alone.en} (and 2 more)")


def test_a_table_without_fields_is_refused(content: Path) -> None:
    path = content / "contracts/civil_affairs/death_registry.yaml"
    before, _, _ = path.read_text(encoding="utf-8").partition("    properties:\n")
    path.write_text(f"{before}    properties: []\n", encoding="utf-8")
    assert "a table has at least one field" in complaint(content).en


def test_a_tabular_contract_of_several_tables_is_refused(content: Path) -> None:
    """Nobody could say which of them a delivered sheet is."""
    text = (SHIPPED / "contracts/trading/ocds_release.yaml").read_text(encoding="utf-8")
    (content / "contracts/trading").mkdir()
    tabular = text.replace("format, value: ocds_release", "format, value: tabular")
    (content / "contracts/trading/ocds_release.yaml").write_text(tabular, encoding="utf-8")
    assert "a tabular contract has exactly one table" in complaint(content).en


def test_a_file_in_another_coding_is_a_complaint_and_no_crash(content: Path) -> None:
    path = content / "contracts/civil_affairs/death_registry.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    error = complaint(content)
    assert "not UTF-8" in error.en
    assert where(error) == f"{path}:8", "where the first byte stands that is none"


def test_every_wrong_file_is_reported_not_only_the_first(content: Path, edit: Edit) -> None:
    edit("status: active", "status: aktiv")
    (content / "codelists/sex.csv").write_text("code,zh,en,aliases\n男,男,Male,1\n女,女,Female,1\n", encoding="utf-8")
    _, problems = check_contracts([content])
    assert [where(problem).rpartition("/")[2] for problem in problems] == [
        "sex.csv:3", "death_registry.yaml:6",
    ]  # fmt: skip


def test_a_site_overrides_only_by_saying_so(content: Path, edit: Edit) -> None:
    edit("version: 1.2.0", "version: 2.0.0")
    assert "replaces: death_source" in _failure([SHIPPED, content]).en
    shutil.rmtree(content / "codelists")
    assert "replaces: death_registry" in _failure([SHIPPED, content]).en
    edit("  - {property: titleZh", "  - {property: replaces, value: death_registry}\n  - {property: titleZh")
    assert load_contracts([SHIPPED, content]).get("death_registry").version == "2.0.0"


def test_what_replaces_nothing_is_refused(content: Path, edit: Edit) -> None:
    path = edit("  - {property: titleZh", "  - {property: replaces, value: death_registry}\n  - {property: titleZh")
    error = complaint(content)
    assert error.en == "replaces death_registry, which does not exist"
    assert error.zh == "replaces 指向的 death_registry 不存在"
    assert where(error) == f"{path}:1"


@pytest.mark.parametrize(("name", "nearest"), [("subsidy_payments", "subsidy_payment"), ("ocds_realease", "ocds_release")])
def test_an_unknown_name_is_answered_with_the_nearest(catalogue: ContractCatalogue, name: str, nearest: str) -> None:
    with pytest.raises(UserError) as refused:
        catalogue.get(name)
    assert refused.value.todo_en.removeprefix("there are: ").split(", ")[0] == nearest
    assert refused.value.todo_zh.removeprefix("可用:").split("、")[0] == nearest


def test_of_many_names_that_are_near_three_are_said(catalogue: ContractCatalogue) -> None:
    """A message that lists every contract of a family is a list to search, not an answer."""
    many = ContractCatalogue({f"bid_{year}": catalogue.get("bid") for year in range(2020, 2026)})
    with pytest.raises(UserError) as refused:
        many.get("bid_2030")
    assert len(refused.value.todo_en.split(", ")) == 3


def test_a_name_that_is_near_none_is_answered_with_all(catalogue: ContractCatalogue) -> None:
    """An empty list would say that there are no contracts."""
    with pytest.raises(UserError) as refused:
        catalogue.get("无此契约")
    assert refused.value.todo_en.removeprefix("there are: ").split(", ") == sorted(catalogue.contracts)


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
