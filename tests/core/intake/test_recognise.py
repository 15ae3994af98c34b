"""Under which contract a sheet falls, and as which state of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from tests.core.intake.reading import read
from tests.core.intake.receiving import HEADER, contracts, payment, write_csv

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.intake.ocds.unwrap import Unit
from xiezhi.intake.receipts.receipt import UnitUsed
from xiezhi.intake.recognise import header_score, recognise
from xiezhi.intake.sheets.sheet import Heading, Limits, OcdsSheet, Part, Sheet
from xiezhi.kernel.errors import Place, RefusedDelivery

CHECK = ("核对表头,或指明它属于哪个数据集", "check the header, or say which dataset it is")
ONE_OF_THEM = ("同一项的几列只留一列,其余删去或改名", "of columns that are one keep one, and delete or rename the others")


class Tabular(Sheet):
    """A header, and no rows."""

    format = "csv"

    def __init__(
        self,
        header: Sequence[str] = HEADER,
        file: str = "报送.zip",
        member: str | None = None,
        sheet: str | None = None,
        row: int = 3,
    ) -> None:
        part = Part(Path(file), member, Path(file))
        super().__init__(part, Heading(list(header), row), Limits(), Path(), sheet=sheet)

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        return iter(())


class Releases(OcdsSheet):
    """A file of releases, of which there are none."""

    def __init__(self) -> None:
        super().__init__(Part(Path("公告.json"), None, Path("公告.json")), Heading([], 0), Limits(), Path())

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        return iter(())

    def units(self, batch_rows: int = 1) -> Iterator[list[Unit]]:
        return iter(())


def refused(sheet: Sheet, name: str | None, catalogue: ContractCatalogue | None = None) -> RefusedDelivery:
    with pytest.raises(RefusedDelivery) as found:
        recognise(sheet, catalogue or contracts(), name)
    return found.value


def said(refusal: RefusedDelivery) -> tuple[object, ...]:
    return refusal.code, refusal.zh, refusal.en, (refusal.todo_zh, refusal.todo_en), refusal.place


def test_a_contract_is_known_by_all_it_says(tmp_path: Path) -> None:
    [sheet] = read(write_csv(tmp_path / "a.csv", [payment(1)]), tmp_path).sheets
    now = recognise(sheet, contracts(), None)
    assert (now.contract.name, now.hash) == ("subsidy_payment", recognise(sheet, contracts(), "subsidy_payment").hash)
    changed = now.contract.model_copy(update={"version": "99.0.0"})
    assert recognise(sheet, ContractCatalogue({changed.name: changed}), None).hash not in (now.hash, None)


@pytest.mark.parametrize("name", [None, "subsidy_payment"])
def test_a_table_is_known_with_its_columns_units_and_codes(name: str | None) -> None:
    found = recognise(Tabular(), contracts(), name)
    assert found.contract is contracts().get("subsidy_payment")
    assert found.header is not None
    assert (found.header.columns["payment_id"], found.header.columns["agency"], found.header.sound) == (0, 10, True)
    assert found.units == (UnitUsed(field="amount", unit="元", source="contract"),)
    assert found.codes == frozenset({"payment_id", "item"})


@pytest.mark.parametrize(("name", "contract"), [(None, "ocds_release"), ("ocds_record", "ocds_record")])
def test_releases_are_releases_unless_somebody_says_otherwise(name: str | None, contract: str) -> None:
    found = recognise(Releases(), contracts(), name)
    assert (found.contract.name, found.header, found.units, found.codes) == (contract, None, (), frozenset())
    assert len(found.hash) == 64


def test_neither_is_taken_for_the_other() -> None:
    assert said(refused(Releases(), "subsidy_payment")) == (
        "contract_format", "契约 subsidy_payment 不接收 OCDS", "contract subsidy_payment does not take OCDS", CHECK,
        Place("公告.json", None, None),
    )  # fmt: skip
    assert said(refused(Tabular(), "ocds_release")) == (
        "contract_format", "契约 ocds_release 只接收 OCDS", "contract ocds_release takes OCDS only", CHECK,
        Place("报送.zip", None, 3),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("left", "more", "zh", "en", "todo"),
    [
        (("姓名", "村代码"), (), "缺少列 姓名", "columns missing: name", CHECK),
        (("身份证号", "姓名"), (), "缺少列 身份证号、姓名", "columns missing: person, name", CHECK),
        ((), ("金额",), "列重复 补贴金额", "columns given twice: amount", ONE_OF_THEM),
        (("姓名",), ("金额",), "缺少列 姓名; 列重复 补贴金额", "columns missing: name; columns given twice: amount", ONE_OF_THEM),
    ],
)
def test_a_header_that_does_not_fit_the_named_contract_is_told_why(
    left: Sequence[str], more: Sequence[str], zh: str, en: str, todo: tuple[str, str]
) -> None:
    header = [*(name for name in HEADER if name not in left), *more]
    assert said(refused(Tabular(header, member="1月.xlsx", sheet="补贴"), "subsidy_payment")) == (
        "header_unsound", f"惠民惠农补贴“一卡通”发放明细:{zh}", f"subsidy_payment: {en}", todo, Place("报送.zip", "补贴", 3)
    )  # fmt: skip


def test_a_header_of_nothing_known_is_refused_where_it_stands() -> None:
    assert said(refused(Tabular(["甲", "乙"], member="民政/1月.csv"), None)) == (
        "contract_unrecognised", "表头不符合任何数据契约", "the header fits no contract", CHECK,
        Place("报送.zip", "民政/1月.csv", 3),
    )  # fmt: skip


def test_two_columns_that_are_one_are_the_reason_that_is_told() -> None:
    refusal = refused(Tabular([*HEADER, "金额"]), None)
    assert (refusal.code, refusal.todo_zh, refusal.todo_en) == ("contract_unrecognised", *ONE_OF_THEM)


@pytest.mark.parametrize(
    ("file", "member", "contract"),
    [
        ("旧表.csv", None, "old_payment"),
        ("报送.zip", "旧表/1月.csv", "old_payment"),
        ("报送.zip", "subsidy_payment.csv", "subsidy_payment"),
        ("旧表.zip", "1月.csv", None),
    ],
)
def test_of_two_that_fit_the_name_of_the_file_or_what_is_packed_decides(
    file: str, member: str | None, contract: str | None
) -> None:
    """What an archive is called says little of each of its files."""
    one = contracts().get("subsidy_payment")
    both = ContractCatalogue({one.name: one, "old_payment": one.model_copy(update={"name": "old_payment", "title_zh": "旧表"})})
    if contract:
        assert recognise(Tabular(file=file, member=member), both, None).contract.name == contract
    else:
        assert refused(Tabular(file=file, member=member), None, both).zh == (
            "表头同时符合 old_payment、subsidy_payment,请指明它属于哪个数据集"
        )


@pytest.mark.parametrize(("name", "count"), [("subsidy_payment", 2), ("death_registry", 2), ("ocds_release", 0), (None, 3)])
def test_readers_look_for_the_spellings_of_the_named_contract_or_of_all(name: str | None, count: int) -> None:
    assert header_score(contracts(), name)(["身份证号", "死亡日期", "打卡金额", "某某镇发放表", ""]) == count
