"""A row that contradicts the citizen id in it, makes somebody their own relative, or has no name where one must be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, citizen, write_csv
from tests.core.intake.rows.test_receive_chronology import DEATH, HELP, NOW, STAY

from xiezhi.city.codes import credit_codes
from xiezhi.identity.keyring import Keyring
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.rows import filling, judge
from xiezhi.kernel.clock import standing_at

RESIDENT = {"公民身份号码": citizen(1), "姓名": "王小明", "性别": "女", "出生日期": "1951-01-01", "户籍状态": "正常"}
KIN = {"本人身份证号": citizen(1), "亲属身份证号": citizen(2), "亲属关系": "妻", "亲等": "1"}
FIRMS = [bytes(code).decode() for code in credit_codes("91", [1, 2, 3])]
FIRM = {"统一社会信用代码": FIRMS[0], "企业名称": "霁川商贸有限公司", "登记状态": "存续"}
PLACE = {
    "区划代码": "990101001001",
    "区划名称": "柳河村",
    "启用日期": "2010-01-01",
    "上级代码": "990101001000",
    "并入代码": "990101001002",
}
TAKEN_BACK = STAY | {"结算流水号": "S2", "费用总额": "-100", "基金支付金额": "-100"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"), Keyring.fresh())
    yield made
    made.close()


def receive(site: Site, path: Path, contract: str, rows: Sequence[dict[str, str]]) -> Receipt:
    header = list(rows[0])
    with standing_at(NOW):
        [receipt] = site.receive(
            write_csv(path, [[row[name] for name in header] for row in rows], header=header), contract=contract
        )
    assert receipt.refusal is None
    return receipt


@pytest.mark.parametrize(
    ("contract", "row", "wrong", "reason"),
    [
        ("person_population", RESIDENT, {"出生日期": "1951-01-02"}, "birth_date=differs_from_id"),
        ("person_population", RESIDENT, {"出生日期": "1915-01-01"}, "birth_date=differs_from_id"),
        ("person_population", RESIDENT, {"性别": "男"}, "sex=differs_from_id"),
        ("kinship", KIN, {"亲属身份证号": citizen(1)}, "kin=same_as_other"),
        ("enterprise", FIRM, {"隶属企业统一社会信用代码": FIRMS[0]}, "parent=same_as_other"),
        ("enterprise", FIRM, {"原统一社会信用代码": FIRMS[0]}, "former=same_as_other"),
        *(
            ("enterprise", FIRM, {"企业名称": text}, f"company_name={reason}")
            for text, reason in {
                "2024-01-01": "name_malformed",
                "霁川&nbsp;商贸": "name_malformed",
                "12.50": "name_malformed",
                "霁川公司、霁山公司": "name_several",
                "霁川公司 霁山公司": "name_several",
                "霁川公司\n霁山公司": "name_several",
                "小计": "total_row",
                "合 计": "total_row",
                "作废": "void_row",
                "（此行作废）": "void_row",
                "见附件": "placeholder",
            }.items()
        ),
        ("death_registry", DEATH, {"姓名": "合计"}, "name=placeholder"),
        ("med_settlement", STAY, {"定点机构名称": "合计"}, "hospital=total_row"),
        ("med_settlement", STAY, {"定点机构名称": "2026-03-01"}, "hospital=name_malformed"),
        ("med_settlement", STAY, {"结算流水号": "作废"}, "settle_id=void_row"),
        ("dibao_member", HELP, {"审批单位": "D-00012"}, "agency=name_malformed"),
        ("dibao_member", HELP, {"审批单位": "总计"}, "agency=total_row"),
        ("med_settlement", STAY | {"结算流水号": "S3", "费用总额": "100"}, {"基金支付金额": "100.01"}, "fund_pay=above_other"),
        ("med_settlement", TAKEN_BACK, {"基金支付金额": "-200"}, "fund_pay=above_other"),
        ("med_settlement", STAY, {"入院日期": "1950-12-31"}, "admit=before_other"),
        ("region", PLACE, {"并入代码": "990101001001"}, "merged_into=same_as_other"),
        ("region", PLACE, {"上级代码": "990101001001"}, "parent=same_as_other"),
    ],
)
@pytest.mark.parametrize("few", [0, judge.FEW])
def test_what_contradicts_itself_is_set_aside(
    contract: str, row: dict[str, str], wrong: dict[str, str], reason: str, few: int, site: Site, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(judge, "FEW", few)
    monkeypatch.setattr(filling, "A_GLANCE", few)
    rows = [{**row, **{name: row.get(name, "") for name in wrong}}, {**row, **wrong}]
    receipt = receive(site, tmp_path / "a.csv", contract, rows)
    assert receipt.set_aside == 1
    assert [(f"{one.column}={one.reason}", one.row) for one in receipt.reasons] == [(reason, 3)]


@pytest.mark.parametrize(
    "name",
    [
        "霁川县第2小学",
        "化肥、农药经营部",
        "王建国",
        "霁川县农业农村局(种植业股)",
        "霁川移动公司 柳河分公司",
        "85度C",
        "90后奶茶",
        "女儿红酒业",
        "某某人家",
    ],
)
def test_names_of_organisations_are_kept_as_they_are(name: str, site: Site, tmp_path: Path) -> None:
    receipt = receive(site, tmp_path / "a.csv", "enterprise", [FIRM | {"统一社会信用代码": FIRMS[1], "企业名称": name}])
    assert (receipt.set_aside, receipt.repairs) == (0, [])
    assert name in {row["company_name"] for row in site.rows("enterprise", "company_name")}


def test_a_name_that_may_be_missing_is_missing_where_there_is_none(site: Site, tmp_path: Path) -> None:
    receipt = receive(site, tmp_path / "a.csv", "dibao_member", [HELP | {"低保证号": "D2", "审批单位": "见附件"}])
    assert (receipt.accepted, receipt.set_aside) == (1, 0)
    assert [row["agency"] for row in site.rows("dibao_member") if row["case_no"] == "D2"] == [None]
